"""The chart of maturity: scores over time on the ground of the four levels, with the target."""

from collections.abc import Sequence

from plotly import graph_objects as go

from domain.maturity import LEVELS, MOST, Assessment
from ui.components import palette
from ui.components.charts import TEMPLATE

GROUND = "rgba(47,141,156,{})"


def figure(course: Sequence[Assessment]) -> go.Figure:
    """One point for each assessment; the target as it was last set."""
    drawn = go.Figure(
        [_line(course)],
        go.Layout(
            template=TEMPLATE, height=280, showlegend=False,
            yaxis={"title": {"text": f"Score of {MOST}"}, "range": [0, MOST],
                   "tickvals": [it.first for it in LEVELS] + [MOST], "showgrid": False},
            xaxis={"title": {"text": "Day of the assessment (UTC)"}, "tickformat": "%-d %b %Y",
                   "nticks": 6},
        ),
    )  # fmt: skip
    for it in LEVELS:
        top = it.last + 1 if it.last < MOST else MOST
        drawn.add_hrect(
            y0=it.first, y1=top, line={"width": 0}, layer="below",
            fillcolor=GROUND.format(0.04 + 0.05 * it.number),
            annotation={"text": f"{it.number} {it.name}", "xanchor": "left", "x": 0, "y": top,
                        "yanchor": "top", "font": {"color": palette.GREY}},
        )  # fmt: skip
    target = course[-1].target
    if target is not None:
        drawn.add_hline(
            y=target, line={"color": palette.LIMIT, "width": 2, "dash": "dash"},
            annotation={"text": f"target {target}", "xanchor": "right", "x": 1,
                        "font": {"color": palette.LIMIT}},
        )  # fmt: skip
    return drawn


def _line(course: Sequence[Assessment]) -> go.Scatter:
    return go.Scatter(
        name="Score", x=[it.assessed_on for it in course], y=[it.score for it in course],
        mode="lines+markers", line={"color": palette.ACCENT, "width": 2, "shape": "hv"},
        marker={"size": 8}, hovertemplate="%{y}",
    )  # fmt: skip
