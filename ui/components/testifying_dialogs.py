"""Vouch for an item of readiness."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from actions import answer
from actions.rollout import LONGEST
from actions.visit import Visit
from reads.rollouts import Whole
from ui import drafts
from ui.components import dialogs
from ui.components.cost_rules import confirmed
from ui.faults import escaped

ANSWER = "answer-item"
DAY = timedelta(days=1)


def show(page: str, view: Whole) -> None:
    """Draw the dialog that is open, if it is about this rollout."""
    drawn: dict[str, tuple[str, Callable[..., None]]] = {
        ANSWER: ("Is it so?", _answer),
    }
    for draft, (question, draw) in drawn.items():
        if (told := drafts.begun(draft)) and told[0] == view.rollout.id:
            dialogs.show(page, draft, question, draw, view, told[1])
            return


def _answer(visit: Visit, view: Whole, key: str) -> None:
    known = {it.item.key: it for it in view.readiness}
    it = known[key]
    st.markdown(f"**{escaped(it.item.title)}**  \n{escaped(it.item.words)}")
    met = st.radio("Standing", ["Met", "Open"], key="answer-status", horizontal=True) == "Met"
    names = list(view.names)
    was = it.answer.owner if it.answer else view.rollout.owner
    owner = st.selectbox("Owner", names, names.index(was) if was in names else 0,
                         key="answer-owner",
                         format_func=lambda one: view.names.get(one, one))  # fmt: skip
    evidence = str(st.text_input("Evidence (a link or a sentence)", key="answer-evidence",
                                 max_chars=LONGEST))  # fmt: skip
    today = visit.clock().date()
    last = today + it.item.valid_days * DAY
    until = st.date_input("Holds until", last, min_value=today + DAY, max_value=last,
                          key="answer-until", format="YYYY-MM-DD")  # fmt: skip

    def act() -> str:
        end = _noon(until) if isinstance(until, date) and until < last else None
        answer.say(visit, view.rollout.id, key, met=met, owner=str(owner), evidence=evidence,
                   until=end)  # fmt: skip
        return f"{it.item.title}: said to be {'met' if met else 'open'}."

    confirmed("Keep the answer", "answer-confirm", bool(evidence.strip()) or not met, act, ANSWER)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
