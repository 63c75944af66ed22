"""The first schema."""

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_GENESIS = "0" * 64


def upgrade() -> None:
    _snapshots()
    _duties()
    _hours()
    _edits()
    _findings()
    _plans()
    _audit()
    _people()
    triggers = _TRIGGERS[op.get_bind().dialect.name]
    for statement in triggers:
        op.execute(statement)


def _columns(kind: Callable[[], Any], names: str, *, nullable: bool = False) -> list[Any]:
    return [sa.Column(name, kind(), nullable=nullable) for name in names.split()]


def _text(names: str, *, nullable: bool = False) -> list[Any]:
    return _columns(sa.Text, names, nullable=nullable)


def _whole(names: str, *, nullable: bool = False) -> list[Any]:
    return _columns(lambda: _NUMBER, names, nullable=nullable)


def _real(names: str, *, nullable: bool = False) -> list[Any]:
    return _columns(sa.Double, names, nullable=nullable)


def _time(names: str, *, nullable: bool = False) -> list[Any]:
    return _columns(lambda: sa.DateTime(timezone=True), names, nullable=nullable)


def _key(table: str, *names: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*names, name=f"pk_{table}")


def _index(table: str, *names: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(names)}", table, list(names))


def _snapshots() -> None:
    counters = op.create_table(
        "counters", *_text("name"), *_whole("value"), _key("counters", "name")
    )
    op.bulk_insert(counters, [{"name": "generation", "value": 0}])
    op.create_table(
        "snapshots",
        *_text("topic scope"),
        *_whole("generation"),
        *_time("at", nullable=True),
        *_text("troubles"),
        sa.Column("frame", sa.LargeBinary(), nullable=True),
        _key("snapshots", "topic", "scope"),
    )
    _index("snapshots", "topic", "scope", "generation")


def _duties() -> None:
    op.create_table(
        "duties",
        *_text("topic scope"),
        *_real("cadence_s"),
        *_time("due_at"),
        *_text("owner", nullable=True),
        *_time("lease_until", nullable=True),
        sa.Column("again", sa.Boolean(), nullable=False),
        *_time("running_since last_at data_at", nullable=True),
        *_real("took_ms", nullable=True),
        *_whole("calls rows troubles", nullable=True),
        *_whole("backlog"),
        _key("duties", "topic", "scope"),
    )
    _index("duties", "due_at")
    op.create_table(
        "rounds",
        *_whole("id"),
        *_text("owner"),
        *_time("began_at"),
        *_time("ended_at", nullable=True),
        *_whole("asked answered"),
        _key("rounds", "id"),
    )


def _hours() -> None:
    op.create_table(
        "metric_hours",
        *_text("resource"),
        *_time("hour"),
        *_text("subscription grain"),
        *_real("requests throttled failed prompt_tokens generated_tokens tokens", nullable=True),
        *_real("peak_tpm peak_rpm latency_ms utilization", nullable=True),
        _key("metric_hours", "resource", "hour"),
        sqlite_with_rowid=False,
    )
    _index("metric_hours", "subscription", "hour")
    _index("metric_hours", "hour")


def _edits() -> None:
    op.create_table(
        "edits",
        *_whole("id"),
        *_time("at"),
        *_text("resource subscription deployment account what before after who", nullable=True),
        _key("edits", "id"),
    )
    _index("edits", "subscription", "at")
    _index("edits", "at")


def _findings() -> None:
    op.create_table(
        "findings",
        *_whole("id"),
        *_text("key"),
        *_text("kind severity what resource subscription deployment account", nullable=True),
        *_text("unit owner", nullable=True),
        *_time("since"),
        *_time("ended_at", nullable=True),
        _key("findings", "id"),
    )
    still_open = sa.text("ended_at IS NULL")
    op.create_index(
        "ix_findings_open",
        "findings",
        ["key"],
        unique=True,
        sqlite_where=still_open,
        postgresql_where=still_open,
    )
    _index("findings", "subscription", "ended_at")


def _plans() -> None:
    op.create_table(
        "plans",
        *_whole("id"),
        *_text("account lever resource etag before target proposer reason"),
        *_time("asked_at"),
        *_whole("undoes", nullable=True),
        *_text("state"),
        *_whole("writes"),
        *_time("written_at", nullable=True),
        *_text("said"),
        *_time("ended_at", nullable=True),
        *_text("owner", nullable=True),
        *_time("lease_until", nullable=True),
        _key("plans", "id"),
    )
    _index("plans", "account", "state")
    _index("plans", "resource", "state")


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("number", _NUMBER, nullable=False, autoincrement=False),
        *_time("at"),
        *_text("who what came detail seal"),
        _key("audit", "number"),
    )
    head = op.create_table(
        "audit_head",
        sa.Column("id", _NUMBER, nullable=False, autoincrement=False),
        *_whole("number"),
        *_text("seal"),
        _key("audit_head", "id"),
    )
    op.bulk_insert(head, [{"id": 1, "number": 0, "seal": _GENESIS}])


def _people() -> None:
    op.create_table(
        "people",
        *_text("tenant id name role"),
        *_text("units", nullable=True),
        *_text("grants"),
        _key("people", "tenant", "id"),
    )
    op.create_table(
        "units", *_text("id name"), *_text("parent", nullable=True), _key("units", "id")
    )
    op.create_table(
        "visits",
        *_text("who"),
        *_time("seen_at"),
        *_time("before_at", nullable=True),
        _key("visits", "who"),
    )


# The trail is appended to and never rewritten. Whoever may change the schema can take these away:
# that is what the chain of seals and a head kept outside the database are for.
_TRIGGERS = {
    "sqlite": (
        """CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
           BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
        """CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
           BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
        # INSERT OR REPLACE deletes without asking the trigger above.
        """CREATE TRIGGER audit_no_replace BEFORE INSERT ON audit
           WHEN EXISTS (SELECT 1 FROM audit WHERE number = NEW.number)
           BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
        """CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head
           WHEN NEW.id <> OLD.id OR NEW.number <> OLD.number + 1
           BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END""",
        """CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
           BEGIN SELECT RAISE(ABORT, 'the audit trail only grows'); END""",
        """CREATE TRIGGER audit_head_alone BEFORE INSERT ON audit_head
           BEGIN SELECT RAISE(ABORT, 'the audit trail has one head'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$""",
        """CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON audit
           FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit
           FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_head_forward BEFORE UPDATE ON audit_head FOR EACH ROW
           WHEN (NEW.id <> OLD.id OR NEW.number <> OLD.number + 1)
           EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_head_stays BEFORE INSERT OR DELETE ON audit_head
           FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
        """CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON audit_head
           FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    ),
}
