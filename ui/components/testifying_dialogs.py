"""Vouch for an item, enter and deal with feedback, count answers, record an evaluation."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from actions import answer, evaluate
from actions import feedback as verbs
from actions.rollout import LONGEST
from actions.visit import Visit
from domain.feedback import CHANGES, Severity, Status
from reads.rollouts import Whole
from ui import drafts, rollouts
from ui.components import dialogs, surveying
from ui.components.cost_rules import confirmed
from ui.faults import escaped

ANSWER, FEEDBACK, SETTLE = "answer-item", "enter-feedback", "settle-feedback"
COUNT, EVALUATION = "count-answers", "record-evaluation"
NEXT = (Status.ACCEPTED, Status.CLOSED, Status.DECLINED)
DAY = timedelta(days=1)


def show(page: str, view: Whole) -> None:
    """Draw the dialog that is open, if it is about this rollout."""
    drawn: dict[str, tuple[str, Callable[..., None]]] = {
        ANSWER: ("Is it so?", _answer),
        FEEDBACK: ("What was said?", _feedback),
        surveying.SURVEY: ("What did the survey bring?", surveying.body),
        SETTLE: ("What becomes of it?", _settle),
        COUNT: ("How many have answered?", _count),
        EVALUATION: ("What was measured?", _evaluation),
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
    items = {name: one.item for name, one in known.items()}

    def act() -> str:
        end = _noon(until) if isinstance(until, date) and until < last else None
        answer.say(visit, view.rollout.id, key, known=items, met=met, owner=str(owner),
                   evidence=evidence, until=end)  # fmt: skip
        return f"{it.item.title}: said to be {'met' if met else 'open'}."

    confirmed("Keep the answer", "answer-confirm", bool(evidence.strip()) or not met, act, ANSWER)


def _feedback(visit: Visit, view: Whole, number: int) -> None:
    st.caption("Leave out who said it; e-mail addresses, telephone numbers and names are refused.")
    theme = _text("Theme", "feedback-theme")
    severity = str(
        st.selectbox("Severity", [str(it) for it in Severity], 1, key="feedback-severity")
    )
    words = _text("What was said", "feedback-words")
    today = visit.clock().date()
    day = st.date_input("Said on", today, max_value=today, key="feedback-day", format="YYYY-MM-DD")

    def act() -> str:
        assert isinstance(day, date)
        verbs.add(visit, view.rollout.id, number, theme=theme, severity=severity, words=words,
                  said_on=day)  # fmt: skip
        return f"Feedback on {view.rollout.phases[number].title} is entered."

    fits = bool(theme.strip() and words.strip()) and isinstance(day, date)
    confirmed("Enter it", "feedback-confirm", fits, act, FEEDBACK)


def _settle(visit: Visit, view: Whole, id: int) -> None:
    it = next(one for one in view.feedback if one.id == id)
    st.markdown(f"**{escaped(it.theme)}**  \n{escaped(it.words)}")
    left = [str(one) for one in NEXT if one is not it.status]
    status = str(st.radio("It is", left, key="settle-status", horizontal=True))
    change = _text("Change that answers it", "settle-change")
    st.caption(f"Its kind ({', '.join(CHANGES)}), a colon, and a link, the number of a plan, or "
               "what was done: prompt: version 4.")  # fmt: skip

    def act() -> str:
        verbs.settle(visit, id, status, change=change)
        return f"{it.theme} is {status}."

    fits = bool(change.strip()) or status != Status.CLOSED
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


def _evaluation(visit: Visit, view: Whole, _: int) -> None:
    ours = ["", *view.rollout.deployments]
    deployment = str(st.selectbox("Of", ours, key="evaluation-of", format_func=lambda it: (
        rollouts.short(it) if it else "The solution as a whole")))  # fmt: skip
    metric, dataset = _text("Metric", "evaluation-metric"), _text("Data set", "evaluation-dataset")
    value = st.number_input("Result", value=None, key="evaluation-value")
    pairs = st.number_input(
        "Pairs of question and answer", 1, None, None, 1, key="evaluation-pairs"
    )
    link = _text("Link", "evaluation-link")

    def act() -> str:
        assert value is not None
        assert pairs is not None
        evaluate.record(visit, view.rollout.id, deployment=deployment, dataset=dataset,
                        metric=metric, value=float(value), pairs=int(pairs),
                        ran_at=visit.clock(), link=link)  # fmt: skip
        return f"The evaluation of {metric} is recorded."

    fits = bool(metric.strip() and dataset.strip()) and value is not None and pairs is not None
    confirmed("Record it", "evaluation-confirm", fits, act, EVALUATION)


def _text(label: str, key: str) -> str:
    return str(st.text_input(label, key=key, max_chars=LONGEST))


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
