"""The chart of a budget: cumulative cost, the budget as a line, the band of what is expected."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from plotly import graph_objects as go

from domain.forecast import Forecast, State
from ui.components import numbers, palette
from ui.components.charts import TEMPLATE

SHADE = "rgba(47,141,156,0.22)"


def figure(
    currency: str, row: Mapping[str, Any], daily: pd.DataFrame, found: Forecast
) -> go.Figure:
    ahead = _ahead(found)
    past = daily[daily["day"] < ahead["day"].iloc[0]] if len(ahead) else daily
    spent = past["cents"].cumsum()
    lines = [_line("Spent", past["day"], spent, currency)]
    if len(ahead):
        ahead = _joined(past["day"], spent, ahead)
        lines = [*_band(ahead), *lines, _line("Expected", ahead["day"], ahead["sum"], currency,
                                              "dash")]  # fmt: skip
    drawn = go.Figure(
        lines,
        go.Layout(
            template=TEMPLATE, height=300, showlegend=True,
            yaxis={"title": {"text": currency}, "tickformat": ".3~s", "rangemode": "tozero"},
            xaxis={"title": {"text": "Day (UTC)"}, "tickformat": "%-d %b",
                   "range": [row["first"], row["end"]]},
        ),
    )  # fmt: skip
    budget = int(row["budget_cents"])
    drawn.add_hline(
        y=budget / 100, line={"color": palette.LIMIT, "width": 2, "dash": "dash"},
        annotation={"text": f"budget {numbers.money(budget, currency)}", "xanchor": "left", "x": 0,
                    "font": {"color": palette.LIMIT}},
    )  # fmt: skip
    return drawn


def _ahead(found: Forecast) -> pd.DataFrame:
    """What is expected, summed up; the band of the sum is exact at the end and grows towards it as
    the days' own bands do."""
    if found.state != State.READY or found.days.empty or found.expected is None:
        return found.days.iloc[:0]
    days = found.days
    total = found.so_far + days["cents"].cumsum().astype(float)
    grown = (days["high"] - days["cents"]).astype(float).cumsum()
    share = grown / grown.iloc[-1] if grown.iloc[-1] else grown
    low, high = found.low or 0, found.high or 0
    return days.assign(
        sum=total,
        low=(total - share * (found.expected - low)).clip(lower=found.so_far),
        high=total + share * (high - found.expected),
    )


def _joined(days: "pd.Series[Any]", spent: "pd.Series[int]", ahead: pd.DataFrame) -> pd.DataFrame:
    """What is expected, from where the spent ends."""
    if days.empty:
        return ahead
    now = float(spent.iloc[-1])
    point = {"day": [days.iloc[-1]], "sum": [now], "low": [now], "high": [now]}
    columns = list(point)
    return pd.concat([pd.DataFrame(point), ahead[columns]], ignore_index=True)


def _line(
    name: str, days: "pd.Series[Any]", cents: "pd.Series[Any]", currency: str, dash: str = "solid"
) -> go.Scatter:
    words = [numbers.money(round(it), currency) for it in cents]
    return go.Scatter(
        name=name, x=days.tolist(), y=(cents / 100).astype(float).tolist(), mode="lines",
        line={"color": palette.ACCENT, "width": 2, "dash": dash}, customdata=words,
        hovertemplate="%{customdata}",
    )  # fmt: skip


def _band(ahead: pd.DataFrame) -> list[go.Scatter]:
    plain = {"x": ahead["day"].tolist(), "mode": "lines", "line": {"width": 0},
             "showlegend": False, "hoverinfo": "skip"}  # fmt: skip
    low = go.Scatter(y=(ahead["low"] / 100).astype(float).tolist(), **plain)
    high = go.Scatter(y=(ahead["high"] / 100).astype(float).tolist(), fill="tonexty",
                      fillcolor=SHADE, **plain)  # fmt: skip
    return [low, high]
