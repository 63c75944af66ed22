"""Content filters, as rows: what is demanded, what is excused, what changed, what was blocked."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Row
from store.tables.billed import IN_ORDER


class BaselineRow(Row):
    """One version of what the filters of an audience and environment must do at the least."""

    __tablename__ = "filter_baselines"

    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str]
    audience: Mapped[str]  # internal, external; "" for every
    environment: Mapped[str]  # "" for every
    body: Mapped[str]  # JSON: the least of each filter, the mode
    starts: Mapped[datetime]
    ends: Mapped[datetime | None]
    proposer: Mapped[str]
    at: Mapped[datetime]
    approver: Mapped[str | None]  # missing where it waits for one
    approved_at: Mapped[datetime | None]
    note: Mapped[str]


class ExemptionRow(Row):
    """What somebody is excused from, why, by whom, and until when."""

    __tablename__ = "exemptions"
    __table_args__ = (Index(None, "resource"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # deviation, or abuse monitoring
    resource: Mapped[str]  # a deployment, or an account for abuse monitoring
    category: Mapped[str]  # "" for abuse monitoring
    direction: Mapped[str]
    accepts: Mapped[int]  # the least strength that is accepted, domain.filters.Strength
    justification: Mapped[str]
    reference: Mapped[str]  # Microsoft's approval, where it needs one
    reviewer: Mapped[str]
    review_by: Mapped[datetime]
    unit: Mapped[str]
    proposer: Mapped[str]
    at: Mapped[datetime]
    decision: Mapped[str]  # "", approved, declined
    approver: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    note: Mapped[str]


class DeviationRow(Row):
    """A filter that is other than its baseline demands, and since when."""

    __tablename__ = "filter_deviations"
    __table_args__ = (Index(None, "subscription"),)

    resource: Mapped[str] = mapped_column(primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    direction: Mapped[str] = mapped_column(primary_key=True)
    way: Mapped[str] = mapped_column(primary_key=True)
    subscription: Mapped[str]
    since: Mapped[datetime]


class FilterDayRow(Row):
    """How far a deployment was from its baseline on a day, as last seen on it."""

    __tablename__ = "filter_days"
    __table_args__ = (IN_ORDER,)

    day: Mapped[datetime] = mapped_column(primary_key=True)
    resource: Mapped[str] = mapped_column(primary_key=True)
    subscription: Mapped[str]
    policy: Mapped[str]
    baseline: Mapped[str]  # key and version
    distance: Mapped[int | None]
    looser: Mapped[int | None]
    stricter: Mapped[int | None]
    different: Mapped[int | None]


class FilterEditRow(Row):
    """What changed of a policy or a blocklist between two looks."""

    __tablename__ = "filter_edits"
    __table_args__ = (Index(None, "subscription", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    resource: Mapped[str]
    account_id: Mapped[str]
    subscription: Mapped[str]
    policy: Mapped[str]  # name of the policy or the blocklist
    kind: Mapped[str]  # SystemManaged, UserManaged, blocklist
    what: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    way: Mapped[str]  # stricter, looser, different
    who: Mapped[str | None]


class HarmDayRow(Row):
    """Requests of a deployment on a day that filters found something in, or blocked."""

    __tablename__ = "harm_days"
    __table_args__ = (Index(None, "resource", "day"), IN_ORDER)

    day: Mapped[datetime] = mapped_column(primary_key=True)
    resource: Mapped[str] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)  # total, harmful, blocked
    category: Mapped[str] = mapped_column(primary_key=True)  # "" for total
    direction: Mapped[str] = mapped_column(primary_key=True)
    severity: Mapped[str] = mapped_column(primary_key=True)  # "" where Azure does not say
    subscription: Mapped[str]
    requests: Mapped[float]
    seen_at: Mapped[datetime]
