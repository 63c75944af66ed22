"""Cached reads of rollouts: for everybody, keyed by what moves them; ui/rollouts.py narrows them to
what the visitor may see."""

import streamlit as st

from reads import rollouts
from reads.rollouts import Board
from ui import session

STRIDE = 300
"""Seconds after which data may have become too old for a gate, whatever else has moved."""


def board() -> Board:
    """All rollouts."""
    store, now = session.wiring().store, session.at()
    mark = session.once("rollouts", lambda: rollouts.mark(store))
    return _board(mark, int(now.timestamp()) // STRIDE)


@st.cache_resource(max_entries=4, show_spinner=False)
def _board(
    generation: str,  # noqa: ARG001 - the key alone
    stride: int,  # noqa: ARG001 - the key alone
) -> Board:
    wiring = session.wiring()
    return rollouts.board(wiring.store, wiring.clock())
