"""What was measured of a rollout: evaluations, which gates rely on."""

import streamlit as st

from actions.visit import Visit
from domain.criteria import LEAST_PAIRS, figure
from reads.rollouts import Whole
from ui import drafts, rollouts
from ui.components import numbers
from ui.components.evaluating_dialogs import EVALUATION
from ui.faults import escaped


def show(visit: Visit, view: Whole) -> None:
    """What was measured, the newest first; too few pairs prove nothing."""
    if rollouts.open_to(visit, view) and st.button("Record an evaluation", key="evaluation"):
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
