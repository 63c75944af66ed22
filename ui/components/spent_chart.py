"""The chart of a month: cost by day, stacked by unit, with the month before as a line."""

from collections.abc import Mapping, Sequence

import pandas as pd
from plotly import graph_objects as go

from domain import spending
from ui.components import numbers, palette
from ui.components.charts import STRIPES, TEMPLATE
from ui.costs import View

Note = tuple[pd.Timestamp, str]
"""A day and the words that explain its jump."""
MIDDLE = 15
LINE = 14
"""Pixels between the words of neighbouring days, which would lie on each other."""


def figure(
    view: View, colours: Mapping[str, str], names: Mapping[str, str], notes: Sequence[Note] = ()
) -> go.Figure:
    """Bars by day and unit; days that are not booked are hatched."""
    daily = spending.daily(view.now)
    until = pd.Timestamp(view.booked_until, tz="UTC") if view.booked_until else None
    bars = [
        _bar(
            plain(names.get(str(unit), str(unit))),
            rows,
            colours.get(str(unit), palette.GREY),
            until,
            view,
        )
        for unit, rows in daily.groupby("unit", sort=False)
    ]
    drawn = go.Figure(
        [*bars, *_before(view)],
        go.Layout(
            template=TEMPLATE, barmode="relative", height=330, showlegend=True,
            yaxis={"title": {"text": view.currency}, "tickformat": ".3~s", "rangemode": "normal"},
            xaxis={"title": {"text": "Day (UTC)"}, "tickformat": "%-d %b"},
        ),
    )  # fmt: skip
    for number, (at, words) in enumerate(sorted(notes)):
        drawn.add_vline(x=at, line={"color": palette.LIMIT, "width": 1, "dash": "dot"})
        side = "left" if at.day <= MIDDLE else "right"  # words that stick out widen the axis
        drawn.add_annotation(x=at, y=1, yref="paper", yanchor="top", xanchor=side, text=words,
                             yshift=-LINE * (number % 3), showarrow=False,
                             font={"color": palette.LIMIT})  # fmt: skip
    return drawn


def plain(text: str) -> str:
    """Text of others in a chart, which reads a little HTML."""
    return text.replace("<", "").replace(">", "").replace("&", "and")


def _bar(
    name: str, rows: pd.DataFrame, colour: str, until: pd.Timestamp | None, view: View
) -> go.Bar:
    hatched = ["/" if until is None or it > until else "" for it in rows["day"]]
    pattern = {"shape": hatched, "bgcolor": colour, "fgcolor": STRIPES, "size": 6, "solidity": 0.3}
    words = [
        ("est. " if mark else "") + numbers.money(it, view.currency)
        for it, mark in zip(rows["cents"], hatched, strict=True)
    ]
    return go.Bar(
        name=name, x=rows["day"].tolist(), y=(rows["cents"] / 100).astype(float).tolist(),
        marker={"color": colour, "pattern": pattern}, customdata=words,
        hovertemplate="%{customdata}",
    )  # fmt: skip


def _before(view: View) -> list[go.Scatter]:
    """The month before, day by day, laid over this one."""
    if view.before.empty or view.now.empty:
        return []
    rows = view.before.groupby("day")["cents"].sum()
    if view.running:  # the day that is there in part would look like a fall
        rows = rows[[it.day < view.until.day for it in rows.index]]
    first = view.now["day"].min().replace(day=1)
    there = [first + pd.Timedelta(days=it.day - 1) for it in rows.index]
    line = {"color": palette.GREY, "width": 2, "dash": "dot"}
    return [
        go.Scatter(
            name="Month before", x=there, y=(rows / 100).astype(float).tolist(), line=line,
            mode="lines", customdata=[numbers.money(it, view.currency) for it in rows],
            hovertemplate="%{customdata}",
        )
    ]  # fmt: skip
