"""The connection to Azure: have it asked anew, see what fails, copy what is missing."""

import pandas as pd
import streamlit as st

from actions.refresh import now as ask
from ui import door, drafts, faults
from ui.components import badges, columns, numbers, tables
from ui.faults import escaped

SAMPLE = 12


def refresh(page: str) -> None:
    """A button that has everything asked now."""
    if st.button("Refresh everything", key="refresh", icon=":material/sync:", type="primary"):
        with faults.shown():
            many = ask(door.admit(page))
            drafts.say(f"{numbers.counted(many, 'scope')} will be asked now.")
            st.rerun()


def backlog(words: str) -> None:
    """How much of earlier days is still to be read."""
    if words:
        st.caption(f":material/history: {escaped(words[0].upper() + words[1:])}")


def matrix(rows: pd.DataFrame) -> None:
    """Verdicts, one row for each subscription and one column for each topic."""
    headed = {
        str(name): columns.Column(str(name), "text" if name == "Subscription" else "chip",
                            colours=badges.VERDICT)
        for name in rows
    }  # fmt: skip
    tables.show(rows, headed, "matrix", most=10, alt="Verdict by subscription and topic")


def ills(doctor: pd.DataFrame) -> None:
    """What does not answer in full, and the role that would help."""
    ill = doctor[doctor["verdict"] != "ok"].reset_index(drop=True)
    if ill.empty:
        st.caption(":material/check_circle: Every topic of every subscription answers.")
        return
    tables.show(ill, columns.DOCTOR, "ills", most=8, alt="What does not answer, and since when")
    asked = ill.dropna(subset=["role"]).drop_duplicates(["role", "scope_words"])
    if len(asked):
        st.caption("To ask whoever administers Azure for, as text to copy:")
        lines = [
            f"Please give the console's identity the role {it['role']} on {it['scope_words']}."
            for it in asked.head(SAMPLE).to_dict("records")
        ]
        st.code("\n".join(lines), language=None, wrap_lines=True)
