"""What did we change, what did others change, and what can be taken back?"""

import streamlit as st

from ui import data, door, drafts, exports, live, scope, session, words
from ui.components import columns, history, states, undoing

visit = door.enter(__file__)
held = scope.held()
estate = data.estate(held)
states.notes(estate)
states.outcome(drafts.said())

live.until_done(__file__, history.under_way(""), history.plans(""))
exports.offer(
    words.of_plans(data.plans(), data.people()),
    columns.PLANS,
    "changes",
    scope.words_of(held),
)

st.subheader("Noticed in Azure", anchor=False)
before = session.last_visit()
since = scope.either("Since when", "since", {"period": "This period", "visit": "My last visit"})
begins = scope.since(since, held, before, session.at())
history.edits(data.edited(held, estate.frame, begins))

undoing.dialog(__file__)
