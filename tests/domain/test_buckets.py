"""Exclusive buckets, by hand and for whatever a provider may count."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.buckets import exclusive, split
from domain.costs import BOOKED_DAYS, ESTATE_DAYS, USAGE_DAYS
from domain.faults import OutOfRange
from domain.frames import frame, records
from tests.domain.prices import CHAT, DAY, meter, meters
from tests.domain.rows import ACCOUNT, NOW, SUB, day

BOTH = meters(meter("in"), meter("cd", bucket="cached"))


def usage(*rows):
    plain = {
        "day": DAY, "resource": CHAT, "subscription": SUB, "source": "metrics", "product": "",
        "tier": "standard", "bucket": "prompt", "quantity": 1_000.0, "estimated": False,
        "seen_at": NOW,
    }  # fmt: skip
    return frame(USAGE_DAYS, [{**plain, **it} for it in rows])


def estate(*rows):
    plain = {
        "day": DAY, "resource": CHAT, "subscription": SUB, "account_id": ACCOUNT,
        "region": "westeurope", "model": "gpt-4o", "version": "2024-11-20",
        "sku": "GlobalStandard", "assumed": False,
    }  # fmt: skip
    return frame(ESTATE_DAYS, [{**plain, **it} for it in rows or [{}]])


def booked(*rows):
    plain = {"day": DAY, "subscription": SUB, "resource": ACCOUNT, "view": "amortized"}
    return frame(BOOKED_DAYS, [{**plain, **it} for it in rows])


SHARES = booked({"meter_id": "in", "quantity": 30.0}, {"meter_id": "cd", "quantity": 10.0})


def told(found):
    return [(it["bucket"], it["quantity"], it["estimated"]) for it in records(found)]


def test_the_worked_check_of_the_rules():
    found = exclusive(1_000_000, 600_000, 200_000, 120_000)
    assert (found.input, found.cached, found.output, found.reasoning) == (
        400_000, 600_000, 200_000, 120_000,
    )  # fmt: skip
    assert found.total == 1_200_000


@pytest.mark.parametrize("counts", [(10, 11, 5, 0), (10, -1, 5, 0), (10, 0, 5, 6), (10, 0, 5, -1)])
def test_counts_that_cannot_be_are_refused(counts):
    with pytest.raises(OutOfRange):
        exclusive(*counts)


@settings(deadline=None)
@given(some.data(), some.integers(0, 10**12), some.integers(0, 10**12))
def test_nothing_is_counted_twice(data, prompt, completion):
    cached = data.draw(some.integers(0, prompt))
    reasoning = data.draw(some.integers(0, completion))
    assert exclusive(prompt, cached, completion, reasoning).total == prompt + completion


def test_prompts_are_split_as_booked():
    rows = usage({"bucket": "output", "quantity": 5.0}, {}, {"bucket": "requests", "quantity": 2.0})
    assert told(split(rows, estate(), SHARES, BOTH)) == [
        ("output", 5, False), ("input", 750, True), ("cached", 250, True), ("requests", 2, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("bookings", "named"),
    [
        (booked(), BOTH),  # nothing booked yet
        (SHARES, meters(meter("in"))),  # who reads from a cache is not known
        (SHARES, meters(meter("in"), meter("cd", bucket="cached", source="suggested"))),
        (SHARES.assign(day=day("2026-06-11")), BOTH),  # another day
        (SHARES.assign(resource="/another/account"), BOTH),
        (SHARES.assign(view="actual"), BOTH),
    ],
)
def test_without_a_booked_split_a_prompt_stays_a_prompt(bookings, named):
    assert told(split(usage({}), estate(), bookings, named)) == [("prompt", 1000, False)]


def test_what_is_booked_without_a_cache_had_none():
    alone = booked({"meter_id": "in", "quantity": 30.0})
    assert told(split(usage({}), estate(), alone, BOTH)) == [("input", 1000, True)]


def test_a_deployment_that_nobody_saw_stays():
    assert told(split(usage({}), estate({"resource": "x"}), SHARES, BOTH)) == [
        ("prompt", 1000, False)
    ]


@settings(deadline=None)
@given(
    some.lists(some.integers(0, 10**9), min_size=1, max_size=8),
    some.integers(0, 10**6),
    some.integers(0, 10**6),
)
def test_a_split_conserves_every_row(quantities, uncached, cached):
    rows = usage(*({"quantity": float(it), "product": str(at)} for at, it in enumerate(quantities)))
    shares = booked(
        {"meter_id": "in", "quantity": float(uncached)},
        {"meter_id": "cd", "quantity": float(cached)},
    )
    found = split(rows, estate(), shares, BOTH)
    sums = found.groupby("product")["quantity"].sum().to_dict()
    assert {it: int(sums.get(str(it), 0)) for it in range(len(quantities))} == dict(
        enumerate(quantities)
    )
    assert found["quantity"].ge(0).all()
