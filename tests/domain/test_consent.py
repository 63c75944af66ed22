"""Which changes nobody makes alone: a table by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import capacity
from domain.consent import needed
from domain.plans import GONE, Leg
from tests.domain.estates import ACCOUNT, POOL

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
