"""The only door to st.fragment, which runs alone and so carries door and fault frame."""

from collections.abc import Callable

import streamlit as st

from actions.visit import Visit
from ui import door, faults, session

Body = Callable[[Visit], None]
Question = Callable[[Visit], bool]


def panel(page: str, body: Body, *, every: str | None = "2s") -> None:
    """Draw body now and again every so often, each time for whoever is visiting then."""

    @st.fragment(run_every=every)
    def again() -> None:
        with faults.shown():
            body(door.admit(page, acting=every is None))

    again()


def until_done(page: str, under_way: Question, body: Body) -> None:
    """Draw body; while something is under way, again and again, and at its end the whole page
    once, since what has ended shows elsewhere too."""
    visit = door.known(page)
    if not under_way(visit):
        body(visit)
        return

    while_so(page, under_way, body)


def while_so(page: str, so: Question, body: Body) -> None:
    """Draw body again and again; once it is no longer so, which may be at once, the whole page."""

    def watching(visit: Visit) -> None:
        body(visit)
        if not so(visit):
            session.by_itself()
            st.rerun()

    panel(page, watching)
