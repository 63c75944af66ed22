"""What outlives the process: the marks of the world and whatever a client changed in it, in SQLite.

The seed itself is not kept: it can be made again from scenario, seed and anchor."""

import json
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    delete,
    event,
    insert,
    select,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.pool import StaticPool

from simulator.faults import Json

TABLES = MetaData()
MARKS = Table("marks", TABLES, Column("key", Text, primary_key=True), Column("value", Text))
DOCUMENTS = Table(
    "documents",
    TABLES,
    Column("kind", Text, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("body", Text, nullable=True, doc="JSON; null says that the resource was deleted"),
)
CAPACITIES = Table(
    "capacities",
    TABLES,
    Column("number", Integer, primary_key=True),
    Column("path", Text),
    Column("minute", Integer),
    Column("units", Integer),
)


def _quick(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]  # the driver's own, untyped here
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


class Archive:
    """One connection is enough: the world's lock stands before it."""

    def __init__(self, file: Path | None) -> None:
        self._engine = create_engine(
            f"sqlite:///{file}" if file else "sqlite://",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
        )
        event.listen(self._engine, "connect", _quick)
        TABLES.create_all(self._engine)

    def marks(self) -> Json:
        """All marks of the world by key."""
        with self._engine.begin() as link:
            return {row.key: json.loads(row.value) for row in link.execute(select(MARKS))}

    def mark(self, **values: object) -> None:
        """Keep these marks."""
        with self._engine.begin() as link:
            _mark(link, values)

    def documents(self, kind: str) -> list[tuple[str, Json | None]]:
        """Path and body of every changed resource of a kind; None where it was deleted."""
        with self._engine.begin() as link:
            found = link.execute(select(DOCUMENTS).where(DOCUMENTS.c.kind == kind))
            return [(row.path, json.loads(row.body) if row.body else None) for row in found]

    def keep(self, kind: str, path: str, body: Json | None) -> None:
        """Keep a changed resource, or that it was deleted."""
        text = None if body is None else json.dumps(body)
        row = upsert(DOCUMENTS).values(kind=kind, path=path, body=text)
        with self._engine.begin() as link:
            link.execute(
                row.on_conflict_do_update(index_elements=["kind", "path"], set_={"body": text})
            )

    def capacities(self) -> Iterable[tuple[str, int, int]]:
        """Path, minute and units of every change of capacity, oldest first."""
        with self._engine.begin() as link:
            found = link.execute(select(CAPACITIES).order_by(CAPACITIES.c.number)).all()
        return [(row.path, row.minute, row.units) for row in found]

    def scaled(self, path: str, minute: int, units: int) -> None:
        """Keep that a deployment has these units from this minute on."""
        with self._engine.begin() as link:
            link.execute(insert(CAPACITIES).values(path=path, minute=minute, units=units))

    def clear(self, **values: object) -> None:
        """Forget everything, then keep these marks, in one transaction."""
        with self._engine.begin() as link:
            for table in TABLES.sorted_tables:
                link.execute(delete(table))
            _mark(link, values)

    def close(self) -> None:
        self._engine.dispose()


def _mark(link: Connection, values: dict[str, object]) -> None:
    for key, value in values.items():
        text = json.dumps(value)
        row = upsert(MARKS).values(key=key, value=text)
        link.execute(row.on_conflict_do_update(index_elements=["key"], set_={"value": text}))
