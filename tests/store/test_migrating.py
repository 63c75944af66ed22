"""A migration that is cut off leaves the schema that was there, whole, with all that was in it."""

import signal
import subprocess
import sys
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event, text

from store import audit, schema
from store.engine import Session, _address, _engine, opened
from store.tables import Row
from tests.store.conftest import NOW

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "store" / "migrations" / "versions"
REVISIONS = sorted(it.name[:4] for it in FOLDER.glob("0*.py"))


class CutOff(Exception):
    """The machine went away."""


@pytest.fixture
def engine(empty_url):
    engine = _engine(_address(empty_url)).execution_options(writes=True)
    yield engine
    engine.dispose()


def upgraded(engine, revision, at=None):
    """To this revision, cut off before the statement of this number; how many there were."""
    statements = 0

    def count(*_):
        nonlocal statements
        statements += 1
        if statements == at:
            raise CutOff

    event.listen(engine, "before_cursor_execute", count)
    try:
        with engine.begin() as connection:
            command.upgrade(schema._config(connection), revision)
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return statements


def known(engine):
    """The revision, and what the trail says."""
    with engine.connect() as connection:
        revision = connection.scalars(text("SELECT version_num FROM alembic_version")).one()
        return revision, connection.execute(text("SELECT what FROM audit")).scalars().all()


def whole(url):
    """Opened by the console: the schema of the code, and a trail that holds."""
    with closing(opened(url)) as store, store.begin() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
        assert compare_metadata(context, Row.metadata) == []
        assert audit.first_break(session) is None
        return [it.what for it in audit.trail(session)]


def test_every_revision_is_one_step_after_another():
    script = ScriptDirectory(str(FOLDER.parent))
    assert [it.revision for it in script.walk_revisions()][::-1] == REVISIONS


def test_cut_off_anywhere_in_any_revision_nothing_is_half_done(engine, empty_url):
    upgraded(engine, REVISIONS[0])
    with Session(engine) as session:
        audit.add(session, NOW, "t/ada", "kept through it all", "done")
        session.commit()
    for before, revision in pairwise(REVISIONS):
        for share in (0.3, 0.6, 1):
            count = _cut(engine, revision, share)
            assert count > 1
            assert known(engine) == (before, ["kept through it all"])
        upgraded(engine, revision)
        assert known(engine) == (revision, ["kept through it all"])
    assert whole(empty_url) == ["kept through it all"]


def _cut(engine, revision, share):
    """Cut off after this share of the statements; how many there would have been."""
    with engine.connect() as connection, connection.begin() as undone:
        count = _counted(connection, revision)
        undone.rollback()
    with pytest.raises(CutOff):
        upgraded(engine, revision, max(2, round(count * share)))
    return count


def _counted(connection, revision):
    """How many statements an upgrade takes, in a transaction that is undone."""
    statements = []
    event.listen(connection, "before_cursor_execute", lambda *it: statements.append(it[2]))
    command.upgrade(schema._config(connection), revision)
    return len(statements)


KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
from store.engine import opened
left = [int(sys.argv[2])]
@event.listens_for(Engine, "before_cursor_execute")
def count(*_):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
opened(sys.argv[1])
"""


@pytest.mark.parametrize("at", [12, 60, 120])
def test_a_first_start_that_is_killed_is_made_good_by_the_next(empty_url, at):
    killed = subprocess.run([sys.executable, "-c", KILLED, empty_url, str(at)], cwd=ROOT)
    assert killed.returncode == -signal.SIGKILL
    assert whole(empty_url) == []
