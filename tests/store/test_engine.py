"""One session is one transaction; whatever the database does, people get a sentence of ours."""

import logging
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import literal, make_url, select, text
from sqlalchemy.exc import DBAPIError, StatementError

from domain.faults import StoreDown
from domain.roles import CAST
from store import audit, engine, people, visits
from store.columns import Moment
from store.engine import opened
from tests import pg
from tests.store.conftest import MINUTE, NOW

ADA, ALAN = CAST[:2]
SECRET = "canary-word"


def refusal(url):
    with pytest.raises(StoreDown) as caught:
        opened(url)
    words = str(caught.value)
    assert "CONSOLE_DATABASE_URL" in words
    assert words.count(". ") == 0
    assert SECRET not in words
    assert url not in words
    return words


@pytest.mark.parametrize(
    ("url", "says"),
    [
        (f"postgresql://ada:{SECRET}@127.0.0.1:1/console", "cannot be reached"),
        (f"postgresql://ada:{SECRET}@nowhere.invalid/console", "cannot be reached"),
        (f"postgresql+psycopg://ada:{SECRET}@/console?host=/nowhere", "cannot be reached"),
        ("sqlite:////nowhere/at/all/console.db", "cannot be reached"),
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        (f"mysql://ada:{SECRET}@host/console", "neither sqlite:/// nor postgresql://"),
        (f"{SECRET} is no address", "not the address"),
        (f"postgresql://ada:{SECRET}@host:port/console", "not the address"),
    ],
)
def test_an_address_that_cannot_be_opened_is_refused_in_one_sentence(url, says):
    assert says in refusal(url)


def test_a_folder_is_no_database(tmp_path):
    assert "cannot be reached" in refusal(f"sqlite:///{tmp_path}")


def test_a_file_of_something_else_is_no_database(tmp_path):
    (tmp_path / "letter.db").write_text("Dear Sir or Madam, " * 100)
    assert "damaged or is not a database" in refusal(f"sqlite:///{tmp_path}/letter.db")


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_read_only_file_is_refused(url):
    path = make_url(url).database
    assert "is read-only" in refusal(f"sqlite:///file:{path}?mode=ro&uri=true")


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize("migrated", [False, True])
def test_a_read_only_database_is_refused(empty_url, migrated):
    if migrated:
        opened(empty_url).close()
    name = make_url(empty_url).database
    pg.execute(empty_url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert "is read-only" in refusal(empty_url)


def test_a_database_of_a_newer_console_is_refused(empty_url):
    store = opened(empty_url)
    with store.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    assert "newer version" in refusal(empty_url)


def test_what_is_begun_is_kept_whole_or_not_at_all(store):
    def change():
        with store.begin() as session:
            people.enrol(session, ADA)
            audit.add(session, NOW, ADA.key, "nothing", "asked")
            _ = 1 / 0

    with pytest.raises(ZeroDivisionError):
        change()
    with store.reading() as session:
        assert people.everyone(session) == []
        assert audit.head(session)[0] == 0


def test_a_stopped_script_keeps_nothing(store):
    class Stopped(BaseException): ...

    def change():
        with store.begin() as session:
            people.enrol(session, ADA)
            raise Stopped

    with pytest.raises(Stopped):
        change()
    with store.reading() as session:
        assert people.everyone(session) == []


def test_a_reading_session_cannot_write(store):
    with pytest.raises((StoreDown, DBAPIError)), store.reading() as session:
        people.enrol(session, ADA)
    with store.begin() as session:  # and leaves nothing behind in its connection
        people.enrol(session, ADA)


def test_a_reading_session_sees_one_moment(store):
    with store.reading() as session:
        assert people.everyone(session) == []
        with store.begin() as other:
            people.enrol(other, ADA)
        assert people.everyone(session) == []
    with store.reading() as session:
        assert people.everyone(session) == [ADA]


def test_a_mistake_of_ours_is_not_called_an_outage(store):
    with pytest.raises(DBAPIError), store.reading() as session:
        session.execute(text("SELECT nothing FROM nowhere"))


@pytest.mark.parametrize("own", [True, False])
def test_a_writer_waits_for_another_and_then_gives_up(url, monkeypatch, own):
    monkeypatch.setattr(engine, "_BUSY_MS", 50)
    monkeypatch.setattr(engine, "_LIMITS", "SET lock_timeout = '50ms'")
    store, another = opened(url), opened(url)
    with store.begin() as session:
        people.enrol(session, ADA)
        with (
            pytest.raises(StoreDown, match="locked"),
            (store if own else another).begin() as other,
        ):
            people.enrol(other, replace(ADA, role="viewer"))
    with another.begin() as session:  # and whoever gave up is no longer in the way
        assert people.everyone(session) == [ADA]
    store.close()
    another.close()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_full_disk_is_said(store, caplog):
    with store.begin() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar_one()
        session.execute(text(f"PRAGMA max_page_count = {pages}"))
    caplog.set_level(logging.DEBUG)
    with pytest.raises(StoreDown, match="no room left"), store.begin() as session:
        visits.opened(session, SECRET * 10_000, NOW)  # on the same connection, out of the pool
    assert "full" in caplog.text  # the driver's own words
    assert SECRET not in caplog.text  # but nobody's data


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_sqlite_is_set_up_to_lose_nothing(store):
    with store.begin() as session:
        asked = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
        for name, value in asked.items():
            assert session.execute(text(f"PRAGMA {name}")).scalar_one() == value


@pytest.fixture
def lose(server):
    """Take every connection away, as a fail-over does."""
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'test_%'"
    return lambda: pg.execute(server, kill)


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_lost_server_is_said_and_found_again(store, lose):
    def change():
        with store.begin() as session:
            people.enrol(session, ADA)
            lose()
            people.enrol(session, ALAN)

    with pytest.raises(StoreDown, match=r"cannot be reached.*Nothing was saved"):
        change()
    with store.begin() as session:
        people.enrol(session, ALAN)
    lose()  # while the connection lies in the pool
    with store.reading() as session:
        assert people.everyone(session) == [ALAN]


@pytest.mark.postgres
@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
def test_a_commit_without_an_answer_is_in_doubt(store, lose):
    def change():
        with store.begin() as session:
            people.enrol(session, ADA)
            lose()

    with pytest.raises(StoreDown, match="not known") as caught:
        change()
    assert "nothing was saved" not in str(caught.value)


def test_times_come_back_as_they_were_and_in_utc(store):
    there = datetime(2026, 1, 5, 4, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-5)))
    with store.begin() as session:
        visits.opened(session, "ada", there)
        back = visits.opened(session, "ada", there + 60 * MINUTE)
    assert back == there
    assert back.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(store):
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(StatementError, match="without a zone"), store.reading() as session:
        session.execute(select(literal(naive, Moment())))


def test_text_that_no_database_can_hold_is_kept_as_far_as_it_can_be(store):
    with store.begin() as session:
        visits.opened(session, "nul \0 half \ud800 done", NOW)
        audit.add(session, NOW, "nul \0", "half \ud800", "refused")
    with store.reading() as session:
        assert audit.trail(session)[0].who == "nul \ufffd"
        assert audit.first_break(session) is None


def test_the_drivers_codes_are_the_ones_we_translate():
    assert sqlite3.SQLITE_FULL == 13
    assert sqlite3.SQLITE_NOTADB == 26
    assert sqlite3.SQLITE_READONLY == 8
