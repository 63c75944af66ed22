"""The verdict about a what-if, before anything is stored: rules, headroom, pools, who approves."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from domain.allocation import Draft
from ui.components import numbers, tables
from ui.components.pools_columns import DRAWN, LINES
from ui.faults import escaped

LISTED = 6


def said(line: Mapping[Any, Any]) -> str:
    """What comes of one line of a draft, for the cell beside it."""
    if not pd.isna(line["broken"]):
        return str(line["broken"])
    change = f"{int(line['change']):+,} units"
    if line["would_throttle"] is True:
        return f"{change}: would throttle"
    if pd.isna(line["headroom"]):
        return f"{change}: its peak is not known"
    return f"{change}: {line['headroom']:.0%} headroom above its peak"


def show(draft: Draft, key: str = "whatif") -> None:
    """Everything that there is to know of it."""
    head(draft)
    details(draft, key)


def details(draft: Draft, key: str = "whatif") -> None:
    """Rules in words, who approves, and before and after."""
    for rule in draft.broken[:LISTED]:
        st.markdown(f":red[:material/block:] {escaped(rule)}")
    if len(draft.broken) > LISTED:
        st.caption(f"and {len(draft.broken) - LISTED} more, in the table")
    if draft.policy:
        st.caption(
            f":material/how_to_reg: A second person has to approve it, because {draft.policy}."
        )
    if draft.worst:
        st.caption(f":material/trending_down: {escaped(draft.worst)}")
    rows = draft.lines.assign(fits=_fits(draft.lines))
    tables.show(rows, _with(LINES, rows), f"{key}-lines", most=6,
                alt="Each deployment before and after")  # fmt: skip
    if len(draft.pools):
        tables.show(draft.pools, _with(DRAWN, draft.pools), f"{key}-pools", most=4,
                    alt="Each pool before and after")  # fmt: skip


def head(draft: Draft) -> None:
    """What it does in one line, and whether it may be done."""
    shown = []
    if draft.broken:
        rules = numbers.counted(len(draft.broken), "rule")
        shown.append(f":red-badge[:material/block: breaks {rules}]")
    else:
        shown.append(":green-badge[:material/check_circle: breaks no rule]")
    if many := int(draft.lines["would_throttle"].fillna(False).sum()):
        shown.append(f":red-badge[:material/speed: {many} would throttle]")
    if draft.policy:
        shown.append(":violet-badge[:material/how_to_reg: a second person approves]")
    title = escaped(draft.title) or "What would come of it"
    st.markdown(f"**{title}** &nbsp; {' '.join(shown)}")


def _fits(lines: pd.DataFrame) -> "pd.Series[str]":
    words = {True: "throttles", False: "fits"}
    told = [words.get(it, "not known") for it in lines["would_throttle"].tolist()]
    return pd.Series(told, index=lines.index, dtype="string")


def _with(columns: Any, rows: pd.DataFrame) -> dict[str, Any]:
    """These columns, but for those of which nothing is known in any row."""
    known = rows.notna().any()
    return {name: it for name, it in columns.items() if known[name]}
