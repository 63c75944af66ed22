"""Chart builders: each returns a figure and shows nothing; show() is the one place that does."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from math import floor, log10
from typing import Any

import pandas as pd
import streamlit as st
from plotly import graph_objects as go

from ui import session
from ui.components import columns, palette, tables
from ui.components.numbers import short

TEMPLATE = go.layout.Template(
    layout={
        "colorway": list(palette.HUES),
        "font": {"family": "Inter Console, sans-serif", "size": 12},
        "hovermode": "x unified",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "bargap": 0.25,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0,
                   "traceorder": "normal"},
        "xaxis": {"automargin": True, "zeroline": False, "showgrid": False},
        "yaxis": {"automargin": True, "zeroline": False, "rangemode": "tozero", "nticks": 5},
    }
)  # fmt: skip
CONFIG = {"displaylogo": False, "displayModeBar": False, "scrollZoom": False}
STRIPES = "rgba(255,255,255,0.75)"
WIDE = 560
"""Pixels of a chart's rows as a table."""
LOW, HIGH = [0.0, 0.2], [0.3, 1.0]
"""Shares of the height for the refused requests and for what was used."""


def show(
    figure: go.Figure,
    key: str,
    alt: str,
    said: str = "",
    rows: pd.DataFrame | None = None,
    shown: columns.Columns = columns.POINTS,
) -> None:
    """The figure with its sentence, and its rows for who prefers a table; on the local cloud it
    says that the data is simulated."""
    foot = " · ".join(it for it in (said, "simulated data" if session.simulated() else "") if it)
    st.plotly_chart(figure, key=key, alt=alt, config=CONFIG)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if foot:
            st.caption(foot[0].upper() + foot[1:], width="content")
        if rows is not None:
            with st.popover(
                "Table", type="tertiary", icon=":material/table:", key=f"{key}-popover"
            ):
                tables.show(rows, shown, f"{key}-table", most=10, width=WIDE, alt=alt)


def usage(
    points: pd.DataFrame,
    by: str,
    colours: Mapping[str, str],
    names: Mapping[str, str],
    until: datetime,
) -> go.Figure:
    """Stacked bars of tokens by what they are split by, and below them the refused requests; the
    bucket that is not over yet is hatched.

    points: columns at, by, tokens, throttled; until: before when buckets are over."""
    bars = [
        _bar(names.get(it, it), rows["at"], rows["tokens"], colours.get(it, palette.ACCENT), until)
        for it, rows in _groups(points, by)
    ]
    refused = points.groupby("at")["throttled"].sum(min_count=1)
    below = _bar("Refused (429)", refused.index, refused, palette.REFUSED, until)
    below.update(yaxis="y2", showlegend=False)
    most = points.groupby("at")["tokens"].sum().max()
    return _two_storeys(
        [*bars, below], "Tokens", most, refused.max(), barmode="stack", height=330,
        showlegend=len(bars) > 1,
    )  # fmt: skip


def bars_across(
    rows: pd.DataFrame, label: str, value: str, split: str, title: str, colours: Mapping[str, str]
) -> go.Figure:
    """Horizontal stacked bars of a count: one bar for each label, one colour for each split."""
    order = rows.groupby(label)[value].sum().sort_values().index.tolist()
    bars = [
        go.Bar(
            name=name, y=part[label].tolist(), x=_numbers(part[value]), orientation="h",
            marker={"color": colours.get(name, palette.GREY)}, hovertemplate="%{x:,.0f}",
        )
        for name, part in _groups(rows, split)
    ]  # fmt: skip
    return _figure(
        bars,
        barmode="stack",
        hovermode="y unified",
        height=max(150, 70 + 24 * len(order)),
        xaxis={"title": {"text": title}, "nticks": 5, "showgrid": True},
        yaxis={"categoryorder": "array", "categoryarray": order, "showgrid": False, "dtick": 1},
    )


