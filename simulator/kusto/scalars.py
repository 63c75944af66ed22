"""Values and functions of values: compiled once for a table's columns, then run row by row."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from simulator.kusto import values
from simulator.kusto.faults import Meaningless, unresolved
from simulator.kusto.syntax import Expression, Literal, Name

Row = tuple[Any, ...]
Values = tuple[Any, ...]
NUMBERS = ("int", "long", "real")
EMPTY: Mapping[str, Any] = {"string": ""}
"""What a value is that is not there; all but texts are null."""
YEAR_ONE = datetime(1, 1, 1, tzinfo=UTC)


class Compiled(NamedTuple):
    type: str
    of: Callable[[Row], Any]


class Scope(NamedTuple):
    """Columns with their kinds, values that are named, and what time it is."""

    columns: Mapping[str, str]
    named: Mapping[str, Literal]
    now: datetime
    operator: str = "where"


def compiled(expression: Expression, scope: Scope) -> Compiled:
    """Raises Meaningless for a name or a function that there is none of."""
    if isinstance(expression, Literal):
        value = expression.value
        return Compiled(expression.type, lambda _: value)
    if isinstance(expression, Name):
        return _named(expression.name, scope)
    of = [compiled(it, scope) for it in expression.of]
    if expression.name in ("now", "ago") and len(of) == (expression.name == "ago"):
        at = scope.now - of[0].of(()) if of else scope.now
        return Compiled("datetime", lambda _: at)
    made = COMPARED.get(expression.name) or FUNCTIONS.get(expression.name)
    if made is None:
        raise Meaningless(f"Unknown function: '{expression.name}'.")
    return made(expression.name, of)


def constant(expression: Expression, scope: Scope) -> Literal:
    """The value that a let names."""
    found = compiled(expression, scope._replace(columns={}))
    return Literal(found.of(()), found.type)


def names(expression: Expression, *, tested: bool = False) -> set[str]:
    """The columns whose values matter; that one is there at all matters only when asked for."""
    if isinstance(expression, Name):
        return {expression.name}
    if isinstance(expression, Literal) or (expression.name in TESTS and not tested):
        return set()
    return {name for it in expression.of for name in names(it, tested=tested)}


def _named(name: str, scope: Scope) -> Compiled:
    if name in scope.columns:
        return Compiled(scope.columns[name], operator.itemgetter(list(scope.columns).index(name)))
    if name in scope.named:
        value = scope.named[name].value
        return Compiled(scope.named[name].type, lambda _: value)
    raise unresolved(name, scope.operator)


Maker = Callable[[str, Sequence[Compiled]], Compiled]


def _pair(name: str, of: Sequence[Compiled]) -> tuple[Compiled, Compiled]:
    if len(of) != 2:
        raise Meaningless(f"{name}(): function expects 2 argument(s).")
    return of[0], of[1]


def _both(name: str, of: Sequence[Compiled]) -> Compiled:
    left, right = (it.of for it in _pair(name, of))
    if name == "and":
        return Compiled("bool", lambda row: bool(left(row)) and bool(right(row)))
    return Compiled("bool", lambda row: bool(left(row)) or bool(right(row)))


def _ordered(name: str, of: Sequence[Compiled]) -> Compiled:
    left, right = _pair(name, of)
    alike = left.type == right.type or {left.type, right.type} <= set(NUMBERS)
    if not alike and "dynamic" not in (left.type, right.type):
        raise Meaningless(f"Cannot compare values of types {left.type} and {right.type}.")
    test, one, other = ORDERS[name], left.of, right.of

    def holds(row: Row) -> bool:
        a, b = one(row), other(row)
        return (name == "!=" and a is not b) if a is None or b is None else bool(test(a, b))

    return Compiled("bool", holds)


def _texts(name: str, of: Sequence[Compiled]) -> Compiled:
    left, right = _pair(name, of)
    if left.type not in ("string", "dynamic") or right.type not in ("string", "dynamic"):
        raise Meaningless(f"Operator '{name}' expects texts.")
    test, one, other, wanted = TEXTS[name.lstrip("!")], left.of, right.of, name[0] != "!"
    return Compiled(
        "bool",
        lambda row: test(str(one(row) or "").lower(), str(other(row) or "").lower()) == wanted,
    )


def _among(name: str, of: Sequence[Compiled]) -> Compiled:
    one, wanted, fold = of[0].of, name[0] != "!", name.endswith("~")

    def flat(row: Row) -> set[Any]:
        found = [it.of(row) for it in of[1:]]
        single = [v for it in found for v in (it if isinstance(it, list) else [it])]
        return {str(it).lower() if fold else it for it in single}

    return Compiled(
        "bool",
        lambda row: ((str(one(row)).lower() if fold else one(row)) in flat(row)) == wanted,
    )


def _sum(name: str, of: Sequence[Compiled]) -> Compiled:
    left, right = _pair(name, of)
    kinds = (left.type, right.type)
    kind = _kind_of_sum(name, kinds)
    act, one, other = SUMS[name], left.of, right.of
    if name == "/" and kind == "long":
        act = _quotient

    def counted(row: Row) -> Any:
        a, b = one(row), other(row)
        return None if a is None or b is None or (name in "/%" and not b) else act(a, b)

    return Compiled(kind, counted)


def _kind_of_sum(name: str, kinds: tuple[str, str]) -> str:
    if set(kinds) <= set(NUMBERS):
        return "real" if "real" in kinds else "long"
    if name in "+-" and kinds in (("datetime", "timespan"), ("timespan", "timespan")):
        return kinds[0]
    if name == "-" and kinds == ("datetime", "datetime"):
        return "timespan"
    raise Meaningless(f"Operator '{name}' cannot be applied to {kinds[0]} and {kinds[1]}.")


def _quotient(a: int, b: int) -> int:
    whole = abs(a) // abs(b)
    return whole if (a < 0) == (b < 0) else -whole


def _bin(name: str, of: Sequence[Compiled]) -> Compiled:
    value, size = _pair(name, of)
    if (value.type, size.type) == ("datetime", "timespan"):
        return Compiled("datetime", lambda row: _floor(value.of(row), size.of(row)))
    if {value.type, size.type} <= set(NUMBERS):
        return Compiled(value.type, lambda row: value.of(row) // size.of(row) * size.of(row))
    raise Meaningless(f"bin(): cannot bin {value.type} by {size.type}.")


def _floor(at: datetime | None, size: timedelta) -> datetime | None:
    return None if at is None else at - (at - YEAR_ONE) % size


def _choice(name: str, of: Sequence[Compiled]) -> Compiled:
    """case(test, value, ..., otherwise); iff is the same with three."""
    if len(of) < 3 or len(of) % 2 == 0 or (name != "case" and len(of) != 3):
        raise Meaningless(f"{name}(): a wrong number of arguments.")
    results = [*of[1::2], of[-1]] if len(of) > 3 else [of[1], of[2]]
    if len({it.type for it in results}) > 1:
        raise Meaningless(f"{name}(): all results must be of one type.")
    pairs, last = [(of[it].of, of[it + 1].of) for it in range(0, len(of) - 1, 2)], of[-1].of

    def chosen(row: Row) -> Any:
        for test, value in pairs:
            if test(row):
                return value(row)
        return last(row)

    return Compiled(results[0].type, chosen)


def _function(kind: str, many: int, act: Callable[..., Any]) -> Maker:
    """Of so many arguments; -1 for any number of them."""

    def made(name: str, of: Sequence[Compiled]) -> Compiled:
        if many not in (-1, len(of)):
            raise Meaningless(f"{name}(): function expects {many} argument(s).")
        given = [it.of for it in of]
        if len(given) == 1:
            only = given[0]
            return Compiled(kind, lambda row: act(only(row)))
        return Compiled(kind, lambda row: act(*(it(row) for it in given)))

    return made


ORDERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "=~": operator.eq,
    "~": operator.eq,
    "contains": operator.contains,
    "startswith": str.startswith,
    "endswith": str.endswith,
}
SUMS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": operator.mod,
}
TESTS: Mapping[str, Maker] = {
    "isempty": _function("bool", 1, lambda it: it is None or it == ""),
    "isnotempty": _function("bool", 1, lambda it: it is not None and it != ""),
    "isnull": _function("bool", 1, lambda it: it is None),
    "isnotnull": _function("bool", 1, lambda it: it is not None),
}
COMPARED: Mapping[str, Maker] = {
    **dict.fromkeys(("and", "or"), _both),
    **dict.fromkeys(ORDERS, _ordered),
    **dict.fromkeys(
        ("=~", "!~", *(f"{no}{it}" for it in list(TEXTS)[2:] for no in ("", "!"))), _texts
    ),
    **dict.fromkeys(("in", "!in", "in~", "!in~"), _among),
    **dict.fromkeys(SUMS, _sum),
}
FUNCTIONS: Mapping[str, Maker] = {
    **TESTS,
    "[]": _function("dynamic", 2, values.member),
    "array_length": _function("long", 1, lambda it: len(it) if isinstance(it, list) else None),
    "bin": _bin,
    "case": _choice,
    "format_ipv4_mask": _function("string", 2, values.mask),
    "iff": _choice,
    "iif": _choice,
    "not": _function("bool", 1, operator.not_),
    "parse_url": _function("dynamic", 1, values.parsed_url),
    "split": _function("dynamic", 2, lambda it, mark: str(it).split(mark)),
    "startofday": _function("datetime", 1, lambda it: _floor(it, timedelta(days=1))),
    "strcat": _function("string", -1, lambda *those: "".join(map(values.text, those))),
    "strlen": _function("long", 1, lambda it: len(it)),
    "todatetime": _function("datetime", 1, values.told_moment),
    "toint": _function("int", 1, lambda it: values.number(it, int)),
    "tolong": _function("long", 1, lambda it: values.number(it, int)),
    "tolower": _function("string", 1, lambda it: values.text(it).lower()),
    "toreal": _function("real", 1, lambda it: values.number(it, float)),
    "tostring": _function("string", 1, values.text),
    "toupper": _function("string", 1, lambda it: values.text(it).upper()),
}
