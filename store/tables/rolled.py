"""Rollouts, as rows: what is planned, how far it is, what its gates read, who decided what."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Row


class TemplateRow(Row):
    """One version of a template; what runs keeps the version that it was made from."""

    __tablename__ = "rollout_templates"

    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    body: Mapped[str]  # JSON, as domain.templates reads it
    said_by: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]


class RolloutRow(Row):
    """The fields of domain.rollouts.Rollout by their own names."""

    __tablename__ = "rollouts"
    __table_args__ = (Index(None, "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    workload: Mapped[str]
    owner: Mapped[str]
    sponsor: Mapped[str]
    units: Mapped[str]  # JSON list
    deployments: Mapped[str]  # JSON list
    paired: Mapped[str]  # JSON list: pairs of deployments that are compared side by side
    closed_days: Mapped[str]  # JSON list of days that are no working days
    safeguards: Mapped[str]  # JSON list, as domain.templates writes them
    template: Mapped[str]
    template_version: Mapped[int]
    state: Mapped[str]
    version: Mapped[int]  # grows with every move; who has seen another one may not move it
    proposer: Mapped[str]
    at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class PhaseRow(Row):
    """One phase of a rollout: what the template said, and where it stands."""

    __tablename__ = "phases"

    rollout: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[str]  # JSON, as domain.templates writes a phase
    stage: Mapped[str]
    reached: Mapped[int | None]
    planned_start: Mapped[datetime | None]
    planned_end: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    baked_since: Mapped[datetime | None]


class MoveRow(Row):
    """One move of a rollout: from which version to the next, and all that its gate knew then."""

    __tablename__ = "moves"
    __table_args__ = (UniqueConstraint("click", name="uq_moves_click"),)

    rollout: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    move: Mapped[str]
    phase: Mapped[int | None]
    before: Mapped[str]  # state and stage
    after: Mapped[str]
    gate: Mapped[str]  # JSON: verdict, bake, approvals, and the reading of each criterion
    effects: Mapped[str]  # JSON: what it set in motion, or changed
    person: Mapped[str]
    reason: Mapped[str]
    click: Mapped[str]  # the same for the same click, however often it arrives
    at: Mapped[datetime]


class ReadingRow(Row):
    """What was read for a criterion at one time."""

    __tablename__ = "readings"
    __table_args__ = (Index(None, "at"),)

    rollout: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    phase: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[float | None]
    sample: Mapped[int]
    data_at: Mapped[datetime | None]
    said: Mapped[str]


class BakeDayRow(Row):
    """A day on which a phase was seen active, with all that blocks read from fresh data."""

    __tablename__ = "bake_days"

    rollout: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    phase: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class FlipRow(Row):
    """That a sweep found a phase to stand elsewhere than the sweep before it."""

    __tablename__ = "flips"
    __table_args__ = (Index(None, "at"),)

    rollout: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    phase: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    before: Mapped[str]
    after: Mapped[str]


class FallRow(Row):
    """That a safeguard fell and was acted on; the same fall until it holds again."""

    __tablename__ = "falls"

    rollout: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    safeguard: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    phase: Mapped[int]
    action: Mapped[str]
    words: Mapped[str]
    over_at: Mapped[datetime | None]


class PhaseApprovalRow(Row):
    """A yes or a no to a gate as it was; void once the gate is no longer what it was."""

    __tablename__ = "phase_approvals"
    __table_args__ = (Index(None, "rollout", "phase"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rollout: Mapped[int]
    phase: Mapped[int]
    grant: Mapped[str]
    person: Mapped[str]
    approves: Mapped[bool]
    comment: Mapped[str]
    at: Mapped[datetime]
    void_at: Mapped[datetime | None]
    void_why: Mapped[str]


class RollbackPlanRow(Row):
    """The way back from a phase."""

    __tablename__ = "rollback_plans"

    rollout: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    phase: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    trigger: Mapped[str]
    steps: Mapped[str]  # JSON list: each a lever of ours with its target, or a task for somebody
    owner: Mapped[str]
    most_minutes: Mapped[int]
    words: Mapped[str]  # what people are told
    said_by: Mapped[str]
    at: Mapped[datetime]
    drilled_at: Mapped[datetime | None]
    drilled_by: Mapped[str]
    drill_minutes: Mapped[int | None]
    drill_result: Mapped[str]  # worked, too slow, failed, ""
    drill_note: Mapped[str]


class TaskRow(Row):
    """What a rollback asks of a person, since the console holds no lever for it."""

    __tablename__ = "tasks"
    __table_args__ = (Index(None, "rollout"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rollout: Mapped[int]
    phase: Mapped[int]
    title: Mapped[str]
    owner: Mapped[str]
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str]
    note: Mapped[str]


class FeedbackRow(Row):
    """What people said about a phase; nothing of who they are."""

    __tablename__ = "feedback"
    __table_args__ = (Index(None, "rollout"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rollout: Mapped[int]
    phase: Mapped[int]
    theme: Mapped[str]
    severity: Mapped[str]  # praise, minor, major, severe
    status: Mapped[str]  # new, accepted, closed, declined
    words: Mapped[str]
    said_on: Mapped[date]
    change: Mapped[str]  # what closed it: kind and link
    entered_by: Mapped[str]
    at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class ResponseRow(Row):
    """How many of a cohort were asked and answered, as last counted."""

    __tablename__ = "responses"

    rollout: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    phase: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    asked: Mapped[int]
    answered: Mapped[int]
    said_by: Mapped[str]


class EvaluationRow(Row):
    """The result of an evaluation, uploaded or posted."""

    __tablename__ = "evaluations"
    __table_args__ = (Index(None, "rollout"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rollout: Mapped[int]
    deployment: Mapped[str]
    dataset: Mapped[str]
    metric: Mapped[str]
    value: Mapped[float]
    threshold: Mapped[float | None]
    pairs: Mapped[int]
    link: Mapped[str]
    ran_at: Mapped[datetime]
    said_by: Mapped[str]
    at: Mapped[datetime]


class AnswerRow(Row):
    """What a person says of a readiness item of a workload, with its evidence."""

    __tablename__ = "answers"

    rollout: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]  # met, open, not required, waived
    owner: Mapped[str]
    evidence: Mapped[str]
    note: Mapped[str]
    expires_at: Mapped[datetime | None]
    said_by: Mapped[str]
    at: Mapped[datetime]
    approver: Mapped[str]  # of a waiver; "" while it waits for one
    approved_at: Mapped[datetime | None]


class MaturityRow(Row):
    """A score of GenAIOps maturity, as somebody assessed it."""

    __tablename__ = "maturity"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]  # "" for the whole organisation
    score: Mapped[int]
    target: Mapped[int | None]
    assessed_on: Mapped[date]
    assessor: Mapped[str]
    note: Mapped[str]
    said_by: Mapped[str]
    at: Mapped[datetime]


class MaturityStepRow(Row):
    """Who sees to one of the steps that a level of maturity asks for next."""

    __tablename__ = "maturity_steps"

    unit: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)  # its key in the reference
    owner: Mapped[str]
    done_at: Mapped[datetime | None]
    said_by: Mapped[str]
    at: Mapped[datetime]
