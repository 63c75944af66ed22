"""What business units were promised of a pool, and what they use of it.

Azure enforces the limit of a deployment and of a pool and knows of no units, so that a promise is
kept only by what people agree on; that is said beside every number.
"""

from collections.abc import Iterator

import pandas as pd

from domain import frames
from domain.frames import FLAG, REAL, TEXT, WHOLE, Columns
from domain.units import UNASSIGNED, Tree

ENTITLEMENTS: Columns = {
    "unit": TEXT,
    "pool": TEXT,
    "guaranteed": WHOLE,  # units of the pool
}
SHARES: Columns = {
    "unit": TEXT,
    "pool": TEXT,
    "title": TEXT,
    "unit_words": TEXT,
    "limit": REAL,
    "within": TEXT,  # the nearest unit above that was promised something, out of which this is
    "guaranteed": REAL,  # missing where it was promised nothing and a unit above was, or nobody was
    "used": REAL,  # capacity of its deployments; missing when one of them is not known
    "borrowed": REAL,  # what it uses beyond that
    "unused": REAL,  # what it was promised and does not use
    "share": REAL,  # used of the pool's limit, 0 to 1
    "over_promised": FLAG,  # whether all promises of the pool are more than its limit
    "enforced_by": TEXT,
}
BY_NOBODY = "Nobody: Azure limits each deployment and the pool, not the unit."
BY_LIMITS = "Azure, by the limits of its deployments: they hold no more than was promised."


def shares(
    rows: pd.DataFrame, pools: pd.DataFrame, entitlements: pd.DataFrame, tree: Tree
) -> pd.DataFrame:
    """Frame SHARES by pool and unit, from all of frame INVENTORY, POOLS and ENTITLEMENTS.

    What a lower unit is promised is out of what the one above it is, so a unit that was promised
    something uses what all units below it use; rows of one pool are not to be summed. Of a pool of
    which something was promised, who was promised nothing, and nobody above it, borrows all it
    uses.
    """
    promised = entitlements.groupby(["unit", "pool"])["guaranteed"].sum().astype("Float64")
    holds = set(promised.index)
    used = _used(rows, holds, tree)
    found = pd.concat([promised.rename("guaranteed"), used.rename("used")], axis=1)
    found = found.rename_axis(["unit", "pool"]).reset_index()
    drawing = set(used.index)
    pairs = list(zip(found["unit"], found["pool"], strict=True))
    within = [_within(unit, pool, holds, tree) for unit, pool in pairs]
    found["within"] = pd.Series(within, index=found.index, dtype="string")
    idle = pd.Series([it not in drawing for it in pairs], index=found.index, dtype=bool)
    found["used"] = found["used"].astype("Float64").mask(idle, 0.0)
    return _told(found, pools)


def _used(rows: pd.DataFrame, holds: set[tuple[str, str]], tree: Tree) -> "pd.Series[float]":
    """Capacity by unit and pool; it counts for its own unit and for all above that hold a
    promise."""
    drawn = rows.dropna(subset=["pool"])
    counted = [
        (unit, pool, capacity)
        for own, pool, capacity in zip(
            drawn["unit"].fillna(UNASSIGNED), drawn["pool"], drawn["capacity"], strict=True
        )
        for unit in _up(own, tree)
        if unit == own or (unit, pool) in holds
    ]
    columns = {"unit": TEXT, "pool": TEXT, "capacity": REAL}
    told = [dict(zip(columns, it, strict=True)) for it in counted]
    frame = frames.frame(columns, told)
    of = frame.assign(_unread=frame["capacity"].isna()).groupby(["unit", "pool"])
    return of["capacity"].sum().mask(of["_unread"].any())


def _told(found: pd.DataFrame, pools: pd.DataFrame) -> pd.DataFrame:
    of = found.groupby("pool")["guaranteed"]
    nothing = found["guaranteed"].isna() & found["within"].isna() & (of.transform("count") > 0)
    outer = found["guaranteed"].where(found["within"].isna())
    found = found.assign(
        guaranteed=found["guaranteed"].mask(nothing, 0.0),
        promises=outer.groupby(found["pool"]).transform("sum", min_count=1),
    )
    there = pools[["pool", "title", "unit_words", "limit"]]
    found = found.merge(there, on="pool", how="left")
    over = found["used"] - found["guaranteed"]
    kept = over.le(0).fillna(False).astype(bool)
    found = found.assign(
        borrowed=over.clip(lower=0),
        unused=(-over).clip(lower=0),
        share=found["used"] / found["limit"].where(found["limit"] > 0),
        over_promised=found["promises"] > found["limit"],
        enforced_by=kept.map({True: BY_LIMITS, False: BY_NOBODY}),
    )
    return frames.fitted(found.sort_values(["pool", "unit"], ignore_index=True), SHARES)


def _within(unit: str, pool: str, holds: set[tuple[str, str]], tree: Tree) -> str | None:
    return next((it for it in _up(unit, tree) if it != unit and (it, pool) in holds), None)


def _up(unit: str, tree: Tree) -> Iterator[str]:
    """The unit and those above it, each once whatever the tree says."""
    at: str | None = unit
    passed: set[str] = set()
    while at is not None and at not in passed:
        yield at
        passed.add(at)
        at = tree.units[at].parent if at in tree.units else None
