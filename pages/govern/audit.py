"""Who did what, what was refused, how did it end, and is the trail whole?"""

import streamlit as st

from ui import data, door, exports, trails
from ui.components import columns, separating, states, tables

visit = door.enter(__file__)
trails.verified(data.proof())

rows = trails.named(data.trail(), data.people())
choice = trails.bar(rows)
shown = trails.narrowed(rows, choice)
if rows.empty:
    states.nothing("Nothing has been done yet.", "Every change and every refusal is listed here.")
elif shown.empty:
    states.no_results(choice, trails.clear)
else:
    tables.show(shown, columns.TRAIL, "trail", most=18, alt="The audit trail, the newest first")
    trails.count(shown, rows)
    exports.offer(shown, columns.TRAIL, "audit-trail", choice)

st.subheader("Separation of duties", anchor=False)
separating.show(data.separated(), data.people())
