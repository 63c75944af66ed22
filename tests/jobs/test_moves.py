"""Capacity on its way from one deployment to another, and whatever may come between."""

from dataclasses import replace

import pytest

from actions import undo
from domain import capacity
from domain.ordering import ordered
from domain.plans import SETTLE, Leg, Plan, Standing, State
from domain.protocol import PATIENCE
from domain.roles import Person
from reads import audit
from store import estates, people, plans
from tests.jobs.looks import estate
from tests.world import CHAT, SMALL, WEU

VERSION = "?api-version=2025-09-01"
OTHER = f"{WEU}/deployments/other"
POOL = f"{SMALL}|westeurope|openai.standard.gpt-4o"
MODEL = {"format": "OpenAI", "name": "gpt-4o", "version": "2024-11-20"}


def by_the_portal(console, method, resource, **body):
    told = console.small.control.portal(method, resource + VERSION, body)
    assert told["status"] < 300, told


@pytest.fixture
def pair(console):
    """CHAT with 30 units and OTHER with 20, in a pool of 100."""
    sku = {"name": "Standard", "capacity": 20}
    by_the_portal(console, "PUT", OTHER, sku=sku, properties={"model": MODEL})
    console.collector.look_again(CHAT, quota=True)
    return console


def in_azure(console):
    """(CHAT, OTHER), units."""
    held = console.small.world.accounts.deployments[WEU]
    return tuple(held[name].sku["capacity"] if name in held else None for name in ("chat", "other"))


def leg(console, resource, before, after):
    rows = estate(console).frame.set_index("resource")
    sized = [capacity.sized("Standard", it) for it in (before, after)]
    etag = rows.at[resource, "etag"]
    return Leg("capacity", resource, etag, *sized, POOL, after - before, "retail-online")


def plan(console, *legs, **fields):
    """Keep a plan by Ada; returns its number."""
    made = Plan(ordered(legs), "contoso/ada", "busy", console.clock(), "A move", **fields)
    with console.store.begin() as session:
        return plans.add(session, made)


@pytest.fixture
def move(pair):
    """A plan that moves 10 units from CHAT to OTHER."""
    return plan(pair, leg(pair, OTHER, 20, 30), leg(pair, CHAT, 30, 20))


def after(console, rounds, number=1, **by):
    for _ in range(rounds):
        console.clock.move(**by)
        console.worker.run_once()
    with console.store.reading() as session:
        return plans.find(session, number)


def fault(console, kind, times=1, **told):
    console.small.control.fault(kind, method="PATCH", times=times, **told)


def holds(console):
    with console.store.reading() as session:
        return {it.thing for it in plans.holds(session)}


# --- the plain way ----------------------------------------------------------------------------


def test_whatever_gives_goes_first(pair, move):
    states = []
    while (found := after(pair, 1, move)).ended_at is None:
        states.append((found.state, in_azure(pair), holds(pair)))
    both = {WEU, POOL}
    assert states == [
        (State.CONFIRMED, (20, 20), both),
        (State.SOURCE_DOWN, (20, 20), both),
        (State.SOURCE_DOWN, (20, 30), both),
        (State.SOURCE_DOWN, (20, 30), both),
    ]
    assert found.state is State.DONE
    assert [it.standing for it in found.legs] == [Standing.THERE] * 2
    assert (in_azure(pair), holds(pair)) == ((20, 30), set())
    bodies = [body for _, _, body in pair.wire.writes]
    assert bodies == [{"sku": {"name": "Standard", "capacity": it}} for it in (20, 30)]
    assert audit.broken(pair.store) is None


def test_the_pool_is_known_anew_when_it_is_over(pair):
    plan(pair, leg(pair, CHAT, 30, 60))
    assert after(pair, 2).state is State.DONE
    with pair.store.reading() as session:
        rows = estates.kept(session, [SMALL], pair.clock()).parts["usages"].frame
    here = rows[rows["region"] == "westeurope"].set_index("usage_name")
    assert here.at["OpenAI.Standard.gpt-4o", "used"] == 80.0


def test_undo_moves_it_back(pair, move):
    after(pair, 6, move)
    back = undo.change(pair.visit("ada"), move)
    assert after(pair, 6, back).state is State.DONE
    assert in_azure(pair) == (30, 20)


# --- the pool ---------------------------------------------------------------------------------


def test_nothing_is_sent_that_does_not_fit(pair):
    plan(pair, leg(pair, CHAT, 30, 90))
    found = after(pair, 1)
    assert (found.state, found.said) == (State.REFUSED, "The quota pool has no room for it.")
    assert pair.wire.writes == []


def test_what_was_given_comes_back_when_somebody_takes_it_meanwhile(pair, move):
    after(pair, 2, move)
    assert in_azure(pair) == (20, 20)
    sku = {"name": "Standard", "capacity": 60}
    by_the_portal(pair, "PUT", f"{WEU}/deployments/third", sku=sku, properties={"model": MODEL})
    assert after(pair, 3, move, seconds=1).state is State.SOURCE_DOWN
    found = after(pair, 1, move, seconds=PATIENCE.total_seconds())
    assert found.state is State.COMPENSATING
    assert after(pair, 1, move, seconds=1).state is State.COMPENSATING
    found = after(pair, 1, move, seconds=PATIENCE.total_seconds() + 1)
    assert found.state is State.NEEDS_PERSON
    assert found.parked == {POOL: 10}
    assert "no room" in found.said


