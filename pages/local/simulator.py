"""How does this little Azure stand, and what shall happen in it?"""

import streamlit as st

from ui import data, door, drafts, faults, scope
from ui.components import states, steering

visit = door.enter(__file__)
states.outcome(drafts.said())
st.caption(
    "An Azure of our own on this machine, for trying things out. Nothing here reaches a real cloud."
)
with faults.shown():
    state = data.simulator()
    steering.standing(state)
    left, right = st.columns(2, gap="medium")
    with left:
        steering.passing(__file__)
        steering.scenario(state)
    with right:
        steering.faults_(__file__, state)
        steering.meddling(__file__, data.everywhere(scope.held().period))
        steering.filters(__file__)
steering.dialog(__file__)
