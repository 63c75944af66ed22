"""Two collectors on one database ask Azure once; what a dead one held is free again."""

from threading import Thread

import pytest

from domain.readings import TOPICS
from jobs.collector import LEASE
from services import fanout
from store import rounds
from tests import pg
from tests.jobs.looks import asked, duties, estate, names_of
from tests.world import SMALL, console_at


@pytest.fixture(scope="module")
def server():
    with pg.server() as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def shared(request, url):
    """The address of a database for two consoles."""
    if request.param == "sqlite":
        yield url
        return
    with pg.database(request.getfixturevalue("server")) as fresh:
        yield fresh


@pytest.fixture
def two(shared):
    """Two consoles, one database, one Azure, one clock."""
    first = console_at(shared)
    second = console_at(shared, small=first.small, clock=first.clock)
    yield first, second
    first.store.close()
    second.close()


def at_once(*consoles):
    threads = [Thread(target=it.collector.run_once) for it in consoles]
    for it in threads:
        it.start()
    for it in threads:
        it.join()


TOLD_APART = ("interval", "metricnames", "modelName", "modelVersion")


def span(request):
    """The time that a query to a log is about."""
    return request.body.get("timespan", "") if isinstance(request.body, dict) else ""


def calls(two):
    """How often each thing was asked of Azure, by whomever."""
    return sorted(
        (it.method, it.host, it.path, *(it.query.get(name, "") for name in TOLD_APART), span(it))
        for console in two
        for it in console.wire.requests
    )


def test_two_collectors_ask_once_and_know_the_same(two):
    at_once(*two)
    first = calls(two)
    assert len(first) == len(set(first)) >= 30
    for _ in range(3):
        two[0].clock.move(minutes=5)
        for it in two:
            it.wire.requests.clear()
        at_once(*two)
        again = calls(two)
        assert len(again) == len(set(again))
        assert len(again) > 5
    for console in two:
        whole = estate(console)
        assert names_of(whole.frame) == ["assist", "busy", "chat", "deep", "quiet"]
        assert whole.troubles == ()


def test_what_a_killed_collector_held_is_collected_when_its_lease_is_over(two):
    first, second = two
    first.collected()
    first.clock.move(minutes=5)
    with first.store.begin() as session:
        held = rounds.claim(session, first.clock(), "killed", LEASE)
    assert {it.topic for it in held} >= {"accounts", "deployments", "usages", "metrics"}
    so_far = len(second.wire.requests)
    second.collected(seconds=LEASE.total_seconds() - 1)
    assert not asked(second, "/deployments", so_far)
    second.collected(seconds=1)
    assert asked(second, "/deployments", so_far)
    assert estate(second).at == second.clock()


def test_what_a_stopped_collector_held_is_free_at_once(two):
    first, second = two
    first.collected()
    first.clock.move(minutes=5)
    with first.store.begin() as session:
        rounds.claim(session, first.clock(), first.collector.owner, LEASE)
    first.collector.release()
    so_far = len(second.wire.requests)
    second.collector.run_once()
    assert asked(second, "/deployments", so_far)


def test_a_round_that_breaks_gives_back_what_it_held(two, monkeypatch):
    first, second = two
    first.collected()
    first.clock.move(minutes=5)

    def broken(*_, **__):
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr(fanout, "asked", broken)
        with pytest.raises(MemoryError):
            first.collector.run_once()
    assert duties(first, "deployments")["running_since"].isna().all()
    second.collector.run_once()
    assert estate(second).at == second.clock()


def test_what_is_hastened_while_it_runs_runs_again(two):
    first, second = two
    first.collected()
    first.clock.move(minutes=5)
    with first.store.begin() as session:
        rounds.claim(session, first.clock(), first.collector.owner, LEASE)
        rounds.hasten(session, first.clock(), [TOPICS["usages"].name], [SMALL])
        told = {"took_ms": 1.0, "calls": 1, "rows": 1, "troubles": 0, "backlog": 0}
        assert rounds.finish(
            session,
            "usages",
            SMALL,
            first.collector.owner,
            first.clock(),
            first.clock() + LEASE,
            data_at=first.clock(),
            **told,
        )
    so_far = len(second.wire.requests)
    second.collector.run_once()
    assert asked(second, "/usages", so_far)
    assert not asked(second, "/deployments", so_far)
