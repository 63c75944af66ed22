"""Which changes need a second person, and why; the law behind every plan of quota."""

from collections.abc import Mapping, Sequence

import pandas as pd

from domain import skus, tags
from domain.capacity import parsed
from domain.plans import GONE, Leg

LARGE_SHARE = 0.25
"""Of a pool's limit: whoever moves more than this asks somebody else first."""
LARGE_UNITS, LARGE_OWN = 100, 0.5
"""Of a deployment with so many units: more than this share of its own capacity is large too."""
BY_ONE = frozenset({"tags"})
"""Levers that never need a second person."""


def needed(
    legs: Sequence[Leg], rows: pd.DataFrame, limits: Mapping[str, float] | None = None
) -> str:
    """Why a second person must approve these legs, in words that follow "because"; "" when nobody
    needs to. rows: frame INVENTORY with at least the deployments that exist; limits: units by
    pool, as far as they are known."""
    environments = rows.set_index("resource")["environment"].to_dict()
    why = []
    for leg in (it for it in legs if it.lever not in BY_ONE):
        environment = environments.get(leg.resource)
        if isinstance(environment, str) and environment in tags.PRODUCTION:
            why.append("production is among it")
        why += _of(leg, limits or {})
    return "; ".join(dict.fromkeys(why))


def _of(leg: Leg, limits: Mapping[str, float]) -> list[str]:
    before, after = parsed(leg.before), parsed(leg.target)
    sku = str(after.get("sku") or before.get("sku") or "")
    old, new = int(before.get("capacity") or 0), int(after.get("capacity") or 0)
    why = []
    if leg.lever == "purge":
        why.append("a purge cannot be undone")
    elif leg.lever == "deployment" and leg.target == GONE:
        why.append("a deployment is deleted")
    if skus.family(sku).provisioned and new > old:
        why.append("provisioned throughput is billed by the hour")
    limit = limits.get(leg.pool)
    large = limit and abs(leg.amount) > LARGE_SHARE * limit
    own = old >= LARGE_UNITS and abs(new - old) > LARGE_OWN * old
    if large or (own and leg.lever == "capacity"):
        why.append("it is a large change")
    return why
