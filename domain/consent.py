"""Which changes need a second person, and why; the law behind every plan. Filters that become
stricter need nobody, in production too: whoever sees harm must not wait."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from domain import skus, tags
from domain.capacity import parsed
from domain.plans import GONE, WITHOUT_EFFECT, Leg, Plan
from domain.roles import FILTERS
from domain.safeguards import Safeguards, weakened

LARGE_SHARE = 0.25
"""Of a pool's limit: whoever moves more than this asks somebody else first."""
LARGE_UNITS, LARGE_OWN = 100, 0.5
"""Of a deployment with so many units: more than this share of its own capacity is large too."""
LARGE = "it is a large change"
TOGETHER = "with what the same person changed there in the last 24 hours it is a large change"
WITHIN = timedelta(hours=24)
"""How long what somebody changed alone counts towards what they change next."""
BY_ONE = frozenset({"tags"})
"""Levers that never need a second person."""


def needed(
    legs: Sequence[Leg],
    environments: Mapping[str, str],
    limits: Mapping[str, float],
    before: Sequence[Leg] = (),
    known: Safeguards | None = None,
) -> str:
    """Why a second person must approve these legs, in words that follow "because"; "" when nobody
    needs to. environments: by resource; limits: units by pool, as far as they are known; before:
    what counts beside them, as alone() finds it; known: of content filters, without which each
    change of one counts as a weakening."""
    why = []
    for leg in (it for it in legs if it.lever not in BY_ONE | FILTERS):
        if environments.get(leg.resource, "").lower() in tags.PRODUCTION:
            why.append("production is among it")
        why += _of(leg)
    why += weakened([it for it in legs if it.lever in FILTERS], known)
    if _moves_much(legs, limits):
        why.append(LARGE)
    if before and LARGE not in why and _adds_up(legs, limits, before):
        why.append(TOGETHER)
    return "; ".join(dict.fromkeys(why))


def alone(plans: Iterable[Plan], now: datetime) -> tuple[Leg, ...]:
    """Of one person's plans, what counts towards the next: what nobody else has looked at and has
    not ended, or not long ago and not without effect. What takes back counts with what it takes
    back, so that both are nothing."""
    own = {
        it.id: it
        for it in plans
        if not (it.policy or it.state in WITHOUT_EFFECT)
        and (it.ended_at is None or now - it.ended_at < WITHIN)
    }
    counted = (it for it in own.values() if it.undoes is None or it.undoes in own)
    return tuple(leg for it in counted for leg in it.legs if leg.amount)


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
    moved = _sides((it.pool, it.amount) for it in legs)
    return any(_large(pool, units, limits) for (pool, _), units in moved.items())


def _adds_up(legs: Sequence[Leg], limits: Mapping[str, float], before: Sequence[Leg]) -> bool:
    """Whether it is large with what was moved before; many small plans are one large change. It
    must add to that: what goes the other way makes nothing larger."""
    net, held = Counter[tuple[str, str]](), Counter[str]()
    for leg in (*before, *legs):
        net[leg.pool, leg.resource] += leg.amount
        held[leg.resource] += leg.amount
    sides = _sides((pool, units) for (pool, _), units in net.items())
    adds = _sides((it.pool, it.amount) for it in legs)
    return any(
        side in adds and _large(side[0], units, limits) for side, units in sides.items()
    ) or any(_of_its_own(leg, held[leg.resource]) for leg in legs)


def _of_its_own(leg: Leg, moved: int) -> bool:
    """Whether a deployment has changed much against what it had before all that; moved: units."""
    if leg.lever != "capacity":
        return False
    old = int(parsed(leg.target).get("capacity") or 0) - moved
    return old >= LARGE_UNITS and abs(moved) > LARGE_OWN * old and moved * leg.amount > 0


def _sides(moved: Iterable[tuple[str, int]]) -> Counter[tuple[str, bool]]:
    """Units by pool and whether they are taken from it or given back."""
    sums = Counter[tuple[str, bool]]()
    for pool, units in moved:
        if units:
            sums[pool, units > 0] += abs(units)
    return sums


def _large(pool: str, units: int, limits: Mapping[str, float]) -> bool:
    return limits.get(pool, 0) > 0 and units > LARGE_SHARE * limits[pool]
