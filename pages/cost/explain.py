"""What is this figure made of, by what prices and rules, down to the meter's line?"""

import streamlit as st

from ui import costs, door, scope
from ui.components import explaining, spent

visit = door.enter(__file__)
held = scope.held()
scope.link("cost", "Cost", ":material/arrow_back:")
month, currency = spent.bar()
view = costs.viewed(month, currency, held)

if view.head is None:
    spent.missing(view)
    st.stop()

parts = costs.parts()
rows = explaining.narrowed(costs.charges(view, held), parts)
if rows.empty:
    explaining.crumbs({}, view)
    explaining.unknown()
    st.stop()

explaining.crumbs(parts, view)
explaining.total(rows, parts, view)
explaining.split(rows, parts, view)
explaining.lines(rows, parts, view, held)
