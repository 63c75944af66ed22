"""What people vouch for, say and measure of a rollout: readiness, feedback, evaluations."""

import streamlit as st

from actions.visit import Visit
from domain.criteria import LEAST_PAIRS, figure
from domain.feedback import OPEN, Feedback, Status
from domain.readiness import Standing
from domain.readiness import Status as Stands
from domain.roles import Permission
from domain.rollouts import ENDS
from reads.rollouts import Whole
from ui import drafts, rollouts
from ui.components import numbers
from ui.components.surveying import SURVEY
from ui.components.testifying_dialogs import ANSWER, COUNT, EVALUATION, FEEDBACK, SETTLE
from ui.faults import escaped

LISTED = 30
"""Things said of a phase that are drawn."""
COLOURS = {
    Stands.MET: "green",
    Stands.NOT_MET: "red",
    Stands.EXPIRED: "orange",
    Stands.UNKNOWN: "gray",
    Stands.NOT_REQUIRED: "gray",
    Stands.WAIVED: "violet",
}
STATES = {
    Status.NEW: "orange",
    Status.ACCEPTED: "blue",
    Status.CLOSED: "green",
    Status.DECLINED: "gray",
}


def readiness(visit: Visit, view: Whole) -> None:
    """Every item by section; what nobody can tell is told apart from what is not met."""
    those = rollouts.readiness(view)
    counted = {it: sum(one.status is it for one in those) for it in Stands}
    st.markdown(" · ".join(f"{many} {it}" for it, many in counted.items() if many))
    sections = dict.fromkeys(it.item.section for it in those)
    for section in sections:
        st.subheader(section)
        for it in (one for one in those if one.item.section == section):
            _standing(visit, view, it)


def _standing(visit: Visit, view: Whole, it: Standing) -> None:
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        badge = f":{COLOURS[it.status]}-badge[{it.status}]"
        left.markdown(f"**{escaped(it.item.title)}** {badge}  \n{escaped(it.words)}")
        if it.answer is not None:
            who = escaped(rollouts.called(view, it.answer.owner))
            shown = escaped(it.answer.evidence) or "none"
            left.caption(f"Evidence: {shown} · owner {who} · {numbers.day(it.answer.at)}")
        answers = _open(visit, view) and not it.item.by_check_only
        if answers and right.button("Answer", key=f"answer-{it.item.key}"):
            drafts.begin(ANSWER, (view.rollout.id, it.item.key))


def feedback(visit: Visit, view: Whole) -> None:
    """What was said, by phase, the newest first, and how many of those who were asked answered."""
    for number, phase in enumerate(view.rollout.phases):
        sums = view.sums.get(number)
        if sums is None and phase.started_at is None:
            continue
        st.subheader(escaped(phase.title))
        if sums is not None and sums.asked is not None:
            rate = figure(round(sums.response_rate or 0, 1))
            st.markdown(
                f"{sums.answered:,} of {sums.asked:,} people have answered: {rate} percent."
            )
        else:
            st.caption("Nobody has counted yet how many people were asked and have answered.")
        if _open(visit, view) and phase.started_at is not None:
            _entries(view, number)
        those = [it for it in view.feedback if it.phase == number]
        those.sort(key=lambda it: it.status not in OPEN)
        for it in those[:LISTED]:
            _said(visit, view, it)
        if len(those) > LISTED:
            st.caption(f"{LISTED} of {len(those):,}: what is open first, the newest first.")


def _entries(view: Whole, number: int) -> None:
    """The ways to enter something about a phase."""
    ways = (
        (FEEDBACK, "Enter feedback", f"feedback-{number}"),
        (SURVEY, "Import a survey", f"survey-{number}"),
        (COUNT, "Count answers", f"count-{number}"),
    )
    with st.container(horizontal=True):
        for draft, label, key in ways:
            if st.button(label, key=key):
                drafts.begin(draft, (view.rollout.id, number))


def _said(visit: Visit, view: Whole, it: Feedback) -> None:
    with st.container(border=True):
        left, right = st.columns([5, 1], vertical_alignment="center")
        badge = f":{STATES[it.status]}-badge[{it.status}]"
        left.markdown(f"**{escaped(it.theme)}** · {it.severity} {badge}  \n{escaped(it.words)}")
        change = f" · {escaped(it.change)}" if it.change else ""
        left.caption(f"Said {it.said_on}{change}")
        deal = it.status in OPEN and _open(visit, view)
        if deal and right.button("Deal with it", key=f"settle-{it.id}"):
            drafts.begin(SETTLE, (view.rollout.id, it.id))


def evaluations(visit: Visit, view: Whole) -> None:
    """What was measured, the newest first; too few pairs prove nothing."""
    if _open(visit, view) and st.button("Record an evaluation", key="evaluation"):
        drafts.begin(EVALUATION, (view.rollout.id, 0))
    if not view.evaluations:
        st.caption("No evaluation was recorded yet.")
    for it in view.evaluations:
        where = escaped(rollouts.short(it.deployment)) if it.deployment else "the solution"
        few = f" :orange-badge[inconclusive: under {LEAST_PAIRS} pairs]" * (it.pairs < LEAST_PAIRS)
        with st.container(border=True):
            st.markdown(f"**{escaped(it.metric)}** {figure(it.value)} over {it.pairs:,} pairs{few}")
            link = f" · {escaped(it.link)}" if it.link else ""
            st.caption(f"{escaped(it.dataset)}, {where}, ran {numbers.day(it.ran_at)}{link}")


def _open(visit: Visit, view: Whole) -> bool:
    return visit.may(Permission.TESTIFY) and view.rollout.state not in ENDS
