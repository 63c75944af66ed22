"""What was spent, is it more than before, and why?"""

import streamlit as st

from ui import costs, door, drafts, scope
from ui.components import (
    calling,
    changing,
    cost_mapping,
    kpis,
    repricing,
    spent,
    states,
    unassigned,
)

visit = door.enter(__file__)
held = scope.held()
month, currency = spent.bar()
view = costs.viewed(month, currency, held)
states.outcome(drafts.said())
spent.notes(view, held)

if view.head is None:
    spent.missing(view)
    st.stop()

kpis.show(spent.kpis(view, held), spent.LEAST)
spent.sureness(view)
spent.proof(view)
spent.chart(view, changing.notes(view, held))
repricing.show(view)
spent.table(view, held)
changing.show(view, held)

unassigned.show(visit, view)
st.subheader("In the way of a defensible number", anchor=False)
spent.findings(view)
st.subheader("Callers that are not known", anchor=False)
calling.gaps(view)
cost_mapping.dialog(__file__)
calling.dialog(__file__)
