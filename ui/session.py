"""What is kept: the wiring as long as the process, the person as long as the visit."""

from datetime import datetime, timedelta

import streamlit as st

import settings
from domain.roles import CAST, LOCAL_TENANT, Person
from domain.units import Tree
from reads import people, visits
from wiring import Wiring, wired

PERSONA = "persona"
DESK = "desk"
VISIT, NOTED = "visit", timedelta(minutes=5)


@st.cache_resource(show_spinner=False)
def wiring() -> Wiring:
    return wired(settings.read())


def person() -> Person:
    """Looked up on every run, so that a lost role is lost at the next click."""
    return people.person(wiring().store, *_who())


def tree() -> Tree:
    """The organisation's business units."""
    return people.tree(wiring().store)


def last_visit() -> datetime | None:
    """When the visitor's visit before this one ended; noted anew every few minutes."""
    who, now = person().key, wiring().clock()
    kept = st.session_state.get(VISIT)
    if kept is None or kept[0] != who or not timedelta() <= now - kept[1] < NOTED:
        kept = (who, now, visits.last(wiring().store, who, now))
        st.session_state[VISIT] = kept
    before: datetime | None = kept[2]
    return before


def at() -> datetime:
    """The time, by the one clock."""
    return wiring().clock()


def simulated() -> bool:
    return wiring().settings.local


def _who() -> tuple[str, str]:
    """On a live cloud there is no sign-in yet: whoever is at the desk."""
    if wiring().settings.local:
        return LOCAL_TENANT, str(st.session_state.get(PERSONA) or CAST[0].id)
    return DESK, DESK
