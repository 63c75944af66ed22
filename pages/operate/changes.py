"""What waits for me, what is under way or lies ahead, what did we and others change, and what can
be taken back?"""

import streamlit as st

from ui import data, door, drafts, exports, journal, live, scope, session
from ui.components import (
    approving,
    calendars,
    columns,
    history,
    progress,
    resolving,
    states,
    tables,
    undoing,
)

visit = door.enter(__file__)
held = scope.held()
estate = data.estate(held)
states.notes(estate)
states.outcome(drafts.said())

approving.waiting()
resolving.needed()
live.until_done(__file__, progress.under_way, progress.plans)

rows = journal.plans()
calendars.show(journal.agenda(rows), session.at())

st.subheader("Changes by this console", anchor=False)
if rows.empty:
    st.caption("None yet.")
else:
    choice = history.bar(rows)
    shown = history.narrowed(rows, choice)
    if shown.empty:
        states.no_results(choice, history.clear)
    else:
        history.table(visit, shown)
        with st.container(horizontal=True, vertical_alignment="center"):
            tables.count(shown, rows, "change", choice, history.clear)
            exports.offer(shown, columns.PLANS, "changes", {**scope.words_of(held), **choice})

st.subheader("Changed in Azure, by whomever", anchor=False)
before = session.last_visit()
since = scope.either("Since when", "since", {"period": "This period", "visit": "My last visit"})
begins = scope.since(since, held, before, session.at())
history.outside(journal.outside(held, estate.frame, begins))

undoing.dialog(__file__)
