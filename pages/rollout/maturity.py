"""How mature do we work, what speaks against what we say of ourselves, and what comes next?"""

import streamlit as st

from ui import door, drafts, maturity, scope, session
from ui.components import maturing, maturing_dialogs, states

visit = door.enter(__file__)
held = scope.held()
states.outcome(drafts.said())

parts = maturity.parts(held)
part = scope.one("Part of the organisation", "part", parts, next(iter(parts)))
view = maturity.viewed(part, parts)

maturing.doors(visit)
maturing.figures(view, session.at())
left, right = st.columns([1.1, 1], gap="medium")
with left:
    maturing.course(view)
with right:
    maturing.claims(view)
maturing.steps(visit, view)
maturing.history(view)
maturing_dialogs.show(__file__, view)
