"""What changed between two looks at the inventory."""

from datetime import datetime

import pandas as pd

from domain import frames, names, tags
from domain.frames import Row

WATCHED = {
    "model": "model",
    "version": "version",
    "sku": "SKU",
    "capacity": "capacity",
    "filter_policy": "filter policy",
    "upgrade": "upgrade policy",
    "spillover": "spillover",
    "state": "state",
    "running": "state",
}
"""Fields of frame DEPLOYMENTS whose change is worth telling, and their words."""


def between(before: pd.DataFrame, after: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Frame EDITS from two kept frames DEPLOYMENTS of one subscription, of which both were whole
    or merged: a row that stayed because nobody answered differs in nothing."""
    old, new = (it.set_index("resource") for it in (before, after))
    rows: list[Row] = [
        _row(it, "deployment", None, "created", new, now) for it in new.index.difference(old.index)
    ]
    rows += [
        _row(it, "deployment", "there", "deleted", old, now)
        for it in old.index.difference(new.index)
    ]
    both = new.index.intersection(old.index)
    moved = both[(old.loc[both, "etag"] != new.loc[both, "etag"]).fillna(True).to_numpy()]
    for resource in moved:
        rows += _differences(resource, old.loc[resource], new, now)
    return frames.frame(frames.EDITS, rows)


def _differences(resource: str, was: pd.Series, new: pd.DataFrame, now: datetime) -> list[Row]:
    row = new.loc[resource]
    found = [
        _row(resource, word, _text(was[field]), _text(row[field]), new, now)
        for field, word in WATCHED.items()
        if _text(was[field]) != _text(row[field])
    ]
    a, b = (tags.parsed(_text(it["tags"])) for it in (was, row))
    return found + [
        _row(resource, f"tag {key}", a.get(key), b.get(key), new, now)
        for key in sorted({*a, *b})
        if a.get(key) != b.get(key)
    ]


def _row(
    resource: str,
    what: str,
    before: str | None,
    after: str | None,
    rows: pd.DataFrame,
    now: datetime,
) -> Row:
    subscription, _, account, _ = names.parts(resource)
    return {
        "at": now,
        "resource": resource,
        "subscription": subscription,
        "deployment": rows.at[resource, "deployment"],
        "account": account,
        "what": what,
        "before": before,
        "after": after,
        "who": _text(rows.at[resource, "modified_by"]) if after != "deleted" else None,
    }


def _text(value: object) -> str | None:
    return None if pd.isna(value) else str(value)  # type: ignore[call-overload]
