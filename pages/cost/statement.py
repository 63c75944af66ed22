"""What does one unit pay for a month, by what rules, and why is it what it is?"""

import streamlit as st

from ui import costs, door, scope
from ui.components import spent, stating

visit = door.enter(__file__)
held = scope.held()
scope.link("statements", "Statements", ":material/arrow_back:")
month, currency = spent.bar()
view = costs.viewed(month, currency, held)

if view.head is None:
    spent.missing(view)
    st.stop()

unit = stating.unit(view)
if not unit:
    stating.nobody()
    st.stop()

spent.notes(view, held)
stating.document(view, held, stating.made(view, held, unit))
