"""What begins or goes back by itself, and when: a table by time and a small timeline."""

from datetime import datetime, timedelta

import pandas as pd
import streamlit as st
from plotly import graph_objects as go

from ui import scope
from ui.components import charts, columns, numbers, palette, tables

MOST = 12
"""Plans that the timeline shows."""
LEAST = timedelta(minutes=30)
"""How wide a change without an end is drawn."""


def show(rows: pd.DataFrame, now: datetime) -> None:
    """The agenda; a click opens the plan. Nothing at all where nothing is scheduled."""
    if rows.empty:
        return
    st.subheader("Calendar", anchor=False)
    left, right = st.columns([1.3, 1], gap="medium")
    with left:
        event = tables.show(
            rows, columns.AGENDA, f"agenda-{len(rows)}", pick=("single-cell",), most=6,
            alt="What begins or goes back by itself, the next first",
        )  # fmt: skip
        if (cells := event["selection"]["cells"]) and cells[0][0] < len(rows):
            scope.open_plan(int(rows["plan"].iloc[cells[0][0]]))
        st.caption(sentence(rows))
    with right:
        charts.show(
            timeline(rows, now),
            key="agenda-chart",
            alt="When changes begin and go back",
            said="each bar is one plan, from its beginning to when it goes back",
        )


def sentence(rows: pd.DataFrame) -> str:
    """What comes next: "Next: plan 12 goes back Friday 2026-11-20 18:00 UTC"."""
    first = rows.iloc[0]
    return f"Next: plan {first['plan']} {first['what']} {first['at']:%A %Y-%m-%d %H:%M} UTC"


def timeline(rows: pd.DataFrame, now: datetime) -> go.Figure:
    """One bar per plan from its beginning, or now, to when it goes back, with a line at now."""
    plans = rows.drop_duplicates("plan").head(MOST)
    begins = plans["starts_at"].fillna(pd.Timestamp(now))
    begins = begins.mask(begins < pd.Timestamp(now), pd.Timestamp(now))
    ends = plans["until"].fillna(begins + LEAST)
    spans = (ends - begins).dt.total_seconds() * 1_000
    lasting = plans["until"].notna()
    bars = go.Bar(
        base=[it.isoformat() for it in begins], x=spans.tolist(),
        y=[f"plan {it}" for it in plans["plan"]], orientation="h", width=0.5,
        marker={"color": [palette.ACCENT if it else palette.GREY for it in lasting]},
        customdata=[_until(it) for it in plans["until"]],
        hovertemplate="%{y}: from %{base|%a %Y-%m-%d %H:%M}, %{customdata}<extra></extra>",
        showlegend=False,
    )  # fmt: skip
    figure = go.Figure([bars], {"template": charts.TEMPLATE})
    figure.update_layout(
        height=max(130, 70 + 26 * len(plans)),
        hovermode="closest",
        xaxis={"type": "date", "showgrid": True, "tickformat": "%a %d %b\n%H:%M"},
        yaxis={"autorange": "reversed", "showgrid": False, "dtick": 1},
    )
    figure.add_vline(x=now.isoformat(), line={"color": palette.LIMIT, "width": 1.5, "dash": "dash"})
    return figure


def _until(at: "pd.Timestamp | None") -> str:
    return "for good" if at is None or pd.isna(at) else f"until {numbers.moment(at)}, then back"
