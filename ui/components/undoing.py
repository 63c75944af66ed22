"""Take back a change of this console: say what it does, then have it done."""

import pandas as pd
import streamlit as st

from actions import undo
from actions.visit import Visit
from ui import data, door, drafts, faults
from ui.faults import escaped

DRAFT = "undo"


def button(visit: Visit, plan: "pd.Series[str]") -> None:
    """Open the dialog about this plan; only what was done can be undone."""
    number = int(plan["plan"])
    if st.button(
        f"Undo plan {number}", key=f"undo-{number}", icon=":material/undo:",
        disabled=plan["state"] != "done" or not visit.writes,
    ):  # fmt: skip
        drafts.begin(DRAFT, number)


def dialog(page: str) -> None:
    """Draw the dialog when it is open."""
    if number := drafts.begun(DRAFT):
        title = f"Undo plan {number}?"
        st.dialog(title, on_dismiss=drafts.dropper(DRAFT))(_body)(page, number)


def _body(page: str, number: int) -> None:
    with faults.shown():
        visit = door.admit(page)
        plans = data.plans()
        found = plans[plans["plan"] == number]
        for plan in found.to_dict("records"):
            st.markdown(f"**{escaped(plan['deployment'])}** in {escaped(plan['account'])}")
            st.markdown(f"It was changed: {escaped(plan['change'])}")
            st.caption("Undoing sets these tags back to what they were, as a plan of its own.")
        reason = str(st.text_input("Reason", key="undo-reason", max_chars=300))
        if st.button(f"Undo plan {number}", type="primary", key="undo-confirm"):
            new = undo.change(visit, number, reason=reason)
            drafts.drop(DRAFT)
            drafts.say(f"Plan {new} recorded, which takes plan {number} back.")
            st.rerun()
