"""A deleted account is purged through a plan, once, and only while it is the one that was meant."""

from datetime import timedelta

import pandas as pd
import pytest

from domain import capacity
from domain.plans import GONE, SETTLE, Leg, Plan, State
from reads import audit
from store import plans
from tests.jobs.looks import kept
from tests.world import SDC

PORTAL = "?api-version=2025-09-01"


def by_the_portal(console, method, path, **body):
    told = console.small.control.portal(method, path + PORTAL, body or None)
    assert told["status"] < 300, told


@pytest.fixture
def gone(console):
    """A console that knows of one deleted account, and its row of frame DELETED."""
    by_the_portal(console, "DELETE", SDC)
    console.collected(minutes=15)
    (row,) = kept(console, "deleted").frame.to_dict("records")
    return row


def plan(console, row, **fields):
    """Keep a plan by Ada that purges it; returns its number."""
    told = capacity.held(row["deleted_at"])
    leg = Leg("purge", row["deleted_resource"], "", told, GONE)
    made = Plan((leg,), "contoso/ada", "quota", console.clock(), "A purge", **fields)
    with console.store.begin() as session:
        return plans.add(session, made)


def after(console, rounds, **by):
    for _ in range(rounds):
        console.clock.move(**by)
        console.worker.run_once()
    with console.store.reading() as session:
        return plans.latest(session)[0]


def held(console):
    return set(console.small.world.accounts.gone)


def test_it_is_purged_once_and_readers_know(console, gone):
    plan(console, gone)
    found = after(console, 3)
    assert (found.state, held(console)) == (State.DONE, set())
    assert console.wire.writes == [("DELETE", gone["deleted_resource"], None)]
    assert kept(console, "deleted").frame.empty
    assert set(kept(console, "usages").frame["seen_at"]) >= {console.clock()}
    assert audit.broken(console.store) is None


def test_one_that_takes_its_time_is_waited_for(console, gone):
    console.small.control.configure(async_writes=True, write_seconds=60)
    plan(console, gone)
    assert after(console, 3, seconds=5).state is State.CONFIRMED
    assert after(console, 3, seconds=60).state is State.DONE
    assert len(console.wire.writes) == 1


@pytest.mark.parametrize("kind", ["lost", "drop"])
def test_an_answer_that_is_lost_settles(console, gone, kind):
    console.small.control.fault(kind, method="DELETE")
    plan(console, gone)
    after(console, 2)
    assert after(console, 4, seconds=SETTLE.total_seconds()).state is State.DONE
    assert held(console) == set()


def test_one_that_was_restored_meanwhile_is_left_alone(console, gone):
    plan(console, gone)
    body = {"kind": "AIServices", "location": "swedencentral", "properties": {"restore": True}}
    by_the_portal(console, "PUT", SDC, **body)
    assert after(console, 2).state is State.ABORTED
    assert console.wire.writes == []


def test_one_that_was_restored_and_deleted_again_is_another(console, gone):
    plan(console, gone)
    body = {"kind": "AIServices", "location": "swedencentral", "properties": {"restore": True}}
    by_the_portal(console, "PUT", SDC, **body)
    console.clock.move(minutes=1)
    by_the_portal(console, "DELETE", SDC)
    assert after(console, 2).state is State.ABORTED
    assert held(console) == {SDC}


def test_one_that_azure_has_purged_itself_is_nothing_to_do(console, gone):
    plan(console, gone)
    console.clock.move(hours=49)
    assert after(console, 2).state is State.ABORTED
    assert console.wire.writes == []


def test_a_purge_that_azure_refuses_changes_nothing(console, gone):
    console.small.control.fault("forbid", method="DELETE", times=-1)
    plan(console, gone)
    found = after(console, 3)
    assert (found.state, held(console)) == (State.REFUSED, {SDC})
    assert found.said.startswith("Purging ais-small-sdc (deleted).")


def test_a_console_that_may_not_write_purges_nothing(console, gone):
    plan(console, gone, policy="a purge cannot be undone")
    assert after(console, 2).state is State.REFUSED
    assert console.wire.writes == []


def test_the_value_is_the_same_wherever_it_is_read(gone):
    at = gone["deleted_at"]
    assert capacity.held(at) == capacity.held(at.to_pydatetime())
    assert capacity.held(at) != capacity.held(at + timedelta(seconds=1))
    assert capacity.held(None) == capacity.held(pd.NaT)
    assert (
        capacity.words(capacity.held(at), GONE) == f"purge: deleted on {at:%Y-%m-%d %H:%M:%S} UTC"
    )
    assert capacity.words(capacity.held(None), GONE) == "purge"
