"""Around every page: who are you, which rooms are open, the scope bar, one fault frame, run."""

from itertools import groupby
from pathlib import Path

import streamlit as st

from domain.roles import Permission
from ui import faults, scope, session
from ui.components import progress, welcome
from ui.menu import MENU

LOOK = Path(__file__).parent / "look"
st.set_page_config(
    page_title="Azure OpenAI console", page_icon=str(LOOK / "mark.svg"), layout="wide"
)
st.logo(str(LOOK / "name.svg"), icon_image=str(LOOK / "mark.svg"), size="large")
scope.begin()

with faults.shown():
    local, writes = session.simulated(), session.wiring().settings.writes
    if local and not session.signs_in():
        scope.act_as()
    session.look()
    person, here = session.person(), session.presence()
    # A closed room is hidden but known, so that its door can refuse in words.
    there = [it for it in MENU if local or not it.local]
    first = next((it for it in there if person.may(it.needs)), there[0])
    page = st.navigation(
        {
            "": [st.Page(scope.to(first), title="Home", default=True, visibility="hidden")],
        }
        | {
            section: [
                st.Page(
                    entry.path,
                    title=entry.title,
                    icon=entry.icon,
                    visibility="visible" if entry.listed and person.may(entry.needs) else "hidden",
                )
                for entry in entries
            ]
            for section, entries in groupby(there, key=lambda entry: entry.section)
        },
        expanded=True,  # a page behind "more" is a page that nobody finds
    )
    if local:
        st.sidebar.caption(":material/science: Simulated data: this Azure runs on this machine.")
    elif not writes:
        st.caption(":material/lock: Read-only towards Azure: this console changes nothing there.")
    else:
        st.caption(":material/edit: This console may change Azure.")
    if here:
        welcome.side(here)
    if here and (here.over or not here.person.known):
        scope.tell()
        welcome.door(here)
        st.stop()
    if person.may(Permission.LOOK):
        scope.bar()
        progress.calls()
    scope.tell()
    page.run()
    scope.tell()
    scope.notice()
