"""One deployment over time: its last hour, its plans, what was noticed about it."""

from collections.abc import Callable

import pandas as pd
import streamlit as st

from actions.visit import Visit
from domain.plans import ENDS
from ui import data, faults, scope, words
from ui.components import charts, columns, numbers, states, tables, undoing

MOST = 20


def last_hour(resource: str, row: "pd.Series[str]") -> None:
    """Asked of Azure now; a question that fails is said here and nowhere else."""
    with faults.shown():
        with st.spinner("Asking Azure for the last hour ..."):
            rows = data.last_hour(resource, row["region"])
        if rows["requests"].notna().sum() == 0:
            states.not_measured("The last hour", "Azure has no minute with a request.")
            return
        limit = None if pd.isna(row["limit_tpm"]) else float(row["limit_tpm"])
        peak, refused = rows["tokens"].max(), rows["throttled"].sum(min_count=1)
        charts.show(
            charts.minutes(rows, limit),
            key="minutes",
            alt="Tokens by the minute over the last hour against the limit, with refused requests",
            said=f"busiest minute {numbers.exact(peak)} tokens, {numbers.exact(refused)} requests "
            "refused with 429, asked of Azure just now",
            rows=rows,
        )


def under_way(resource: str) -> Callable[[Visit], bool]:
    """Whether a change of this deployment, or of any where it is "", has not ended."""

    def question(_visit: Visit) -> bool:
        return bool((~_about(resource)["state"].isin([str(it) for it in ENDS])).any())

    return question


def plans(resource: str) -> Callable[[Visit], None]:
    """Draws the changes of this deployment, or of any where it is "", with an undo for each."""

    def body(visit: Visit) -> None:
        st.subheader("Changes by this console", anchor=False)
        shown = words.of_plans(_about(resource).head(MOST * 10), data.people())
        if shown.empty:
            st.caption("None yet.")
            return
        event = tables.show(
            shown, columns.PLANS, f"plans-{len(shown)}", pick=("single-row",), most=8,
            alt="Changes by this console, the newest first",
        )  # fmt: skip
        picked = tables.rows_picked(event, shown)
        if picked.empty:
            st.caption("Tick a change that is done to undo it.")
            return
        with st.container(horizontal=True):
            undoing.button(visit, picked.iloc[0])
            if not resource and st.button("Open the deployment", key="open"):
                scope.open_deployment(picked["resource"].iloc[0])

    return body


def edits(rows: pd.DataFrame) -> None:
    """What was noticed in Azure; a click on a name opens the deployment."""
    if rows.empty:
        st.caption("Nothing in this period.")
        return
    event = tables.show(rows, columns.EDITS, tables.keyed("edits", rows), pick=("single-cell",),
                        most=8, alt="What changed in Azure")  # fmt: skip
    scope.open_deployment(tables.cell_picked(event, rows, "Deployment"))
    st.caption(numbers.counted(len(rows), "change"))


def _about(resource: str) -> pd.DataFrame:
    rows = data.plans()
    rows = rows[rows["resource"] == resource] if resource else rows
    return rows.reset_index(drop=True)
