"""A pool as one bar: its holders, what nobody explains, what is free, and the limit."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from plotly import graph_objects as go

from ui import session
from ui.components import charts, numbers, palette
from ui.components.charts import TEMPLATE

MOST = 12
"""Holders that get a part of the bar each; the rest is one part."""
EMPTY = "rgba(128,128,128,0.12)"
NOBODY = "rgba(128,128,128,0.42)"
EDGE = {"color": "rgba(128,128,128,0.6)", "width": 1}


def show(pool: "pd.Series[Any]", rows: pd.DataFrame) -> None:
    """The bar with its sentence."""
    parts = parts_of(pool, rows)
    colours = palette.units(session.tree())
    charts.show(
        figure(pool, parts, colours),
        key="pool-bar",
        alt="The holders of this pool side by side, what is free, and the limit",
        said=_said(pool, rows),
    )


def parts_of(pool: "pd.Series[Any]", rows: pd.DataFrame) -> list[tuple[str, float, str]]:
    """Name, units and business unit of each part, the largest holders first; what is of others
    and what nobody explains come after them."""
    known = rows.dropna(subset=["capacity"]).sort_values("capacity", ascending=False)
    first, rest = known.head(MOST), known.iloc[MOST:]
    parts = [
        (f"{it['deployment']} ({it['account']})", float(it["capacity"]), str(it["unit"]))
        for it in first.to_dict("records")
    ]
    if len(rest):
        parts.append((f"others ({len(rest)})", float(rest["capacity"].sum()), ""))
    hidden = _float(pool["allocated"]) - float(known["capacity"].sum())
    if hidden > 0:
        parts.append(("deployments of other units", hidden, ""))
    if (unexplained := _float(pool["unexplained"])) > 0:
        parts.append(("unexplained", unexplained, "?"))
    return parts


def figure(
    pool: "pd.Series[Any]", parts: list[tuple[str, float, str]], colours: Mapping[str, str]
) -> go.Figure:
    bars = [_part(*it, colours) for it in parts]
    if (free := _float(pool["free"])) > 0:
        bars.append(_bar("free", free, {"color": EMPTY, "line": EDGE}))
    most = max([_float(pool["limit"]), sum(units for _, units, _ in parts)])
    layout = go.Layout(
        template=TEMPLATE,
        barmode="stack",
        height=120,
        hovermode="closest",
        showlegend=False,
        margin={"l": 8, "r": 8, "t": 26, "b": 8},
        xaxis={"title": {"text": f"Units ({numbers.text(pool['unit_words'])} each)"},
               "range": [0, most * 1.04 or 1], "showgrid": False, "nticks": 8},
        yaxis={"visible": False},
    )  # fmt: skip
    drawn = go.Figure(bars, layout)
    if not pd.isna(pool["limit"]):
        drawn.add_vline(
            x=float(pool["limit"]), line={"color": palette.LIMIT, "width": 2, "dash": "dash"},
            annotation={"text": f"limit {numbers.exact(pool['limit'])}", "y": 1,
                        "font": {"color": palette.LIMIT}, "yanchor": "bottom", "xanchor": "right"},
        )  # fmt: skip
    return drawn


def _part(name: str, units: float, unit: str, colours: Mapping[str, str]) -> go.Bar:
    if unit == "?":
        return _bar(name, units, {"color": NOBODY, "line": EDGE})
    ground = {"color": "rgba(255,255,255,0.9)", "width": 1}
    return _bar(name, units, {"color": colours.get(unit, palette.GREY), "line": ground})


def _bar(name: str, units: float, marker: dict[str, Any]) -> go.Bar:
    return go.Bar(
        name=name, x=[units], y=[""], orientation="h", width=0.6, marker=marker,
        text=f"{name.partition(' (')[0]} {units:,.0f}", textposition="inside",
        insidetextanchor="middle", textangle=0, constraintext="inside", textfont=_font(marker),
        hovertemplate=f"{name}<br>%{{x:,.0f}} units<extra></extra>",
    )  # fmt: skip


def _font(marker: dict[str, Any]) -> dict[str, Any]:
    """Grey on what is hardly there, so that it is read on either ground."""
    return {"color": "#7B858E"} if marker["color"] in (EMPTY, NOBODY) else {}


def _said(pool: "pd.Series[Any]", rows: pd.DataFrame) -> str:
    largest = rows.dropna(subset=["capacity"]).sort_values("capacity", ascending=False)
    first = ""
    if len(largest) and _float(pool["limit"]):
        share = float(largest["capacity"].iloc[0]) / _float(pool["limit"])
        first = f"{largest['deployment'].iloc[0]} holds {share:.0%} of the limit; "
    return f"{first}{numbers.exact(pool['free'])} units are free; colours are business units"


def _float(value: Any) -> float:
    return 0.0 if pd.isna(value) else float(value)
