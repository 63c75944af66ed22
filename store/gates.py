"""What gates read, which days were watched, and who said yes: the inputs of every move."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, select, tuple_, update

from domain.criteria import Reading
from store import rows
from store.engine import Session
from store.hours import Day
from store.tables import BakeDayRow, PhaseApprovalRow, ReadingRow


@dataclass(frozen=True)
class Approval:
    """A yes or a no to a gate; it counts until it is void."""

    rollout: int
    phase: int
    grant: str
    """product, technical, business or security."""
    person: str
    approves: bool
    comment: str
    at: datetime
    void_at: datetime | None = None
    void_why: str = ""
    id: int = 0


def read(session: Session, rollout: int, phase: int, told: Mapping[str, Reading]) -> None:
    """Keep readings by criterion; the same moment again replaces what was read."""
    rows.upsert(
        session,
        ReadingRow,
        ["rollout", "phase", "criterion", "at"],
        [
            {
                "rollout": rollout, "phase": phase, "criterion": key, "at": it.at,
                "value": it.value, "sample": it.sample, "data_at": it.data_at, "said": it.said,
            }
            for key, it in told.items()
        ],
    )  # fmt: skip


def readings(
    session: Session, rollout: int, phase: int, since: datetime | None = None
) -> dict[str, list[Reading]]:
    """By criterion, oldest first."""
    wanted = select(ReadingRow).where(ReadingRow.rollout == rollout, ReadingRow.phase == phase)
    if since is not None:
        wanted = wanted.where(ReadingRow.at >= since)
    wanted = wanted.order_by(ReadingRow.criterion, ReadingRow.at)
    found: dict[str, list[Reading]] = {}
    for it in session.scalars(wanted.execution_options(populate_existing=True)):
        reading = Reading(it.at, it.value, it.sample, it.data_at, it.said)
        found.setdefault(it.criterion, []).append(reading)
    return found


def drop(session: Session, rollout: int, phase: int, at: Mapping[str, datetime]) -> None:
    """Forget single readings, by criterion: a later one of the same hour says the same."""
    here = (ReadingRow.rollout == rollout) & (ReadingRow.phase == phase)
    for moment in set(at.values()):  # of a sweep they are of one
        those = ReadingRow.criterion.in_([key for key, it in at.items() if it == moment])
        rows.delete(session, delete(ReadingRow).where(here, those, ReadingRow.at == moment))


def thin(session: Session, before: datetime) -> int:
    """Of what is older leave the last reading of each day; returns how many went."""
    row, old = ReadingRow, ReadingRow.at < before
    key = (row.rollout, row.phase, row.criterion)
    last = select(*key, func.max(row.at)).where(old).group_by(*key, Day(row.at))
    return rows.delete(session, delete(row).where(old, tuple_(*key, row.at).not_in(last)))


def last_read(session: Session, since: datetime) -> dict[tuple[int, int], datetime]:
    """When the gate of a phase was read last, by rollout and number of the phase; only of those
    that were read after since."""
    row = ReadingRow
    wanted = select(row.rollout, row.phase, row.at).distinct()  # grouped, all readings are scanned
    told = session.execute(wanted.where(row.at > since).order_by(row.at))
    return {(rollout, phase): at for rollout, phase, at in told}


def newest(session: Session, rollout: int, phase: int) -> dict[str, Reading]:
    """The last reading by criterion."""
    row = ReadingRow
    here = (row.rollout == rollout) & (row.phase == phase)
    last = select(row.criterion, func.max(row.at).label("at")).where(here).group_by(row.criterion)
    of = last.subquery()
    wanted = select(row).join(of, (row.criterion == of.c.criterion) & (row.at == of.c.at))
    found = session.scalars(wanted.where(here).execution_options(populate_existing=True))
    return {it.criterion: Reading(it.at, it.value, it.sample, it.data_at, it.said) for it in found}


def prune(session: Session, before: datetime) -> int:
    """Forget readings that are older; a move keeps those that it was based on itself."""
    return rows.delete(session, delete(ReadingRow).where(ReadingRow.at < before))


def watched(session: Session, rollout: int, phase: int, day: date, at: datetime) -> None:
    """Count a day towards the bake; once, however often it is seen."""
    keys = ["rollout", "phase", "day"]
    new = rows.insert(session, BakeDayRow).on_conflict_do_nothing(index_elements=keys)
    session.execute(new, [{"rollout": rollout, "phase": phase, "day": day, "at": at}])


def days(session: Session, rollout: int, phase: int) -> set[date]:
    """The days that were seen."""
    here = (BakeDayRow.rollout == rollout) & (BakeDayRow.phase == phase)
    return set(session.scalars(select(BakeDayRow.day).where(here)))


def say(session: Session, it: Approval) -> int:
    """Keep what somebody says of a gate; what the same person said before for the same grant is
    void."""
    here = (PhaseApprovalRow.rollout == it.rollout) & (PhaseApprovalRow.phase == it.phase)
    same = (PhaseApprovalRow.grant == it.grant) & (PhaseApprovalRow.person == it.person)
    _void(session, here & same, it.at, "said again")
    names = [name for name in Approval.__dataclass_fields__ if name != "id"]
    row = PhaseApprovalRow(**{name: getattr(it, name) for name in names})
    session.add(row)
    session.flush()
    return row.id


def void(session: Session, rollout: int, phase: int, at: datetime, why: str) -> None:
    """What was said of this gate counts no longer: the gate is another now."""
    here = (PhaseApprovalRow.rollout == rollout) & (PhaseApprovalRow.phase == phase)
    _void(session, here, at, why)


def approvals(session: Session, rollouts: Iterable[int]) -> list[Approval]:
    """All that was said of these, what is void too, in the order in which it came."""
    wanted = select(PhaseApprovalRow).where(PhaseApprovalRow.rollout.in_(list(rollouts)))
    found = session.scalars(
        wanted.order_by(PhaseApprovalRow.id).execution_options(populate_existing=True)
    )
    return [Approval(**{n: getattr(it, n) for n in Approval.__dataclass_fields__}) for it in found]


def _void(session: Session, here: rows.Clause, at: datetime, why: str) -> None:
    change = update(PhaseApprovalRow).where(here, PhaseApprovalRow.void_at.is_(None))
    session.execute(change.values(void_at=at, void_why=why))