def test_an_increase_that_azure_refuses_is_put_back(pair, move):
    after(pair, 2, move)
    fault(pair, "fail", status=400, code="InsufficientQuota")
    assert after(pair, 2, move).state is State.COMPENSATING
    found = after(pair, 2, move)
    assert (found.state, in_azure(pair)) == (State.REVERTED, (30, 20))
    assert "no room" in found.said
    assert holds(pair) == set()


def test_a_pool_that_cannot_be_read_takes_nothing(pair, move):
    pair.small.control.fault("fail", method="GET", path="usages", status=503, times=-1)
    assert after(pair, 4, move).state is State.SOURCE_DOWN
    assert in_azure(pair) == (20, 20)
    pair.small.control.clear()
    assert after(pair, 3, move).state is State.DONE


# --- others -----------------------------------------------------------------------------------


def test_a_source_that_others_changed_stops_it_before_it_began(pair, move):
    by_the_portal(pair, "PATCH", CHAT, sku={"name": "Standard", "capacity": 31})
    found = after(pair, 1, move)
    assert (found.state, pair.wire.writes) == (State.ABORTED, [])


def test_a_target_that_others_changed_halfway_is_left_and_the_source_put_back(pair, move):
    after(pair, 2, move)
    by_the_portal(pair, "PATCH", OTHER, sku={"name": "Standard", "capacity": 25})
    found = after(pair, 3, move)
    assert (found.state, in_azure(pair)) == (State.REVERTED, (30, 25))
    assert "by others" in found.said


def test_a_lost_answer_is_settled_and_the_move_goes_on(pair, move):
    fault(pair, "lost")
    after(pair, 1, move)
    found = after(pair, 6, move, seconds=SETTLE.total_seconds())
    assert (found.state, in_azure(pair)) == (State.DONE, (20, 30))
    assert len(pair.wire.writes) == 2


def test_a_right_that_is_taken_away_halfway_puts_the_source_back(pair, move):
    after(pair, 2, move)
    with pair.store.begin() as session:
        people.enrol(session, Person("contoso", "ada", "Ada Byron", "viewer"))
    found = after(pair, 3, move)
    assert (found.state, in_azure(pair)) == (State.REVERTED, (30, 20))
    assert "may not change quota" in found.said


# --- approval, hours, two plans ---------------------------------------------------------------


def test_without_a_second_person_nothing_is_written(pair):
    plan(pair, leg(pair, CHAT, 30, 40), policy="production is among it")
    found = after(pair, 1)
    assert found.state is State.REFUSED
    assert "second person" in found.said
    assert pair.wire.writes == []


def test_a_yes_of_somebody_who_lost_the_right_is_none(pair):
    number = plan(pair, leg(pair, CHAT, 30, 40), policy="production is among it")
    with pair.store.begin() as session:
        plans.approve(session, plans.Approval(number, "contoso/alan", True, "", pair.clock()))
        people.enrol(session, Person("contoso", "alan", "Alan Turing", "viewer"))
    assert after(pair, 1).state is State.REFUSED


def test_two_plans_of_one_pool_go_one_after_the_other(pair, move):
    second = plan(pair, leg(pair, CHAT, 30, 40))
    after(pair, 3, move)
    assert in_azure(pair)[0] == 20
    assert after(pair, 4, second).state is State.ABORTED, "it was based on what the first changed"


def test_it_comes_back_at_its_hour(pair):
    until = pair.clock() + SETTLE
    plan(pair, leg(pair, CHAT, 30, 40), until=until)
    assert after(pair, 2).state is State.DONE
    pair.calendar.run_once()
    assert in_azure(pair)[0] == 40
    pair.clock.now = until
    for _ in range(2):
        pair.calendar.run_once()
    found = after(pair, 2, 2)
    assert (found.state, found.undoes, in_azure(pair)[0]) == (State.DONE, 1, 30)


def test_what_others_changed_meanwhile_is_not_taken_back(pair):
    plan(pair, leg(pair, CHAT, 30, 40), until=pair.clock() + SETTLE)
    after(pair, 2)
    by_the_portal(pair, "PATCH", CHAT, sku={"name": "Standard", "capacity": 35})
    pair.collector.look_again(CHAT)
    pair.clock.move(seconds=SETTLE.total_seconds())
    pair.calendar.run_once()
    found = after(pair, 1, 2)
    assert found.state is State.ABORTED
    assert "changed again since plan 1" in found.said
    assert in_azure(pair)[0] == 35


def test_a_plan_that_died_halfway_is_carried_on_by_another_worker(pair, move):
    after(pair, 2, move)
    with pair.store.begin() as session:
        (dead,) = plans.claim(session, pair.clock(), "dead", 2 * SETTLE)
    assert after(pair, 2, move).state is State.SOURCE_DOWN
    pair.clock.move(seconds=2 * SETTLE.total_seconds())
    other = replace(pair.worker, owner="other")
    for _ in range(4):
        other.run_once()
    found = after(pair, 0, move)
    assert (found.state, in_azure(pair)) == (State.DONE, (20, 30))
    assert dead.fence > 0
