"""What people vouch for of a rollout: readiness, item by item."""

import streamlit as st

from actions.visit import Visit
from domain.readiness import Standing
from domain.readiness import Status as Stands
from reads.rollouts import Whole
from ui import drafts, rollouts
from ui.components import numbers
from ui.components.testifying_dialogs import ANSWER
from ui.faults import escaped

COLOURS = {
    Stands.MET: "green",
    Stands.NOT_MET: "red",
    Stands.EXPIRED: "orange",
    Stands.UNKNOWN: "gray",
    Stands.NOT_REQUIRED: "gray",
    Stands.WAIVED: "violet",
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
        answers = rollouts.open_to(visit, view) and not it.item.by_check_only
        if answers and right.button("Answer", key=f"answer-{it.item.key}"):
            drafts.begin(ANSWER, (view.rollout.id, it.item.key))
