"""Every test of the store runs on both databases, on one that is migrated and empty."""

import shutil
from datetime import UTC, datetime, timedelta

import pytest

from domain.chain import GENESIS
from store.engine import opened
from store.tables import Row
from tests import pg

DATABASES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
NOW = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
FIRST_ROWS = (
    "INSERT INTO counters VALUES ('generation', 0), ('fence', 0)",
    f"INSERT INTO audit_head VALUES (1, 0, '{GENESIS}')",
)


@pytest.fixture(scope="session")
def server():
    with pg.server() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("migrated") / "console.db"
    opened(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def migrated_database(server):
    with pg.database(server) as url:
        opened(url).close()
        yield url


@pytest.fixture(params=DATABASES)
def dialect(request):
    return request.param


@pytest.fixture
def empty_url(dialect, request, tmp_path):
    """The address of a database without any table."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path}/console.db"
        return
    with pg.database(request.getfixturevalue("server")) as url:
        yield url


@pytest.fixture
def url(dialect, request, tmp_path):
    """The address of a database that is migrated."""
    if dialect == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "console.db")
        yield f"sqlite:///{tmp_path}/console.db"
        return
    url = request.getfixturevalue("migrated_database")
    yield url
    # Emptied rather than made anew: a copy has hundreds of files, and some disks take long to make
    # them. Triggers rest, since the trail would refuse.
    tables = [f"DELETE FROM {table.name}" for table in Row.metadata.sorted_tables]
    pg.execute(url, "SET session_replication_role = replica", *tables, *FIRST_ROWS)


@pytest.fixture
def store(url):
    store = opened(url)
    yield store
    store.close()


@pytest.fixture
def begin(store):
    """begin(verb, *args): one write transaction that does just this."""

    def run(verb, *args, **kwargs):
        with store.begin() as session:
            return verb(session, *args, **kwargs)

    return run


@pytest.fixture
def read(store):
    """read(question, *args): one reading transaction that asks just this."""

    def run(question, *args, **kwargs):
        with store.reading() as session:
            return question(session, *args, **kwargs)

    return run
