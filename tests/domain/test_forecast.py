"""Forecasts of series whose future is known, and of those that have none."""

from datetime import timedelta
from time import perf_counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.forecast import State, exhausted, forecast
from tests.domain.rows import day

FIRST, END = day("2026-06-01"), day("2026-07-01")
WEEK = [100, 110, 120, 110, 100, 20, 10]


def daily(cents, last="2026-06-20"):
    until = day(last)
    days = [until - timedelta(days=it) for it in range(len(cents))][::-1]
    rows = pd.DataFrame({"day": pd.array(days, "datetime64[us, UTC]"), "cents": cents})
    return rows.astype({"cents": "Int64"})


def test_a_week_goes_on_as_it_was():
    found = forecast(daily(WEEK * 6), FIRST, END)
    assert (found.state, len(found.days), found.history) == (State.READY, 10, 42)
    # 42 days end on a 10: the next are 100 110 120 110 100 20 10 100 110 120
    assert found.days["cents"].tolist() == pytest.approx([*WEEK, 100, 110, 120], abs=2)
    assert found.expected == found.so_far + found.days["cents"].sum()
    assert found.low <= found.expected <= found.high


def test_growth_is_damped_and_goes_on():
    found = forecast(daily([1_000 + 10 * it for it in range(40)]), FIRST, END)
    assert 1_390 < found.days["cents"].iloc[-1] < 1_520


def test_what_is_constant_stays():
    found = forecast(daily([50] * 20), FIRST, END)
    assert (found.expected, found.low, found.high) == (1_500, 1_500, 1_500)


def test_too_short_a_history_has_no_figure():
    found = forecast(daily([50] * 13), FIRST, END)
    assert (found.state, found.expected, found.so_far) == (State.SHORT, None, 650)
    assert found.words == "Insufficient history: 13 of 14 days."
    assert forecast(daily([]), FIRST, END).state == State.SHORT


def test_two_weeks_are_enough():
    assert forecast(daily(WEEK * 2), FIRST, END).state == State.READY


def test_a_period_that_is_over_is_what_it_was():
    found = forecast(daily([7] * 60, "2026-07-05"), FIRST, END)
    assert (found.state, found.expected, found.so_far) == (State.OVER, 210, 210)


def test_complete_days_without_cost_are_of_the_history():
    rows = daily([50] * 20, "2026-06-10")
    assert forecast(rows, FIRST, END, day("2026-06-20")).so_far == 500
    assert len(forecast(rows, FIRST, END, day("2026-06-20")).days) == 10


def test_the_same_days_give_the_same_figures():
    values = np.random.default_rng(1).integers(100, 1_000, 60).tolist()
    one, other = (forecast(daily(values), FIRST, END) for _ in range(2))
    assert one.days.equals(other.days)
    assert (one.low, one.high) == (other.low, other.high)


def test_a_series_is_quick():
    values = np.random.default_rng(1).integers(100, 1_000, 90).tolist()
    forecast(daily(values), FIRST, END)  # imports
    start = perf_counter()
    forecast(daily(values), FIRST, END)
    assert perf_counter() - start < 3  # a tenth of a second, on a machine that does nothing else


@pytest.mark.parametrize(
    ("budget", "when"),
    [(100, "2026-06-03"), (1_000, "2026-06-21"), (1_250, "2026-06-26"), (1_500, None)],
)
def test_when_a_budget_is_used_up(budget, when):
    rows = daily([50] * 20)
    found = forecast(rows, FIRST, END)
    assert exhausted(found, budget, rows) == (when and day(when))


@settings(deadline=None, max_examples=15)
@given(some.lists(some.integers(0, 10**9), max_size=60), some.integers(0, 20))
def test_a_band_holds_its_figure_and_the_days_add_up(values, before):
    found = forecast(daily(values, f"2026-06-{20 - before or 1:02d}"), FIRST, END)
    if found.state == State.READY:
        assert found.low <= found.expected <= found.high
        assert (found.days["low"] <= found.days["cents"]).all()
        assert (found.days["cents"] <= found.days["high"]).all()
        assert found.days["low"].min() >= 0
        assert found.expected == found.so_far + found.days["cents"].sum()
