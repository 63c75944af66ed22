"""The chart of a metric: what each run found over time, with the threshold of its gate."""

from collections.abc import Sequence
from datetime import timedelta

from plotly import graph_objects as go

from domain.criteria import LEAST_PAIRS, Criterion
from domain.evaluations import Evaluation
from ui.components import palette
from ui.components.charts import TEMPLATE


def figure(course: Sequence[Evaluation], criterion: Criterion | None) -> go.Figure:
    """One point for each run, hollow where it had too few pairs. course: the oldest first."""
    values = [it.value for it in course]
    wanted = [criterion.threshold] if criterion else []
    low, high = min(values + wanted), max(values + wanted)
    room = (high - low or abs(high) or 1.0) * 0.15
    short = course[-1].ran_at - course[0].ran_at < timedelta(days=7)
    day = 86_400_000 if short else None  # otherwise a day is named at each half of it
    symbols = ["circle" if it.pairs >= LEAST_PAIRS else "circle-open" for it in course]
    drawn = go.Figure(
        [go.Scatter(
            name="Result", x=[it.ran_at for it in course], y=values, mode="lines+markers",
            line={"color": palette.ACCENT, "width": 2}, marker={"size": 9, "symbol": symbols},
            text=[f"{it.pairs:,} pairs" for it in course],
            hovertemplate="%{y} over %{text}<extra></extra>",
        )],
        go.Layout(template=TEMPLATE, height=170, showlegend=False,
                  yaxis={"range": [low - room, high + room], "rangemode": "normal"},
                  xaxis={"tickformat": "%-d %b", "nticks": 6, "dtick": day}),
    )  # fmt: skip
    if criterion:
        drawn.add_hline(
            y=criterion.threshold, line={"color": palette.LIMIT, "width": 2, "dash": "dash"},
            annotation={"text": f"{criterion.compares} {criterion.threshold:g}", "x": 1,
                        "xanchor": "right", "font": {"color": palette.LIMIT}},
        )  # fmt: skip
    return drawn
