"""What does this filter policy block, who uses it, and who changed it?"""

import streamlit as st

from ui import courses, door, drafts, safety, scope
from ui.components import filter_assigning, filter_drift, filter_editing, filter_policies, states

visit = door.enter(__file__)
scope.link("filters", "Content filters", ":material/arrow_back:")
states.outcome(drafts.said())
view = safety.everywhere(scope.held().period)
row = safety.policy(view, safety.named_in_url())

if row is None:
    filter_policies.missing()
    st.stop()

filter_policies.head(row)
with st.container(horizontal=True):
    filter_policies.buttons(visit, view, row)

stated, users, history, raw = scope.tabs("Filters", "In use by", "History", "JSON")
if stated.open:
    with stated:
        filter_policies.contents(view, row)
if users.open:
    with users:
        filter_policies.used_by(view, row)
if history.open:
    with history:
        filter_drift.edits(courses.of_policy(view, row["resource"]), "history")
if raw.open:
    with raw:
        st.json(row["body"])

filter_editing.dialog(__file__)
filter_assigning.dialog(__file__)
