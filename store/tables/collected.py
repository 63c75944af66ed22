"""What the collector brings, as rows: snapshots, duties, rounds, hours, edits, findings."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Row


class CounterRow(Row):
    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]


class SnapshotRow(Row):
    __tablename__ = "snapshots"
    # Answers "the highest generation" from the index alone, past the packed frames.
    __table_args__ = (Index(None, "topic", "scope", "generation"),)

    topic: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    generation: Mapped[int]
    at: Mapped[datetime | None]
    troubles: Mapped[str]
    frame: Mapped[bytes | None]  # missing once the snapshot was dropped


class DutyRow(Row):
    """One topic for one scope: when it is due, who is at it, and how it went."""

    __tablename__ = "duties"
    __table_args__ = (Index(None, "due_at"),)

    topic: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    cadence_s: Mapped[float]
    due_at: Mapped[datetime]
    owner: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    again: Mapped[bool]  # hastened while somebody was at it
    running_since: Mapped[datetime | None]
    last_at: Mapped[datetime | None]
    data_at: Mapped[datetime | None]
    took_ms: Mapped[float | None]
    calls: Mapped[int | None]
    rows: Mapped[int | None]
    troubles: Mapped[int | None]
    backlog: Mapped[int]


class RoundRow(Row):
    __tablename__ = "rounds"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    asked: Mapped[int]
    answered: Mapped[int]


class HourRow(Row):
    __tablename__ = "metric_hours"
    __table_args__ = (
        Index(None, "subscription", "hour"),
        Index(None, "hour"),
        {"sqlite_with_rowid": False},  # rows lie in the order of their key
    )

    resource: Mapped[str] = mapped_column(primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    subscription: Mapped[str]
    grain: Mapped[str]
    requests: Mapped[float | None]
    throttled: Mapped[float | None]
    failed: Mapped[float | None]
    prompt_tokens: Mapped[float | None]
    generated_tokens: Mapped[float | None]
    tokens: Mapped[float | None]
    peak_tpm: Mapped[float | None]
    peak_rpm: Mapped[float | None]
    latency_ms: Mapped[float | None]
    utilization: Mapped[float | None]


class EditRow(Row):
    __tablename__ = "edits"
    __table_args__ = (Index(None, "subscription", "at"), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    resource: Mapped[str | None]
    subscription: Mapped[str | None]
    deployment: Mapped[str | None]
    account: Mapped[str | None]
    what: Mapped[str | None]
    before: Mapped[str | None]
    after: Mapped[str | None]
    who: Mapped[str | None]


class FindingRow(Row):
    """One finding from when it came until it went; a key is open at most once."""

    __tablename__ = "findings"
    __table_args__ = (
        Index(
            "ix_findings_open",
            "key",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(None, "subscription", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str]
    kind: Mapped[str | None]
    severity: Mapped[str | None]
    what: Mapped[str | None]
    resource: Mapped[str | None]
    subscription: Mapped[str | None]
    deployment: Mapped[str | None]
    account: Mapped[str | None]
    unit: Mapped[str | None]
    owner: Mapped[str | None]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
