"""The migrated schema is the one the code has in mind, whoever migrates it and however often."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from store.engine import opened
from store.tables import Row

ROOT = Path(__file__).parents[2]


def test_the_migrated_schema_is_the_one_of_the_code(store):
    with store.begin() as session:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(session.connection(), opts=options)
        assert compare_metadata(context, Row.metadata) == []


def test_primary_keys_are_the_ones_of_the_code(store):
    with store.begin() as session:  # alembic does not compare them
        seen = inspect(session.connection())
        for table in Row.metadata.sorted_tables:
            key = seen.get_pk_constraint(table.name)
            assert key["constrained_columns"] == [it.name for it in table.primary_key], table
            assert key["name"] == f"pk_{table.name}"


def test_opening_again_changes_nothing(url):
    version = text("SELECT version_num FROM alembic_version")
    again = opened(url)
    with again.reading() as session:
        assert session.scalars(version).all() == ["0008"]
    again.close()


def test_processes_may_open_an_empty_database_at_once(empty_url):
    code = f"from store.engine import opened; opened({empty_url!r}).close()"
    all_three = [subprocess.Popen([sys.executable, "-c", code], cwd=ROOT) for _ in range(3)]
    assert [process.wait(30) for process in all_three] == [0, 0, 0]


def test_threads_may_open_an_empty_database_at_once(empty_url):
    with ThreadPoolExecutor(4) as threads:
        for store in threads.map(opened, [empty_url] * 4):
            store.close()
