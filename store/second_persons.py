"""What second persons decided, wherever it is kept."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, true

from domain.separation import Decided
from store.engine import Session
from store.tables import (
    AgreedPriceRow,
    AnswerRow,
    ApprovalRow,
    BaselineRow,
    ExemptionRow,
    PhaseApprovalRow,
    PlanRow,
    RolloutRow,
)


def decided(session: Session, since: datetime) -> list[Decided]:
    """Every yes and no from this time on. When a price was agreed to is not kept: the moment at
    which it was said stands for it."""
    return [
        Decided(kind, asked, person, approves, at)
        for kind, query in _queries(since)
        for asked, person, approves, at in session.execute(query)
    ]


def _queries(since: datetime) -> Iterator[tuple[str, Select[str, str, bool, datetime]]]:
    """Kind, and a query for who asked, who decided, whether it was a yes, when."""
    plan, gate = ApprovalRow, PhaseApprovalRow
    wanted = select(PlanRow.proposer, plan.person, plan.approves, plan.at)
    yield "plan", wanted.join(plan, plan.plan == PlanRow.id).where(plan.at >= since)
    wanted = select(RolloutRow.proposer, gate.person, gate.approves, gate.at)
    yield "gate", wanted.join(gate, gate.rollout == RolloutRow.id).where(gate.at >= since)
    kept: tuple[tuple[str, Any, Any, Any, Any], ...] = (
        ("baseline", BaselineRow, BaselineRow.proposer, true(), BaselineRow.approved_at),
        (
            "exemption",
            ExemptionRow,
            ExemptionRow.proposer,
            ExemptionRow.decision == "approved",
            ExemptionRow.decided_at,
        ),
        ("price", AgreedPriceRow, AgreedPriceRow.said_by, true(), AgreedPriceRow.at),
        ("waiver", AnswerRow, AnswerRow.said_by, true(), AnswerRow.approved_at),
    )
    for kind, row, asked, approves, at in kept:
        there = (at >= since) & row.approver.is_not(None) & (row.approver != "")
        yield kind, select(asked, row.approver, approves, at).where(there)
