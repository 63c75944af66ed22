"""What a month, quarter or year will have cost, from days that are complete, and when a budget
will be used up.

Exponential smoothing with a weekly season and a damped trend (statsmodels), its band from the
variance of the same model, so that the same days give the same figures. Too short a history is a
state of its own, never a number. A series takes some hundredths of a second: a page forecasts the
units that it shows, and the biller those that have a budget.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain.frames import TIME, WHOLE, Columns, fitted, frame

LEAST_DAYS, SEASONED_DAYS, MOST_DAYS, _WEEK = 14, 21, 120, 7
"""Shorter is no history; three weeks show a week; what is older says little of now."""
BAND = 80
_Z = 1.2815515655446004  # of a normal distribution, 80 % lie within
EXPECTED: Columns = {"day": TIME, "cents": WHOLE, "low": WHOLE, "high": WHOLE}
_Real = NDArray[np.float64]


class State(StrEnum):
    READY = "ready"
    SHORT = "insufficient history"
    OVER = "over"  # every day of the period is complete


@dataclass(frozen=True, eq=False)
class Forecast:
    """A period as it will have been, in cents; without READY or OVER there are no figures."""

    state: State
    days: pd.DataFrame
    """EXPECTED of the days that are still to come."""
    so_far: int
    expected: int | None = None
    low: int | None = None
    high: int | None = None
    history: int = 0
    """Days that it is drawn from."""

    @property
    def words(self) -> str:
        if self.state == State.SHORT:
            return f"Insufficient history: {self.history} of {LEAST_DAYS} days."
        return "Complete." if self.state == State.OVER else f"{BAND} % band."


def forecast(
    daily: pd.DataFrame, first: datetime, end: datetime, last: datetime | None = None
) -> Forecast:
    """The period from first up to end (not included), from columns day and cents of complete days,
    earlier periods included; `last` is the last complete day where it had no cost. A day between
    without a row cost nothing."""
    series = _series(daily, last)
    so_far = int(series[(series.index >= first) & (series.index < end)].sum())
    start = max(first, series.index[-1] + timedelta(days=1)) if len(series) else first
    ahead = pd.date_range(start, end - timedelta(days=1), freq="D", unit="us")
    if not len(ahead) and len(series):
        return Forecast(
            State.OVER, frame(EXPECTED, []), so_far, so_far, so_far, so_far, len(series)
        )
    if len(series) < LEAST_DAYS:
        return Forecast(State.SHORT, frame(EXPECTED, []), so_far, history=len(series))
    skipped = (start - series.index[-1]).days - 1
    known = series.iloc[-MOST_DAYS:].to_numpy().astype(np.float64)
    mean, effects = _ahead(known, skipped + len(ahead))
    days = _banded(ahead, mean[skipped:], _Z * np.sqrt(np.cumsum(effects**2))[skipped:], known)
    expected, spread = int(days["cents"].sum()), round(_Z * _spread_of_sum(effects, skipped))
    low = expected - spread
    return Forecast(
        state=State.READY,
        days=days,
        so_far=so_far,
        expected=so_far + expected,
        low=so_far + (max(0, low) if known.min() >= 0 else low),
        high=so_far + expected + spread,
        history=len(known),
    )


def exhausted(found: Forecast, budget_cents: int, daily: pd.DataFrame) -> datetime | None:
    """The day on which the budget of the period is used up, in fact or as expected; missing where
    it lasts or where nobody can say. `daily` are the period's own days."""
    past = daily.sort_values("day")[["day", "cents"]]
    days = pd.concat([past, found.days[["day", "cents"]]], ignore_index=True)
    beyond = days[days["cents"].cumsum().gt(budget_cents)]
    return None if beyond.empty else beyond["day"].iloc[0].to_pydatetime()


def _series(daily: pd.DataFrame, last: datetime | None) -> "pd.Series[int]":
    sums = daily.groupby("day")["cents"].sum().astype("int64")
    if sums.empty:
        return sums
    until = max(sums.index[-1], last) if last else sums.index[-1]
    found: pd.Series[int] = sums.reindex(
        pd.date_range(sums.index[0], until, freq="D", unit="us"), fill_value=0
    )
    return found[found.index <= last] if last else found


def _ahead(values: _Real, days: int) -> tuple[_Real, _Real]:
    """By day to come the expectation, and what a surprise of one standard deviation so many days
    before does to it (Hyndman and others, "Forecasting with exponential smoothing", 6.2)."""
    spread = float(np.std(values))
    if spread == 0:
        return np.full(days, values[-1]), np.zeros(days)
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    # In units of the spread: the optimiser knows no cents.
    scaled = (values - values.mean()) / spread
    season = {"seasonal": "add", "seasonal_periods": _WEEK} if len(values) >= SEASONED_DAYS else {}
    model = ExponentialSmoothing(
        scaled, trend="add", damped_trend=True, initialization_method="heuristic", **season
    )
    found = model.fit(optimized=True)
    mean = np.asarray(found.forecast(days), dtype=float) * spread + values.mean()
    level, trend = found.params["smoothing_level"], found.params["smoothing_trend"]
    damping, seasonal = found.params["damping_trend"], found.params["smoothing_seasonal"]
    at = np.arange(1, days)
    weekly = np.where(at % _WEEK == 0, seasonal if season else 0.0, 0.0)
    effects = level + level * trend * np.cumsum(damping**at) + weekly
    return mean, np.r_[1.0, effects] * float(np.std(found.resid)) * spread


def _spread_of_sum(effects: _Real, skipped: int) -> float:
    """The standard deviation of the sum over the days: a surprise goes on in all that follow."""
    days = len(effects)
    sums = np.r_[0.0, np.cumsum(effects)]
    # A surprise on day i moves the days from max(i, skipped) on.
    reach = [sums[days - i] - sums[max(0, skipped - i)] for i in range(days)]
    return float(np.sqrt(np.sum(np.square(reach))))


def _banded(days: pd.DatetimeIndex, mean: _Real, spread: _Real, known: _Real) -> pd.DataFrame:
    # What never was a credit will not become one.
    least = 0.0 if known.min() >= 0 else -np.inf
    columns = {"cents": mean, "low": mean - spread, "high": mean + spread}
    whole = {it: np.rint(np.maximum(of, least)).astype(np.int64) for it, of in columns.items()}
    return fitted(pd.DataFrame({"day": days, **whole}), EXPECTED)
