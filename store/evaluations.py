"""Evaluations of rollouts: each that was recorded, the newest counts."""

from collections.abc import Iterable

from sqlalchemy import select

from domain.evaluations import Evaluation
from store.engine import Session
from store.tables import EvaluationRow

_FIELDS = tuple(name for name in Evaluation.__dataclass_fields__ if name != "id")


def add(session: Session, it: Evaluation) -> int:
    """Keep it; returns its number."""
    row = EvaluationRow(**{name: getattr(it, name) for name in _FIELDS})
    session.add(row)
    session.flush()
    return row.id


def of(session: Session, rollouts: Iterable[int]) -> list[Evaluation]:
    """All of these rollouts, the newest first."""
    wanted = select(EvaluationRow).where(EvaluationRow.rollout.in_(list(rollouts)))
    newest = wanted.order_by(EvaluationRow.ran_at.desc(), EvaluationRow.id.desc())
    found = session.scalars(newest.execution_options(populate_existing=True))
    return [
        Evaluation(**{name: getattr(it, name) for name in _FIELDS} | {"id": it.id}) for it in found
    ]
