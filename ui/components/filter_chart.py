"""Charts of content filters: what was stopped day by day, how far from the baselines, and the
changes that moved either."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd
from plotly import graph_objects as go

from domain import filters
from ui.components import palette
from ui.components.charts import STRIPES, TEMPLATE
from ui.components.spent_chart import LINE, Note, plain

NAMED = 8
"""Changes that a chart names; the others are in the table."""
LEAST_DAYS = 2
"""Days from which on there is a course."""


def notes(changed: pd.DataFrame) -> list[Note]:
    """Times and words of changes; changed: frame FILTER_EDITS, the newest first."""
    told = changed.drop_duplicates(["at", "policy"]).head(NAMED)
    return [
        (it["at"], plain(f"{it['policy']}: {_by(it['kind'], it['way'])}"))
        for it in told.to_dict("records")
    ]


def _by(kind: str, way: str) -> str:
    return f"{way}, by Microsoft" if kind == filters.SYSTEM else way


def distances(days: pd.DataFrame, noted: Sequence[Note]) -> go.Figure:
    """Columns day, distance, below: a line of all steps, bars of the deployments below."""
    line = go.Scatter(
        name="Steps below the baselines", x=days["day"].tolist(), y=_numbers(days["distance"]),
        mode="lines+markers", line={"color": palette.LIMIT, "width": 2, "shape": "hv"},
        hovertemplate="%{y:,.0f} steps", connectgaps=False,
    )  # fmt: skip
    bars = go.Bar(
        name="Deployments below theirs", x=days["day"].tolist(), y=_numbers(days["below"]),
        marker={"color": palette.shade(palette.ACCENT, 0.3)}, yaxis="y2",
        hovertemplate="%{y:,.0f} deployments",
    )  # fmt: skip
    figure = go.Figure(
        [bars, line],
        go.Layout(
            template=TEMPLATE, height=300, showlegend=True,
            yaxis={"title": {"text": "Steps"}, "domain": [0.4, 1]},
            yaxis2={"title": {"text": "Deployments"}, "domain": [0, 0.28], "nticks": 3},
            xaxis={"title": {"text": "Day (UTC)"}, "tickformat": "%-d %b", "anchor": "y2"},
        ),
    )  # fmt: skip
    return _noted(figure, noted)


def stopped(
    days: pd.DataFrame, title: str, until: datetime, noted: Sequence[Note], height: int = 320
) -> go.Figure:
    """Columns day, category (words), requests: stacked bars by day; the day that is not over is
    hatched."""
    colours = palette.ranked(days.groupby("category")["requests"].sum()
                             .sort_values(ascending=False).index)  # fmt: skip
    bars = [_bar(it, days[days["category"].eq(it)], hue, until) for it, hue in colours.items()]
    figure = go.Figure(
        bars,
        go.Layout(
            template=TEMPLATE, barmode="stack", height=height, showlegend=len(bars) > 1,
            yaxis={"title": {"text": title}, "tickformat": ".3~s"},
            xaxis={"title": {"text": "Day (UTC)"}, "tickformat": "%-d %b"},
        ),
    )  # fmt: skip
    return _noted(figure, noted)


def _bar(name: str, rows: pd.DataFrame, colour: str, until: datetime) -> go.Bar:
    hatched = ["/" if it >= pd.Timestamp(until) else "" for it in rows["day"]]
    pattern = {"shape": hatched, "bgcolor": colour, "fgcolor": STRIPES, "size": 6, "solidity": 0.3}
    said = [" to date" if mark else "" for mark in hatched]
    return go.Bar(
        name=name, x=rows["day"].tolist(), y=_numbers(rows["requests"]), customdata=said,
        marker={"color": colour, "pattern": pattern}, hovertemplate="%{y:,.0f}%{customdata}",
    )  # fmt: skip


def _noted(figure: go.Figure, noted: Sequence[Note]) -> go.Figure:
    for number, (at, words) in enumerate(sorted(noted)):
        figure.add_vline(x=at, line={"color": palette.LIMIT, "width": 1, "dash": "dot"})
        figure.add_annotation(
            x=at, y=1, yref="paper", yanchor="top", xanchor="right", text=words,
            yshift=-LINE * (number % NAMED), showarrow=False, font={"color": palette.LIMIT},
        )  # fmt: skip
    return figure


def _numbers(values: "pd.Series[float]") -> list[float | None]:
    """Plain numbers; what was not measured stays a gap."""
    return [None if pd.isna(it) else float(it) for it in values]


def by_words(days: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Columns day, category (words), requests, each day once for each category; the smallest ones
    together, where there are more than colours."""
    most = days.groupby("category")["requests"].sum().sort_values(ascending=False).index
    few = most[len(palette.HUES) - 1 :]
    rest = dict.fromkeys(few, f"others ({len(few)})") if len(most) > len(palette.HUES) else {}
    told = days.assign(category=days["category"].map({**names, **rest}))
    return told.groupby(["day", "category"], as_index=False).agg({"requests": "sum"})
