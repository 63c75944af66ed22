"""What summarize makes of a group of rows; a row counts as often as its last value says."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from simulator.kusto.faults import Meaningless
from simulator.kusto.scalars import EMPTY, Compiled, Row, Scope, compiled, names
from simulator.kusto.syntax import Applied, Name, Named

Rows = Sequence[Row]


class Summary(NamedTuple):
    name: str
    type: str
    of: Callable[[Rows], Any]
    looks: bool
    """Whether it looks at what tells the members of a run apart."""


def summaries(it: Named, scope: Scope, ids: frozenset[str]) -> Summary:
    """One aggregate. Raises Meaningless for what is none."""
    call = it.of
    if not isinstance(call, Applied) or call.name not in MADE:
        raise Meaningless("'summarize' operator: an aggregate function is expected.")
    least, most = MADE[call.name][0]
    if not least <= len(call.of) <= most:
        raise Meaningless(f"{call.name}(): a wrong number of arguments.")
    of = [compiled(one, scope) for one in call.of]
    by_id = call.name == "dcount" and isinstance(call.of[0], Name) and call.of[0].name in ids
    kind, act = _members(of[0]) if by_id else MADE[call.name][1](of)
    looks = not by_id and any(names(one) & ids for one in call.of)
    return Summary(it.name or _usual(call), kind, act, looks)


def _usual(call: Applied) -> str:
    inner = call.of[0].name if call.of and isinstance(call.of[0], Name) else ""
    return inner if call.name == "take_any" and inner else f"{call.name}_{inner}"


Made = tuple[str, Callable[[Rows], Any]]


def _members(of: Compiled) -> Made:
    """Distinct ids: of each run as many as its longest row."""

    def counted(rows: Rows) -> int:
        longest: dict[Any, int] = {}
        for row in rows:
            longest[of.of(row)] = max(longest.get(of.of(row), 0), row[-1])
        return sum(longest.values())

    return "long", counted


def _count(of: Sequence[Compiled]) -> Made:
    del of
    return "long", lambda rows: sum(row[-1] for row in rows)


def _count_if(of: Sequence[Compiled]) -> Made:
    return "long", lambda rows: sum(row[-1] for row in rows if of[0].of(row))


def _sum(of: Sequence[Compiled]) -> Made:
    value = _number(of[0])
    return _wide(of[0]), lambda rows: sum((value(row) or 0) * row[-1] for row in rows)


def _sum_if(of: Sequence[Compiled]) -> Made:
    value, test = _number(of[0]), of[1].of
    return _wide(of[0]), lambda rows: sum((value(row) or 0) * row[-1] for row in rows if test(row))


def _average(of: Sequence[Compiled]) -> Made:
    value = _number(of[0])

    def mean(rows: Rows) -> float | None:
        told = [(value(row), row[-1]) for row in rows if value(row) is not None]
        return sum(it * many for it, many in told) / sum(many for _, many in told) if told else None

    return "real", mean


def _distinct(of: Sequence[Compiled]) -> Made:
    return "long", lambda rows: len({of[0].of(row) for row in rows} - {None})


def _extreme(choose: Callable[..., Any]) -> Callable[[Sequence[Compiled]], Made]:
    def made(of: Sequence[Compiled]) -> Made:
        return of[0].type, lambda rows: choose(
            (it for row in rows if (it := of[0].of(row)) is not None), default=None
        )

    return made


def _any(of: Sequence[Compiled]) -> Made:
    """One that is there, where one is."""

    def some(rows: Rows) -> Any:
        told = [of[0].of(row) for row in rows]
        return next((it for it in told if it not in (None, "")), told[0] if told else None)

    return of[0].type, some


def _any_if(of: Sequence[Compiled]) -> Made:
    kind, some = _any(of)
    return kind, lambda rows: some([row for row in rows if of[1].of(row)]) or EMPTY.get(kind)


def _number(of: Compiled) -> Callable[[Row], Any]:
    if of.type not in ("int", "long", "real"):
        raise Meaningless(f"sum(): cannot be applied to {of.type}.")
    return of.of


def _wide(of: Compiled) -> str:
    return "real" if of.type == "real" else "long"


MADE: dict[str, tuple[tuple[int, int], Callable[[Sequence[Compiled]], Made]]] = {
    "avg": ((1, 1), _average),
    "count": ((0, 0), _count),
    "countif": ((1, 1), _count_if),
    "dcount": ((1, 1), _distinct),
    "max": ((1, 1), _extreme(max)),
    "min": ((1, 1), _extreme(min)),
    "sum": ((1, 1), _sum),
    "sumif": ((2, 2), _sum_if),
    "take_any": ((1, 1), _any),
    "take_anyif": ((2, 2), _any_if),
}
