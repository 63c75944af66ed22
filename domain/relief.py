"""Where a throttled deployment can get capacity from: what its pool has free, whoever of the pool
can give, or somewhere else that has the model."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from domain import bounds, frames, holders, lifecycle, tags
from domain.effects import missing, text
from domain.inventory import WIDE

MOST_SHARE = 0.5
"""Of its requests: more refusals than this ask for no more, since callers try again."""
READ = (
    "resource", "subscription", "account", "deployment", "unit", "environment", "pool", "sku",
    "format", "model", "version", "capacity", "capacity_min", "capacity_max", "capacity_step",
    "capacity_allowed", "throttled", "throttled_share", "peak_share", "idle", "keep", "reclaimable",
)  # fmt: skip
"""What is read of a row of HOLDERS."""
PLACES = 3
"""How many other places are named."""


@dataclass(frozen=True)
class Relief:
    """More capacity for one deployment, and whose it is."""

    row: Mapping[str, Any]
    """Its row of HOLDERS."""
    units: int
    """What can be given of what is wanted; 0 when its pool can give nothing."""
    wanted: int
    donor: Mapping[str, Any] | None = None
    """Row of HOLDERS; None for what is free."""


def reliefs(held: pd.DataFrame, pools: pd.DataFrame) -> list[Relief]:
    """One for each throttled deployment that can take more, production and the most refused first;
    nothing is promised twice. held: frame HOLDERS; pools: frame POOLS.

    It wants what it has, divided by the share of its requests that was not refused, with the margin
    of holders(), on its step.
    """
    free = dict(zip(pools["pool"], pools["free"].fillna(0.0), strict=True))
    rows = _needy(held)
    donors = _donors(held[~held["resource"].isin([it["resource"] for it in rows])])
    left = {it["resource"]: it["reclaimable"] for of in donors.values() for it in of}
    found = []
    for row in rows:
        it = _relief(row, free.get(row["pool"], 0.0), donors.get(row["pool"], []), left)
        found.append(it)
        if it.donor is None:
            free[row["pool"]] = free.get(row["pool"], 0.0) - it.units
        else:
            left[it.donor["resource"]] -= it.units
    return found


def elsewhere(row: Mapping[str, Any], capacities: pd.DataFrame) -> list[tuple[float, str]] | None:
    """Units and place in words where this deployment's model has free capacity outside its pool:
    its own subscription and SKU first, then the most; None when nobody asked about its model. A
    place of several regions is named once."""
    same = pd.Series(True, index=capacities.index)
    for name in ("format", "model", "version"):
        same &= capacities[name].str.lower().eq(text(row[name]).lower()).fillna(False)
    if not same.any():
        return None
    found: dict[tuple[str, str, str], tuple[bool, bool, float, str]] = {}
    for it in frames.records(capacities, same):
        sku, subscription = text(it["sku"]), text(it["subscription"])
        key = subscription, _place(it), sku.lower()
        own = subscription == row["subscription"]
        if missing(it["available"]) or it["available"] < 1 or key == _own(row):
            continue
        words = f"{it['available']:,.0f} as {sku} in {_where(it)}"
        words += "" if own else f" of subscription {subscription}"
        rank = (not own, sku.lower() != text(row["sku"]).lower(), -it["available"], words)
        found[key] = min(found.get(key, rank), rank)
    return [(-available, words) for _, _, available, words in sorted(found.values())][:PLACES]


def refused_share(row: Mapping[str, Any]) -> float:
    """Of its requests in the window; 0 where that is not known."""
    return 0.0 if missing(row["throttled_share"]) else float(row["throttled_share"])


def live(row: Mapping[str, Any]) -> bool:
    """Whether it is production."""
    return text(row["environment"]) in tags.PRODUCTION


def _needy(held: pd.DataFrame) -> list[dict[str, Any]]:
    throttled = held["throttled_share"].ge(holders.THROTTLED).fillna(False)
    may = held["health"].eq("Ready") & held["pool"].notna() & held["capacity"].notna()
    may &= ~held["fate"].eq(lifecycle.RETIRED) & ~held["lifecycle"].str.lower().eq("deprecated")
    rows = frames.records(held, throttled & may.fillna(True), READ)
    return sorted(rows, key=lambda it: (not live(it), -refused_share(it), it["resource"]))


def _donors(held: pd.DataFrame) -> dict[str, list[dict[str, Any]]]:
    gives = held["reclaimable"].gt(0).fillna(False) & held["pool"].notna()
    found: dict[str, list[dict[str, Any]]] = {}
    for row in frames.records(held, gives, READ):
        found.setdefault(row["pool"], []).append(row)
    return found


def _relief(
    row: dict[str, Any], free: float, donors: list[dict[str, Any]], left: Mapping[str, float]
) -> Relief:
    has, limits = int(row["capacity"]), bounds.of(row)
    margin = holders.PRODUCTION_MARGIN if live(row) else holders.MARGIN
    served = 1 - min(refused_share(row), MOST_SHARE)
    aim = limits.at_least(has / served * (1 + margin)) or limits.at_most(float("1e9")) or has
    wanted = max(aim - has, 0)
    loose = max((limits.at_most(has + min(max(free, 0.0), wanted)) or has) - has, 0)
    offers = [(_given(row, it, left[it["resource"]], wanted), it) for it in donors]
    offers.sort(key=lambda it: (-it[0], it[1]["resource"]))
    if loose < wanted and offers and offers[0][0] > loose:
        return Relief(row, offers[0][0], wanted, offers[0][1])
    return Relief(row, loose, wanted)


def _given(taker: Mapping[str, Any], donor: Mapping[str, Any], left: float, wanted: int) -> int:
    """The most units that leave both on their steps, whether the donor has given before or not;
    left: what it could still give."""
    has, limits, others = int(taker["capacity"]), bounds.of(taker), bounds.of(donor)
    whole = int(donor["capacity"])
    now = whole - int(donor["reclaimable"] - left)
    return next(
        (
            units
            for units in _down(limits, has, has + min(left, wanted))
            if not others.broken(whole - units) and not others.broken(now - units)
        ),
        0,
    )


def _down(limits: bounds.Bounds, has: int, most: float) -> Iterator[int]:
    """What could be added to reach each capacity up to the most, the largest first."""
    at = limits.at_most(most)
    while at is not None and at > has:
        yield at - has
        at = limits.at_most(at - 1)


def _own(row: Mapping[str, Any]) -> tuple[str, str, str]:
    subscription, place, _ = text(row["pool"]).split("|")
    return subscription, place, text(row["sku"]).lower()


def _place(row: Mapping[str, Any]) -> str:
    if text(row["scope_type"]) in WIDE:
        return f"{row['scope_type']}:{text(row['scope_id']).lower()}"
    return text(row["region"])


def _where(row: Mapping[str, Any]) -> str:
    match text(row["scope_type"]):
        case "Global":
            return "any region"
        case "DataZone":
            return f"data zone {row['scope_id']}"
    return text(row["region"])
