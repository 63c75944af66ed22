"""Snapshots: the last answer for each topic and scope, as Arrow bytes under a generation."""

from collections.abc import Sequence

from sqlalchemy import func, select, update

from domain import frames
from domain.readings import Snapshot, Topic, Trouble, kept_columns, troubles_of, troubles_text
from store import rows
from store.engine import Session
from store.tables import CounterRow, SnapshotRow

_COUNTED = CounterRow.name == "generation"


def keep(session: Session, topic: Topic, scope: str, snapshot: Snapshot) -> int:
    """Replace the last snapshot of this scope; returns the new generation."""
    number = advance(session)
    row = {
        "topic": topic.name,
        "scope": scope,
        "generation": number,
        "at": snapshot.at,
        "troubles": troubles_text(snapshot.troubles),
        "frame": frames.packed(snapshot.frame),
    }
    rows.upsert(session, SnapshotRow, ("topic", "scope"), [row])
    return number


def kept(session: Session, topic: Topic, scopes: Sequence[str]) -> dict[str, Snapshot | None]:
    """What is remembered of each of these scopes; None of one that never answered."""
    wanted = select(SnapshotRow).where(
        SnapshotRow.topic == topic.name,
        SnapshotRow.scope.in_(scopes),
        SnapshotRow.frame.is_not(None),
    )
    found = {row.scope: _snapshot(topic, row) for row in session.scalars(wanted)}
    return {scope: found.get(scope) for scope in scopes}


def heads(session: Session, topic: Topic, scopes: Sequence[str]) -> dict[str, tuple[Trouble, ...]]:
    """The troubles of each of these scopes that has a snapshot, without unpacking its frame."""
    wanted = select(SnapshotRow.scope, SnapshotRow.troubles).where(
        SnapshotRow.topic == topic.name,
        SnapshotRow.scope.in_(scopes),
        SnapshotRow.frame.is_not(None),
    )
    return {scope: troubles_of(text) for scope, text in session.execute(wanted)}


def lock(session: Session) -> None:
    """Hold off everybody else who keeps, until this transaction ends; for a keeping that first
    reads what is there."""
    session.execute(select(CounterRow.value).where(_COUNTED).with_for_update())


def generation(session: Session, topics: Sequence[Topic], scopes: Sequence[str]) -> int:
    """Grows whenever one of these is kept or dropped; 0 before the first time."""
    newest = select(func.max(SnapshotRow.generation)).where(
        SnapshotRow.topic.in_([topic.name for topic in topics]), SnapshotRow.scope.in_(scopes)
    )
    return session.scalar(newest) or 0


def scopes(session: Session, topic: Topic) -> list[str]:
    """The scopes that have a snapshot."""
    wanted = select(SnapshotRow.scope).where(
        SnapshotRow.topic == topic.name, SnapshotRow.frame.is_not(None)
    )
    return sorted(session.scalars(wanted))


def drop(session: Session, topic: Topic, scopes: Sequence[str]) -> None:
    """Forget the snapshots of these scopes.

    Their rows stay, empty and under a new generation: were they deleted, the highest generation
    could fall back to one that already stood for other contents.
    """
    wanted = (
        SnapshotRow.topic == topic.name,
        SnapshotRow.scope.in_(scopes),
        SnapshotRow.frame.is_not(None),
    )
    if session.scalar(select(SnapshotRow.scope).where(*wanted).limit(1)) is None:
        return
    emptied = {"generation": advance(session), "frame": None, "at": None, "troubles": "[]"}
    session.execute(update(SnapshotRow).where(*wanted).values(emptied))


def advance(session: Session) -> int:
    """The next generation of all.

    One row counts them, and its lock is held until the transaction ends. So on PostgreSQL too
    generation 8 is given out only when 7 can be seen or never will be, and nobody who has seen 8 as
    the highest can later be shown a 7 that is new. A sequence would give numbers without waiting,
    and a cache keyed by the highest would keep what it read before 7 came.
    """
    counted = (
        update(CounterRow)
        .where(_COUNTED)
        .values(value=CounterRow.value + 1)
        .returning(CounterRow.value)
    )
    return session.execute(counted).scalar_one()


def _snapshot(topic: Topic, row: SnapshotRow) -> Snapshot:
    frame = frames.unpacked(row.frame or b"", kept_columns(topic))
    return Snapshot(frame, row.at, troubles_of(row.troubles), row.generation)
