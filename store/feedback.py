"""What people said of phases, and how many of those who were asked have answered."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import case, func, select, update

from domain.faults import Outdated
from domain.feedback import OPEN, Feedback, Severity, Status, Sums
from store.engine import Session
from store.tables import FeedbackRow, ResponseRow

_FIELDS = tuple(name for name in Feedback.__dataclass_fields__ if name != "id")
_OPEN_SEVERE = FeedbackRow.severity.in_([Severity.SEVERE]) & FeedbackRow.status.in_([*OPEN])
_COUNTED = tuple(
    case((it, 1), else_=0)
    for it in (
        FeedbackRow.severity == Severity.PRAISE,
        _OPEN_SEVERE,
        FeedbackRow.status == Status.ACCEPTED,
        FeedbackRow.status == Status.CLOSED,
    )
)
"""Praised, severe and open, accepted, closed: the counts of Sums."""


def add(session: Session, those: Iterable[Feedback]) -> list[int]:
    """Keep them; returns their numbers."""
    kept = [FeedbackRow(**{name: getattr(it, name) for name in _FIELDS}) for it in those]
    session.add_all(kept)
    session.flush()
    return [it.id for it in kept]


def find(session: Session, id: int) -> Feedback | None:
    row = session.get(FeedbackRow, id, populate_existing=True)
    return _feedback(row) if row else None


def of(session: Session, rollout: int) -> list[Feedback]:
    """All of a rollout, the newest first."""
    wanted = select(FeedbackRow).where(FeedbackRow.rollout == rollout)
    found = session.scalars(
        wanted.order_by(FeedbackRow.id.desc()).execution_options(populate_existing=True)
    )
    return [_feedback(it) for it in found]


def settle(session: Session, before: Feedback, after: Feedback) -> None:
    """Keep what became of it; raises Outdated where it is no longer what it was."""
    here = (FeedbackRow.id == before.id) & (FeedbackRow.status == str(before.status))
    told = {"status": str(after.status), "change": after.change, "closed_at": after.closed_at}
    change = update(FeedbackRow).where(here).values(told).returning(FeedbackRow.id)
    if session.execute(change).first() is None:
        raise Outdated("Somebody has dealt with this already.")


def count(
    session: Session, rollout: int, phase: int, asked: int, answered: int, by: str, at: datetime
) -> None:
    """Keep how many were asked and have answered, up to now."""
    session.merge(
        ResponseRow(rollout=rollout, phase=phase, at=at, asked=asked, answered=answered, said_by=by)
    )
    session.flush()


def sums(session: Session, rollouts: Iterable[int]) -> dict[tuple[int, int], Sums]:
    """By rollout and number of the phase; nothing for those of which nobody has said anything."""
    ids, found = list(rollouts), dict[tuple[int, int], Sums]()
    key = (FeedbackRow.rollout, FeedbackRow.phase)
    newest = func.max(func.coalesce(FeedbackRow.closed_at, FeedbackRow.at))
    wanted = select(*key, func.count(), *map(func.sum, _COUNTED), newest)
    for row in session.execute(wanted.where(FeedbackRow.rollout.in_(ids)).group_by(*key)):
        place, (told, praised, severe, accepted, closed, at) = (row[0], row[1]), row[2:]
        found[place] = Sums(told, praised, severe, accepted, closed, at=at)
    counted = select(ResponseRow).where(ResponseRow.rollout.in_(ids)).order_by(ResponseRow.at)
    for it in session.scalars(counted.execution_options(populate_existing=True)):
        before = found.get((it.rollout, it.phase), Sums())
        at = max(filter(None, (before.at, it.at)))
        found[it.rollout, it.phase] = replace(before, asked=it.asked, answered=it.answered, at=at)
    return found


def _feedback(row: FeedbackRow) -> Feedback:
    told = {name: getattr(row, name) for name in _FIELDS}
    kinds = {"severity": Severity(row.severity), "status": Status(row.status)}
    return Feedback(**told | kinds | {"id": row.id})
