"""What things cost, as rows: the ledger of usage, what is booked, prices, rules, bills, budgets."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Row

IN_ORDER = {"sqlite_with_rowid": False}
"""Rows lie in the order of their key, and a key begins with the day: a month is read at once."""


class UsageDayRow(Row):
    """domain.costs.USAGE_DAYS."""

    __tablename__ = "usage_days"
    __table_args__ = (Index(None, "resource", "day"), IN_ORDER)

    day: Mapped[datetime] = mapped_column(primary_key=True)
    resource: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    product: Mapped[str] = mapped_column(primary_key=True)
    tier: Mapped[str] = mapped_column(primary_key=True)
    bucket: Mapped[str] = mapped_column(primary_key=True)
    subscription: Mapped[str]
    quantity: Mapped[float]
    estimated: Mapped[bool]
    seen_at: Mapped[datetime]


class EstateDayRow(Row):
    """domain.costs.ESTATE_DAYS."""

    __tablename__ = "estate_days"
    __table_args__ = (IN_ORDER,)

    day: Mapped[datetime] = mapped_column(primary_key=True)
    resource: Mapped[str] = mapped_column(primary_key=True)
    subscription: Mapped[str]
    account_id: Mapped[str]
    group: Mapped[str | None]
    region: Mapped[str | None]
    format: Mapped[str | None]
    model: Mapped[str | None]
    version: Mapped[str | None]
    sku: Mapped[str | None]
    capacity: Mapped[float | None]
    tags: Mapped[str | None]
    account_tags: Mapped[str | None]
    assumed: Mapped[bool]


class BookedDayRow(Row):
    """domain.costs.BOOKED_DAYS."""

    __tablename__ = "booked_days"
    __table_args__ = (Index(None, "subscription", "day"), IN_ORDER)

    day: Mapped[datetime] = mapped_column(primary_key=True)
    subscription: Mapped[str] = mapped_column(primary_key=True)
    resource: Mapped[str] = mapped_column(primary_key=True)
    meter_id: Mapped[str] = mapped_column(primary_key=True)
    view: Mapped[str] = mapped_column(primary_key=True)
    charge: Mapped[str] = mapped_column(primary_key=True)
    pricing: Mapped[str] = mapped_column(primary_key=True)
    reservation: Mapped[str] = mapped_column(primary_key=True)
    service: Mapped[str | None]
    meter: Mapped[str | None]
    quantity: Mapped[float | None]
    cost_e8: Mapped[int]
    currency: Mapped[str]
    seen_at: Mapped[datetime]


class RetailPriceRow(Row):
    """domain.costs.PRICED: a listed price from the day that the console saw it."""

    __tablename__ = "retail_prices"

    meter_id: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(primary_key=True)
    starts: Mapped[datetime] = mapped_column(primary_key=True)
    ends: Mapped[datetime | None]
    meter: Mapped[str | None]
    product: Mapped[str | None]
    sku_name: Mapped[str | None]
    service: Mapped[str | None]
    unit: Mapped[str | None]
    per: Mapped[int | None]
    price: Mapped[str]


class MeterRow(Row):
    """domain.costs.METERS."""

    __tablename__ = "meters"

    meter_id: Mapped[str] = mapped_column(primary_key=True)
    model: Mapped[str]
    version: Mapped[str]
    scope: Mapped[str]
    region: Mapped[str]
    mode: Mapped[str]
    tier: Mapped[str]
    bucket: Mapped[str]
    source: Mapped[str]
    said_by: Mapped[str]
    at: Mapped[datetime]


class AgreedPriceRow(Row):
    """domain.costs.AGREED."""

    __tablename__ = "agreed_prices"
    __table_args__ = (Index(None, "meter_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meter_id: Mapped[str]
    currency: Mapped[str]
    price: Mapped[str | None]
    per: Mapped[int | None]
    percent: Mapped[str | None]
    starts: Mapped[datetime]
    ends: Mapped[datetime | None]
    source: Mapped[str]
    note: Mapped[str]
    said_by: Mapped[str]
    approver: Mapped[str | None]
    at: Mapped[datetime]


class CostRuleRow(Row):
    """domain.costs.Rule, its body as JSON."""

    __tablename__ = "cost_rules"
    __table_args__ = (Index(None, "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    body: Mapped[str]
    starts: Mapped[datetime]
    ends: Mapped[datetime | None]
    said_by: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]


class InvoiceRow(Row):
    """What an invoice of a month says; the newest of a number counts."""

    __tablename__ = "invoices"

    month: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(primary_key=True)
    amount_e8: Mapped[int]
    tax_e8: Mapped[int]
    credit_e8: Mapped[int]
    source: Mapped[str]  # entered, or the name of the file
    digest: Mapped[str]  # of the file
    said_by: Mapped[str]
    at: Mapped[datetime]


class WaiverRow(Row):
    """A difference that somebody answers for, so that its month may close."""

    __tablename__ = "waivers"

    month: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    cause: Mapped[str] = mapped_column(primary_key=True)
    amount_e8: Mapped[int]
    reason: Mapped[str]
    said_by: Mapped[str]
    at: Mapped[datetime]


class BillRow(Row):
    """domain.costs.Bill, its frames as Arrow bytes; once closed it is never written again."""

    __tablename__ = "bills"

    month: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    generation: Mapped[int]
    state: Mapped[str]
    inputs_hash: Mapped[str]
    digest: Mapped[str]  # of the charges' bytes
    proof: Mapped[str]
    cutoff: Mapped[str]
    charges: Mapped[bytes]
    sums: Mapped[bytes]
    reconciled: Mapped[bytes]
    gaps: Mapped[bytes]
    found: Mapped[bytes]
    made_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    final_at: Mapped[datetime | None]
    final_by: Mapped[str | None]


class BudgetRow(Row):
    """What a unit may spend in each period."""

    __tablename__ = "budgets"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]
    grain: Mapped[str]  # month, quarter, year
    currency: Mapped[str]
    amount_e8: Mapped[int]
    thresholds: Mapped[str]  # percents, "80,100"
    starts: Mapped[str]  # the first month
    ends: Mapped[str | None]  # the first month that it is not for
    said_by: Mapped[str]
    at: Mapped[datetime]


class CrossingRow(Row):
    """A threshold of a budget that was crossed in a period, so that people are told once."""

    __tablename__ = "budget_crossings"

    budget: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    period: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # actual or forecast
    threshold: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
