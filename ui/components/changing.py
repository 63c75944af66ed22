"""Why a month cost more or less than the one before, in causes whose sum is the difference."""

import pandas as pd
import streamlit as st

from domain import variance
from domain.frames import records
from ui import costs, session
from ui.components import cost_columns, numbers, repricing, tables
from ui.components.spent_chart import Note, plain
from ui.costs import View
from ui.data import Scope, bills

MOST_NOTES = 3


SEEN = 0.02
"""Of a usual day's total: a smaller jump does not show in a bar."""


def notes(view: View, held: Scope) -> list[Note]:
    """What explains the chart: the days that jumped most, and those on which prices changed."""
    return [*_jumps(view, held), *repricing.notes(view)]


def _jumps(view: View, held: Scope) -> list[Note]:
    """One note for a day; none that nobody would see."""
    if view.head is None or costs.some(held):
        return []
    rows = costs.mine(bills.anomalies(view.head, view.until), held, placed=False)
    usual_day = abs(view.cents) / max(1, view.now["day"].nunique())
    large = (rows["cents"] - rows["usual"]).abs() >= SEEN * usual_day
    found: dict[pd.Timestamp, str] = {}
    for it in records(rows[large.fillna(False)]):
        name = session.tree().name(str(it["unit"]))
        more = numbers.exact((it["cents"] - it["usual"]) / 100)
        sign = "" if more.startswith("-") else "+"
        found.setdefault(it["day"], f"{plain(name)} {sign}{more}")
    return list(found.items())[:MOST_NOTES]


def show(view: View, held: Scope) -> None:
    """The sentence, and below it the causes by unit."""
    if view.head is None or view.earlier is None:
        return
    known = costs.mine(bills.variance(view.head, view.earlier, view.until), held)
    summed = ["before_cents", *variance.PARTS, "after_cents"]
    rows = known.groupby("unit", as_index=False)[summed].sum()
    if rows.empty:
        return
    st.subheader("Why it changed", anchor=False)
    total = {name: int(rows[name].sum()) for name in summed}
    st.markdown(variance.words(total, view.currency))
    rows = rows.assign(name=rows["unit"].map(session.tree().name))
    moved = (rows["after_cents"] - rows["before_cents"]).abs()
    rows = rows.assign(moved=moved).sort_values("moved", ascending=False, ignore_index=True)
    rows = pd.concat([rows, pd.DataFrame([{"name": "Total", **total}])], ignore_index=True)
    tables.show(rows, cost_columns.causes(view.currency), "causes",
                alt="Causes of the change by business unit, total in the last row")  # fmt: skip
    st.caption(f"{view.title} against {view.against}.")
