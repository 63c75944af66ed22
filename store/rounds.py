"""What is to be collected when, and by whom: leases, so that two replicas ask Azure once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import ColumnElement, delete, or_, select, update

from domain import records
from domain.readings import Topic
from store import rows
from store.engine import Session
from store.tables import DutyRow, RoundRow

_ROUNDS_KEPT = 1_000


@dataclass(frozen=True)
class Due:
    """One topic for one scope that its claimer is to collect now."""

    topic: str
    scope: str
    backlog: int


@dataclass(frozen=True)
class Round:
    """One going round of a collector; not ended while it goes on, or when it died."""

    id: int
    owner: str
    began_at: datetime
    ended_at: datetime | None
    asked: int
    answered: int


def enrol(session: Session, topic: Topic, scopes: Collection[str], now: datetime) -> None:
    """Have these scopes collected from now on; those that already are stay as they are."""
    cadence = topic.cadence.total_seconds()
    of_topic = DutyRow.topic == topic.name
    known = set(session.scalars(select(DutyRow.scope).where(of_topic)))
    plain = {"topic": topic.name, "cadence_s": cadence, "due_at": now, "again": False, "backlog": 0}
    if missing := [{**plain, "scope": scope} for scope in sorted(set(scopes) - known)]:
        session.execute(rows.insert(session, DutyRow).on_conflict_do_nothing(), missing)
    differs = (of_topic, DutyRow.cadence_s != cadence)
    session.execute(update(DutyRow).where(*differs).values(cadence_s=cadence))


def retire(session: Session, topic: Topic, scopes: Collection[str]) -> None:
    """Have these scopes collected no more."""
    session.execute(
        delete(DutyRow).where(DutyRow.topic == topic.name, DutyRow.scope.in_(list(scopes)))
    )


def claim(
    session: Session,
    now: datetime,
    owner: str,
    lease: timedelta,
    topics: Sequence[str] | None = None,
) -> list[Due]:
    """Take everything that is due and that nobody holds, longest due first."""
    free = or_(DutyRow.owner.is_(None), DutyRow.lease_until <= now)
    due = select(DutyRow).where(DutyRow.due_at <= now, free, *_among(topics, None))
    # Skips what another replica is claiming at this moment; SQLite has one writer at a time.
    taken = session.scalars(
        due.order_by(DutyRow.due_at, DutyRow.topic, DutyRow.scope).with_for_update(skip_locked=True)
    ).all()
    for row in taken:
        row.owner, row.lease_until, row.running_since, row.again = owner, now + lease, now, False
    session.flush()
    return [Due(row.topic, row.scope, row.backlog) for row in taken]


def finish(
    session: Session,
    topic: str,
    scope: str,
    owner: str,
    now: datetime,
    next_due: datetime,
    *,
    took_ms: float,
    calls: int,
    rows: int,
    troubles: int,
    data_at: datetime | None,
    backlog: int,
) -> bool:
    """Note how it went and when it is due next; False, and nothing noted, once others hold it.

    What was hastened while it ran is due again at once: it may have been asked too early.
    """
    row = session.get(DutyRow, (topic, scope), with_for_update=True, populate_existing=True)
    if row is None or row.owner != owner:
        return False
    row.due_at = now if row.again else next_due
    row.took_ms, row.calls, row.rows, row.troubles = took_ms, calls, rows, troubles
    row.last_at, row.data_at, row.backlog = now, data_at, backlog
    row.owner = row.lease_until = row.running_since = None
    row.again = False
    session.flush()
    return True


def release(session: Session, owner: str) -> None:
    """Give back what this owner holds; it stays due."""
    nobody = {"owner": None, "lease_until": None, "running_since": None}
    session.execute(update(DutyRow).where(DutyRow.owner == owner).values(nobody))


def hasten(
    session: Session,
    now: datetime,
    topics: Sequence[str] | None = None,
    scopes: Sequence[str] | None = None,
) -> int:
    """Have these, or everything, collected now; returns how many there are."""
    wanted = select(DutyRow).where(*_among(topics, scopes))
    found = session.scalars(
        wanted.order_by(DutyRow.topic, DutyRow.scope)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in found:
        row.due_at, row.again = min(row.due_at, now), row.owner is not None
    session.flush()
    return len(found)


def _among(topics: Sequence[str] | None, scopes: Sequence[str] | None) -> list[ColumnElement[bool]]:
    among: list[ColumnElement[bool]] = []
    if topics is not None:
        among.append(DutyRow.topic.in_(topics))
    if scopes is not None:
        among.append(DutyRow.scope.in_(scopes))
    return among


def listed(session: Session) -> pd.DataFrame:
    """Everything that is collected: frame SOURCES, by topic and scope."""
    wanted = [getattr(DutyRow, name) for name in records.SOURCES]
    found = session.execute(select(*wanted).order_by(DutyRow.topic, DutyRow.scope))
    return rows.to_frame(found, records.SOURCES)


def begun(session: Session, owner: str, now: datetime, asked: int) -> int:
    """Note that a round began; returns its number. Rounds long past are forgotten."""
    row = RoundRow(owner=owner, began_at=now, ended_at=None, asked=asked, answered=0)
    session.add(row)
    session.flush()
    session.execute(delete(RoundRow).where(RoundRow.id <= row.id - _ROUNDS_KEPT))
    return row.id


def answered(session: Session, id: int, answered: int, asked: int) -> None:
    """Note how far a round has come."""
    progress = {"answered": answered, "asked": asked}
    session.execute(update(RoundRow).where(RoundRow.id == id).values(progress))


def ended(session: Session, id: int, now: datetime) -> None:
    """Note that a round ended."""
    session.execute(update(RoundRow).where(RoundRow.id == id).values(ended_at=now))


def latest(session: Session) -> Round | None:
    """The round that began last."""
    row = session.scalars(select(RoundRow).order_by(RoundRow.id.desc()).limit(1)).first()
    if row is None:
        return None
    return Round(row.id, row.owner, row.began_at, row.ended_at, row.asked, row.answered)
