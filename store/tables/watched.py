"""What was found by holding plans against the activity log, as rows."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Row


class ReconciliationRow(Row):
    """How often a plan was held against the log, and until when it was at work."""

    __tablename__ = "reconciliations"

    plan: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    until: Mapped[datetime]
    checks: Mapped[int]
    checked_at: Mapped[datetime]


class ContestRow(Row):
    """A write by somebody else to what a plan was at work on."""

    __tablename__ = "contests"
    __table_args__ = (Index(None, "subscription"),)

    plan: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    resource: Mapped[str]
    subscription: Mapped[str]
    who: Mapped[str | None]
    operation: Mapped[str]
    words: Mapped[str]