def minutes(rows: pd.DataFrame, limit: float | None) -> go.Figure:
    """Tokens by the minute against the limit, and the refused requests below."""
    line = go.Scatter(
        name="Tokens per minute", x=rows["minute"].tolist(), y=_numbers(rows["tokens"]),
        mode="lines+markers", line={"color": palette.ACCENT, "width": 2}, marker={"size": 4},
        hovertemplate="%{y:,.0f} TPM", connectgaps=False,
    )  # fmt: skip
    end = rows["minute"].max()
    refused = _bar("Refused (429)", rows["minute"], rows["throttled"], palette.REFUSED, end)
    refused.update(yaxis="y2")
    most = max(rows["tokens"].max() or 0, limit or 0)
    figure = _two_storeys([line, refused], "TPM", most, rows["throttled"].max(), height=330)
    if limit is not None:
        figure.add_hline(
            y=limit, line={"color": palette.LIMIT, "width": 1.5, "dash": "dash"},
            annotation={"text": f"limit {short(limit)} TPM", "font": {"color": palette.LIMIT}},
        )  # fmt: skip
    return figure


def beside_limit(seen: Mapping[str, float | None], limit: float | None, unit: str) -> go.Figure:
    """What was observed as bars against the limit as a line, in one unit."""
    known = {name: value for name, value in seen.items() if value is not None}
    bar = go.Bar(
        x=list(known.values()), y=list(known), orientation="h", width=0.55, showlegend=False,
        marker={"color": palette.ACCENT}, hovertemplate="%{x:,.0f}<extra></extra>",
    )  # fmt: skip
    most = max([*known.values(), limit or 0.0])
    figure = _figure(
        [bar],
        height=125,
        hovermode="closest",
        xaxis={"title": {"text": unit}, **_ticks(most), "range": [0, most * 1.15 or 1]},
        yaxis={"autorange": "reversed", "showgrid": False},
        margin={"l": 8, "r": 8, "t": 22, "b": 8},
    )
    if limit is not None:
        figure.add_vline(
            x=limit, line={"color": palette.LIMIT, "width": 2, "dash": "dash"},
            annotation={"text": f"limit {short(limit)}", "font": {"color": palette.LIMIT},
                        "y": 1, "yanchor": "bottom", "xanchor": "center"},
        )  # fmt: skip
    return figure


def _bar(
    name: str,
    times: "pd.Index[Any] | pd.Series[Any]",
    values: "pd.Series[Any]",
    colour: str,
    until: datetime,
) -> go.Bar:
    hatched = ["/" if it >= pd.Timestamp(until) else "" for it in times]
    pattern = {"shape": hatched, "bgcolor": colour, "fgcolor": STRIPES, "size": 6, "solidity": 0.3}
    marker = {"color": colour, "pattern": pattern}
    words = [short(it) + (" to date" if mark else "") for it, mark in zip(values, hatched, strict=True)]  # fmt: skip  # noqa: E501
    return go.Bar(
        name=name, x=list(times), y=_numbers(values), marker=marker, customdata=words,
        hovertemplate="%{customdata}",
    )  # fmt: skip


def _two_storeys(
    traces: Sequence[Any], title: str, most: float, refused: float, **layout: Any
) -> go.Figure:
    return _figure(
        traces,
        yaxis={"title": {"text": title}, "domain": HIGH, **_ticks(most)},
        yaxis2={"title": {"text": "429s"}, "domain": LOW, "zeroline": False, **_ticks(refused, 2)},
        xaxis={"anchor": "y2", "title": {"text": "Time (UTC)"}},
        **layout,
    )


def _ticks(most: float, steps: int = 4) -> dict[str, Any]:
    """Even steps up to the largest value, in k, M and B; none where nothing was measured."""
    if pd.isna(most) or most <= 0:
        return {"range": [0, 1], "tickvals": [0], "ticktext": ["0"]}
    rough = most / steps
    size = 10 ** floor(log10(rough))
    step = next(it * size for it in (1, 2, 2.5, 5, 10) if it * size >= rough)
    values = [step * it for it in range(steps + 1) if step * it <= most * 1.1]
    return {"tickvals": values, "ticktext": [short(it) for it in values], "range": [0, most * 1.08]}


def _figure(traces: Sequence[Any], **layout: Any) -> go.Figure:
    return go.Figure(list(traces), go.Layout(template=TEMPLATE, **layout))


def _groups(rows: pd.DataFrame, by: str) -> Iterable[tuple[str, pd.DataFrame]]:
    """Parts of a frame by a text, in the order in which they come."""
    return ((str(name), part) for name, part in rows.groupby(by, sort=False))


def _numbers(values: "pd.Series[Any]") -> list[float | None]:
    """Plain numbers; what was not measured stays a gap."""
    return [None if pd.isna(it) else float(it) for it in values]
