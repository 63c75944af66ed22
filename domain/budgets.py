"""Budgets of units: how much of a period is spent, how much will be, which thresholds are crossed.

A budget of ours stops nothing: it tells people. Beside every limit stands who enforces it, what it
counts, how late it reacts and what bypasses it, so that no page promises a stop that nobody makes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from domain import months
from domain.cents import CENT
from domain.decisions import CROSSINGS
from domain.forecast import Forecast, State, exhausted, forecast
from domain.frames import REAL, TEXT, TIME, WHOLE, Columns, frame, records
from domain.units import Tree

JUDGED: Columns = {  # one budget in the period that runs, in cents
    "budget": WHOLE,
    "unit": TEXT,
    "grain": TEXT,
    "period": TEXT,  # 2026-10, 2026-Q4, 2026
    "first": TIME,
    "end": TIME,
    "thresholds": TEXT,
    "budget_cents": WHOLE,
    "actual": WHOLE,
    "prorated": WHOLE,  # the budget's part for the days that are complete
    "percent": REAL,  # actual, of the budget
    "forecast": WHOLE,
    "low": WHOLE,
    "high": WHOLE,
    "state": TEXT,  # of the forecast: ready, insufficient history, over
    "exhausted_on": TIME,  # in fact or as expected
}
_LENGTH = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class Limit:
    """A thing that people take for a stop, and what it is."""

    what: str
    enforced_by: str
    counts: str
    late_by: str
    bypassed_by: str


LIMITS = (
    Limit(
        "Budget in this console",
        "Nobody: people are told within minutes of booking",
        "Cost of the unit, booked and estimated, provisioned throughput included",
        "Booking lags 8 to 48 hours; the forecast warns before",
        "Everything: it does not stop any request",
    ),
    Limit(
        "Budget in Azure",
        "Nobody: mails and action groups",
        "Booked cost of a subscription, a group or a filter, in one currency",
        "Evaluated about once a day, on cost that is 8 to 48 hours old",
        "Everything: it does not stop any request",
    ),
    Limit(
        "Token limit of the gateway",
        "The gateway: 429 by the minute, 403 for a total",
        "Tokens of one product through the gateway",
        "The request after the one that crosses it",
        "Calls to the endpoint that do not go through the gateway",
    ),
    Limit(
        "Cost control in Foundry (preview)",
        "Foundry: alert or block",
        "Estimated spend or tokens of a resource or project",
        "As fast as its estimate",
        "Models and usage that the estimate does not hold, such as provisioned throughput",
    ),
    Limit(
        "Quota (tokens per minute)",
        "Azure: 429",
        "Estimated tokens of a minute, not money",
        "At once",
        "Time: a full minute of every minute is allowed",
    ),
)


def period(grain: str, month: str) -> str:
    """The period of a budget that a month is in: 2026-10, 2026-Q4, 2026."""
    if grain == "month":
        return month
    year, number = month.split("-")
    return year if grain == "year" else f"{year}-Q{(int(number) + 2) // 3}"


def span(grain: str, month: str) -> tuple[datetime, datetime]:
    """Its first moment and the first that is not in it."""
    length = _LENGTH[grain]
    begins = months.after(month, -((int(month[5:]) - 1) % length))
    return months.first(begins), months.first(months.after(begins, length))


def judged(
    budgets: pd.DataFrame, daily: pd.DataFrame, tree: Tree, month: str, last: datetime
) -> pd.DataFrame:
    """JUDGED: the budgets in force in this month. `daily` has unit, day and cents, history
    included; a unit's cost is its own and that of everything below it. `last` is the last complete
    day; what is known of later days counts as spent and not towards the forecast."""
    rows = []
    for it in records(budgets):
        if it["starts"] <= month and (pd.isna(it["ends"]) or month < it["ends"]):
            mine = daily[daily["unit"].isin(tree.below([it["unit"]]))]
            rows.append(_judged(it, mine, month, last))
    return frame(JUDGED, rows)


def crossed(judged: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """CROSSINGS: which thresholds the actual cost has reached, and the expected cost will."""
    rows = []
    for it in records(judged):
        for kind, cents in (("actual", it["actual"]), ("forecast", it["forecast"])):
            if pd.isna(cents):
                continue
            for threshold in map(int, it["thresholds"].split(",")):
                if int(cents) * 100 >= it["budget_cents"] * threshold:
                    told = {"budget": it["budget"], "period": it["period"], "kind": kind}
                    rows.append({**told, "threshold": threshold, "at": now})
    return frame(CROSSINGS, rows)


def _judged(
    budget: Mapping[str, Any], daily: pd.DataFrame, month: str, last: datetime
) -> dict[str, object]:
    first, end = span(budget["grain"], month)
    cents = int(budget["amount_e8"]) // CENT
    within = daily[daily["day"].ge(first) & daily["day"].lt(end)]
    actual = int(within["cents"].sum())
    found = forecast(daily[daily["day"].le(last)], first, end, last)
    done = min(max((last + timedelta(days=1) - first).days, 0), (end - first).days)
    return {
        **{it: budget[it] for it in ("unit", "grain", "thresholds")},
        "budget": budget["id"],
        "period": period(budget["grain"], month),
        "first": first,
        "end": end,
        "budget_cents": cents,
        "actual": actual,
        "prorated": cents * done // (end - first).days,
        "percent": actual * 100 / cents if cents else None,
        **_figures(found, actual),
        "exhausted_on": _exhausted(found, cents, within, last),
    }


def _figures(found: Forecast, actual: int) -> dict[str, object]:
    """What is expected is never less than what is spent already."""
    told: dict[str, object] = {"state": found.state.value}
    for name, value in (("forecast", found.expected), ("low", found.low), ("high", found.high)):
        told[name] = None if value is None else max(value, actual)
    return told


def _exhausted(
    found: Forecast, cents: int, within: pd.DataFrame, last: datetime
) -> datetime | None:
    by_day = within.groupby("day")["cents"].sum().reset_index()
    if found.state == State.READY:
        by_day = by_day[by_day["day"].le(last)]
    return exhausted(found, cents, by_day)
