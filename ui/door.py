"""The door of a page: who comes in, and as what."""

import streamlit as st

from actions.visit import Visit
from domain.roles import require
from ui import menu, session


def enter(page: str) -> Visit:
    """First line of every page: refuse or title it, and say who is visiting."""
    visit = admit(page)
    st.title(menu.entry(page).title, anchor=False)
    return visit


def admit(page: str) -> Visit:
    """The same without a title, for what runs without the page: fragments and dialogs."""
    person, wiring = session.person(), session.wiring()
    require(person, menu.entry(page).needs)
    return Visit(
        person, wiring.store, wiring.clock, wiring.tags, wiring.settings.writes, wiring.simulator
    )
