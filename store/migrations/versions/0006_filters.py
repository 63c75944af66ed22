"""Content filters: baselines, exemptions, deviations, what changed, what was blocked."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _decided()
    _watched()


def _decided() -> None:
    _table(
        "filter_baselines",
        ("key", "version"),
        *_texts("key"),
        *_wholes("version"),
        *_texts("title", "audience", "environment", "body"),
        *_times("starts"),
        *_times("ends", nullable=True),
        *_texts("proposer"),
        *_times("at"),
        *_texts("approver", nullable=True),
        *_times("approved_at", nullable=True),
        *_texts("note"),
    )
    _table(
        "exemptions",
        ("id",),
        *_wholes("id"),
        *_texts("kind", "resource", "category", "direction"),
        *_wholes("accepts"),
        *_texts("justification", "reference", "reviewer"),
        *_times("review_by"),
        *_texts("unit", "proposer"),
        *_times("at"),
        *_texts("decision"),
        *_texts("approver", nullable=True),
        *_times("decided_at", "ended_at", nullable=True),
        *_texts("ended_by", nullable=True),
        *_texts("note"),
    )
    op.create_index("ix_exemptions_resource", "exemptions", ["resource"])


def _watched() -> None:
    key = ("resource", "category", "direction", "way")
    _table("filter_deviations", key, *_texts(*key, "subscription"), *_times("since"))
    op.create_index("ix_filter_deviations_subscription", "filter_deviations", ["subscription"])
    _table(
        "filter_days",
        ("day", "resource"),
        *_times("day"),
        *_texts("resource", "subscription", "policy", "baseline"),
        *_wholes("distance", "looser", "stricter", "different", nullable=True),
        in_order=True,
    )
    _table(
        "filter_edits",
        ("id",),
        *_wholes("id"),
        *_times("at"),
        *_texts("resource", "account_id", "subscription", "policy", "kind", "what"),
        *_texts("before", "after", nullable=True),
        *_texts("way"),
        *_texts("who", nullable=True),
    )
    op.create_index("ix_filter_edits_subscription_at", "filter_edits", ["subscription", "at"])
    own = ("resource", "what", "category", "direction", "severity")
    _table(
        "harm_days",
        ("day", *own),
        *_times("day"),
        *_texts(*own, "subscription"),
        sa.Column("requests", sa.Double(), nullable=False),
        *_times("seen_at"),
        in_order=True,
    )
    op.create_index("ix_harm_days_resource_day", "harm_days", ["resource", "day"])


def _table(
    name: str, key: tuple[str, ...], *columns: sa.Column[Any], in_order: bool = False
) -> None:
    order = {"sqlite_with_rowid": False} if in_order else {}
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"), **order)


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(it, sa.Text(), nullable=nullable) for it in names]


def _wholes(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(it, _NUMBER, nullable=nullable) for it in names]


def _times(*names: str, nullable: bool = False) -> list[sa.Column[Any]]:
    return [sa.Column(it, sa.DateTime(timezone=True), nullable=nullable) for it in names]
