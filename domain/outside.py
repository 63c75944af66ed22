"""What was changed in Azure, by the console or past it: the log knows who, the edits know what."""

import re
from collections.abc import Mapping
from datetime import timedelta

import pandas as pd

from domain import frames
from domain.frames import TEXT, TIME, WHOLE, Columns

OUTSIDE: Columns = {  # one field that a write changed; a write that changed none has one row too
    "at": TIME,  # of the write; of the look where the log says nothing of it
    "who": TEXT,
    "app": TEXT,
    "operation": TEXT,  # in words; missing where the log says nothing of it
    "resource": TEXT,
    "subscription": TEXT,
    "deployment": TEXT,
    "account": TEXT,
    "what": TEXT,  # the field; missing where no look saw a difference
    "before": TEXT,
    "after": TEXT,
    "noticed_at": TIME,
    "plan": WHOLE,  # by this console: the plan that wrote it
}
LOOKED_SINCE = timedelta(days=1)
"""How long a change may go unnoticed, while an account does not answer."""
SKEW = timedelta(minutes=1)
"""By how much the two clocks may differ."""
_WRITE = ("who", "app", "operation", "began_at", "plan", "write")
_NAMED = re.compile(r"/accounts/([^/]+)(?:/deployments/([^/]+))?$")


def told(log: pd.DataFrame, edits: pd.DataFrame, ours: Mapping[str, int]) -> pd.DataFrame:
    """Frame OUTSIDE, the newest first, from frames ACTIVITY and EDITS; ours: plans by the names of
    their writes (domain.activity.requests).

    A difference between two looks is put down to the last write before the second one: of several
    in between, nobody knows which did what. What was refused has changed nothing.
    """
    done = log[log["status"].ne("Failed").fillna(True)].sort_values("began_at", kind="stable")
    done = done.assign(plan=done["request"].map(dict(ours)).astype("Int64"), write=range(len(done)))
    seen = _blamed(edits, done)
    quiet = done[~done["write"].isin(seen["write"].dropna())]
    rows = pd.concat([it for it in (seen, _alone(quiet)) if len(it)] or [seen])
    rows = frames.fitted(rows.assign(at=rows["began_at"]), OUTSIDE)
    rows = rows.assign(at=rows["at"].fillna(rows["noticed_at"]))
    for name, part in (("account", 0), ("deployment", 1)):
        rows[name] = [_named(it)[part] for it in rows["resource"]]
    rows = rows.sort_values(["at", "resource", "what"], ascending=[False, True, True])
    return frames.fitted(rows, OUTSIDE).reset_index(drop=True)


def _blamed(edits: pd.DataFrame, done: pd.DataFrame) -> pd.DataFrame:
    """Edits with the write that each is put down to; one without keeps its own who."""
    ready = edits.assign(by=edits["at"] + SKEW).sort_values("by", kind="stable")
    ready = ready.rename(columns={"at": "noticed_at", "who": "modified_by"})
    writes = done[[*_WRITE, "resource"]]
    if ready.empty or writes.empty:
        found = ready.join(writes[:0].drop(columns="resource"))
    else:
        found = pd.merge_asof(
            ready,
            writes,
            left_on="by",
            right_on="began_at",
            by="resource",
            tolerance=pd.Timedelta(LOOKED_SINCE),
        )
    return found.assign(who=found["who"].fillna(found["modified_by"]))


def _alone(done: pd.DataFrame) -> pd.DataFrame:
    return done[[*_WRITE, "resource", "subscription"]]


def _named(resource: str) -> tuple[str | None, str | None]:
    found = _NAMED.search(resource)
    return (found[1], found[2]) if found else (None, None)
