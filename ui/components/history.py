"""What was changed, by this console and by others, with its filters; a deployment's last hour."""

from collections.abc import Callable, Mapping

import pandas as pd
import streamlit as st

from actions.visit import Visit
from domain import arrow
from ui import data, faults, journal, scope
from ui.components import charts, columns, numbers, states, tables, undoing

KINDS = {
    "capacity": "Capacity",
    "deployment": "Made or deleted",
    "upgrade": "Upgrade policy",
    "tags": "Tags",
    "purge": "Purge",
}
"""Words for the levers."""


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
    """Whether the worker is at a change of this deployment, or comes to one next."""

    def question(_visit: Visit) -> bool:
        return not journal.under_way(journal.plans(about=resource)).empty

    return question


def plans(resource: str) -> Callable[[Visit], None]:
    """Draws the changes of this deployment, with an undo for each."""

    def body(visit: Visit) -> None:
        st.subheader("Changes by this console", anchor=False)
        shown = journal.plans(about=resource)
        if shown.empty:
            st.caption("None yet.")
            return
        table(visit, shown)

    return body


def table(visit: Visit, shown: pd.DataFrame) -> None:
    """Plans as a table: a click on a cell opens one, a tick offers to undo it."""
    key = f"plans-{arrow.digest(shown['plan'].astype('string'))}"
    event = tables.show(
        shown, columns.PLANS, key, pick=("single-row", "single-cell"), most=10,
        alt="Changes by this console, the newest first",
    )  # fmt: skip
    if (cells := event["selection"]["cells"]) and cells[0][0] < len(shown):
        scope.open_plan(int(shown["plan"].iloc[cells[0][0]]))
    picked = tables.rows_picked(event, shown)
    if picked.empty:
        st.caption("Click a change to open it; tick one that is done to undo it.")
    else:
        with st.container(horizontal=True):
            undoing.button(visit, picked.iloc[0])
            scope.plan_link(int(picked["plan"].iloc[0]))


def bar(rows: pd.DataFrame) -> dict[str, str]:
    """Draw the filters of the history; what is chosen, in words."""
    a, b, c, d = st.columns([3, 2, 2, 2], gap="small")
    with a:
        typed = scope.words("Search", "find", "Deployment, change, reason or ticket")
    with b:
        state = _many(rows, "Any state", "state", "state")
    with c:
        who = _many(rows, "Anybody", "who", "proposer")
    with d:
        kinds = {it: KINDS.get(it, it) for it in sorted(rows["lever"].dropna().unique())}
        lever = scope.many("Kind", "lever", kinds, "Any kind", True)
    said = {"Search": typed, "State": ", ".join(state), "By": ", ".join(who),
            "Kind": ", ".join(lever)}  # fmt: skip
    return {name: value for name, value in said.items() if value}


def narrowed(rows: pd.DataFrame, choice: Mapping[str, str]) -> pd.DataFrame:
    """The plans that match."""
    for name, field in (("State", "state"), ("By", "who"), ("Kind", "lever")):
        if picked := choice.get(name):
            rows = rows[rows[field].isin(picked.split(", "))]
    for word in choice.get("Search", "").lower().split():
        hay = rows["deployment"].fillna("")
        for field in ("account", "change", "title", "reason", "ticket"):
            hay = hay + " " + rows[field].fillna("")
        rows = rows[hay.str.lower().str.contains(word, regex=False)]
    return rows.reset_index(drop=True)


def clear() -> None:
    scope.set_aside(**dict.fromkeys(("find", "state", "proposer", "lever"), ()))


def _many(rows: pd.DataFrame, everything: str, field: str, key: str) -> tuple[str, ...]:
    values = {it: it for it in sorted(rows[field].dropna().unique())}
    return scope.many(everything, key, values, everything, True)


def outside(rows: pd.DataFrame) -> None:
    """What was changed in Azure, and by whom; a click on a plan opens it, on anything else the
    deployment."""
    if rows.empty:
        st.caption("Nothing in this period.")
        return
    key = f"outside-{arrow.digest(rows['resource'])}-{len(rows)}"
    event = tables.show(rows, columns.OUTSIDE, key, pick=("single-cell",), most=8,
                        alt="What was changed in Azure, and by whom")  # fmt: skip
    for at, heading in event["selection"]["cells"]:
        plan = rows["plan"].iloc[at] if at < len(rows) else pd.NA
        if heading == columns.OUTSIDE["plan"].heading and not pd.isna(plan):
            scope.open_plan(int(plan))
    scope.open_deployment(tables.cell_picked(event, rows, "Deployment"))
    st.caption(numbers.counted(len(rows), "change"))
