"""How rollouts are really run, counted: what a claim of maturity is held against."""

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from domain.maturity import QUARTER, YEAR, Seen
from domain.rollouts import Move
from store.engine import Session
from store.rollback_plans import WORKED
from store.rows import Clause
from store.tables import AuditRow, EvaluationRow, MoveRow, RollbackPlanRow, RolloutRow

_ADVANCE = "advance rollout "


def of(session: Session, units: Collection[str] | None, now: datetime) -> Seen:
    """What is kept of the rollouts for any of these units, or of all."""
    ids = None if units is None else _rollouts(session, units)
    drills = select(func.max(RollbackPlanRow.drilled_at)).where(
        RollbackPlanRow.drill_result == WORKED, *_among(RollbackPlanRow.rollout, ids)
    )
    evaluations = select(func.count()).where(
        EvaluationRow.ran_at > now - YEAR, *_among(EvaluationRow.rollout, ids)
    )
    overrides = select(func.count()).where(
        MoveRow.move == str(Move.OVERRIDE),
        MoveRow.at > now - QUARTER,
        *_among(MoveRow.rollout, ids),
    )
    return Seen(
        drilled_at=session.scalar(drills),
        evaluations=session.scalar(evaluations),
        blocked_moves=_blocked(session, ids, now),
        overrides=session.scalar(overrides),
    )


def _rollouts(session: Session, units: Collection[str]) -> set[int]:
    found = session.execute(select(RolloutRow.id, RolloutRow.units))
    return {id for id, told in found if not set(units).isdisjoint(json.loads(told))}


def _blocked(session: Session, ids: set[int] | None, now: datetime) -> int:
    """How often a gate said no to somebody who wanted to go on."""
    refused = select(AuditRow.what).where(
        AuditRow.at > now - YEAR,
        AuditRow.came == "refused",
        AuditRow.what.startswith(_ADVANCE),
        AuditRow.detail.contains("can't advance"),
    )
    told = [it.removeprefix(_ADVANCE) for it in session.scalars(refused)]
    return sum(ids is None or it in {str(id) for id in ids} for it in told)


def _among(rollout: InstrumentedAttribute[int], ids: set[int] | None) -> list[Clause]:
    return [] if ids is None else [rollout.in_(ids)]
