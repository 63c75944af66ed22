"""Enter a score of maturity, and say who sees to a next step."""

from datetime import date

import streamlit as st

from actions import mature
from actions.visit import Visit
from domain import maturity
from domain.faults import OutOfRange
from domain.maturity import LEVELS, MOST, Assessment
from ui import drafts, session
from ui import maturity as shown
from ui.components import dialogs
from ui.components.cost_rules import confirmed
from ui.faults import escaped
from ui.maturity import View

ENTER, STEP = "enter-maturity", "maturity-step"
LONGEST = 300
"""Characters of assessor and note."""


def show(page: str, view: View) -> None:
    """Draw the dialog that is open."""
    if drafts.begun(ENTER):
        dialogs.show(page, ENTER, f"What did the assessment of {view.name} come to?", _enter, view)
    elif key := drafts.begun(STEP):
        dialogs.show(page, STEP, "Who sees to this step?", _step, view, key)


def _enter(visit: Visit, view: View) -> None:
    before = view.last
    left, right = st.columns(2)
    score = left.number_input(f"Score (0 to {MOST})", 0, MOST, None, 1, key="maturity-score")
    target = right.number_input(
        "Target, if there is one",
        0,
        MOST,
        before.target if before else None,
        1,
        key="maturity-target",
    )
    day = left.date_input("Assessed on", visit.clock().date(), max_value=visit.clock().date(),
                          key="maturity-day", format="YYYY-MM-DD")  # fmt: skip
    assessor = str(right.text_input("Assessed by", key="maturity-assessor", max_chars=LONGEST))
    note = str(st.text_input("Note", key="maturity-note", max_chars=LONGEST))
    told = None
    if score is not None and isinstance(day, date):
        told = Assessment(view.unit, int(score), None if target is None else int(target), day,
                          assessor, note, visit.person.key, visit.clock())  # fmt: skip
    ready = _fits(told, day)

    def act() -> str:
        assert told is not None
        mature.score(visit, view.unit, told.score, target=told.target,
                     assessed_on=told.assessed_on, assessor=assessor, note=note)  # fmt: skip
        return f"{view.name}: {told.score} points, {maturity.level(told.score).words.lower()}."

    confirmed("Enter the score", "maturity-confirm", ready, act, ENTER)


def _fits(told: Assessment | None, day: object) -> bool:
    """Say what the score means, or why it cannot be entered."""
    if told is None:
        bands = ", ".join(f"{it.first} to {it.last} {it.name}" for it in LEVELS)
        st.caption(f"Points by level: {bands}.")
        return False
    try:
        maturity.checked(told, session.at().date())
    except OutOfRange as fault:
        st.caption(f":red[{escaped(fault.words)}]" if told.assessor.strip() else fault.words)
        return False
    st.caption(f"{maturity.level(told.score).words}. It stays in the history as it is entered.")
    return isinstance(day, date)


def _step(visit: Visit, view: View, key: str) -> None:
    found = next((it for it in view.steps if it.action.key == key), None)
    if found is None:
        st.caption("This step is not among those of this level.")
        return
    st.markdown(f"**{escaped(found.action.title)}** for {escaped(view.name)}")
    names = {"": "Nobody", **shown.people()}
    owner = str(st.selectbox("Owner", list(names), key="step-owner",
                             index=list(names).index(found.owner) if found.owner in names else 0,
                             format_func=lambda it: names.get(it, it)))  # fmt: skip
    done = st.checkbox("It is done", value=found.done_at is not None, key="step-done")

    def act() -> str:
        mature.step(visit, view.unit, key, owner=owner, done=done)
        return f"{names[owner]} sees to it." if not done else "The step is done."

    confirmed("Keep this", "step-confirm", True, act, STEP)
