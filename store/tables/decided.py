"""What people are and decide, as rows: plans, the audit trail, people, units, visits."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Row


class PlanRow(Row):
    """The fields of domain.plans.Plan by their own names, and who is carrying it out."""

    __tablename__ = "plans"
    __table_args__ = (Index(None, "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    proposer: Mapped[str]
    reason: Mapped[str]
    ticket: Mapped[str]
    policy: Mapped[str]
    asked_at: Mapped[datetime]
    starts_at: Mapped[datetime | None]
    until: Mapped[datetime | None]
    undoes: Mapped[int | None]
    state: Mapped[str]
    since: Mapped[datetime | None]
    said: Mapped[str]
    ended_at: Mapped[datetime | None]
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    fence: Mapped[int]  # grows with every new owner; what an old one still writes is refused


class LegRow(Row):
    """The fields of domain.plans.Leg by their own names."""

    __tablename__ = "legs"
    __table_args__ = (Index(None, "resource"), Index(None, "pool"))

    plan: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lever: Mapped[str]
    resource: Mapped[str]
    etag: Mapped[str]
    before: Mapped[str]
    target: Mapped[str]
    pool: Mapped[str]
    amount: Mapped[int]
    unit: Mapped[str]
    standing: Mapped[str]
    writes: Mapped[int]
    tries: Mapped[int]
    first_at: Mapped[datetime | None]
    written_at: Mapped[datetime | None]
    answer: Mapped[str]
    doubt: Mapped[bool]
    again_at: Mapped[datetime | None]
    said: Mapped[str]


class HoldRow(Row):
    """An account or a pool, and the one plan that may write to it, from its start to its end."""

    __tablename__ = "holds"
    __table_args__ = (Index(None, "plan"),)

    thing: Mapped[str] = mapped_column(primary_key=True)
    plan: Mapped[int]
    since: Mapped[datetime]


class ApprovalRow(Row):
    """What a second person said of a plan."""

    __tablename__ = "approvals"

    plan: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    person: Mapped[str] = mapped_column(primary_key=True)
    approves: Mapped[bool]
    comment: Mapped[str]
    at: Mapped[datetime]


class EntitlementRow(Row):
    """What a business unit is guaranteed of a quota pool, by agreement."""

    __tablename__ = "entitlements"

    pool: Mapped[str] = mapped_column(primary_key=True)
    unit: Mapped[str] = mapped_column(primary_key=True)
    guaranteed: Mapped[int]
    said_by: Mapped[str]
    at: Mapped[datetime]


class RequestRow(Row):
    """A wish for more quota, from the asking to Microsoft's answer."""

    __tablename__ = "quota_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    unit: Mapped[str]
    pool: Mapped[str]
    amount: Mapped[int]
    reason: Mapped[str]
    needed_by: Mapped[datetime | None]
    requester: Mapped[str]
    asked_at: Mapped[datetime]
    status: Mapped[str]
    status_at: Mapped[datetime]
    status_by: Mapped[str]
    note: Mapped[str]


class NoticeRow(Row):
    """Something that people are to be told, and how the telling went."""

    __tablename__ = "notices"
    __table_args__ = (Index(None, "sent_at"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]
    words: Mapped[str]
    made_at: Mapped[datetime]
    next_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    tries: Mapped[int]
    said: Mapped[str]


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


class SignInRow(Row):
    __tablename__ = "sign_ins"

    key: Mapped[str] = mapped_column(primary_key=True)  # stands for the token, see domain/sign_in
    tenant: Mapped[str]
    person: Mapped[str]
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    over: Mapped[str | None]  # why it is over; missing while it holds

    __table_args__ = (Index("ix_sign_ins_person", "tenant", "person"),)
