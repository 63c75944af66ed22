"""Which changes nobody makes alone: a table by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import capacity
from domain.consent import TOGETHER, WITHIN, alone, needed
from domain.plans import GONE, Leg, Plan, State
from tests.domain.estates import ACCOUNT, POOL
from tests.world import NOON

PRODUCTION = "production is among it"
LARGE = "it is a large change"
PTU = "provisioned throughput is billed by the hour"


def resized(before, after, name="chat", sku="Standard", pool=POOL):
    told = (capacity.sized(sku, it) for it in (before, after))
    return Leg("capacity", f"{ACCOUNT}/deployments/{name}", "e", *told, pool, after - before)


def made(units, sku="Standard", *, gone=False):
    spec = capacity.made({"sku": sku, "capacity": units, "model": "gpt-4o"})
    values = (spec, GONE) if gone else (GONE, spec)
    resource = f"{ACCOUNT}/deployments/new"
    return Leg("deployment", resource, "", *values, POOL, -units if gone else units)


def upgrade(name="chat"):
    told = (capacity.upgraded(it) for it in capacity.UPGRADES[:2])
    return Leg("upgrade", f"{ACCOUNT}/deployments/{name}", "e", *told)


WHERE = {f"{ACCOUNT}/deployments/live": "Prod", f"{ACCOUNT}/deployments/chat": "dev"}


@pytest.mark.parametrize(
    ("legs", "limit", "why"),
    [
        ([], 1_000, ""),
        ([resized(10, 20)], 1_000, ""),
        ([resized(10, 20, "bare")], 1_000, ""),
        ([resized(10, 11, "live")], 1_000, PRODUCTION),
        ([resized(11, 10, "live")], 1_000, PRODUCTION),
        ([resized(10, 9), resized(10, 11, "live")], 1_000, PRODUCTION),
        ([upgrade("live")], None, PRODUCTION),
        ([upgrade()], None, ""),
        # a quarter of the pool is not yet large
        ([resized(10, 260)], 1_000, ""),
        ([resized(10, 261)], 1_000, LARGE),
        ([resized(90, 0)], 320, LARGE),
        # many small changes are a large one; a move counts once
        ([resized(10, 110, it) for it in "abc"], 1_000, LARGE),
        ([resized(210, 110, "a"), resized(10, 110, "b"), resized(10, 60, "c")], 1_000, ""),
        ([resized(210, 110, "a", pool="other"), resized(10, 210, "b")], 1_000, ""),
        # more than half of its own, from 100 units on
        ([resized(100, 150)], 1_000, ""),
        ([resized(100, 151)], 1_000, LARGE),
        ([resized(100, 49)], 1_000, LARGE),
        ([resized(99, 10)], 1_000, ""),
        ([resized(100, 151)], None, LARGE),
        # PTU
        ([resized(15, 20, sku="ProvisionedManaged")], 1_000, PTU),
        ([resized(20, 15, sku="GlobalProvisionedManaged")], 1_000, ""),
        ([made(15, "ProvisionedManaged")], 1_000, PTU),
        ([made(10)], 1_000, ""),
        ([made(260)], 1_000, LARGE),
        ([made(10, gone=True)], 1_000, "a deployment is deleted"),
        ([made(15, "ProvisionedManaged", gone=True)], 1_000, "a deployment is deleted"),
        ([Leg("purge", "x", "", "held", GONE)], None, "a purge cannot be undone"),
        ([Leg("tags", f"{ACCOUNT}/deployments/live", "e", "{}", '{"a": "b"}')], None, ""),
        (
            [resized(100, 20, "live"), made(15, "ProvisionedManaged")],
            1_000,
            f"{PRODUCTION}; {LARGE}; {PTU}",
        ),
    ],
)
def test_who_must_ask_and_why(legs, limit, why):
    assert needed(legs, WHERE, {POOL: limit} if limit else {}) == why


@settings(max_examples=100, deadline=None)
@given(
    amounts=some.lists(some.integers(1, 90), min_size=1, max_size=8),
    limit=some.integers(100, 1_000),
)
def test_cutting_a_change_into_pieces_helps_nobody(amounts, limit):
    pieces = [resized(10, 10 + it, f"d{at}") for at, it in enumerate(amounts)]
    whole = [resized(10, 10 + sum(amounts))]
    assert needed(pieces, WHERE, {POOL: limit}) == needed(whole, WHERE, {POOL: limit})


@settings(max_examples=100, deadline=None)
@given(
    amounts=some.lists(some.integers(1, 90), min_size=1, max_size=8),
    limit=some.integers(100, 1_000),
)
def test_nor_does_it_help_to_cut_it_into_plans(amounts, limit):
    """As soon as it is large in all, the next piece needs a second person."""
    pieces = [resized(10, 10 + it, f"d{at}") for at, it in enumerate(amounts)]
    for at, piece in enumerate(pieces):
        whole = needed(pieces[: at + 1], WHERE, {POOL: limit})
        assert bool(needed([piece], WHERE, {POOL: limit}, pieces[:at])) == bool(whole)


@pytest.mark.parametrize(
    ("before", "legs", "why"),
    [
        ([resized(10, 210, "a")], [resized(10, 60, "b")], ""),
        ([resized(10, 210, "a")], [resized(10, 61, "b")], TOGETHER),
        ([resized(210, 10, "a")], [resized(61, 10, "b")], TOGETHER),
        # what is large by itself is called so
        ([resized(10, 210, "a")], [resized(10, 271, "b")], LARGE),
        ([resized(10, 210, "a")], [resized(10, 61, "live")], f"{PRODUCTION}; {TOGETHER}"),
        # the other pool, the other way, and what makes it less
        ([resized(10, 210, "a", pool="other")], [resized(10, 61, "b")], ""),
        ([resized(10, 210, "a")], [resized(61, 10, "b")], ""),
        ([resized(10, 300, "a")], [resized(50, 40, "a")], ""),
        ([resized(10, 300, "a")], [upgrade()], ""),
        # there and back and there again is once there
        ([resized(10, 210, "a"), resized(210, 10, "a")], [resized(10, 210, "a")], ""),
        # of one deployment more than half, in two halves
        ([resized(100, 130)], [resized(130, 150)], ""),
        ([resized(100, 130)], [resized(130, 151)], TOGETHER),
        ([resized(99, 60)], [resized(60, 40)], ""),
        ([resized(100, 160)], [resized(160, 155)], ""),
        # deployments made and taken away are among it
        ([made(200)], [resized(10, 61, "b")], TOGETHER),
    ],
)
def test_what_was_changed_alone_before_counts(before, legs, why):
    assert needed(legs, WHERE, {POOL: 1_000}, before) == why


def plan(number, units=10, **told):
    return Plan((resized(10, 10 + units),), "t/ada", "why", NOON, id=number, **told)


@pytest.mark.parametrize(
    ("told", "counts"),
    [
        ({}, True),
        ({"state": State.SOURCE_DOWN}, True),
        ({"state": State.DONE, "ended_at": NOON - WITHIN / 2}, True),
        ({"state": State.NEEDS_PERSON, "ended_at": NOON - WITHIN / 2}, True),
        ({"state": State.DONE, "ended_at": NOON - WITHIN}, False),
        ({"state": State.REVERTED, "ended_at": NOON}, False),
        ({"state": State.WITHDRAWN, "ended_at": NOON}, False),
        # somebody else looks at it, or has
        ({"state": State.PROPOSED, "policy": LARGE}, False),
        ({"state": State.DONE, "policy": LARGE, "ended_at": NOON}, False),
        # the end of what is not counted
        ({"undoes": 7}, False),
    ],
)
def test_what_counts_towards_the_next(told, counts):
    one = plan(1, **told)
    assert alone([one], NOON) == (one.legs if counts else ())


def test_what_takes_back_counts_with_what_it_takes_back():
    both = [plan(1), plan(2, -10, undoes=1)]
    assert [it.amount for it in alone(both, NOON)] == [10, -10]
