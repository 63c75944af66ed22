"""What a board of many rollouts needs, in few queries: the last readings of every gate, the days
that were watched, who said yes, which ways back there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from domain import gates as judging
from domain.criteria import Reading
from domain.gates import Found, Yes
from domain.moving import DRILLED
from domain.rollouts import Move, Rollout
from domain.templates import GRANTS
from store import gates, people, rows
from store.engine import Session
from store.rollback_plans import WORKED
from store.tables import (
    BakeDayRow,
    MoveRow,
    PhaseApprovalRow,
    ReadingRow,
    RollbackPlanRow,
    RolloutRow,
)

HALTS = (Move.PAUSE, Move.ABORT, Move.ROLL_BACK)
LONGEST = timedelta(days=90)
"""How far back readings are looked through for those that passed in a row."""
Read = dict[str, list[Reading]]


@dataclass(frozen=True)
class Way:
    """When the way back from a phase was last tried, and what came of it."""

    drilled_at: datetime | None
    result: str


@dataclass(frozen=True)
class Beside:
    """What is known beside the rollouts, by number."""

    found: Mapping[int, Found]
    days: Mapping[int, frozenset[date]]
    """Of the phase under way."""
    ways: Mapping[int, Mapping[int, Way]]
    """By phase."""
    halts: Mapping[int, tuple[str, str, datetime]]
    """Who, why and when, of the last pause or end."""


def mark(session: Session) -> str:
    """Another text as soon as anything that a board shows is another."""
    row, said, way = RolloutRow, PhaseApprovalRow, RollbackPlanRow
    told = session.execute(
        select(
            select(func.count(row.id)).scalar_subquery(),
            select(func.sum(row.version)).scalar_subquery(),
            select(func.max(ReadingRow.at)).scalar_subquery(),
            select(func.max(said.id)).scalar_subquery(),
            select(func.count(said.void_at)).scalar_subquery(),
            select(func.max(way.at)).scalar_subquery(),
            select(func.max(way.drilled_at)).scalar_subquery(),
        )
    ).one()
    return ":".join(map(str, told))


def beside(session: Session, those: Sequence[Rollout], at: datetime) -> Beside:
    """Of these rollouts, at this time."""
    ids = [it.id for it in those]
    ways, days = _ways(session, ids), _days(session, ids)
    said, granted = gates.approvals(session, ids), _granted(session)
    found, watched = {}, {}
    for it in those:
        number = it.number
        if number is None:
            found[it.id] = judging.found(it, {}, (), (), False, at)
            continue
        seen = days.get((it.id, number), set())
        yes = _yes([one for one in said if (one.rollout, one.phase) == (it.id, number)], granted)
        drilled = _drilled(ways.get(it.id, {}), number, at)
        readings = recent(session, it, at)
        watched[it.id] = frozenset(seen)
        found[it.id] = judging.found(it, readings, seen, yes, drilled, at)
    return Beside(found, watched, ways, _halts(session, ids))


def recent(session: Session, rollout: Rollout, at: datetime) -> Read:
    """By what is watched in the phase under way, oldest first: as many as its verdict depends
    on."""
    number, watched = rollout.number, rollout.watched
    if number is None or not watched:
        return {}
    since = at - LONGEST
    here = (ReadingRow.rollout == rollout.id) & (ReadingRow.phase == number)
    here &= ReadingRow.at >= since
    most = max(it.passes for it in watched)
    first = watched[0].key
    turns = select(ReadingRow.at).where(here, ReadingRow.criterion == first)
    last = list(session.scalars(turns.order_by(ReadingRow.at.desc()).limit(most)))
    named = ReadingRow.criterion.in_([it.key for it in watched])
    found = _read(session, here & named & (ReadingRow.at >= last[-1])) if last else {}
    for it in watched:  # what was read less often than the first one
        if len(found.get(it.key, ())) < it.passes:
            alone = here & (ReadingRow.criterion == it.key)
            found |= _read(session, alone, it.passes)
    return found


def trend(
    session: Session, rollout: int, phase: int, since: datetime
) -> dict[str, tuple[tuple[datetime, float | None], ...]]:
    """Values by criterion after this time, the oldest first."""
    row = ReadingRow
    here = (row.rollout == rollout) & (row.phase == phase) & (row.at > since)
    found: dict[str, list[tuple[datetime, float | None]]] = defaultdict(list)
    for key, at, value in session.execute(
        select(row.criterion, row.at, row.value).where(here).order_by(row.at)
    ):
        found[key].append((at, value))
    return {key: tuple(it) for key, it in found.items()}


def _read(session: Session, here: rows.Clause, most: int | None = None) -> Read:
    row = ReadingRow
    wanted = select(row.criterion, row.at, row.value, row.sample, row.data_at, row.said)
    newest = wanted.where(here).order_by(row.at.desc()).limit(most)
    found: Read = defaultdict(list)
    for it in session.execute(newest).all()[::-1]:
        found[it.criterion].append(Reading(it.at, it.value, it.sample, it.data_at, it.said))
    return dict(found)


def _days(session: Session, ids: Sequence[int]) -> dict[tuple[int, int], set[date]]:
    found: dict[tuple[int, int], set[date]] = defaultdict(set)
    row = BakeDayRow
    for id, phase, day in session.execute(
        select(row.rollout, row.phase, row.day).where(row.rollout.in_(ids))
    ):
        found[id, phase].add(day)
    return found


def _ways(session: Session, ids: Sequence[int]) -> dict[int, dict[int, Way]]:
    found: dict[int, dict[int, Way]] = defaultdict(dict)
    row = RollbackPlanRow
    wanted = select(row.rollout, row.phase, row.drilled_at, row.drill_result)
    for id, phase, at, result in session.execute(wanted.where(row.rollout.in_(ids))):
        found[id][phase] = Way(at, result)
    return found


def _halts(session: Session, ids: Sequence[int]) -> dict[int, tuple[str, str, datetime]]:
    row = MoveRow
    wanted = select(row.rollout, row.person, row.reason, row.at).order_by(row.version)
    named = row.move.in_([str(it) for it in HALTS])
    told = session.execute(wanted.where(row.rollout.in_(ids), named))
    return {id: (person, reason, at) for id, person, reason, at in told}


def _granted(session: Session) -> dict[str, frozenset[str]]:
    """Words of grants by key of the person."""
    words = {grant: word for word, grant in GRANTS.items()}
    return {
        it.key: frozenset(words[grant] for grant in it.grants if grant in words)
        for it in people.everyone(session)
    }


def _yes(said: Sequence[gates.Approval], granted: Mapping[str, frozenset[str]]) -> list[Yes]:
    """What counts: a yes of somebody who still has the grant, unless somebody else of the same
    grant stands by a no."""
    valid = [it for it in said if it.void_at is None]
    barred = {it.grant for it in valid if not it.approves}
    return [
        Yes(it.grant, it.person)
        for it in valid
        if it.grant not in barred and it.grant in granted.get(it.person, ())
    ]


def _drilled(ways: Mapping[int, Way], number: int, at: datetime) -> bool:
    """Whether the way back from here, or from what follows, was tried in time, and worked."""
    return any(
        it.result == WORKED and it.drilled_at is not None and at - it.drilled_at <= DRILLED
        for phase, it in ways.items()
        if phase in (number, number + 1)
    )
