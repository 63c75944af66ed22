"""Plans held against the activity log, and who else wrote meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "reconciliations",
        sa.Column("plan", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checks", _NUMBER, nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("plan", name="pk_reconciliations"),
    )
    op.create_table(
        "contests",
        sa.Column("plan", _NUMBER, nullable=False, autoincrement=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=name == "who")
            for name in ("resource", "subscription", "who", "operation", "words")
        ),
        sa.PrimaryKeyConstraint("plan", "key", name="pk_contests"),
    )
    op.create_index("ix_contests_subscription", "contests", ["subscription"])
