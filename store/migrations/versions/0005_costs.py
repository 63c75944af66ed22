"""What things cost: the ledger, what is booked, prices, rules, invoices, bills, budgets."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _collected()
    _decided()
    _billed()
    for statement in _TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def _collected() -> None:
    _table(
        "usage_days",
        ("day", "resource", "source", "product", "tier", "bucket"),
        *_times("day"),
        *_texts("resource", "source", "product", "tier", "bucket", "subscription"),
        sa.Column("quantity", sa.Double(), nullable=False),
        sa.Column("estimated", sa.Boolean(), nullable=False),
        *_times("seen_at"),
        in_order=True,
    )
    op.create_index("ix_usage_days_resource_day", "usage_days", ["resource", "day"])
    _table(
        "estate_days",
        ("day", "resource"),
        *_times("day"),
        *_texts("resource", "subscription", "account_id"),
        *_texts("group", "region", "format", "model", "version", "sku", nullable=True),
        sa.Column("capacity", sa.Double(), nullable=True),
        *_texts("tags", "account_tags", nullable=True),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        in_order=True,
    )
    key = ("subscription", "resource", "meter_id", "view", "charge", "pricing", "reservation")
    _table(
        "booked_days",
        ("day", *key),
        *_times("day"),
        *_texts(*key),
        *_texts("service", "meter", nullable=True),
        sa.Column("quantity", sa.Double(), nullable=True),
        *_wholes("cost_e8"),
        *_texts("currency"),
        *_times("seen_at"),
        in_order=True,
    )
    op.create_index("ix_booked_days_subscription_day", "booked_days", ["subscription", "day"])
    listed = ("meter_id", "currency", "kind", "term", "region")
    _table(
        "retail_prices",
        (*listed, "starts"),
        *_texts(*listed),
        *_times("starts"),
        *_times("ends", nullable=True),
        *_texts("meter", "product", "sku_name", "service", "unit", nullable=True),
        *_wholes("per", nullable=True),
        *_texts("price"),
    )
    _table(
        "meters",
        ("meter_id",),
        *_texts("meter_id", "model", "version", "scope", "region", "mode", "tier", "bucket"),
        *_texts("source", "said_by"),
        *_times("at"),
    )


def _decided() -> None:
    _table(
        "agreed_prices",
        ("id",),
        *_wholes("id"),
        *_texts("meter_id", "currency"),
        *_texts("price", nullable=True),
        *_wholes("per", nullable=True),
        *_texts("percent", nullable=True),
        *_times("starts"),
        *_times("ends", nullable=True),
        *_texts("source", "note", "said_by"),
        *_texts("approver", nullable=True),
        *_times("at"),
    )
    op.create_index("ix_agreed_prices_meter_id", "agreed_prices", ["meter_id"])
    _table(
        "cost_rules",
        ("id",),
        *_wholes("id"),
        *_texts("kind", "body"),
        *_times("starts"),
        *_times("ends", nullable=True),
        *_texts("said_by"),
        *_times("at"),
        *_texts("note"),
    )
    op.create_index("ix_cost_rules_kind", "cost_rules", ["kind"])
    _table(
        "invoices",
        ("month", "currency", "number"),
        *_texts("month", "currency", "number"),
        *_wholes("amount_e8", "tax_e8", "credit_e8"),
        *_texts("source", "digest", "said_by"),
        *_times("at"),
    )
    _table(
        "waivers",
        ("month", "currency", "cause"),
        *_texts("month", "currency", "cause"),
        *_wholes("amount_e8"),
        *_texts("reason", "said_by"),
        *_times("at"),
    )


def _billed() -> None:
    _table(
        "bills",
        ("month", "currency"),
        *_texts("month", "currency"),
        *_wholes("generation"),
        *_texts("state", "inputs_hash", "digest", "proof", "cutoff"),
        *(
            sa.Column(name, sa.LargeBinary(), nullable=False)
            for name in ("charges", "sums", "reconciled", "gaps", "found")
        ),
        *_times("made_at"),
        *_times("closed_at", nullable=True),
        *_texts("closed_by", nullable=True),
        *_times("final_at", nullable=True),
        *_texts("final_by", nullable=True),
    )
    _table(
        "budgets",
        ("id",),
        *_wholes("id"),
        *_texts("unit", "grain", "currency"),
        *_wholes("amount_e8"),
        *_texts("thresholds", "starts"),
        *_texts("ends", nullable=True),
        *_texts("said_by"),
        *_times("at"),
    )
    _table(
        "budget_crossings",
        ("budget", "period", "kind", "threshold"),
        sa.Column("budget", _NUMBER, nullable=False, autoincrement=False),
        *_texts("period", "kind"),
        sa.Column("threshold", _NUMBER, nullable=False, autoincrement=False),
        *_times("at"),
    )


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


# A closed bill is never written again: it may become final, and nothing else of it may change.
# Whoever may change the schema can take this away: its digest is in the audit trail as well.
_WRITTEN = (
    *("month", "currency", "inputs_hash", "digest", "proof", "cutoff", "made_at"),
    *("charges", "sums", "reconciled", "gaps", "found", "closed_at", "closed_by"),
)


def _rewritten(differs: str) -> str:
    changed = " OR ".join(f"NEW.{name} {differs} OLD.{name}" for name in _WRITTEN)
    on = "OLD.state = 'final' OR NEW.state <> 'final'"
    return f"OLD.state <> 'open' AND ({on} OR {changed})"


_REFUSED = "a closed month is never written again"
_TRIGGERS = {
    "sqlite": (
        f"""CREATE TRIGGER bills_no_update BEFORE UPDATE ON bills WHEN {_rewritten("IS NOT")}
           BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
        f"""CREATE TRIGGER bills_no_delete BEFORE DELETE ON bills WHEN OLD.state <> 'open'
           BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
        # INSERT OR REPLACE deletes without asking the trigger above.
        f"""CREATE TRIGGER bills_no_replace BEFORE INSERT ON bills
           WHEN EXISTS (SELECT 1 FROM bills WHERE month = NEW.month AND currency = NEW.currency
                        AND state <> 'open')
           BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END""",
    ),
    "postgresql": (
        f"""CREATE FUNCTION bills_refuse() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION '{_REFUSED}'; END $$""",
        f"""CREATE TRIGGER bills_no_update BEFORE UPDATE ON bills FOR EACH ROW
           WHEN ({_rewritten("IS DISTINCT FROM")}) EXECUTE FUNCTION bills_refuse()""",
        """CREATE TRIGGER bills_no_delete BEFORE DELETE ON bills FOR EACH ROW
           WHEN (OLD.state <> 'open') EXECUTE FUNCTION bills_refuse()""",
        """CREATE TRIGGER bills_no_truncate BEFORE TRUNCATE ON bills
           FOR EACH STATEMENT EXECUTE FUNCTION bills_refuse()""",
    ),
}
