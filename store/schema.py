"""The way from whatever schema is there to the one this code needs, one opener at a time."""

from functools import cache
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from domain.faults import StoreDown

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x636F6E736F6C65  # "console"; any number that no other application here would take

_ONE_AT_A_TIME = Lock()
"""In this process: alembic keeps what it is at in global variables."""


def migrate(connection: Connection) -> None:
    """Bring the database to head inside the connection's transaction.

    Two openers at once take turns: on SQLite the transaction itself is exclusive to one writer, on
    PostgreSQL an advisory lock is. Raises StoreDown for a database that is newer, DBAPIError for
    one that cannot be written.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = _config(connection)
    script = ScriptDirectory.from_config(config)
    there = set(MigrationContext.configure(connection).get_current_heads())
    if there - {it.revision for it in script.walk_revisions()}:
        raise StoreDown("The database was made by a newer version of the console.")
    if there != set(script.get_heads()):
        with _ONE_AT_A_TIME:
            command.upgrade(config, "head")
    # A database at head that is read-only would open well and fail at the first visitor.
    connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def current(connection: Connection) -> bool:
    """Whether the database has the schema of this code, no older and no newer one."""
    return set(MigrationContext.configure(connection).get_current_heads()) == _heads()


@cache
def _heads() -> set[str]:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return set(ScriptDirectory.from_config(config).get_heads())


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
