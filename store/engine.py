"""Sessions onto the database: what is done with one session is one transaction.

Where one transaction touches several, PostgreSQL needs them in one order, or two of them wait for
each other: hours, then snapshots (kept, dropped or locked), then rounds, then plans, then audit.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from domain.faults import StoreDown
from store import disks, failures, schema
from store.turns import Turns

__all__ = ["Session", "Store", "opened"]

_SETTING = "CONSOLE_DATABASE_URL"
_BUSY_MS = 15_000
_ATTEMPTS = 300
_CONNECT_S = 5
_LIMITS = "SET lock_timeout = '15s'; SET idle_in_transaction_session_timeout = '5min'"


class Store:
    """The database, opened and migrated; safe to share between threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # One snapshot for everything that a page reads together, and no way to write by mistake.
        reads = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        own = reads if engine.dialect.name == "postgresql" else {}
        self._reading = sessionmaker(engine.execution_options(**own))
        self._writing = sessionmaker(engine.execution_options(writes=True), expire_on_commit=False)
        self._turns = Turns() if engine.dialect.name == "sqlite" else None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database; raises StoreDown."""
        with failures.translated(), self._reading() as session:
            yield session

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One write transaction: kept at the end, undone by any exception; raises StoreDown."""
        with failures.translated(), self._turn(), self._writing() as session:
            yield session
            session.flush()
            with failures.translated(committing=True):
                session.commit()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._turns is None:
            yield
            return
        with self._turns.turn(_BUSY_MS / 1_000):
            yield

    def close(self) -> None:
        """Give all idle connections back."""
        self._engine.dispose()


def opened(url: str) -> Store:
    """The store at this address, migrated to the schema of this code.

    Raises StoreDown, in one sentence that names the setting, when it cannot be used.
    """
    engine = _engine(_address(url))
    try:
        with failures.translated(), engine.execution_options(writes=True).begin() as connection:
            schema.migrate(connection)
    except (StoreDown, DBAPIError) as exc:
        engine.dispose()
        if not isinstance(exc, StoreDown):
            failures.log.warning("database: %s: %s", type(exc.orig).__name__, exc.orig)
        raise _unusable(exc) from exc
    return Store(engine)


def _unusable(exc: StoreDown | DBAPIError) -> StoreDown:
    sentence = exc.args[0] if isinstance(exc, StoreDown) else "The database cannot be opened."
    return _refusal(sentence.replace("The database", f"The database that {_SETTING} names", 1))


def _refusal(sentence: str) -> StoreDown:
    fault = StoreDown(sentence)
    fault.hint = ""  # nothing was to be saved yet
    return fault


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        # Without the cause: it may quote the address, and that holds the password.
        raise _refusal(f"{_SETTING} is not the address of a database.") from None
    if address.drivername in ("postgresql", "postgres"):
        address = address.set(drivername="postgresql+psycopg")
    if address.drivername not in ("sqlite", "postgresql+psycopg"):
        raise _refusal(f"{_SETTING} begins with neither sqlite:/// nor postgresql://.")
    if address.drivername == "sqlite":
        _own_disk(address.database or "")
    return address


def _own_disk(file: str) -> None:
    if file in ("", ":memory:"):
        raise _refusal(f"{_SETTING} names no file, and SQLite needs one.")
    if kind := disks.share(Path(file)):
        raise _refusal(
            f"{_SETTING} names a file on a network share ({kind}), where SQLite may lose what was "
            "saved: give it a disk of its own, or use PostgreSQL."
        )


def _engine(address: URL) -> Engine:
    # Parameters hold people's data: they stay out of messages and logs.
    shared: dict[str, Any] = {"hide_parameters": True, "pool_size": 10, "max_overflow": 20}
    if address.drivername == "sqlite":
        engine = create_engine(address, **shared)
        event.listen(engine, "connect", _durable)
        event.listen(engine, "begin", _locked)
        return engine
    engine = create_engine(
        address,
        **shared,
        # A replica that was away comes back without a failed page.
        pool_pre_ping=True,
        # Whatever the server's default is: the sentences of this room are written for this one.
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": _CONNECT_S},
    )
    event.listen(engine, "connect", _limited)
    return engine


def _durable(connection: Any, _record: object) -> None:
    """Anything less than FULL loses acknowledged rows in a power cut."""
    connection.isolation_level = None  # transactions begin where _locked() says, not in the driver
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _write_ahead(connection: Any) -> None:
    """The one statement that does not wait for busy_timeout: it fails while another process makes
    the same switch in a new file."""
    for attempt in range(_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as exc:
            if exc.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or attempt == _ATTEMPTS - 1:
                raise
            sleep(_BUSY_MS / 1_000 / _ATTEMPTS)
        else:
            return


def _locked(connection: Connection) -> None:
    """A writer takes its place before it reads: two that turn from reading to writing fail."""
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _limited(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_LIMITS)
    connection.commit()
