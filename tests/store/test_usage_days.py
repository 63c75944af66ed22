"""The ledger keeps each day once, replaced whole, and forgets nothing else."""

from datetime import UTC, datetime

import pytest

from domain import frames
from domain.costs import BOOKED_DAYS, ESTATE_DAYS, USAGE_DAYS
from store import booked_days, estate_days, usage_days
from tests.store.conftest import NOW

ONE, TWO = "/subscriptions/s/a/one", "/subscriptions/s/a/two"


def day(number, month=1):
    return datetime(2026, month, number, tzinfo=UTC)


def used(at=5, bucket="prompt", quantity=1.0, **told):
    return {
        "day": day(at),
        "resource": f"{ONE}/deployments/chat",
        "subscription": "s",
        "source": "metrics",
        "product": "",
        "tier": "standard",
        "bucket": bucket,
        "quantity": quantity,
        "estimated": False,
        "seen_at": NOW,
        **told,
    }


def usage(*rows):
    return frames.frame(USAGE_DAYS, rows)


def month(read, *subscriptions):
    found = read(usage_days.of_month, "2026-01", subscriptions or ("s", "t"))
    assert dict(found.dtypes.astype(str)) == dict(USAGE_DAYS)
    names = ("day", "resource", "bucket", "quantity")
    return [
        (at.day, resource.rpartition("/")[2], bucket, quantity)
        for at, resource, bucket, quantity in zip(*(found[it] for it in names), strict=True)
    ]


def test_a_day_is_replaced_whole(begin, read):
    begin(usage_days.keep, usage(used(), used(bucket="output"), used(at=6)))
    begin(usage_days.keep, usage(used(quantity=7.0)))
    assert month(read) == [(5, "chat", "prompt", 7.0), (6, "chat", "prompt", 1.0)]


def test_keeping_twice_is_keeping_once(begin, read):
    for _ in range(2):
        begin(usage_days.keep, usage(used(), used(), used(bucket="output")))
    assert month(read) == [(5, "chat", "output", 1.0), (5, "chat", "prompt", 1.0)]


def test_another_source_and_subscription_stay(begin, read):
    other = {"resource": "/subscriptions/t/a/x/deployments/far", "subscription": "t"}
    gateway = {"source": "gateway", "product": "shop"}
    begin(usage_days.keep, usage(used(), used(**other), used(**gateway)))
    begin(usage_days.keep, usage(used(bucket="output")))
    assert len(month(read)) == 3
    assert month(read, "t") == [(5, "far", "prompt", 1.0)]


def test_an_account_is_replaced_for_a_stretch_and_others_stay(begin, read):
    two = {"resource": f"{TWO}/deployments/chat", "quantity": 2.0}
    begin(usage_days.keep, usage(used(4), used(5), used(6), used(5, **two)))
    begin(usage_days.replace, usage(), "metrics", [ONE], day(5), day(6))
    assert [it[0] for it in month(read)] == [4, 5, 6]
    assert month(read)[1][3] == 2.0
    assert read(usage_days.many, [ONE], "metrics") == 2
    assert read(usage_days.many, [TWO, ONE], "metrics") == 3


def test_an_account_whose_name_goes_on_is_another(begin, read):
    longer = {"resource": f"{ONE}-2/deployments/chat"}
    begin(usage_days.keep, usage(used(), used(**longer)))
    begin(usage_days.replace, usage(), "metrics", [ONE], day(1), day(31))
    assert len(month(read)) == 1


def test_months_end_where_the_next_begins(begin, read):
    begin(usage_days.keep, usage(used(31), used(1), used(day=day(1, 2))))
    assert [it[0] for it in month(read)] == [1, 31]


def test_a_frame_without_rows_changes_nothing(begin, read):
    begin(usage_days.keep, usage(used()))
    begin(usage_days.keep, usage())
    assert len(month(read)) == 1


def was(at=5, **told):
    return {
        "day": day(at),
        "resource": "r",
        "subscription": "s",
        "account_id": "a",
        "assumed": False,
        **told,
    }


def test_what_a_deployment_was_is_kept_by_the_day(begin, read):
    rows = [was(5, capacity=10.0), was(6, capacity=20.0, tags='{"unit": "hr"}')]
    begin(estate_days.keep, frames.frame(ESTATE_DAYS, rows))
    begin(estate_days.keep, frames.frame(ESTATE_DAYS, [was(6, capacity=30.0, tags="{}")]))
    found = read(estate_days.of_month, "2026-01", ["s"])
    assert dict(found.dtypes.astype(str)) == dict(ESTATE_DAYS)
    assert found["capacity"].tolist() == [10.0, 30.0]
    assert found["model"].isna().all()


def booked(at=5, cost=100, **told):
    return {
        "day": day(at),
        "subscription": "s",
        "resource": "a",
        "meter_id": "m",
        "view": "amortized",
        "charge": "Usage",
        "pricing": "OnDemand",
        "reservation": "",
        "cost_e8": cost,
        "currency": "EUR",
        "seen_at": NOW,
        **told,
    }


def bookings(*rows):
    return frames.frame(BOOKED_DAYS, rows)


def test_what_is_booked_is_replaced_for_a_stretch(begin, read):
    late = booked(7, cost=9_007_199_254_740_993)
    begin(booked_days.keep, bookings(booked(4), booked(5), booked(5, meter_id="gone"), late))
    begin(booked_days.replace, bookings(booked(5, cost=-3)), "s", day(5), day(7))
    found = read(booked_days.of_month, "2026-01", ["s"])
    assert dict(found.dtypes.astype(str)) == dict(BOOKED_DAYS)
    assert found["cost_e8"].tolist() == [100, -3, 9_007_199_254_740_993]
    assert read(booked_days.reach, "s") == (day(4), day(7), 3)
    assert read(booked_days.reach, "nobody") == (None, None, 0)
    assert read(booked_days.currencies) == ["EUR"]


def test_a_booked_day_is_replaced_whole(begin, read):
    begin(booked_days.keep, bookings(booked(5), booked(5, view="actual", charge="Purchase")))
    begin(booked_days.keep, bookings(booked(5, cost=1)))
    found = read(booked_days.between, day(1), day(8), ["s"])
    assert found["cost_e8"].tolist() == [1]


@pytest.mark.parametrize("verb", [usage_days.keep, estate_days.keep, booked_days.keep])
def test_nothing_is_nothing(begin, verb):
    columns = {"usage_days": USAGE_DAYS, "estate_days": ESTATE_DAYS, "booked_days": BOOKED_DAYS}
    begin(verb, frames.frame(columns[verb.__module__.partition(".")[2]], []))
