"""The findings inbox and the list of what changed."""

from datetime import datetime

import pandas as pd
import streamlit as st

from domain.findings import SEVERITIES
from domain.units import Tree
from ui import scope
from ui.components import columns, numbers, states, tables


def show(findings: pd.DataFrame, judged: bool) -> None:
    """Findings with their filters; a row opens its deployment."""
    if not judged:
        states.nothing("Not looked through yet.", "The rules are about to be held against it.")
        return
    if findings.empty:
        states.nothing("Nothing needs attention.", "No rule found anything in this scope.")
        return
    title, a, b = st.columns([2, 1, 1], gap="small", vertical_alignment="center")
    title.subheader("What needs attention", anchor=False)
    with a:
        severity = scope.many(
            "Severity", "severity", {it: it.capitalize() for it in SEVERITIES}, "Any severity", True
        )
    with b:
        kinds = {it: it.capitalize() for it in sorted(findings["kind"].unique())}
        kind = scope.many("Kind of finding", "finding", kinds, "Any kind", True)
    shown = findings
    if severity:
        shown = shown[shown["severity"].isin(severity)]
    if kind:
        shown = shown[shown["kind"].isin(kind)]
    if shown.empty:
        states.no_results(
            {"Severity": ", ".join(severity) or "any", "Kind": ", ".join(kind) or "any"}, clear
        )
        return
    event = tables.show(shown, columns.FINDINGS, "findings", pick=("single-cell",), most=7,
                        alt="What needs attention, the gravest first")  # fmt: skip
    scope.open_deployment(tables.cell_picked(event, shown))
    st.caption(f"{numbers.counted(len(shown), 'finding')} of {len(findings):,}")


def clear() -> None:
    scope.set_aside(severity=(), finding=())


def changes(edits: pd.DataFrame, since: datetime | None, now: datetime) -> None:
    """What was noticed in Azure since the visit before this one."""
    if since is None:
        states.nothing(
            "This is your first visit.", "From the next one on, this says what changed meanwhile."
        )
    elif edits.empty:
        st.caption(f"Nothing, since {numbers.moment(since)}.")
    else:
        event = tables.show(edits, columns.EDITS, "edits", pick=("single-cell",), most=7,
                            alt="What changed since the last visit")  # fmt: skip
        scope.open_deployment(tables.cell_picked(event, edits))
        said = numbers.counted(len(edits), "change")
        st.caption(f"{said} since {numbers.moment(since)}, {numbers.age(since, now)} ago")


def unit_names(tree: Tree) -> dict[str, str]:
    """Names by id, the bucket of the unassigned included."""
    return {**{it.id: it.name for it in tree.units.values()}, "unassigned": "Unassigned"}
