"""Enter feedback and deal with it, import a survey, count answers."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from actions import feedback as verbs
from actions.rollout import LONGEST
from actions.visit import Visit
from domain import personal
from domain.feedback import CHANGES, Severity, Status
from reads.rollouts import Whole
from ui import drafts
from ui.components import dialogs, surveying
from ui.components.cost_rules import confirmed
from ui.faults import escaped

FEEDBACK, SETTLE, COUNT = "enter-feedback", "settle-feedback", "count-answers"
NEXT = (Status.ACCEPTED, Status.CLOSED, Status.DECLINED)


def show(page: str, view: Whole) -> None:
    """Draw the dialog that is open, if it is about this rollout."""
    drawn: dict[str, tuple[str, Callable[..., None]]] = {
        FEEDBACK: ("What was said?", _feedback),
        surveying.SURVEY: ("What did the survey bring?", surveying.body),
        SETTLE: ("What becomes of it?", _settle),
        COUNT: ("How many have answered?", _count),
    }
    for draft, (question, draw) in drawn.items():
        if (told := drafts.begun(draft)) and told[0] == view.rollout.id:
            dialogs.show(page, draft, question, draw, view, told[1])
            return


def _feedback(visit: Visit, view: Whole, number: int) -> None:
    theme = _text("Theme", "feedback-theme")
    severity = str(
        st.selectbox("Severity", [str(it) for it in Severity], 1, key="feedback-severity")
    )
    words = _text("What was said", "feedback-words")
    names_nobody = _names_nobody(view, theme, words)
    today = visit.clock().date()
    day = st.date_input("Said on", today, max_value=today, key="feedback-day", format="YYYY-MM-DD")

    def act() -> str:
        assert isinstance(day, date)
        verbs.add(visit, view.rollout.id, number, theme=theme, severity=severity, words=words,
                  said_on=day)  # fmt: skip
        return f"Feedback on {view.rollout.phases[number].title} is entered."

    fits = names_nobody and bool(theme.strip() and words.strip()) and isinstance(day, date)
    confirmed("Enter it", "feedback-confirm", fits, act, FEEDBACK)


def _settle(visit: Visit, view: Whole, id: int) -> None:
    it = next(one for one in view.feedback if one.id == id)
    st.markdown(f"**{escaped(it.theme)}**  \n{escaped(it.words)}")
    left = [str(one) for one in NEXT if one is not it.status]
    status = str(st.radio("It is", left, key="settle-status", horizontal=True))
    change = _text("Change that answers it", "settle-change")
    st.caption(f"Its kind ({', '.join(CHANGES)}), a colon, and a link, the number of a plan, or "
               "what was done: prompt: version 4.")  # fmt: skip
    names_nobody = _names_nobody(view, change)

    def act() -> str:
        verbs.settle(visit, id, status, change=change)
        return f"{it.theme} is {status}."

    fits = names_nobody and (bool(change.strip()) or status != Status.CLOSED)
    confirmed("Keep it", "settle-confirm", fits, act, SETTLE)


def _count(visit: Visit, view: Whole, number: int) -> None:
    asked = st.number_input("People who were asked", 1, None, None, 1, key="count-asked")
    answered = st.number_input("Of them have answered", 0, None, None, 1, key="count-answered")

    def act() -> str:
        assert asked is not None
        assert answered is not None
        verbs.count(visit, view.rollout.id, number, asked=int(asked), answered=int(answered))
        return f"{int(answered):,} of {int(asked):,} have answered."

    fits = asked is not None and answered is not None and answered <= asked
    confirmed("Keep the count", "count-confirm", fits, act, COUNT)


def _names_nobody(view: Whole, *texts: str) -> bool:
    """Whether these texts say of nobody who they are; says where they do, and what is looked at."""
    known = personal.known(view.names.values())
    found = next(filter(None, (personal.found(it, known) for it in texts)), None)
    st.caption("Leave out who said it: e-mail addresses, telephone numbers and what reads like a "
               "name are refused.", help=personal.SEEN)  # fmt: skip
    if found is not None:
        st.warning(f"\u201c{escaped(found.quote)}\u201d: leave out {found.what}"
                   f"{personal.OTHERWISE[found.what == personal.NAME]}",
                   icon=":material/person_off:")  # fmt: skip
    return found is None


def _text(label: str, key: str) -> str:
    return str(st.text_input(label, key=key, max_chars=LONGEST))
