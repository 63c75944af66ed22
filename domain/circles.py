"""Rules that share cost, looked at before they are kept: what cannot be, what contradicts, what
would send cost round in a circle.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from domain.attribution import overlapping
from domain.billing import Rule
from domain.costs import PLATFORM, Bucket, Line, Method
from domain.faults import OutOfRange
from domain.units import UNASSIGNED, Tree

SOURCES = ("resource", "group", "service", "subscription", "line", "unit")
METHODS = tuple(it.value for it in Method if it not in (Method.KEPT, Method.NONE))
DRIVERS = ("tokens", "normalised", *(it.value for it in Bucket))
_NAMED = (Method.FIXED, Method.ENTITLEMENT, Method.DIRECT)
"""Methods whose targets are told one by one."""


def check(rules: Sequence[Rule], tree: Tree) -> None:
    """Raises OutOfRange in one sentence."""
    sharing = [it for it in rules if it.kind == "sharing"]
    for rule in sharing:
        _check(rule, tree)
    overlapping(sharing, lambda it: sorted(_source(it).items()))
    _no_circle(sharing, tree)


def shares(rule: Rule) -> dict[str, Decimal]:
    """By unit its share; raises OutOfRange for what is no number."""
    given = rule.body.get("shares") or {}
    if not isinstance(given, Mapping):
        raise OutOfRange("Shares are told by unit.")
    found = {}
    for unit, text in given.items():
        try:
            found[str(unit)] = Decimal(str(text))
        except InvalidOperation:
            raise OutOfRange(f"The share of {unit} is not a number.") from None
        if not found[str(unit)].is_finite() or found[str(unit)] < 0:
            raise OutOfRange(f"The share of {unit} has to be a number, none below zero.")
    return found


def _check(rule: Rule, tree: Tree) -> None:
    method, source = str(rule.body.get("method")), _source(rule)
    if method not in METHODS:
        raise OutOfRange("A rule shares by one of the methods: " + ", ".join(METHODS) + ".")
    if len(source) != 1 or not set(source) <= set(SOURCES) or not all(source.values()):
        raise OutOfRange("A rule has one source: " + ", ".join(SOURCES) + ".")
    if source.get("line") == Line.ADJUSTMENT:
        raise OutOfRange("Adjustments are not shared.")
    _check_method(rule, method)
    for unit in _told(rule):
        if unit not in tree.units and unit != PLATFORM:
            raise OutOfRange(f"There is no unit {unit or 'without a name'}.")
        if source.get("unit") == unit:
            raise OutOfRange("A source cannot be its own target.")
    if source.get("unit", PLATFORM) not in {*tree.units, PLATFORM}:
        raise OutOfRange(f"There is no unit {source['unit']}.")


def _check_method(rule: Rule, method: str) -> None:
    given = shares(rule)
    if method == Method.FIXED and sum(given.values()) != 100:
        raise OutOfRange(f"Percentages add up to {sum(given.values()):f}, not to exactly 100.00.")
    if method == Method.FIXED and any(it != round(it, 2) for it in given.values()):
        raise OutOfRange("A percentage has two decimals at most.")
    if method in _NAMED and not sum(given.values()) and not rule.body.get("unit"):
        raise OutOfRange("Somebody has to have a share.")
    if rule.body.get("driver", "tokens") not in DRIVERS:
        raise OutOfRange("There is no such driver.")
    if rule.body.get("fallback", "unallocated") not in ("even", "unallocated"):
        raise OutOfRange("A rule falls back to even or to unallocated.")
    if method == Method.SUBSIDY:
        cap = rule.body.get("cap_e8")
        if not isinstance(cap, int) or isinstance(cap, bool) or not 0 <= cap < 10**18:
            raise OutOfRange("A subsidy needs a cap, none below zero.")
        if not rule.body.get("sponsor"):
            raise OutOfRange("A subsidy needs a sponsor.")


def _source(rule: Rule) -> dict[str, str]:
    given = rule.body.get("source") or {}
    if not isinstance(given, Mapping):
        raise OutOfRange("A rule needs a source.")
    return {str(kind): str(text or "").strip().lower() for kind, text in given.items()}


def _told(rule: Rule) -> list[str]:
    """The units that a rule names."""
    others = [str(rule.body[it]) for it in ("unit", "sponsor") if rule.body.get(it)]
    return [*shares(rule), *others]


def _no_circle(rules: Sequence[Rule], tree: Tree) -> None:
    """Cost of a unit that is shared out may come back to it by no way."""
    reach: dict[str, set[str]] = {}
    sources = {unit for it in rules if (unit := _source(it).get("unit"))}
    for rule in rules:
        if unit := _source(rule).get("unit"):
            named = rule.body["method"] in _NAMED
            reach.setdefault(unit, set()).update(_told(rule) if named else sources - {unit})
    for start in sorted(reach):
        seen: set[str] = set()
        ahead = set(reach[start])
        while ahead - seen:
            seen |= ahead
            ahead = {there for it in ahead for there in reach.get(it, ())}
        if start in seen:
            raise OutOfRange(f"The cost of {tree.name(start)} would come back to it: a circle.")
    if UNASSIGNED in {unit for it in rules for unit in _told(it)}:
        raise OutOfRange("What is shared goes to units, not to the unallocated.")
