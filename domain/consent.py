"""Which changes need a second person, and why; the law behind every plan of quota."""

from collections.abc import Mapping, Sequence

from domain import skus, tags
from domain.capacity import parsed
from domain.plans import GONE, Leg

LARGE_SHARE = 0.25
"""Of a pool's limit: whoever moves more than this asks somebody else first."""
LARGE_UNITS, LARGE_OWN = 100, 0.5
"""Of a deployment with so many units: more than this share of its own capacity is large too."""
LARGE = "it is a large change"
BY_ONE = frozenset({"tags"})
"""Levers that never need a second person."""


def needed(
    legs: Sequence[Leg], environments: Mapping[str, str], limits: Mapping[str, float]
) -> str:
    """Why a second person must approve these legs, in words that follow "because"; "" when nobody
    needs to. environments: by resource; limits: units by pool, as far as they are known."""
    why = []
    for leg in (it for it in legs if it.lever not in BY_ONE):
        if environments.get(leg.resource, "").lower() in tags.PRODUCTION:
            why.append("production is among it")
        why += _of(leg)
    if _moves_much(legs, limits):
        why.append(LARGE)
    return "; ".join(dict.fromkeys(why))


def _of(leg: Leg) -> list[str]:
    if leg.lever == "purge":
        return ["a purge cannot be undone"]
    before, after = parsed(leg.before), parsed(leg.target)
    sku = str(after.get("sku") or before.get("sku") or "")
    old, new = int(before.get("capacity") or 0), int(after.get("capacity") or 0)
    why = []
    if leg.lever == "deployment" and leg.target == GONE:
        why.append("a deployment is deleted")
    if skus.family(sku).provisioned and new > old:
        why.append("provisioned throughput is billed by the hour")
    if leg.lever == "capacity" and old >= LARGE_UNITS and abs(new - old) > LARGE_OWN * old:
        why.append(LARGE)
    return why


def _moves_much(legs: Sequence[Leg], limits: Mapping[str, float]) -> bool:
    """Whether what is given to or taken from one pool in all is large: many small legs are one
    large change."""
    given: dict[str, int] = {}
    taken: dict[str, int] = {}
    for leg in legs:
        side = taken if leg.amount > 0 else given
        side[leg.pool] = side.get(leg.pool, 0) + abs(leg.amount)
    return any(
        limits.get(pool, 0) > 0 and units > LARGE_SHARE * limits[pool]
        for side in (given, taken)
        for pool, units in side.items()
    )
