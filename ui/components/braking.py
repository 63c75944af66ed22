"""The safeguards of a rollout, apart from its gate: how each stands, and what was done when one
fell."""

import streamlit as st

from domain import braking
from domain.braking import Held
from domain.rollouts import ENDS
from reads.rollouts import Whole
from ui.components import numbers, phase_words
from ui.faults import escaped


def falls(view: Whole) -> None:
    """What was done because of one that does not hold yet."""
    if view.rollout.state in ENDS:
        return
    for it in view.falls:
        if it.over_at is None:
            done = "has paused this" if it.action == braking.Action.PAUSE else "asks for a rollback"
            st.warning(
                f"**A safeguard {done}** {numbers.moment(it.at)}: {escaped(it.words)} It acts once "
                "for the same fall; it does not hold again yet.",
                icon=":material/front_hand:",
            )


def show(view: Whole) -> None:
    """One line each."""
    those = view.found.guards
    if not those:
        return
    with st.expander(_summary(view), icon=":material/health_and_safety:", key="safeguards"):
        for it in those:
            st.markdown(_line(view, it))
        st.caption(
            "Safeguards hold in every phase and are no part of a gate. What can't be told is never "
            "acted on; readings of one hour count once."
        )


def _summary(view: Whole) -> str:
    verdicts = [it.judged.verdict for it in view.found.guards]
    told = [f"{verdicts.count(it)} {it}" for it in dict.fromkeys(verdicts)]
    return f"Safeguards: {', '.join(told)}"


def _line(view: Whole, it: Held) -> str:
    criterion, reading = it.safeguard.criterion, it.judged.reading
    badge = phase_words.badge(str(it.judged.verdict), phase_words.VERDICTS)
    told = [escaped(it.judged.words)]
    if reading is not None:
        told.append(f"sample {reading.sample:,}")
        told.append(f"data {numbers.age(reading.data_at, view.at)} old" if reading.data_at else "")
    told.append(f"failed {it.failed} of {criterion.passes} in a row")
    told.append(f"then: {it.safeguard.action}")
    facts = " · ".join(one for one in told if one)
    return f"{badge} **{escaped(criterion.title)}**  \n:small[{facts}]"
