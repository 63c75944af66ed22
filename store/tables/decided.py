"""What people are and decide, as rows: plans, the audit trail, people, units, visits."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Row


class PlanRow(Row):
    """The fields of domain.protocol.Plan by their own names, and who is carrying it out."""

    __tablename__ = "plans"
    __table_args__ = (Index(None, "account", "state"), Index(None, "resource", "state"))

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    lever: Mapped[str]
    resource: Mapped[str]
    etag: Mapped[str]
    before: Mapped[str]
    target: Mapped[str]
    proposer: Mapped[str]
    reason: Mapped[str]
    asked_at: Mapped[datetime]
    undoes: Mapped[int | None]
    state: Mapped[str]
    writes: Mapped[int]
    written_at: Mapped[datetime | None]
    said: Mapped[str]
    ended_at: Mapped[datetime | None]
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]


class AuditRow(Row):
    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    who: Mapped[str]
    what: Mapped[str]
    came: Mapped[str]
    detail: Mapped[str]
    seal: Mapped[str]


class AuditHeadRow(Row):
    """The last line of the trail; its one row is what writers queue at."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    seal: Mapped[str]


class PersonRow(Row):
    __tablename__ = "people"

    tenant: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    units: Mapped[str | None]  # JSON array; missing is every unit
    grants: Mapped[str]  # JSON array


class UnitRow(Row):
    __tablename__ = "units"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    parent: Mapped[str | None]


class VisitRow(Row):
    __tablename__ = "visits"

    who: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
    before_at: Mapped[datetime | None]  # when the visit before this one ended
