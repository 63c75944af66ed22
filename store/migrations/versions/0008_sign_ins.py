"""Who signed in, until when it holds, and why it is over."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "sign_ins",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("key", "tenant", "person")),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("over", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_sign_ins"),
    )
    op.create_index("ix_sign_ins_person", "sign_ins", ["tenant", "person"])
