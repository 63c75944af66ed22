"""Which deployments are there, whose are they, how do they do, and who should own the rest?"""

import streamlit as st

from domain import periods
from domain.roles import Permission
from ui import data, door, drafts, exports, filters, live, scope, session, words
from ui.components import assigning, creating, kpis, progress, states, tables

visit = door.enter(__file__)
held = scope.held()
estate = data.estate(held)
edits = data.edited(held, estate.frame, session.last_visit())
states.notes(estate)
states.outcome(drafts.said())

rows = words.with_changes(estate.frame, edits)
figures = st.container()
choice = filters.bar(rows)
shown = filters.narrowed(rows, choice)

with figures:
    kpis.show(
        [
            kpis.deployments(shown, estate.partial),
            kpis.refused(shown, periods.words(held.period)),
            kpis.retiring(shown),
            kpis.unassigned(shown),
            kpis.idle(shown),
        ]
    )

if rows.empty:
    states.nothing(
        "No deployment is in this scope.",
        "Choose more subscriptions, units or environments above, or look at Sources for what has "
        "not been collected.",
    )
elif shown.empty:
    states.no_results(choice.words(), filters.clear)
else:
    columns = choice.shown()
    event = tables.show(
        shown,
        columns,
        tables.keyed("deployments", shown),
        pick=("multi-row", "single-cell"),
        alt="Deployments in this scope, one row each",
    )
    scope.open_deployment(tables.cell_picked(event, shown, "Deployment"))
    picked = tables.rows_picked(event, shown)
    with st.container(horizontal=True, vertical_alignment="center"):
        tables.count(shown, rows, "deployment", choice.words(), filters.clear)
        if visit.may(Permission.TAG):
            assigning.button(visit, picked)
        creating.button(visit)
        exports.offer(
            shown,
            columns,
            "deployments",
            {**scope.words_of(held), **choice.words(), **states.facts(estate)},
        )

assigning.dialog(__file__)
creating.dialog(__file__)
live.until_done(__file__, progress.under_way, progress.plans)
