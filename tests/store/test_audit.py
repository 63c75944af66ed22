"""The trail has no gap, takes no change, and shows any change that was made all the same."""

import subprocess
import sys
import threading
from datetime import timedelta, timezone
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from domain import chain
from domain.chain import Entry
from store import audit
from store.tables import AuditRow
from tests.store.conftest import MINUTE, NOW

ROOT = Path(__file__).parents[2]
COLUMNS = ("number", "at", "who", "what", "came", "detail", "seal")


def append(store, count=1):
    with store.begin() as session:
        for number in range(count):
            audit.add(session, NOW + number * MINUTE, "t/ada", f"line {number}", "done", "x")


def disarm(session):
    """Take the triggers away, as somebody who may change the schema can."""
    if session.get_bind().dialect.name == "postgresql":
        for table in ("audit", "audit_head"):
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        return
    named = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    for name in session.scalars(text(named)).all():
        session.execute(text(f"DROP TRIGGER {name}"))


def test_lines_come_back_the_newest_first(begin, read):
    west = timezone(timedelta(hours=-8))
    assert begin(audit.add, NOW.astimezone(west), "t/ada", "Ünïcode", "asked") == 1
    assert begin(audit.add, NOW, "t/alan", "more", "done", "why") == 2
    second, first = read(audit.trail)
    assert first == Entry(1, NOW, "t/ada", "Ünïcode", "asked")
    assert second == Entry(2, NOW, "t/alan", "more", "done", "why")
    assert read(audit.trail, 1) == [second]
    seal = chain.seal(chain.seal(chain.GENESIS, first), second)
    assert read(audit.head) == (2, seal)
    assert read(audit.first_break) is None


def test_an_empty_trail_is_whole(read):
    assert read(audit.trail) == []
    assert read(audit.head) == (0, chain.GENESIS)
    assert read(audit.first_break) is None


def test_what_is_undone_leaves_no_gap(store, read):
    def interrupted():
        with store.begin() as session:
            audit.add(session, NOW, "t/ada", "lost", "asked")
            raise KeyboardInterrupt

    append(store)
    with pytest.raises(KeyboardInterrupt):
        interrupted()
    append(store)
    assert [it.number for it in read(audit.trail)] == [2, 1]
    assert read(audit.first_break) is None


ON_EITHER = (
    "UPDATE audit SET who = 'nobody'",
    "DELETE FROM audit",
    "DELETE FROM audit WHERE number = 2",
    "UPDATE audit_head SET number = 1",
    "UPDATE audit_head SET seal = ''",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head SELECT 2, number, seal FROM audit_head",
    "INSERT INTO audit SELECT * FROM audit WHERE number = 1",
)
ON_ONE = {
    "sqlite": ("INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE number = 1",),
    "postgresql": ("TRUNCATE audit", "TRUNCATE audit_head"),
}


def test_the_database_refuses_changes(store, read, dialect):
    append(store, 2)
    for statement in ON_EITHER + ON_ONE[dialect]:
        with pytest.raises(DBAPIError), store.begin() as session:
            session.execute(text(statement))
    assert len(read(audit.trail)) == 2
    assert read(audit.first_break) is None


LINES = 6


@pytest.fixture
def armed(store):
    """A trail of some lines, to be changed in transactions that are then undone."""
    append(store, LINES)
    return store


def first_break_after(store, *statements, **values):
    with store._writing() as session:  # never committed
        disarm(session)
        for statement in statements:
            session.execute(text(statement), values)
        return audit.first_break(session)


@settings(max_examples=40, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.data())
def test_any_change_of_any_line_is_found(armed, data):
    number = data.draw(st.integers(1, LINES))
    column = data.draw(st.sampled_from(COLUMNS[2:]))
    with armed.reading() as session:
        one = text(f"SELECT {column} FROM audit WHERE number = :number")
        there = session.scalars(one, {"number": number}).one()
    value = data.draw(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
    change = f"UPDATE audit SET {column} = :value WHERE number = :number"
    found = first_break_after(armed, change, value=value, number=number)
    assert found == (None if value == there else number)


@pytest.mark.parametrize("number", range(1, LINES + 1))
def test_any_change_of_a_time_is_found(armed, number):
    change = "UPDATE audit SET at = (SELECT max(at) FROM audit AS other) WHERE number = :number"
    if number == LINES:
        change = change.replace("max", "min")
    assert first_break_after(armed, change, number=number) == number


@pytest.mark.parametrize("number", range(1, LINES + 1))
def test_any_line_that_is_gone_is_found(armed, number):
    # The next line is the first that does not fit; after the last one only the head tells.
    found = first_break_after(armed, "DELETE FROM audit WHERE number = :number", number=number)
    assert found == (number if number == LINES else number + 1)


@pytest.mark.parametrize("left", range(LINES))
def test_a_tail_that_was_cut_off_is_found_by_the_head(armed, left):
    cut = "DELETE FROM audit WHERE number > :left"
    assert first_break_after(armed, cut, left=left) == left + 1


def test_lines_that_changed_places_are_found(armed):
    swap = (
        "UPDATE audit SET number = 99 WHERE number = 2",
        "UPDATE audit SET number = 2 WHERE number = 3",
        "UPDATE audit SET number = 3 WHERE number = 99",
    )
    assert first_break_after(armed, *swap) == 2


def test_a_line_that_no_writer_added_is_found_by_the_head(armed):
    with armed.reading() as session:
        number, seal = audit.head(session)
    forged = Entry(number + 1, NOW, "t/eve", "nothing happened", "done")
    with armed._writing() as session:  # never committed
        session.add(AuditRow(**vars(forged), seal=chain.seal(seal, forged)))
        session.flush()
        assert audit.first_break(session) == forged.number


def test_a_head_that_was_bent_is_found(armed):
    assert first_break_after(armed, "UPDATE audit_head SET seal = 'x'") == LINES
    assert first_break_after(armed, "UPDATE audit_head SET number = 2") == 3
    assert first_break_after(armed, "UPDATE audit_head SET number = 9") == LINES + 1


def test_writers_at_once_queue_without_gap_or_fork(store, read):
    def write():
        for _ in range(15):
            append(store)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [it.number for it in read(audit.trail)] == list(range(90, 0, -1))
    assert read(audit.first_break) is None


def test_a_long_trail_is_read_in_parts(store, read):
    append(store, 2_500)
    began = perf_counter()
    assert read(audit.first_break) is None
    assert perf_counter() - began < 2


@pytest.mark.parametrize("lines", [1, 20, 60])
def test_a_killed_writer_loses_no_acknowledged_line(url, read, lines):
    writer = [sys.executable, "-m", "tests.store._writer", url]
    with subprocess.Popen(writer, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        acknowledged = [int(process.stdout.readline()) for _ in range(lines)]
        process.kill()
        acknowledged += [int(it) for it in process.stdout.read().split("\n")[:-1]]
    assert acknowledged == list(range(1, len(acknowledged) + 1))
    assert read(audit.head)[0] - acknowledged[-1] in (0, 1)  # one may have been on its way
    assert read(audit.first_break) is None


def test_the_changes_above_are_of_every_column(store):
    with store.reading() as session:
        columns = inspect(session.connection()).get_columns("audit")
    assert tuple(it["name"] for it in columns) == COLUMNS
