"""Moving quota: what is recorded, what is refused, and what of it reaches Azure."""

from datetime import timedelta

import pytest

from actions import allocate, approve, undo, withdraw
from actions.proposing import Terms
from domain import consent
from domain.faults import NotAllowed, Outdated, OutOfRange, ReadOnly
from domain.plans import State
from store import plans
from tests.world import BUSY, CHAT, QUIET, WEU

VERSION = "?api-version=2025-09-01"


@pytest.fixture
def crowd(made):
    """BUSY and QUIET with 20 units each in a pool of 55, 15 of which a deleted account holds."""
    return made("crowded").collected()


def found(console, number):
    with console.store.reading() as session:
        return plans.find(session, number)


def carried_out(console, number, rounds=7):
    for _ in range(rounds):
        console.worker.run_once()
    return found(console, number)


def units(console):
    held = console.small.world.accounts.deployments[WEU]
    return held["busy"].sku["capacity"], held["quiet"].sku["capacity"]


def test_quota_moves_in_a_full_pool_and_back(crowd):
    ada = crowd.visit("ada")
    number = allocate.capacity(ada, {BUSY: 30, QUIET: 10})
    plan = found(crowd, number)
    assert [(it.resource, it.amount) for it in plan.legs] == [(QUIET, -10), (BUSY, 10)]
    assert plan.title == "Move 10 units from aoai-small-weu/quiet to aoai-small-weu/busy"
    assert carried_out(crowd, number).state is State.DONE
    assert units(crowd) == (30, 10)
    back = undo.change(ada, number)
    assert carried_out(crowd, back).state is State.DONE
    assert units(crowd) == (20, 20)


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ({BUSY: 21}, "1 too many"),
        ({BUSY: -1}, "never negative"),
        ({BUSY: 0}, "under the minimum of 1"),
        ({BUSY: 2.5}, "whole"),
        ({BUSY: 10**9}, "over the maximum"),
        ({BUSY: 20}, "Nothing would change"),
        ({}, "Choose 1 to 100"),
    ],
)
def test_what_cannot_be(crowd, targets, words):
    with pytest.raises(OutOfRange, match=words):
        allocate.capacity(crowd.visit("ada"), targets)
    assert crowd.wire.writes == []


def test_what_is_not_there(crowd):
    for resource in (f"{WEU}/deployments/nowhere", "", "x"):
        with pytest.raises(NotAllowed):
            allocate.capacity(crowd.visit("ada"), {resource: 1})


def test_a_read_only_console_moves_nothing(crowd):
    with pytest.raises(ReadOnly):
        allocate.capacity(crowd.visit("ada", writes=False), {QUIET: 10})


@pytest.mark.parametrize("person", ["maria", "vera", "cora", "tess", "otto"])
def test_only_admins_move_quota(crowd, person):
    with pytest.raises(NotAllowed, match="may not change quota"):
        allocate.capacity(crowd.visit(person), {QUIET: 10})


def test_what_was_confirmed_is_what_is_recorded(crowd):
    ada = crowd.visit("ada")
    print_ = found(crowd, allocate.capacity(ada, {QUIET: 12})).fingerprint
    carried_out(crowd, 1)
    with pytest.raises(Outdated, match="changed since this was shown"):
        allocate.capacity(ada, {QUIET: 11}, terms=Terms(confirmed=print_))


def test_a_large_change_and_production_want_a_second_person(crowd):
    crowd.small.world.accounts.deployments[WEU]["quiet"].tags = {"environment": "prod"}
    crowd.collector.look_again(QUIET)
    ada = crowd.visit("ada")
    number = allocate.capacity(ada, {QUIET: 19}, terms=Terms("less is enough"))
    assert found(crowd, number).policy == "production is among it"
    approve.plan(crowd.visit("alan"), number, fingerprint=found(crowd, number).fingerprint)
    assert carried_out(crowd, number).state is State.DONE
    large = allocate.capacity(ada, {BUSY: 5})
    assert found(crowd, large).policy == "it is a large change"


def test_a_large_change_in_two_plans_wants_a_second_person_too(crowd):
    """Of 55 units 13 are not a quarter; a day later they are forgotten."""
    ada, alan = crowd.visit("ada"), crowd.visit("alan")
    first = allocate.capacity(ada, {QUIET: 11})
    assert carried_out(crowd, first).state is State.DONE
    assert found(crowd, first).policy == ""

    second = allocate.capacity(ada, {QUIET: 6})
    assert found(crowd, second).state is State.PROPOSED
    assert found(crowd, second).policy == consent.TOGETHER
    approve.decline(alan, second, comment="leave it some")
    other = allocate.capacity(alan, {QUIET: 6})
    assert found(crowd, other).policy == ""
    withdraw.plan(alan, other)

    back = undo.change(ada, first)
    assert found(crowd, back).policy == ""
    assert carried_out(crowd, back).state is State.DONE
    again = allocate.capacity(ada, {QUIET: 11})
    assert found(crowd, again).policy == ""
    assert carried_out(crowd, again).state is State.DONE
    crowd.clock.now += consent.WITHIN
    crowd.collector.run_once()
    assert found(crowd, allocate.capacity(ada, {QUIET: 6})).policy == ""


def test_production_that_goes_to_its_least_is_typed(crowd):
    crowd.small.world.accounts.deployments[WEU]["quiet"].tags = {"environment": "prod"}
    crowd.collector.look_again(QUIET)
    terms = Terms("switched off")
    with pytest.raises(OutOfRange, match="Type quiet"):
        allocate.capacity(crowd.visit("ada"), {QUIET: 1}, terms=terms)
    assert allocate.capacity(crowd.visit("ada"), {QUIET: 1}, named="quiet", terms=terms)


def test_a_loan_comes_back_by_itself(crowd):
    until = crowd.clock() + timedelta(hours=1)
    allocate.capacity(crowd.visit("ada"), {BUSY: 24, QUIET: 16}, terms=Terms(until=until))
    assert carried_out(crowd, 1).state is State.DONE
    crowd.clock.now = until
    crowd.calendar.run_once()
    assert carried_out(crowd, 2).state is State.DONE
    assert units(crowd) == (20, 20)


def test_quota_follows_a_deployment_that_others_changed(crowd):
    body = {"sku": {"name": "GlobalStandard", "capacity": 15}}
    crowd.small.control.portal("PATCH", BUSY + VERSION, body)
    number = allocate.capacity(crowd.visit("ada"), {BUSY: 18, QUIET: 18})
    assert carried_out(crowd, number).state is State.ABORTED
    assert units(crowd) == (15, 20)
    again = allocate.capacity(crowd.visit("ada"), {BUSY: 18, QUIET: 18})
    assert carried_out(crowd, again).state is State.DONE


def test_the_account_of_others_is_none_of_this_ones_business(crowd):
    assert CHAT not in found(crowd, allocate.capacity(crowd.visit("ada"), {QUIET: 19})).resources
