"""What waits for the visitor, as one short list: each line leads to where it is moved on."""

import pandas as pd
import streamlit as st

from domain.findings import SEVERITIES
from domain.frames import TEXT, TIME, frame
from domain.today import LOOKED_THROUGH, Matter
from ui import menu
from ui.components import badges, numbers, tables
from ui.components.columns import Column, Columns
from ui.faults import escaped

MOST = 6
"""Lines that are there at once; the rest is in a table."""
ICONS = {
    "approval": ":material/how_to_reg:",
    "change": ":material/person_alert:",
    "gate": ":material/swap_vert:",
    "task": ":material/timer:",
    "feedback": ":material/forum:",
    "evidence": ":material/event_busy:",
    "waiver": ":material/event_busy:",
    "exemption": ":material/shield:",
    "month": ":material/lock_open:",
    "maturity": ":material/stairs:",
}
COLUMNS: Columns = {
    "severity": Column("Severity", "chip", colours=badges.SEVERITY, width=80),
    "kind": Column("Kind", width=90),
    "title": Column("What", width=380),
    "words": Column("Why", width=380),
    "due": Column("Due (UTC)", "time", width=130),
}


def show(matters: list[Matter]) -> None:
    """The worst first; nothing at all says what was looked through."""
    st.subheader("Today", anchor=False)
    if not matters:
        st.caption(":material/task_alt: Nothing waits for you. Looked through: "
                   f"{', '.join(LOOKED_THROUGH)}.")  # fmt: skip
        return
    with st.container(border=True, gap="small"):
        for it in matters[:MOST]:
            _line(it)
        if len(matters) > MOST:
            _rest(matters)


def _line(it: Matter) -> None:
    colour = badges.SEVERITY[it.severity]
    label = f":{colour}-badge[{it.severity}] **{escaped(it.title)}** :small[{escaped(it.words)}]"
    icon = ICONS[it.kind]
    if menu.known(it.page):
        page = menu.named(it.page).path
        st.page_link(page, label=label, icon=icon, query_params=dict(it.query))
    else:
        st.caption(f"{icon} {label}")


def _rest(matters: list[Matter]) -> None:
    many = numbers.counted(len(matters), "matter")
    counts = [f"{sum(it.severity == each for it in matters)} {each}" for each in SEVERITIES]
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"{MOST} of {many}: {', '.join(counts)}", width="content")
        with st.popover("All", type="tertiary", icon=":material/table:", key="today-popover"):
            tables.show(_table(matters), COLUMNS, "today", most=12, width=1_060,
                        alt="What waits for you, the worst first")  # fmt: skip


def _table(matters: list[Matter]) -> pd.DataFrame:
    types = {name: TIME if name == "due" else TEXT for name in COLUMNS}
    return frame(types, [{name: getattr(it, name) for name in types} for it in matters])
