"""Chart builders: each returns a figure and shows nothing; show() is the one place that does."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st
from plotly import graph_objects as go

from ui import session
from ui.components import palette

TEMPLATE = go.layout.Template(
    layout={
        "colorway": list(palette.HUES),
        "font": {"family": "Inter Console, sans-serif", "size": 12},
        "hovermode": "x unified",
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "bargap": 0.25,
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "title": {"text": ""}},
        "xaxis": {"automargin": True, "zeroline": False, "showgrid": False},
        "yaxis": {"automargin": True, "zeroline": False, "rangemode": "tozero", "nticks": 5},
    }
)  # fmt: skip
CONFIG = {"displaylogo": False, "displayModeBar": False, "scrollZoom": False}


def show(figure: go.Figure, key: str, alt: str, said: str = "") -> None:
    """The figure with its sentence; on the local cloud it says that the data is simulated."""
    foot = " · ".join(it for it in (said, "simulated data" if session.simulated() else "") if it)
    st.plotly_chart(figure, key=key, alt=alt, config=CONFIG)
    if foot:
        st.caption(foot[0].upper() + foot[1:])


def usage(points: pd.DataFrame, by: str, colours: Mapping[str, str], words: Mapping[str, str]) -> go.Figure:  # fmt: skip
    """Stacked bars of tokens by what they are split by, and below them the refused requests.

    points: columns at, by, tokens, throttled."""
    bars = [
        go.Bar(
            name=words.get(value, value), x=rows["at"].tolist(), y=_numbers(rows["tokens"]),
            marker={"color": colours.get(value, palette.GREY)},
            hovertemplate="%{y:.3s}",
        )
        for value, rows in points.groupby(by, sort=False)
    ]  # fmt: skip
    refused = points.groupby("at")["throttled"].sum(min_count=1)
    bars.append(
        go.Bar(
            name="Refused (429)", x=refused.index.tolist(), y=_numbers(refused), yaxis="y2",
            marker={"color": palette.REFUSED}, hovertemplate="%{y:,.0f} requests", showlegend=False,
        )
    )  # fmt: skip
    return _figure(
        bars,
        barmode="stack",
        height=300,
        yaxis={"title": {"text": "Tokens"}, "domain": [0.3, 1], "tickformat": ".2s"},
        yaxis2={"title": {"text": "429s"}, "domain": [0, 0.2], "nticks": 3, "rangemode": "tozero",
                "tickformat": ".2s", "automargin": True, "zeroline": False},
        xaxis={"anchor": "y2", "title": {"text": "Time (UTC)"}},
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
        for name, part in rows.groupby(split, sort=False)
    ]  # fmt: skip
    return _figure(
        bars,
        barmode="stack",
        hovermode="y unified",
        height=max(150, 60 + 24 * len(order)),
        xaxis={"title": {"text": title}, "nticks": 5},
        yaxis={"categoryorder": "array", "categoryarray": order, "showgrid": False},
    )


def minutes(rows: pd.DataFrame, limit: float | None) -> go.Figure:
    """Tokens by the minute against the limit, and the refused requests below."""
    times = rows["minute"].tolist()
    traces = [
        go.Scatter(
            name="Tokens per minute", x=times, y=_numbers(rows["tokens"]), mode="lines+markers",
            line={"color": palette.ACCENT, "width": 2}, marker={"size": 4},
            hovertemplate="%{y:,.0f} TPM",
        ),
        go.Bar(
            name="Refused (429)", x=times, y=_numbers(rows["throttled"]), yaxis="y2",
            marker={"color": palette.REFUSED}, hovertemplate="%{y:,.0f} requests",
        ),
    ]  # fmt: skip
    figure = _figure(
        traces,
        height=300,
        yaxis={"title": {"text": "TPM"}, "domain": [0.32, 1], "tickformat": ".2s"},
        yaxis2={"title": {"text": "429s"}, "domain": [0, 0.2], "nticks": 3, "rangemode": "tozero",
                "automargin": True, "zeroline": False},
        xaxis={"anchor": "y2", "title": {"text": "Time (UTC)"}},
    )  # fmt: skip
    return _limited(figure, limit, "limit")


def beside_limit(seen: Mapping[str, float | None], limit: float | None, unit: str) -> go.Figure:
    """What was observed as bars against the limit as a line, in one unit."""
    known = {name: value for name, value in seen.items() if value is not None}
    bar = go.Bar(
        x=list(known.values()), y=list(known), orientation="h", width=0.5, showlegend=False,
        marker={"color": palette.ACCENT}, hovertemplate="%{x:,.0f} " + unit + "<extra></extra>",
    )  # fmt: skip
    figure = _figure(
        [bar],
        height=130,
        hovermode="closest",
        xaxis={"title": {"text": unit}, "tickformat": ".3s", "rangemode": "tozero", "nticks": 5},
        yaxis={"autorange": "reversed", "showgrid": False},
    )
    if limit is not None:
        figure.add_vline(x=limit, line={"color": palette.LIMIT, "width": 2, "dash": "dash"},
                         annotation={"text": "limit", "font": {"color": palette.LIMIT}})  # fmt: skip
    return figure


def _limited(figure: go.Figure, limit: float | None, word: str) -> go.Figure:
    if limit is not None:
        figure.add_hline(
            y=limit, line={"color": palette.LIMIT, "width": 1.5, "dash": "dash"}, yref="y",
            annotation={"text": word, "font": {"color": palette.LIMIT}},
        )  # fmt: skip
    return figure


def _figure(traces: Sequence[object], **layout: object) -> go.Figure:
    return go.Figure(list(traces), go.Layout(template=TEMPLATE, **layout))


def _numbers(values: "pd.Series[float]") -> list[float | None]:
    """Plain numbers; what was not measured stays a gap."""
    return [None if pd.isna(it) else float(it) for it in values]
