"""Plans of several legs with holds and approvals; requests for quota; notices to people."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OLD = [
    "account",
    "lever",
    "resource",
    "etag",
    "before",
    "target",
    "writes",
    "written_at",
]  # what a plan had when it could change one thing only
_COPIED = """
INSERT INTO legs (plan, number, lever, resource, etag, before, target, pool, amount, unit,
                  standing, writes, tries, first_at, written_at, answer, doubt, again_at, said)
SELECT id, 0, lever, resource, etag, before, target, '', 0, '',
       CASE state WHEN 'done' THEN 'there' ELSE 'open' END,
       writes, writes, written_at, written_at, CASE WHEN said = '' THEN '' ELSE 'no' END,
       writes > 0, NULL, said
FROM plans
"""
_STATES = {"writing": "waiting", "failed": "refused"}


def upgrade() -> None:
    _legs()
    op.execute(_COPIED)
    _plans()
    _others()
    counters = sa.table("counters", sa.column("name", sa.Text), sa.column("value", _NUMBER))
    op.bulk_insert(counters, [{"name": "fence", "value": 0}])


def _text(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _whole(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, _NUMBER, nullable=False) for name in names]


def _time(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str, *names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names, name=f"pk_{table}")


def _counted(name: str) -> sa.Column[int]:
    return sa.Column(name, _NUMBER, nullable=False, autoincrement=False)


def _legs() -> None:
    op.create_table(
        "legs",
        _counted("plan"),
        _counted("number"),
        *_text("lever", "resource", "etag", "before", "target", "pool"),
        *_whole("amount"),
        *_text("unit", "standing"),
        *_whole("writes", "tries"),
        _time("first_at", nullable=True),
        _time("written_at", nullable=True),
        *_text("answer"),
        sa.Column("doubt", sa.Boolean(), nullable=False),
        _time("again_at", nullable=True),
        *_text("said"),
        _key("legs", "plan", "number"),
    )
    op.create_index("ix_legs_resource", "legs", ["resource"])
    op.create_index("ix_legs_pool", "legs", ["pool"])


def _plans() -> None:
    op.drop_index("ix_plans_account_state", "plans")
    op.drop_index("ix_plans_resource_state", "plans")
    with op.batch_alter_table("plans") as plans:
        for name in _OLD:
            plans.drop_column(name)
        for name in ("title", "ticket", "policy"):
            plans.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))
        for name in ("starts_at", "until", "since"):
            plans.add_column(_time(name, nullable=True))
        plans.add_column(sa.Column("fence", _NUMBER, nullable=False, server_default="0"))
    with op.batch_alter_table("plans") as plans:
        for name in ("title", "ticket", "policy", "fence"):
            plans.alter_column(name, server_default=None)
    op.create_index("ix_plans_state", "plans", ["state"])
    rows = sa.table("plans", sa.column("state", sa.Text))
    for old, new in _STATES.items():
        op.execute(rows.update().where(rows.c.state == old).values(state=new))


def _others() -> None:
    op.create_table(
        "holds", *_text("thing"), *_whole("plan"), _time("since"), _key("holds", "thing")
    )
    op.create_index("ix_holds_plan", "holds", ["plan"])
    op.create_table(
        "approvals",
        _counted("plan"),
        *_text("person"),
        sa.Column("approves", sa.Boolean(), nullable=False),
        *_text("comment"),
        _time("at"),
        _key("approvals", "plan", "person"),
    )
    op.create_table(
        "quota_requests",
        *_whole("id"),
        *_text("unit", "pool"),
        *_whole("amount"),
        *_text("reason"),
        _time("needed_by", nullable=True),
        *_text("requester"),
        _time("asked_at"),
        *_text("status"),
        _time("status_at"),
        *_text("status_by", "note"),
        _key("quota_requests", "id"),
    )
    op.create_table(
        "notices",
        *_text("key", "kind", "title", "words"),
        _time("made_at"),
        _time("next_at", nullable=True),
        _time("sent_at", nullable=True),
        *_whole("tries"),
        *_text("said"),
        _key("notices", "key"),
    )
    op.create_index("ix_notices_sent_at", "notices", ["sent_at"])
