"""The door of a page: who comes in, and as what."""

import streamlit as st

from actions.visit import Visit
from domain.faults import NotAllowed
from domain.roles import require
from ui import menu, session


def enter(page: str) -> Visit:
    """First line of every page: refuse or title it, and say who is visiting."""
    visit = known(page)
    st.title(menu.entry(page).title, anchor=False)
    return visit


def admit(page: str, acting: bool = True) -> Visit:
    """For what runs without frame and page, fragments and dialogs: the person is looked up anew."""
    session.look(acting)
    return known(page)


def known(page: str) -> Visit:
    """The visit of whom the frame looked up for this run."""
    person, wiring, here = session.person(), session.wiring(), session.presence()
    if here and here.over:
        raise NotAllowed(f"Signed out: {here.over}.")
    require(person, menu.entry(page).needs)
    return Visit(
        person, wiring.store, wiring.clock, wiring.tags, wiring.settings.writes, wiring.simulator,
        session.still if here else None,
    )  # fmt: skip
