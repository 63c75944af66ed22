"""What people said of a rollout: how many have answered, by phase, and what was said."""

import streamlit as st

from actions.visit import Visit
from domain.criteria import figure
from domain.feedback import OPEN, Feedback, Status
from reads.rollouts import Whole
from ui import drafts, rollouts
from ui.components.hearing_dialogs import COUNT, FEEDBACK, SETTLE
from ui.components.surveying import SURVEY
from ui.faults import escaped

LISTED = 30
"""Things said of a phase that are drawn."""
STATES = {
    Status.NEW: "orange",
    Status.ACCEPTED: "blue",
    Status.CLOSED: "green",
    Status.DECLINED: "gray",
}


def show(visit: Visit, view: Whole) -> None:
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
        if rollouts.open_to(visit, view) and phase.started_at is not None:
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
        deal = it.status in OPEN and rollouts.open_to(visit, view)
        if deal and right.button("Deal with it", key=f"settle-{it.id}"):
            drafts.begin(SETTLE, (view.rollout.id, it.id))
