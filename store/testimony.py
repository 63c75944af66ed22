"""When people last said or did something that a gate reads: it is then read again at once."""

from datetime import datetime

from sqlalchemy import func, select, union_all

from store.engine import Session
from store.tables import AnswerRow, EvaluationRow, FeedbackRow, MoveRow, ResponseRow

_TIMES = (
    (MoveRow.rollout, MoveRow.at),
    (AnswerRow.rollout, AnswerRow.at),
    (AnswerRow.rollout, AnswerRow.approved_at),
    (EvaluationRow.rollout, EvaluationRow.at),
    (FeedbackRow.rollout, FeedbackRow.at),
    (FeedbackRow.rollout, FeedbackRow.closed_at),
    (ResponseRow.rollout, ResponseRow.at),
)


def newest(session: Session) -> dict[int, datetime]:
    """By rollout."""
    parts = [select(id.label("rollout"), func.max(at).label("at")).group_by(id)
             for id, at in _TIMES]  # fmt: skip
    told = union_all(*parts).subquery()
    wanted = select(told.c.rollout, func.max(told.c.at)).group_by(told.c.rollout)
    return {id: at for id, at in session.execute(wanted) if at is not None}
