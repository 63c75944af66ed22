"""Budgets by hand: periods, prorated parts, thresholds, and what stops whom."""

from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.budgets import LIMITS, crossed, judged, period, span
from domain.decisions import BUDGETS, CROSSINGS
from domain.frames import frame
from domain.units import CONTOSO
from tests.domain.rows import NOW, day


def budget(**fields):
    return frame(BUDGETS, [{
        "id": 1, "unit": "retail", "grain": "month", "currency": "EUR",
        "amount_e8": 30_00 * 1_000_000, "thresholds": "80,100", "starts": "2026-01",
        "said_by": "ada", "at": NOW, **fields,
    }])  # fmt: skip


def daily(cents, last="2026-06-15", unit="retail-stores", many=60):
    days = [day(last) - timedelta(days=it) for it in range(many)]
    rows = pd.DataFrame({"day": pd.array(days, "datetime64[us, UTC]"), "cents": cents})
    return rows.assign(unit=unit).astype({"cents": "Int64", "unit": "string"})


def one(cents=100, last="2026-06-15", many=60, **fields):
    found = judged(budget(**fields), daily(cents, last, many=many), CONTOSO, "2026-06", day(last))
    assert len(found) == 1
    return found, found.iloc[0]


@pytest.mark.parametrize(
    ("grain", "month", "named", "first", "end"),
    [
        ("month", "2026-06", "2026-06", "2026-06-01", "2026-07-01"),
        ("quarter", "2026-06", "2026-Q2", "2026-04-01", "2026-07-01"),
        ("quarter", "2026-12", "2026-Q4", "2026-10-01", "2027-01-01"),
        ("quarter", "2026-01", "2026-Q1", "2026-01-01", "2026-04-01"),
        ("year", "2026-06", "2026", "2026-01-01", "2027-01-01"),
    ],
)
def test_a_period(grain, month, named, first, end):
    assert period(grain, month) == named
    assert span(grain, month) == (day(first), day(end))


def test_half_a_month_by_hand():
    _, row = one()  # 1.00 a day, 15 of 30 days, 30.00 for the month
    assert (row["budget_cents"], row["actual"], row["prorated"]) == (3_000, 1_500, 1_500)
    assert (row["percent"], row["forecast"], row["state"]) == (50, 3_000, "ready")
    assert pd.isna(row["exhausted_on"])


def test_when_it_will_be_used_up():
    _, row = one(cents=150)  # 22.50 so far, 20 days make 30.00
    assert (row["forecast"], row["exhausted_on"]) == (4_500, day("2026-06-21"))


def test_a_short_history_has_no_forecast():
    found, row = one(many=10)
    assert (row["state"], row["actual"]) == ("insufficient history", 1_000)
    assert pd.isna(row["forecast"])
    assert crossed(found, NOW).empty


@pytest.mark.parametrize(
    ("cents", "told"),
    [
        (79, []),  # 11.85 so far, 23.70 in the end
        (80, [("forecast", 80)]),
        (100, [("forecast", 80), ("forecast", 100)]),
        (160, [("actual", 80), ("forecast", 80), ("forecast", 100)]),
        (200, [("actual", 80), ("actual", 100), ("forecast", 80), ("forecast", 100)]),
    ],
)
def test_thresholds(cents, told):
    found = crossed(one(cents)[0], NOW)
    assert list(found) == list(CROSSINGS)
    assert list(zip(found["kind"], found["threshold"], strict=True)) == told


@pytest.mark.parametrize(
    ("fields", "many"),
    [
        ({"starts": "2026-07"}, 0),
        ({"starts": "2026-06"}, 1),
        ({"ends": "2026-06"}, 0),
        ({"ends": "2026-07"}, 1),
    ],
)
def test_a_budget_is_for_its_months(fields, many):
    found = judged(budget(**fields), daily(100), CONTOSO, "2026-06", day("2026-06-15"))
    assert len(found) == many


def test_another_unit_spends_nothing_of_it():
    rows = daily(100, unit="finance")
    found = judged(budget(), rows, CONTOSO, "2026-06", day("2026-06-15"))
    assert found["actual"].tolist() == [0]


def test_what_is_not_complete_is_spent_and_not_forecast_twice():
    found = judged(budget(), daily(100, "2026-06-16"), CONTOSO, "2026-06", day("2026-06-15"))
    assert (found["actual"].iloc[0], found["forecast"].iloc[0]) == (1_600, 3_000)


def test_no_budget_of_ours_claims_to_stop_anything():
    assert [it.enforced_by.startswith("Nobody") for it in LIMITS] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert all(it.counts and it.late_by and it.bypassed_by for it in LIMITS)


@settings(deadline=None, max_examples=15)
@given(
    some.integers(0, 10**9),
    some.integers(1, 10**12),
    some.sampled_from(["month", "quarter", "year"]),
)
def test_a_threshold_is_crossed_in_fact_only_with_the_money(cents, amount, grain):
    found, row = one(cents, grain=grain, amount_e8=amount * 1_000_000)
    told = crossed(found, NOW)
    actual = told[told["kind"].eq("actual")]["threshold"].tolist()
    assert actual == [it for it in (80, 100) if row["actual"] * 100 >= amount * it]
    assert 0 <= row["prorated"] <= amount
    assert row["forecast"] >= row["actual"]
