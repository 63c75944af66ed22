"""Tables, and what a query makes of them.

A row may stand for a run of like ones: its last value is how many. Columns that tell the members of
a run apart (`ids`: a correlation id) hold the run's name; where a query looks at such a value, the
run is told out member by member. So a day of a million requests is counted in thousands of rows,
and still every answer is what the million would give.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from simulator.kusto import scalars
from simulator.kusto.faults import Meaningless, unresolved
from simulator.kusto.scalars import EMPTY, Row, Scope, compiled, names
from simulator.kusto.summaries import Summary, summaries
from simulator.kusto.syntax import Literal, Name, Named, Pipe, Query, Step, parsed

MOST_MEMBERS = 2_000_000
"""Rows told out one by one that one query may ask for."""


@dataclass(frozen=True)
class Table:
    columns: Mapping[str, str]
    rows: Sequence[Row]
    ids: frozenset[str] = frozenset()


Sources = Mapping[str, Callable[[], Table]]


def run(query: str, sources: Sources, now: datetime) -> Table:
    """The answer, every run told out. Raises QueryFault."""
    tree = parsed(query)
    answer = _Running(sources, now).answer(tree)
    return _told_out(answer)


def member(name: str, number: int) -> str:
    """The id of one member of a run."""
    return f"{name[:-6]}{number:06x}"


def _told_out(table: Table) -> Table:
    if sum(row[-1] for row in table.rows) > MOST_MEMBERS:
        raise Meaningless("Query execution lacks memory resources to complete (80DA0007).")
    if not table.ids and all(row[-1] == 1 for row in table.rows):
        return table
    marked = [name in table.ids for name in table.columns]
    return Table(table.columns, list(_members(table.rows, marked)))


def _members(rows: Iterable[Row], marked: list[bool]) -> Iterator[Row]:
    for row in rows:
        for number in range(row[-1]):
            told = zip(row, marked, strict=False)
            yield (*(member(it, number) if own and it else it for it, own in told), 1)


class _Running:
    """One query under way: what its lets name, and the tables it may read."""

    def __init__(self, sources: Sources, now: datetime) -> None:
        self.sources, self.now = sources, now
        self.named: dict[str, Literal] = {}
        self.pipes: dict[str, Pipe] = {}

    def answer(self, tree: Query) -> Table:
        for name, said in tree.lets:
            if isinstance(said, Pipe):
                self.pipes[name] = said
            else:
                self.named[name] = scalars.constant(said, self._scope({}, "let"))
        return self.piped(tree.pipe)

    def _scope(self, columns: Mapping[str, str], operator: str) -> Scope:
        return Scope(columns, self.named, self.now, operator)

    def piped(self, pipe: Pipe) -> Table:
        if pipe.source in self.pipes:
            table = self.piped(self.pipes[pipe.source])
        elif pipe.source in self.sources:
            table = self.sources[pipe.source]()
        else:
            raise Meaningless(
                f"'{pipe.source}' operator: Failed to resolve table or column expression named "
                f"'{pipe.source}'"
            )
        for step in pipe.steps:
            table = self.done(step, table)
        return table

    def done(self, step: Step, table: Table) -> Table:
        match step.operator:
            case "where":
                return self.filtered(step, table)
            case "extend" | "project":
                return self.projected(step, table)
            case "project-away":
                return _without(step, table)
            case "summarize":
                return self.summed(step, table)
            case "distinct":
                return self.summed(replace(step, these=(), by=step.these), table)
            case "count":
                total = sum(row[-1] for row in table.rows)
                return Table({"Count": "long"}, [(total, 1)])
            case "take":
                return replace(
                    table, rows=_told_out(table).rows[: self.count(step)], ids=frozenset()
                )
            case "join":
                return self.joined(step, table)
        return self.ordered(step, table)

    def count(self, step: Step) -> int:
        """How many rows an operator is to leave."""
        scope = self._scope({}, step.operator)
        told = scalars.constant(step.count or Literal(None, "long"), scope)
        if not isinstance(told.value, int):
            raise Meaningless(f"'{step.operator}' operator: a number of rows is expected.")
        return told.value

    def ready(self, table: Table, these: Iterable[Named]) -> Table:
        """Told out where one of these looks at what tells members apart."""
        looked = {name for it in these if not isinstance(it.of, Name) for name in names(it.of)}
        return _told_out(table) if looked & table.ids else table

    def filtered(self, step: Step, table: Table) -> Table:
        if names(step.these[0].of) & table.ids:
            table = _told_out(table)
        test = compiled(step.these[0].of, self._scope(table.columns, "where"))
        if test.type != "bool":
            raise Meaningless("'where' operator: the predicate must be of type bool.")
        return replace(table, rows=[row for row in table.rows if test.of(row)])

    def projected(self, step: Step, table: Table) -> Table:
        table = self.ready(table, step.these)
        scope = self._scope(table.columns, step.operator)
        made = [(_called(it, at), it, compiled(it.of, scope)) for at, it in enumerate(step.these)]
        ids = {
            called for called, it, _ in made if isinstance(it.of, Name) and it.of.name in table.ids
        }
        of = [value.of for _, _, value in made]
        kinds = {called: value.type for called, _, value in made}
        if step.operator == "project":
            rows = [(*(it(row) for it in of), row[-1]) for row in table.rows]
            return Table(kinds, rows, frozenset(ids))
        stays = [at for at, name in enumerate(table.columns) if name not in kinds]
        columns = {name: it for name, it in table.columns.items() if name not in kinds} | kinds
        rows = [
            (*(row[at] for at in stays), *(it(row) for it in of), row[-1]) for row in table.rows
        ]
        return Table(columns, rows, (table.ids - set(kinds)) | ids)

    def summed(self, step: Step, table: Table) -> Table:
        table = self.ready(table, step.by)
        scope = self._scope(table.columns, "summarize")
        keys = [(_called(it, at), compiled(it.of, scope)) for at, it in enumerate(step.by)]
        by_id = {it.of.name for it in step.by if isinstance(it.of, Name)} & table.ids
        made = [summaries(it, scope, frozenset(table.ids)) for it in step.these]
        if not by_id and any(it.looks for it in made):
            table = _told_out(table)
        groups: dict[Row, list[Row]] = {}
        of = [value.of for _, value in keys]
        for row in table.rows:
            groups.setdefault(tuple(it(row) for it in of), []).append(row)
        if by_id and any(len({row[-1] for row in rows}) > 1 for rows in groups.values()):
            return self.summed(step, _told_out(table))
        if not keys and not groups:
            groups[()] = []
        columns = {name: value.type for name, value in keys} | {it.name: it.type for it in made}
        rows = [_summed(key, rows, made, alike=bool(by_id)) for key, rows in groups.items()]
        return Table(columns, rows, frozenset(name for name, _ in keys if name in by_id))

    def joined(self, step: Step, left: Table) -> Table:
        if step.other is None:
            raise Meaningless("'join' operator: no table to join.")
        right = self.piped(step.other)
        pairs = [(it.of.name, it.name) for it in step.these if isinstance(it.of, Name)]
        ours, theirs = (list(zip(*pairs, strict=True))[at] for at in (0, 1))
        for names_, table in ((ours, left), (theirs, right)):
            for name in names_:
                if name not in table.columns:
                    raise unresolved(name, "join")
        by_id = [a in left.ids for a in ours]
        if by_id != [b in right.ids for b in theirs]:
            left, right, by_id = _told_out(left), _told_out(right), [False]
        columns, ids = dict(left.columns), set(left.ids)
        for name, kind in right.columns.items():
            called = _fresh(name, columns)
            columns[called] = kind
            ids |= {called} if name in right.ids else set()
        rows = _matched(left, right, (ours, theirs), outer=step.kind == "leftouter", run=any(by_id))
        return Table(columns, list(rows), frozenset(ids))

    def ordered(self, step: Step, table: Table) -> Table:
        table = _told_out(table)
        scope, rows = self._scope(table.columns, step.operator), list(table.rows)
        for it, rising in reversed(list(zip(step.these, step.rising, strict=True))):
            value = compiled(it.of, scope).of
            known = [row for row in rows if value(row) is not None]
            none = [row for row in rows if value(row) is None]
            known.sort(key=value, reverse=not rising)
            rows = none + known if rising else known + none
        return replace(table, rows=rows if step.count is None else rows[: self.count(step)])


def _called(it: Named, at: int) -> str:
    """The name of a column that may not say its own."""
    if it.name:
        return it.name
    if isinstance(it.of, Name):
        return it.of.name
    inner = it.of.of[0] if not isinstance(it.of, Literal) and it.of.of else None
    if isinstance(inner, Name) and it.of.name == "bin":  # type: ignore[union-attr]
        return inner.name
    return f"Column{at + 1}"


def _fresh(name: str, taken: Mapping[str, str]) -> str:
    number = 1
    called = name
    while called in taken:
        called, number = f"{name}{number}", number + 1
    return called


def _without(step: Step, table: Table) -> Table:
    gone = {it.of.name for it in step.these if isinstance(it.of, Name)}
    if missing := gone - set(table.columns):
        raise unresolved(min(missing), "project-away")
    stays = [at for at, name in enumerate(table.columns) if name not in gone]
    columns = {name: kind for name, kind in table.columns.items() if name not in gone}
    return Table(
        columns, [(*(row[at] for at in stays), row[-1]) for row in table.rows], table.ids - gone
    )


def _summed(key: Row, rows: list[Row], made: list[Summary], *, alike: bool) -> Row:
    """A group as one row. Grouped by what tells members apart, each member has a group of its own:
    the groups of a run are alike, so they stay a run."""
    if not alike:
        return (*key, *(it.of(rows) for it in made), 1)
    single = [(*row[:-1], 1) for row in rows]
    return (*key, *(it.of(single) for it in made), max(row[-1] for row in rows))


def _matched(
    left: Table, right: Table, keys: tuple[Sequence[str], Sequence[str]], *, outer: bool, run: bool
) -> Iterator[Row]:
    """Rows of both with equal keys; of two runs that belong together, member meets member."""
    ours = [list(left.columns).index(it) for it in keys[0]]
    theirs = [list(right.columns).index(it) for it in keys[1]]
    found: dict[Row, list[Row]] = {}
    for row in right.rows:
        found.setdefault(tuple(row[at] for at in theirs), []).append(row)
    nothing = tuple(EMPTY.get(kind) for kind in right.columns.values())
    for row in left.rows:
        others = found.get(tuple(row[at] for at in ours))
        if others is None and outer:
            yield (*row[:-1], *nothing, row[-1])
        for other in others or ():
            many = min(row[-1], other[-1]) if run else row[-1] * other[-1]
            yield (*row[:-1], *other[:-1], many)
