"""What does a rollout go through, what has each gate to show, and which version of it runs?"""

import streamlit as st

from ui import door, drafts, templates
from ui.components import states, templating, templating_dialogs, templating_edits

visit = door.enter(__file__)
states.outcome(drafts.said())
view = templates.view()
if not view.versions and not view.edited:
    templating.nothing()
    st.stop()

templating.versions(view)
key = templating.chosen(view)
if key in view.edited:
    templating_edits.show(visit, view, view.edited[key])
else:
    it, before = templating.version(view, key)
    templating_edits.buttons(visit, view, it)
    templating.compared(it, before)
    templating.show(it)
templating_dialogs.show(__file__, view)
