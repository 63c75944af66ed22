"""Who pays for provisioned throughput that stood there and was not used: one rule for each pool
(cost rules, 3.4).

A pool is an SKU's scope and, unless it is global, a region, since that is what reservations match.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from domain.attribution import overlapping
from domain.billing import Rule
from domain.costs import PLATFORM, Method
from domain.faults import OutOfRange
from domain.units import UNASSIGNED, Tree

RULES = ("platform", "use", "entitlement", "even")
MOST = 1_000_000_000
"""PTU that nobody has."""


def pool_of(scope: str, region: str) -> str:
    """The name of a pool: regional:swedencentral; global: has no region."""
    return f"{scope}:{'' if scope == 'global' else region}"


def shares(
    rule: Rule | None, used: Mapping[str, float], deployed: float, hours: float = 24.0
) -> tuple[dict[str, float], Method]:
    """Who pays for idle PTU-hours in what proportion, and by what method, from the hours that each
    unit used and all that were deployed. Without a rule the platform keeps them."""
    kind = rule.body["rule"] if rule else "platform"
    users = {it: value for it, value in sorted(used.items()) if value > 0}
    if kind == "use" and users:
        return users, Method.DRIVER
    if kind == "even":
        units = [it for it in users if it not in (UNASSIGNED, PLATFORM)]
        if not units:
            return {UNASSIGNED: 1.0}, Method.NONE
        return dict.fromkeys(units, 1.0), Method.EVEN
    if kind == "entitlement" and rule:
        owners = _unused(_entitled(rule), used, deployed, hours)
        return (owners, Method.ENTITLEMENT) if owners else ({PLATFORM: 1.0}, Method.KEPT)
    return {PLATFORM: 1.0}, Method.KEPT


def checked(rules: Iterable[Rule], tree: Tree) -> None:
    """Raises OutOfRange where an idle rule cannot be, or two hold for one pool on one day."""
    ours = [it for it in rules if it.kind == "idle"]
    for it in ours:
        if it.body.get("rule") not in RULES:
            raise OutOfRange("Idle capacity is kept by the platform, or by use, entitlement, even.")
        if not str(it.body.get("pool") or "").strip():
            raise OutOfRange("An idle rule is for one pool.")
        entitled = _entitled(it)
        if strange := sorted(set(entitled) - {*tree.units, PLATFORM}):
            raise OutOfRange(f"There is no unit {strange[0]}.")
        if not all(0 <= value < MOST for value in entitled.values()):
            raise OutOfRange("An entitlement is a number of PTU, none below zero.")
        if it.body["rule"] == "entitlement" and not sum(entitled.values()):
            raise OutOfRange("By entitlement, somebody has to be entitled to something.")
    overlapping(ours, pool_named)


def in_force(rules: Iterable[Rule], pool: str, day: datetime) -> Rule | None:
    """The newest idle rule that holds."""
    held = [it for it in rules if it.kind == "idle" and pool_named(it) == pool and it.holds(day)]
    return max(held, key=lambda it: (it.starts, it.id), default=None)


def pool_named(rule: Rule) -> str:
    return named(rule.body["pool"])


def named(pool: str) -> str:
    scope, _, region = pool.strip().lower().partition(":")
    return pool_of(scope, region)


def known(shares: Mapping[str, float], tree: Tree) -> dict[str, float]:
    """A unit that is no more gets nothing; what it would is unallocated."""
    found: dict[str, float] = {}
    for unit, weight in shares.items():
        name = unit if unit in tree.units or unit == PLATFORM else UNASSIGNED
        found[name] = found.get(name, 0.0) + weight
    return found


def _entitled(rule: Rule) -> dict[str, float]:
    given = rule.body.get("entitlements") or {}
    if not isinstance(given, Mapping):
        raise OutOfRange("Entitlements are told by unit.")
    try:
        return {str(unit): float(value) for unit, value in sorted(given.items())}
    except (TypeError, ValueError):
        raise OutOfRange("An entitlement is a number of PTU, none below zero.") from None


def _unused(
    entitled: Mapping[str, float], used: Mapping[str, float], deployed: float, hours: float
) -> dict[str, float]:
    """Owned and not used, in hours; what nobody owns is the platform's. Where all of it was used,
    by what each owns."""
    owned = {unit: value * hours for unit, value in entitled.items()}
    spare = max(0.0, deployed - sum(owned.values()))
    owned[PLATFORM] = owned.get(PLATFORM, 0.0) + spare
    unused = {unit: max(0.0, it - used.get(unit, 0.0)) for unit, it in owned.items()}
    found = {unit: it for unit, it in unused.items() if it > 0}
    return found or {unit: it for unit, it in owned.items() if it > 0}
