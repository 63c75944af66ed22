"""Who else wrote to what a plan was at work on. Azure need not look at If-Match, so that another
write may have come between a look and ours; only the activity log can tell, half an hour later.

Source: docs of reliability, 5.3 step 12.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from domain import frames, names
from domain.frames import TEXT, TIME, WHOLE, Columns, Row
from domain.plans import SETTLE, Plan

CONTESTS: Columns = {  # a write by somebody else while a plan was at work
    "plan": WHOLE,
    "key": TEXT,  # the same write is one contest, however often it is found
    "at": TIME,
    "resource": TEXT,
    "subscription": TEXT,
    "who": TEXT,
    "operation": TEXT,
    "words": TEXT,
}
LATE = timedelta(minutes=30)
"""How long after the end of a plan the log is read: events can be up to 20 minutes late."""
BEFORE = timedelta(minutes=1)
NIGHT = 2
"""Hour (UTC) at which what ended by day is held against the log once more."""
SHOWN = timedelta(days=7)
"""How long a contest is a finding."""
DELETED = "account deleted"
"""What is done to an account is done to its deployments."""


def nightfall(after: datetime) -> datetime:
    """The next beginning of a night."""
    night = after.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
    return night if night > after else night + timedelta(days=1)


def second(ended_at: datetime) -> datetime:
    """When a plan that ended then is held against the log for the second and last time."""
    return nightfall(ended_at + LATE)


def found(
    plan: Plan, began: datetime, until: datetime, log: pd.DataFrame, ours: Collection[str], us: str
) -> pd.DataFrame:
    """Frame CONTESTS of a plan whose first write was sent at began, from frame ACTIVITY.

    until: its end. ours: the names of all writes of this console to the same things. us: under
    whose name the console writes. A write under that name but by none of ours is somebody else's
    too, unless Azure does not tell names at all.
    """
    start, end = pd.Timestamp(began - BEFORE), pd.Timestamp(until + SETTLE)
    accounts = {names.account(it) for it in plan.resources}
    here = log["resource"].isin(plan.resources)
    here |= log["resource"].isin(accounts) & log["operation"].eq(DELETED)
    meanwhile = (log["began_at"] <= end) & (log["at"] >= start)
    meanwhile &= log["status"].ne("Failed").fillna(True)
    rows = log[(here & meanwhile).fillna(False).astype(bool)]
    telling = bool(log["request"].isin(set(ours)).any())
    strange = [_strange(row, ours, us, telling=telling) for row in _plain(rows)]
    return frames.frame(CONTESTS, (_row(plan, it) for it in _plain(rows[strange])))


def findings(contests: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Frame FINDINGS of contests, with unit and owner from frame INVENTORY."""
    if contests.empty:
        return frames.frame(frames.FINDINGS, [])
    known = rows.drop_duplicates("resource").set_index("resource")[
        ["deployment", "account", "unit", "owner"]
    ]
    told = contests.join(known, on="resource")
    told = told.assign(
        key="contested:" + told["plan"].astype("string") + ":" + told["key"],
        kind="contested",
        severity="warning",
        what=told["words"],
        since=told["at"],
    )
    return frames.fitted(told, frames.FINDINGS).reset_index(drop=True)


def _strange(row: Row, ours: Collection[str], us: str, *, telling: bool) -> bool:
    if row["request"] in ours:
        return False
    by_us = us.casefold() in {str(row[it]).casefold() for it in ("who", "app")}
    return not by_us or (telling and row["request"] is not None)


def _row(plan: Plan, row: dict[str, Any]) -> Row:
    who, at = row["who"] or row["app"] or "Somebody unknown", row["began_at"]
    return {
        **row,
        "plan": plan.id,
        "key": f"{row['act'] or row['correlation']} {row['operation']} {row['resource']}",
        "at": at,
        "words": f"{who} wrote to {_short(row['resource'])} at {at:%Y-%m-%d %H:%M} UTC "
        f"({row['operation']}) while plan {plan.id} was at work.",
    }


def _short(resource: str) -> str:
    return names.short(resource).removesuffix("/")


def _plain(rows: pd.DataFrame) -> list[dict[str, Any]]:
    told = rows.astype(object)
    return [
        {str(key): it for key, it in row.items()}
        for row in told.where(told.notna(), None).to_dict("records")
    ]
