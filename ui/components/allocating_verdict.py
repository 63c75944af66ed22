"""The verdict about a what-if, before anything is stored: rules, headroom, pools, who approves."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from domain.allocation import Draft
from ui.components import numbers, tables
from ui.components.pools_columns import DRAWN, LINES
from ui.faults import escaped

LISTED = 4
Names = Mapping[str, str]


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


def show(draft: Draft, names: Names, key: str) -> None:
    """Everything that there is to know of it; under a title that says what it does."""
    st.markdown(_badges(draft))
    details(draft, names, key)


def head(draft: Draft) -> None:
    """What it does in one line, and whether it may be done."""
    title = escaped(draft.title) or "What would come of it"
    st.markdown(f"**{title}** &nbsp; {_badges(draft)}")


def details(draft: Draft, names: Names, key: str = "whatif") -> None:
    """Rules in words, who approves, what to mind, and before and after. names: of its pools."""
    for rule in draft.broken[:LISTED]:
        st.markdown(f":red[:material/block:] {escaped(rule)}")
    if len(draft.broken) > LISTED:
        st.caption(f"and {len(draft.broken) - LISTED} more, in the table")
    if draft.policy:
        st.caption(
            f":material/how_to_reg: A second person has to approve it, because {draft.policy}."
        )
    rows = draft.lines.assign(fits=_fits(draft.lines))
    tables.show(rows, _with(LINES, rows), f"{key}-lines", most=6,
                alt="Each deployment before and after")  # fmt: skip
    _minded(draft)
    if len(draft.pools):
        pools = draft.pools.assign(name=draft.pools["pool"].map(names))
        tables.show(pools, _with(DRAWN, pools), f"{key}-pools", most=4,
                    alt="Each pool before and after")  # fmt: skip
    if draft.worst:
        st.caption(f":material/trending_down: {escaped(draft.worst)}")


def _minded(draft: Draft) -> None:
    """What to mind about each deployment, and whether it can be taken back; of many in the table
    alone."""
    changed = draft.lines[draft.lines["change"].ne(0).fillna(False).astype(bool)]
    if len(changed) > LISTED:
        return
    for line in changed.to_dict("records"):
        mind = "" if pd.isna(line["warning"]) else f"{line['warning']} "
        st.caption(
            f":material/undo: **{escaped(line['deployment'])}** {escaped(mind)}"
            f"Can it be taken back? {escaped(line['reversible'])}"
        )


def _badges(draft: Draft) -> str:
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
    return " ".join(shown)


def _fits(lines: pd.DataFrame) -> "pd.Series[str]":
    words = {True: "throttles", False: "fits"}
    told = [words.get(it, "not known") for it in lines["would_throttle"].tolist()]
    return pd.Series(told, index=lines.index, dtype="string")


def _with(columns: Any, rows: pd.DataFrame) -> dict[str, Any]:
    """These columns, but for those of which nothing is known in any row."""
    known = rows.notna().any()
    return {name: it for name, it in columns.items() if known[name]}
