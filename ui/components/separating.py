"""Separation of duties: who decided for whom, who could, and what stands out."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from domain import separation
from reads.separation import Report
from ui import exports
from ui.components import states, tables
from ui.components.columns import Column, Columns

VERDICTS = {
    separation.OWN: "red",
    separation.MUTUAL: "orange",
    separation.ALONE: "orange",
    separation.APART: "green",
}
PAIRS: Columns = {
    "verdict": Column("Verdict", "chip", colours=VERDICTS, width=130),
    "asked": Column("Who asked", width=150),
    "decided": Column("Who decided", width=150),
    "kinds": Column("What", width=170),
    "many": Column("Decisions", "number", width=90),
    "declined": Column("Of them declined", "number", width=110),
    "back": Column("The other way", "number", "Decisions with the two in each other's place.", 105),
    "last_at": Column("Last (UTC)", "time", width=130),
}
HOLDERS: Columns = {
    "person": Column("Who", width=150),
    "role": Column("Role", width=110),
    "grants": Column("Grants", width=260),
    "many": Column("Decisions", "number", width=90),
    "finding": Column("What stands out", width=420),
}
FACTS = {"Span": f"the last {separation.SPAN.days} days"}


def show(report: Report, people: Mapping[str, str]) -> None:
    """Two tables, each with its files."""
    st.caption(
        f"Decisions of second persons in the last {separation.SPAN.days} days: plans, gates, "
        "baselines, exemptions, prices and waivers."
    )
    pairs = _named(report.pairs, people, "asked", "decided")
    if pairs.empty:
        states.nothing("Nothing was decided yet.", "Every yes and no of a second person counts.")
    else:
        tables.show(pairs, PAIRS, "pairs", alt="Who decided for whom, what stands out first")
        exports.offer(pairs, PAIRS, "separation-of-duties", FACTS)
    holders = _named(report.holders, people, "person")
    if not holders.empty:
        st.subheader("Who could decide", anchor=False)
        tables.show(holders, HOLDERS, "holders", alt="Holders of approving grants")
        exports.offer(holders, HOLDERS, "approving-grants", FACTS)


def _named(rows: pd.DataFrame, people: Mapping[str, str], *columns: str) -> pd.DataFrame:
    return rows.assign(**{it: [people.get(key, key) for key in rows[it]] for it in columns})
