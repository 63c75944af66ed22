"""Which rollouts are under way, what blocks each of them, and when can its next gate open?"""

import streamlit as st

from domain.roles import Permission
from ui import door, drafts, exports, rollouts, scope
from ui.components import boarding, drafting, kpis, states, tables

visit = door.enter(__file__)
held = scope.held()
rows = rollouts.board(held)
states.outcome(drafts.said())
drafting.button(visit)
drafting.dialog(__file__)

if rows.empty:
    boarding.nothing(visit.may(Permission.ROLL))
    st.stop()

kpis.show(boarding.kpis(rows))
choice = boarding.bar(rows)
shown = boarding.narrowed(rows, choice)
if shown.empty:
    states.no_results(choice.words(), boarding.clear)
else:
    boarding.table(shown)
    with st.container(horizontal=True, vertical_alignment="center"):
        tables.count(shown, rows, "rollout", choice.words(), boarding.clear)
        facts = {**scope.words_of(held), **choice.words()}
        exports.offer(shown, boarding.COLUMNS, "rollouts", facts)
