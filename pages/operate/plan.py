"""What is this change, where does it stand, who decides about it, and how is it taken back?"""

import streamlit as st

from ui import door, drafts, journal, scope, session
from ui.components import approving, planning, resolving, states, undoing

visit = door.enter(__file__)
number = scope.number("plan")
scope.link("changes", "All changes", ":material/arrow_back:")
states.outcome(drafts.said())

found = journal.one(number)
if found is None:
    planning.missing()
    st.stop()

planning.head(found, session.at())
with st.container(horizontal=True, vertical_alignment="center"):
    approving.buttons(visit, found)
    resolving.buttons(visit, found)
    undoing.offer(visit, found.row.iloc[0])
    planning.related(found)
approving.explained(visit, found)
planning.follow(__file__, visit, found)

left, right = st.columns(2, gap="medium")
with left:
    st.subheader("Terms", anchor=False)
    planning.terms(found)
with right:
    st.subheader("Approval", anchor=False)
    planning.approvals(found)

approving.dialog(__file__)
resolving.dialog(__file__)
undoing.dialog(__file__)
