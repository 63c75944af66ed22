"""Rules of cost as people state them: shapes that can be kept, or a sentence that says why not.

What rules say together (cycles, overlaps, sums) is checked where they are applied.
"""

from collections.abc import Mapping
from decimal import Decimal

from domain import money
from domain.billing import Body
from domain.costs import PLATFORM, Bucket, Method
from domain.faults import OutOfRange
from domain.units import Tree

BY = ("product", "deployment_tag", "account_tag", "group", "subscription")
"""By what usage is mapped to a unit, the first that says something wins."""
SOURCES = ("resource", "group", "service", "subscription", "line")
IDLE = ("platform", "use", "entitlement", "even")
FALLBACKS = ("even", "unallocated")
DRIVERS = ("tokens", *(str(it) for it in Bucket))
ANY = "*"
"""Of a tag: its own value names the unit."""
LONGEST = 500
_TAGS = ("deployment_tag", "account_tag")
_SHARING = (
    Method.DIRECT, Method.ENTITLEMENT, Method.DRIVER, Method.WEIGHTED, Method.PROPORTIONAL,
    Method.FIXED, Method.SUBSIDY, Method.EVEN,
)  # fmt: skip
_WITH_SHARES = (Method.DIRECT, Method.ENTITLEMENT, Method.WEIGHTED, Method.FIXED)
_WHOLE = Decimal(100)


def text(words: str, what: str, longest: int = LONGEST) -> str:
    """Printable words that are not empty; tags may hold any letter, but no line breaks."""
    if not isinstance(words, str) or not words.strip():
        raise OutOfRange(f"{what} is missing.")
    if len(words) > longest or not words.isprintable():
        raise OutOfRange(f"{what} takes {longest} printable characters.")
    return words.strip()


def mapping(by: str, key: str, value: str, unit: str, tree: Tree) -> Body:
    """The body of a rule that maps usage to a unit; key: a tag's name, "" for the one that names
    units here."""
    if by not in BY:
        raise OutOfRange(f"Usage is mapped by one of {', '.join(BY)}.")
    if by not in _TAGS and key:
        raise OutOfRange("Only tags have a name.")
    name = text(key, "The tag's name") if key else ""
    folded = text(value, "What is mapped").lower()
    if folded == ANY:
        if by not in _TAGS or unit:
            raise OutOfRange("Only a tag's own value can name the unit, and then no unit is given.")
        return {"by": by, "key": name, "value": ANY, "unit": ""}
    return {"by": by, "key": name, "value": folded, "unit": _unit(unit, tree)}


def sharing(told: Mapping[str, object], tree: Tree) -> Body:
    """The body of a rule that shares out a cost which is nobody's own."""
    method = str(told.get("method", ""))
    if method not in {str(it) for it in _SHARING}:
        raise OutOfRange(f"A cost is shared by one of {', '.join(_SHARING)}.")
    body: Body = {
        "title": text(str(told.get("title", "")), "A title", 100),
        "method": method,
        "source": _source(told.get("source")),
        "shares": _shares(method, told.get("shares"), tree),
    }
    if method in (Method.DRIVER, Method.WEIGHTED):
        body["driver"] = _one_of(told.get("driver", "tokens"), DRIVERS, "A driver")
    if method != Method.FIXED:
        body["fallback"] = _one_of(told.get("fallback", "unallocated"), FALLBACKS, "What else")
    if method == Method.SUBSIDY:
        body |= {"cap_e8": _cap(told.get("cap_e8")), "sponsor": _unit(told.get("sponsor"), tree)}
    return body


def idle(pool: str, rule: str, entitlements: Mapping[str, int], tree: Tree) -> Body:
    """The body of a rule that says who pays for a pool's idle capacity. pool: "global:" or
    "regional:swedencentral"; entitlements: PTU by unit."""
    scope, colon, region = text(pool, "A pool").partition(":")
    if scope not in ("global", "datazone", "regional") or not colon:
        raise OutOfRange("A pool is written like regional:swedencentral.")
    if (scope == "global") == bool(region):
        raise OutOfRange("A regional pool names its region, a global one names none.")
    _one_of(rule, IDLE, "An idle rule")
    held = {_unit(unit, tree): _ptu(many) for unit, many in entitlements.items()}
    if rule == "entitlement" and not any(held.values()):
        raise OutOfRange("Say how much of the pool each unit reserved.")
    return {"pool": pool, "rule": rule, "entitlements": held}


def _source(told: object) -> dict[str, str]:
    if not isinstance(told, Mapping) or len(told) != 1 or next(iter(told)) not in SOURCES:
        raise OutOfRange(f"What is shared is named by one of {', '.join(SOURCES)}.")
    ((kind, name),) = told.items()
    return {str(kind): text(str(name), "What is shared")}


def _shares(method: str, told: object, tree: Tree) -> dict[str, str]:
    shares = dict(told) if isinstance(told, Mapping) else {}
    if method not in _WITH_SHARES:
        if shares:
            raise OutOfRange(f"Shares are not entered where a cost is shared by {method}.")
        return {}
    numbers = {_unit(unit, tree): money.decimal(it, "A share") for unit, it in shares.items()}
    if not numbers or any(it < 0 for it in numbers.values()) or not any(numbers.values()):
        raise OutOfRange("Enter a share of 0 or more for at least one unit.")
    if method in (Method.FIXED, Method.DIRECT):
        _require_whole(numbers)
    return {unit: format(it, "f") for unit, it in sorted(numbers.items())}


def _require_whole(numbers: Mapping[str, Decimal]) -> None:
    if any(it != round(it, 2) for it in numbers.values()):
        raise OutOfRange("Percentages have two decimals.")
    if sum(numbers.values()) != _WHOLE:
        raise OutOfRange(f"The percentages are {sum(numbers.values())} in all and must be 100.00.")


def _unit(unit: object, tree: Tree) -> str:
    if not isinstance(unit, str) or (unit not in tree.units and unit != PLATFORM):
        raise OutOfRange("Choose a business unit of the list.")
    return unit


def _one_of(told: object, known: tuple[str, ...], what: str) -> str:
    if told not in known:
        raise OutOfRange(f"{what} is one of {', '.join(known)}.")
    return str(told)


def _cap(told: object) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or told <= 0:
        raise OutOfRange("A subsidy has a cap of more than 0.")
    return told


def _ptu(many: object) -> int:
    if isinstance(many, bool) or not isinstance(many, int) or not 0 <= many <= 1_000_000:
        raise OutOfRange("An entitlement is a whole number of PTU, 0 or more.")
    return many
