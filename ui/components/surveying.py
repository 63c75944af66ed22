"""Import feedback of a survey: paste its CSV, see each row that is wrong, keep what is good."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from actions import feedback
from actions.visit import Visit
from domain import feedback_lines, personal
from domain.sheets import Wrong
from reads.rollouts import Whole
from ui.components import numbers, tables
from ui.components.columns import Column, Columns
from ui.components.cost_rules import confirmed
from ui.faults import escaped

SURVEY = "import-survey"
WRONG: Columns = {
    "row": Column(
        "Row", "number", "Line of a CSV, whose headings are line 1; place in a list of JSON.", 60
    ),
    "words": Column("What is wrong", width=400),
    "quote": Column(
        "Where", help="What was taken for something that tells who said it.", width=120
    ),
}


def body(visit: Visit, view: Whole, number: int) -> None:
    """What the dialog shows; number: of the phase, from 0."""
    st.caption(
        "The text of a CSV file with the columns theme, severity (praise, minor, major, severe), "
        "words, date (2026-11-26). Leave out who said it: rows with e-mail addresses, telephone "
        "numbers or what reads like a name are refused.",
        help=personal.SEEN,
    )
    text = str(st.text_area("CSV", key="survey-text", height=180, max_chars=1_000_000))
    today = visit.clock().date()
    known = personal.known(view.names.values())
    read = feedback_lines.read(text, number, view.feedback, today, known)
    told = bool(text.strip())
    agreed = not (told and read.wrong) or report(read.wrong, len(read.good), "survey")
    many = numbers.counted(len(read.good), "row")

    def act() -> str:
        kept = feedback.add_many(visit, view.rollout.id, number, text, good_only=bool(read.wrong))
        left = f"; {numbers.counted(len(read.wrong), 'row')} left out" if read.wrong else ""
        return f"{numbers.counted(kept, 'row')} of the survey entered{left}."

    ready = told and bool(read.good) and agreed
    confirmed(f"Enter {many}", "survey-confirm", ready, act, SURVEY)


def report(wrong: Sequence[Wrong], good: int, key: str) -> bool:
    """Say row by row what is wrong; whether the good ones are to be kept all the same."""
    if not wrong[0].row:
        st.warning(escaped(wrong[0].words), icon=":material/block:")
        return False
    rows = pd.DataFrame([vars(it) for it in wrong])
    if not rows["quote"].any():
        rows = rows.drop(columns="quote")
    tables.show(rows, WRONG, f"{key}-wrong", most=6, alt="Rows that cannot be kept")
    if not good:
        return False
    label = f"Keep the {numbers.counted(good, 'good row')} without the {len(wrong):,} wrong"
    return bool(st.checkbox(label, key=f"{key}-good-only"))
