"""Rollouts: templates, phases, moves, readings of gates, approvals, feedback, readiness."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _planned()
    _gathered()


def _planned() -> None:
    _table(
        "rollout_templates",
        ("key", "version"),
        *_texts("key"),
        *_wholes("version"),
        *_texts("title", "body", "said_by"),
        *_times("at"),
        *_texts("note"),
    )
    _table(
        "rollouts",
        ("id",),
        *_wholes("id"),
        *_texts(
            "title",
            "workload",
            "owner",
            "sponsor",
            "units",
            "deployments",
            "paired",
            "closed_days",
            "safeguards",
            "template",
        ),
        *_wholes("template_version"),
        *_texts("state"),
        *_wholes("version"),
        *_texts("proposer"),
        *_times("at"),
        *_times("started_at", "ended_at", nullable=True),
    )
    op.create_index("ix_rollouts_state", "rollouts", ["state"])
    _table(
        "phases",
        ("rollout", "number"),
        *_wholes("rollout", "number"),
        *_texts("body", "stage"),
        *_wholes("reached", nullable=True),
        *_times(
            "planned_start", "planned_end", "started_at", "ended_at", "baked_since", nullable=True
        ),
    )
    _table(
        "moves",
        ("rollout", "version"),
        *_wholes("rollout", "version"),
        *_texts("move"),
        *_wholes("phase", nullable=True),
        *_texts("before", "after", "gate", "effects", "person", "reason", "click"),
        *_times("at"),
        sa.UniqueConstraint("click", name="uq_moves_click"),
    )
    _table(
        "readings",
        ("rollout", "phase", "criterion", "at"),
        *_wholes("rollout", "phase"),
        *_texts("criterion"),
        *_times("at"),
        *_reals("value", nullable=True),
        *_wholes("sample"),
        *_times("data_at", nullable=True),
        *_texts("said"),
    )
    op.create_index("ix_readings_at", "readings", ["at"])
    _table(
        "bake_days",
        ("rollout", "phase", "day"),
        *_wholes("rollout", "phase"),
        *_days("day"),
        *_times("at"),
    )


def _gathered() -> None:
    _table(
        "falls",
        ("rollout", "safeguard", "at"),
        *_wholes("rollout"),
        *_texts("safeguard"),
        *_times("at"),
        *_wholes("phase"),
        *_texts("action", "words"),
        *_times("over_at", nullable=True),
    )
    _table(
        "phase_approvals",
        ("id",),
        *_wholes("id", "rollout", "phase"),
        *_texts("grant", "person"),
        *_flags("approves"),
        *_texts("comment"),
        *_times("at"),
        *_times("void_at", nullable=True),
        *_texts("void_why"),
    )
    op.create_index("ix_phase_approvals_rollout_phase", "phase_approvals", ["rollout", "phase"])
    _table(
        "rollback_plans",
        ("rollout", "phase"),
        *_wholes("rollout", "phase"),
        *_texts("trigger", "steps", "owner"),
        *_wholes("most_minutes"),
        *_texts("words", "said_by"),
        *_times("at"),
        *_times("drilled_at", nullable=True),
        *_texts("drilled_by"),
        *_wholes("drill_minutes", nullable=True),
        *_texts("drill_result", "drill_note"),
    )
    _table(
        "tasks",
        ("id",),
        *_wholes("id", "rollout", "phase"),
        *_texts("title", "owner"),
        *_times("asked_at", "due_at"),
        *_times("done_at", nullable=True),
        *_texts("done_by", "note"),
    )
    op.create_index("ix_tasks_rollout", "tasks", ["rollout"])
    _table(
        "feedback",
        ("id",),
        *_wholes("id", "rollout", "phase"),
        *_texts("theme", "severity", "status", "words"),
        *_days("said_on"),
        *_texts("change", "entered_by"),
        *_times("at"),
        *_times("closed_at", nullable=True),
    )
    op.create_index("ix_feedback_rollout", "feedback", ["rollout"])
    _table(
        "responses",
        ("rollout", "phase", "at"),
        *_wholes("rollout", "phase"),
        *_times("at"),
        *_wholes("asked", "answered"),
        *_texts("said_by"),
    )
    _table(
        "evaluations",
        ("id",),
        *_wholes("id", "rollout"),
        *_texts("deployment", "dataset", "metric"),
        *_reals("value"),
        *_reals("threshold", nullable=True),
        *_wholes("pairs"),
        *_texts("link"),
        *_times("ran_at"),
        *_texts("said_by"),
        *_times("at"),
    )
    op.create_index("ix_evaluations_rollout", "evaluations", ["rollout"])
    _table(
        "answers",
        ("rollout", "item"),
        *_wholes("rollout"),
        *_texts("item", "status", "owner", "evidence", "note"),
        *_times("expires_at", nullable=True),
        *_texts("said_by"),
        *_times("at"),
        *_texts("approver"),
        *_times("approved_at", nullable=True),
    )
    _table(
        "flips",
        ("rollout", "phase", "at"),
        *_wholes("rollout", "phase"),
        *_times("at"),
        *_texts("before", "after"),
    )
    op.create_index("ix_flips_at", "flips", ["at"])
    _table(
        "maturity",
        ("id",),
        *_wholes("id"),
        *_texts("unit"),
        *_wholes("score"),
        *_wholes("target", nullable=True),
        *_days("assessed_on"),
        *_texts("assessor", "note", "said_by"),
        *_times("at"),
    )
    _table(
        "maturity_steps",
        ("unit", "step"),
        *_texts("unit", "step", "owner"),
        *_times("done_at", nullable=True),
        *_texts("said_by"),
        *_times("at"),
    )


def _table(name: str, key: tuple[str, ...], *columns: sa.Column[Any] | sa.UniqueConstraint) -> None:
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(it, sa.Text(), nullable=nullable) for it in names]


def _wholes(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(it, _NUMBER, nullable=nullable) for it in names]


def _reals(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(it, sa.Double(), nullable=nullable) for it in names]


def _flags(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(it, sa.Boolean(), nullable=False) for it in names]


def _days(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(it, sa.Date(), nullable=nullable) for it in names]


def _times(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(it, sa.DateTime(timezone=True), nullable=nullable) for it in names]
