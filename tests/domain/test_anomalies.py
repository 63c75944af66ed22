"""Jumps that are jumps, and weekends, growth and small change that are none."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.anomalies import ANOMALIES, found
from domain.variance import PARTS
from tests.domain.prices import charge, charges
from tests.domain.rows import day

MONDAY, LAST = day("2026-06-08"), day("2026-06-14")
WEEK = [10_000, 11_000, 10_500, 10_000, 11_000, 500, 300]


def bill(cents, last=LAST, **fields):
    days = [last - timedelta(days=it) for it in range(len(cents))][::-1]
    rows = zip(days, cents, strict=True)
    return [charge(day=at, cents=it, quantity=it * 4_000.0, **fields) for at, it in rows]


def judged(rows, since=MONDAY, last=LAST):
    return found(charges(*rows), since, last)


def weeks(many=8, **changed):
    """Weeks as usual, ending on a Sunday; changed: the last week's days, mon=..., by number."""
    values = WEEK * many
    for name, cents in changed.items():
        values[-7 + int(name[1:])] = cents
    return values


def test_a_jump_by_hand():
    told = judged(bill(weeks(d2=30_000)))
    assert list(told) == list(ANOMALIES)
    assert len(told) == 1
    row = told.iloc[0]
    assert (row["day"], row["unit"]) == (day("2026-06-10"), "retail")
    assert (row["cents"], row["usual"], row["against"]) == (30_000, 10_500, day("2026-06-03"))
    # three times as many tokens at the same price; 19,500 / (5 % of 10,500)
    assert {it: row[it] for it in PARTS if row[it]} == {"volume": 19_500}
    assert row["score"] == pytest.approx(19_500 / 525)


def test_a_fall_is_a_jump_too():
    row = judged(bill(weeks(d2=0))).iloc[0]
    assert (row["cents"], row["usual"], row["volume"]) == (0, 10_500, -10_500)


def test_the_causes_of_a_jump():
    rows = bill(WEEK * 8)[:-5]
    rows += [charge(day=day("2026-06-10"), cents=21_000, quantity=42_000_000.0, tier="priority")]
    row = judged(rows, last=day("2026-06-10")).iloc[0]
    assert {it: row[it] for it in PARTS if row[it]} == {"tier": 10_500}


@pytest.mark.parametrize(
    "cents",
    [
        weeks(),  # weekends are as they are
        weeks(d5=1_200),  # on a Saturday: seven units, which is small change
        weeks(d2=12_000),  # an eighth more
        [10_000 + 50 * it for it in range(56)],  # growth
        WEEK * 2 + [90_000] * 3,  # no three weeks
        [],
    ],
)
def test_no_anomaly(cents):
    assert judged(bill(cents)).empty


def test_a_jump_in_the_past_does_not_hide_the_next():
    values = weeks(d2=30_000)
    values[-7 * 3 + 2] = 40_000
    told = judged(bill(values))
    assert told["day"].tolist() == [day("2026-06-10")]
    assert told["usual"].tolist() == [10_500]


def test_each_unit_and_model_is_judged_for_itself():
    rows = (
        bill(weeks(d2=30_000))
        + bill(weeks(), unit="finance")
        + bill(weeks(d1=50_000), model="o3@2025-04-16")
    )
    told = judged(rows)
    assert told[["unit", "model"]].to_numpy().tolist() == [
        ["retail", "o3@2025-04-16"], ["retail", "gpt-4o@2024-11-20"],
    ]  # fmt: skip


def test_days_before_are_not_judged_again():
    assert judged(bill(weeks(d2=30_000)), since=day("2026-06-11")).empty


@settings(deadline=None, max_examples=15)
@given(some.integers(0, 6), some.integers(0, 10**6), some.integers(1, 1_000))
def test_the_causes_are_the_jump_from_the_day_it_is_held_against(at, cents, seed):
    noise = np.random.default_rng(seed).integers(-200, 200, 56)
    values = [int(max(0, it)) for it in np.array(WEEK * 8) + noise]
    values[-7 + at] = cents
    told = judged(bill(values))
    usual = [values[-7 * week + at] for week in range(2, 9)]
    for row in told.to_dict("records"):
        assert row["day"] == MONDAY + timedelta(days=at)
        against = values[-1 - (LAST - row["against"]).days]
        assert sum(row[it] for it in PARTS) == cents - against
    middle = float(np.median(usual))
    assert len(told) == 1 or abs(cents - middle) < max(1_000, 0.25 * middle, 5 * 400)
