"""Which months are open, closed or settled, what does each unit pay, and may this month close?"""

import streamlit as st

from domain.roles import Permission
from ui import costs, door, drafts, scope
from ui.components import closing, spent, states, stating

visit = door.enter(__file__)
held = scope.held()
month, currency = spent.bar()
view = costs.viewed(month, currency, held)
states.outcome(drafts.said())

if view.head is None:
    spent.missing(view)
    st.stop()

spent.notes(view, held)
stating.overview(view)
spent.proof(view)
closing.buttons(visit, view)
st.subheader(f"Statements of {view.title}", anchor=False)
stating.units(view, held)
stating.finance(view, held)

if visit.may(Permission.CLOSE):
    st.subheader("What stands in the way of closing it", anchor=False)
    closing.hindrances(visit, view)
    st.subheader("Estimate against booking, by cause", anchor=False)
    closing.causes(view)
    st.subheader("Rows outside the tolerance", anchor=False)
    closing.outside(view)
    st.subheader("Invoices", anchor=False)
    closing.invoices(view)

closing.dialogs(__file__)
