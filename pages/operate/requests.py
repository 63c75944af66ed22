"""Who needs more quota, what has become of it, and how do I ask for mine?"""

import streamlit as st

from ui import door, drafts, exports, requests, scope, session
from ui.components import kpis, requesting, states, tables

visit = door.enter(__file__)
held = scope.held()
states.outcome(drafts.said())

rows = requests.found(held)
kpis.show(requesting.figures(rows, session.at()))
requesting.doors(visit)
which = scope.either("Which requests", "which", requests.WHICH)
shown = requests.matching(rows, which)

if rows.empty:
    states.nothing(
        "Nobody has asked for more quota in this scope.",
        "Managers, coordinators and administrators ask here; every step of a request is listed.",
    )
elif shown.empty:
    states.no_results({"Requests": "open ones"}, requesting.every)
else:
    event = tables.show(
        shown,
        requesting.COLUMNS,
        tables.keyed("requests", shown),
        pick=("single-row",),
        alt="Requests for more quota, the newest first",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        requesting.steps(visit, tables.rows_picked(event, shown))
        exports.offer(
            shown,
            requesting.COLUMNS,
            "requests",
            {**scope.words_of(held), "Requests": requests.WHICH[which]},
        )

requesting.dialogs(__file__)
