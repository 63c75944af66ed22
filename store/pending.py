"""What waits for somebody, read in as few and as small queries as it takes: the first page of every
visit asks for it."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select

from domain.braking import WATCHER
from domain.demands import Baseline
from domain.exemptions import Exemption
from domain.pending import Asking, Braked, Ending, Of, Step, Task, Turned, Unanswered, Waiver
from domain.readiness import EXCUSES, Says
from domain.rollouts import ENDS, Move, Stage, State
from domain.templates import phase_of
from store import baselines, exemptions, flips, maturity
from store.engine import Session
from store.tables import (
    AnswerRow,
    BaselineRow,
    ExemptionRow,
    FeedbackRow,
    MoveRow,
    PhaseApprovalRow,
    PhaseRow,
    RolloutRow,
    TaskRow,
)

_OF = (RolloutRow.id, RolloutRow.title, RolloutRow.units, RolloutRow.owner, RolloutRow.proposer)
_OPEN = RolloutRow.state.not_in([str(it) for it in ENDS])
NEW = "new"
"""Of feedback that nobody has answered."""
_EXCUSES = tuple(str(it) for it in EXCUSES)
Told = Any
"""A row of a query that begins with _OF; SQLAlchemy types each by all its columns."""


def asking(session: Session) -> list[Asking]:
    """Phases that ask for approvals, with those that nobody has given."""
    wanted = (
        select(*_OF, PhaseRow.number, PhaseRow.body)
        .join(PhaseRow, PhaseRow.rollout == RolloutRow.id)
        .where(RolloutRow.state == str(State.RUNNING), PhaseRow.stage == str(Stage.ASKING))
        .order_by(RolloutRow.id)
    )
    found = list(session.execute(wanted))
    ids = [it.id for it in found]
    said, since = _said(session, ids), flips.last(session, ids, str(Stage.ASKING))
    return [
        _asking(it, said.get((it.id, it.number), []), since.get((it.id, it.number))) for it in found
    ]


def turned(session: Session, since: datetime) -> list[Turned]:
    """Gates that turned after this time, of rollouts that go on, the oldest first."""
    found = flips.since(session, since)
    ids = {it.rollout for it in found}
    if not ids:
        return []
    wanted = (
        select(*_OF, PhaseRow.number, PhaseRow.body)
        .join(PhaseRow, PhaseRow.rollout == RolloutRow.id)
        .where(RolloutRow.id.in_(ids), _OPEN)
    )
    known = {(it.id, it.number): it for it in session.execute(wanted)}
    return [
        Turned(_of(row), str(json.loads(row.body)["title"]), it.before, it.after, it.at)
        for it in found
        if (row := known.get((it.rollout, it.phase)))
    ]


def braked(session: Session) -> list[Braked]:
    """Rollouts that are paused, and not by a person."""
    pauses = MoveRow.move == str(Move.PAUSE)
    last = select(MoveRow.rollout, func.max(MoveRow.version).label("version")).where(pauses)
    of = last.group_by(MoveRow.rollout).subquery()
    wanted = (
        select(*_OF, MoveRow.reason, MoveRow.at)
        .join(of, of.c.rollout == RolloutRow.id)
        .join(MoveRow, and_(MoveRow.rollout == of.c.rollout, MoveRow.version == of.c.version))
        .where(RolloutRow.state == str(State.PAUSED), MoveRow.person == WATCHER)
        .order_by(RolloutRow.id)
    )
    return [Braked(_of(it), it.reason, it.at) for it in session.execute(wanted)]


def tasks(session: Session) -> list[Task]:
    """Tasks that nobody has done, of rollouts that have ended too: a way back ends them."""
    wanted = (
        select(*_OF, TaskRow.id.label("task"), TaskRow.title.label("what"), TaskRow.owner.label(
            "whose"), TaskRow.due_at)
        .join(TaskRow, TaskRow.rollout == RolloutRow.id)
        .where(TaskRow.done_at.is_(None))
        .order_by(TaskRow.due_at)
    )  # fmt: skip
    found = session.execute(wanted)
    return [Task(_of(it), it.task, it.what, it.whose, it.due_at) for it in found]


def feedback(session: Session) -> list[Unanswered]:
    """Feedback that nobody has answered, by rollout that goes on."""
    severe = func.sum(case((FeedbackRow.severity == "severe", 1), else_=0))
    wanted = (
        select(*_OF, func.count().label("many"), severe.label("severe"), func.min(
            FeedbackRow.at).label("since"))
        .join(FeedbackRow, FeedbackRow.rollout == RolloutRow.id)
        .where(FeedbackRow.status == NEW, _OPEN)
        .group_by(*_OF)
        .order_by(RolloutRow.id)
    )  # fmt: skip
    found = session.execute(wanted)
    return [Unanswered(_of(it), int(it.many), int(it.severe), it.since) for it in found]


def answers(session: Session, until: datetime) -> tuple[list[Ending], list[Waiver]]:
    """Evidence and waivers that end until then, and waivers that nobody has approved."""
    told = (AnswerRow.item, AnswerRow.status, AnswerRow.owner.label("whose"), AnswerRow.expires_at,
            AnswerRow.said_by, AnswerRow.approver)  # fmt: skip
    waits = AnswerRow.status.in_(_EXCUSES) & (AnswerRow.approver == "")
    ends = AnswerRow.status.in_([str(Says.MET), *_EXCUSES]) & (AnswerRow.expires_at <= until)
    wanted = (
        select(*_OF, *told)
        .join(AnswerRow, AnswerRow.rollout == RolloutRow.id)
        .where(or_(waits, ends), _OPEN)
        .order_by(RolloutRow.id, AnswerRow.item)
    )
    found = list(session.execute(wanted))
    waiting = [it for it in found if it.status in EXCUSES and not it.approver]
    ending = [it for it in found if it not in waiting]
    return (
        [Ending(_of(it), it.item, it.status in EXCUSES, it.whose, it.expires_at) for it in ending],
        [Waiver(_of(it), it.item, it.said_by) for it in waiting],
    )


def excused(session: Session, until: datetime) -> list[Exemption]:
    """Exemptions that wait for a decision, or whose review is due until then."""
    waits = ExemptionRow.decision == ""
    due = and_(ExemptionRow.decision == "approved", ExemptionRow.review_by <= until)
    open_ = ExemptionRow.ended_at.is_(None)
    ids = set(session.scalars(select(ExemptionRow.id).where(open_, or_(waits, due))))
    return [it for it in exemptions.known(session) if it.id in ids] if ids else []


def demanded(session: Session) -> list[Baseline]:
    """Baselines that wait for a second person."""
    waits = select(BaselineRow.key).where(BaselineRow.approved_at.is_(None)).limit(1)
    if session.scalar(waits) is None:
        return []
    return [it for it in baselines.known(session) if it.approved_at is None]


def steps(session: Session, titles: dict[str, str]) -> list[Step]:
    """Next steps of maturity in somebody's hands; titles: by key of the step."""
    return [
        Step(it.unit, titles.get(it.step, it.step), it.owner)
        for it in maturity.steps(session)
        if it.owner and it.done_at is None
    ]


def _said(
    session: Session, rollouts: Collection[int]
) -> dict[tuple[int, int], list[tuple[str, str, bool]]]:
    """What counts of what was said: grant, person, yes or no, by rollout and phase."""
    if not rollouts:
        return {}
    row = PhaseApprovalRow
    wanted = select(row.rollout, row.phase, row.grant, row.person, row.approves)
    found: dict[tuple[int, int], list[tuple[str, str, bool]]] = {}
    for it in session.execute(wanted.where(row.rollout.in_(rollouts), row.void_at.is_(None))):
        found.setdefault((it.rollout, it.phase), []).append((it.grant, it.person, it.approves))
    return found


def _asking(row: Told, said: Collection[tuple[str, str, bool]], since: datetime | None) -> Asking:
    phase = phase_of(row.body)
    no = {grant for grant, _, approves in said if not approves}
    yes = {grant for grant, _, approves in said if approves} - no
    lacking = tuple(it for it in phase.approvals if it not in yes)
    spoken = frozenset((grant, person) for grant, person, _ in said)
    return Asking(_of(row), phase.title, lacking, spoken, since)


def _of(row: Told) -> Of:
    return Of(row.id, row.title, tuple(json.loads(row.units)), row.owner, row.proposer)
