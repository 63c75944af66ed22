"""Vouch for an item of readiness, ask that it be waived, agree to that or decline."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import streamlit as st

from actions import answer
from actions.rollout import LONGEST
from actions.visit import Visit
from domain import excuses
from domain.readiness import Says
from reads.rollouts import Whole
from ui import drafts, rollouts
from ui.components import dialogs
from ui.components.cost_rules import confirmed
from ui.faults import escaped

ANSWER, EXCUSE, DECIDE = "answer-item", "excuse-item", "decide-item"
DAY = timedelta(days=1)


def show(page: str, view: Whole) -> None:
    """Draw the dialog that is open, if it is about this rollout."""
    drawn: dict[str, tuple[str, Callable[..., None]]] = {
        ANSWER: ("Is it so?", _answer),
        EXCUSE: ("May it stay open?", _excuse),
        DECIDE: ("Do you agree?", _decide),
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


def _excuse(visit: Visit, view: Whole, key: str) -> None:
    it = next(one for one in rollouts.readiness(view) if one.item.key == key)
    st.markdown(f"**{escaped(it.item.title)}**  \n{escaped(it.status)}: {escaped(it.words)}")
    says = Says(str(st.radio("Ask that it is", [str(Says.WAIVED), str(Says.NOT_REQUIRED)],
                             key="excuse-says", horizontal=True)))  # fmt: skip
    reason = str(st.text_input("Why", key="excuse-reason", max_chars=LONGEST))
    now, until = visit.clock(), None
    if says is Says.WAIVED:
        last = now.date() + excuses.LONGEST
        day = st.date_input("Until", now.date() + 30 * DAY, min_value=now.date() + DAY,
                            max_value=last, key="excuse-until", format="YYYY-MM-DD")  # fmt: skip
        until = min(_noon(day), now + excuses.LONGEST) if isinstance(day, date) else None
    st.caption("It counts as soon as a second person agrees: a technical or security approver, "
               "who neither asked, planned the rollout nor owns it.")  # fmt: skip

    def act() -> str:
        answer.excuse(visit, view.rollout.id, key, says=says, reason=reason, until=until)
        return f"{it.item.title}: it waits for a second person's yes."

    ready = bool(reason.strip()) and (says is Says.NOT_REQUIRED or until is not None)
    confirmed("Ask for it", "excuse-confirm", ready, act, EXCUSE)


def _decide(visit: Visit, view: Whole, key: str) -> None:
    it = next(one for one in rollouts.readiness(view) if one.item.key == key)
    said = it.answer
    if said is None or not said.waits:
        st.caption("This waits for nobody any more.")
        return
    who = escaped(view.names.get(said.said_by, said.said_by))
    end = f" until {said.expires_at:%d %b %Y}" if said.expires_at else ""
    st.markdown(f"**{escaped(it.item.title)}**  \n{escaped(it.status)}: {escaped(it.words)}")
    st.markdown(f"{who} asks that it is {said.status}{end}.  \nReason: {escaped(said.note)}")
    yes = st.radio("Decision", ["Agree", "Decline"], key="decide-says", horizontal=True) == "Agree"
    comment = "" if yes else str(
        st.text_input("Why not", key="decide-comment", max_chars=LONGEST)
    )  # fmt: skip

    def act() -> str:
        answer.decide(visit, view.rollout.id, key, asked_at=said.at, approves=yes, comment=comment)
        return f"{it.item.title}: {f'it is {said.status}{end}' if yes else 'declined, it is open'}."

    ready = yes or bool(comment.strip())
    confirmed("Agree" if yes else "Decline", "decide-confirm", ready, act, DECIDE)


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)
