"""The part of a day that a month is compared by: its lines add up to what its sums say, whatever
rounding does to each."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import bill, spending
from domain.costs import CHARGES
from domain.frames import frame

LAST = datetime(2026, 10, 18, tzinfo=UTC)
LINES = some.lists(
    some.fixed_dictionaries({
        "day": some.sampled_from([LAST, LAST - timedelta(days=1)]),
        "unit": some.sampled_from(["retail", "finance"]),
        "subscription": some.sampled_from(["s", ""]),
        "line": some.sampled_from(["usage", "adjustment"]),
        "basis": some.just("booked"),
        "method": some.just("direct"),
        "resource": some.just("a"),
        "account_id": some.just(""),
        "model": some.just(""),
        "bucket": some.sampled_from(["output", ""]),
        "quantity": some.none() | some.floats(0, 1e9),
        "cents": some.integers(-10**7, 10**7),
        "amount_e8": some.just(0),
    }),
    max_size=25,
)  # fmt: skip
BY = ["unit", "subscription"]


def sums_of(rows):
    return rows.groupby(BY)["cents"].sum().to_dict()


@settings(deadline=None, max_examples=150)
@given(LINES, some.integers(1, 1_439))
def test_the_lines_of_a_part_of_a_day_add_up_to_its_sums(lines, minutes):
    charges = frame(CHARGES, lines)
    sums = bill.summed(charges)
    until = datetime(2026, 11, 18, tzinfo=UTC) + timedelta(minutes=minutes)
    told = spending.part_of_day(charges, sums, until)
    wanted = spending.same_days(sums, "2026-11", until)
    wanted = wanted[wanted["day"].eq(pd.Timestamp(LAST))]
    assert sums_of(told) == sums_of(wanted)
    assert len(told) == sum(it["day"] == LAST for it in lines)
    # Rounding moves at most half a cent of each sum and each line, never another sign's money.
    share = minutes / 1_440
    whole = charges[charges["day"].eq(pd.Timestamp(LAST))].groupby(BY)["cents"].agg(["sum", "size"])
    exact = whole["sum"].astype(float) * share
    off = np.abs(told.groupby(BY)["cents"].sum().astype(float) - exact)
    assert (off <= whole["size"] / 2 + 1e-6).all()


@settings(deadline=None, max_examples=50)
@given(LINES, some.integers(1, 1_439))
def test_a_part_of_a_day_and_the_rest_of_it_are_the_day_but_for_rounding(lines, minutes):
    charges = frame(CHARGES, lines)
    sums = bill.summed(charges)
    start = datetime(2026, 11, 18, tzinfo=UTC)
    parts = [
        spending.part_of_day(charges, sums, start + timedelta(minutes=it))["cents"].sum()
        for it in (minutes, 1_440 - minutes)
    ]
    day = charges[charges["day"].eq(pd.Timestamp(LAST))]
    assert abs(sum(parts) - day["cents"].sum()) <= len(day)


def test_nothing_of_a_day_that_has_just_begun():
    charges = frame(CHARGES, [{"day": LAST, "unit": "retail", "cents": 100}])
    told = spending.part_of_day(charges, bill.summed(charges), datetime(2026, 11, 18, tzinfo=UTC))
    assert told.empty
    assert list(told) == list(CHARGES)
