"""What people said of readiness items, the last word for each item of a rollout."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from domain.faults import Outdated
from domain.readiness import Answer
from store import rows
from store.engine import Session
from store.tables import AnswerRow

_FIELDS = tuple(Answer.__dataclass_fields__)


def say(session: Session, it: Answer) -> None:
    """Keep an answer in place of what was said before; a yes to that is gone with it."""
    rows.upsert(
        session, AnswerRow, ["rollout", "item"], [{name: getattr(it, name) for name in _FIELDS}]
    )


def find(session: Session, rollout: int, item: str) -> Answer | None:
    row = session.get(AnswerRow, (rollout, item), populate_existing=True)
    return _answer(row) if row else None


def approve(session: Session, seen: Answer, by: str, at: datetime) -> None:
    """Agree to an excuse; raises Outdated unless it still is the one that was seen, and waits."""
    here = (
        (AnswerRow.rollout == seen.rollout)
        & (AnswerRow.item == seen.item)
        & (AnswerRow.status == seen.status)
        & (AnswerRow.at == seen.at)
        & (AnswerRow.approver == "")
    )
    told = update(AnswerRow).where(here).values(approver=by, approved_at=at)
    if session.execute(told.returning(AnswerRow.item)).first() is None:
        raise Outdated("This has changed since it was shown.")


def of(session: Session, rollouts: Iterable[int]) -> dict[int, dict[str, Answer]]:
    """By rollout and item: what was said last; a rollout of which nobody said anything is there
    too."""
    wanted = [*rollouts]
    found: dict[int, dict[str, Answer]] = {it: {} for it in wanted}
    told = select(AnswerRow).where(AnswerRow.rollout.in_(wanted))
    for row in session.scalars(told.execution_options(populate_existing=True)):
        found[row.rollout][row.item] = _answer(row)
    return found


def _answer(row: AnswerRow) -> Answer:
    return Answer(**{name: getattr(row, name) for name in _FIELDS})
