"""What weakened or changed, since when and by whom; how far from its baseline each was day by
day."""

from datetime import datetime

import pandas as pd
import streamlit as st

from domain import filters
from ui import courses, journal, safety, scope, session
from ui.components import (
    charts,
    columns,
    filter_cells,
    filter_chart,
    filter_columns,
    filter_words,
    numbers,
    tables,
)
from ui.safety import View

LOOSE = ("looser", "different")


def show(view: View) -> None:
    """Distance over time, what is other than demanded since when, and every change."""
    begins = scope.beginning(view.held, session.at())
    changed = courses.edits(view, begins)
    _course(view, changed)
    st.subheader("Weaker or different than demanded, since when", anchor=False)
    _deviations(view, begins)
    st.subheader("Policies and blocklists that changed", anchor=False)
    edits(changed)
    st.subheader("Deployments that were given another policy", anchor=False)
    _repointed(view, begins)


def _course(view: View, changed: pd.DataFrame) -> None:
    days = courses.days(view)
    if len(days) < filter_chart.LEAST_DAYS:
        st.caption(
            ":material/remove: How far the deployments were from their baselines is kept once a "
            f"day from the console's first look on: {numbers.counted(len(days), 'day')} so far."
        )
        return
    last = days.iloc[-1]
    charts.show(
        filter_chart.distances(days, filter_chart.notes(changed)),
        key="drift-course",
        alt="Steps by which deployments fall short of their baselines, day by day",
        said=f"{numbers.exact(last['distance'])} steps over {numbers.exact(last['measured'])} "
        f"deployments on {numbers.day(last['day'])}",
        rows=days,
        shown=filter_columns.DISTANCES,
    )


def _deviations(view: View, begins: datetime) -> None:
    rows = deviations(view)
    if rows.empty:
        st.caption("Nothing is looser or different than its baseline demands.")
        return
    new = int(rows["since"].ge(pd.Timestamp(begins)).fillna(False).sum())
    event = tables.show(
        rows, filter_columns.DRIFT, tables.keyed("drift", rows), pick=("single-cell",), most=12,
        alt="Filters that do less than demanded, the newest first",
    )  # fmt: skip
    safety.open_deployment(tables.cell_picked(event, rows, "Deployment"))
    st.caption(f"{numbers.counted(len(rows), 'filter')}, {new:,} first seen in this period")


def deviations(view: View) -> pd.DataFrame:
    """Filters and modes that are looser or different, the newest first, with whose they are and
    who last changed what they come from."""
    cells = safety.cells(view, view.rows)
    cells = cells[cells["way"].isin(LOOSE)].reset_index(drop=True)
    both = list(zip(cells["category"], cells["direction"], strict=True))
    told = cells.assign(
        filter=filter_words.texts([filters.called(*it) for it in both]),
        now=filter_cells.text(cells),
    )
    modes = safety.modes(view, view.rows)
    modes = modes.assign(filter="Mode", now=filter_cells.marked(modes))
    names = ["resource", "filter", "now", "since"]
    about = ["resource", "deployment", "account", "policy_words", "unit_name", "changed_by"]
    rows = pd.concat([told[names], modes[names]], ignore_index=True)
    furthest = view.rows[about].reset_index(drop=True).rename_axis("place").reset_index()
    rows = rows.merge(furthest, on="resource", how="inner")
    return rows.sort_values(
        ["since", "place"], ascending=[False, True], na_position="last", ignore_index=True
    )


def edits(rows: pd.DataFrame, key: str = "filter-edits") -> None:
    """What changed of policies and blocklists, as a table."""
    if rows.empty:
        st.caption("None in this period.")
        return
    if many := int(rows["kind"].eq(filters.SYSTEM).fillna(False).sum()):
        said = "change is" if many == 1 else "changes are"
        st.warning(
            f"{many:,} {said} Microsoft's own: what a default policy blocks is other than it was, "
            "and nobody here decided that.",
            icon=":material/policy_alert:",
        )
    event = tables.show(
        rows, filter_columns.EDITS, tables.keyed(key, rows), pick=("single-cell",), most=10,
        alt="What changed of policies and blocklists, the newest first",
    )  # fmt: skip
    named = tables.cell_picked(event, rows, filter_columns.EDITS["policy"].heading)
    safety.open_policy(named if "/raipolicies/" in named else "")
    st.caption(numbers.counted(len(rows), "change"))


def _repointed(view: View, begins: datetime) -> None:
    rows = journal.outside(view.held, view.rows, begins)
    rows = rows[rows["what"].eq(courses.POINTED).fillna(False)].reset_index(drop=True)
    if rows.empty:
        st.caption("None in this period.")
        return
    tables.show(rows, columns.OUTSIDE, "repointed", most=8,
                alt="Deployments that were given another filter policy")  # fmt: skip
    st.caption(numbers.counted(len(rows), "change"))
