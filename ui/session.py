"""What is kept: the wiring as long as the process, the person as long as the visit."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import streamlit as st

import settings
from domain.roles import CAST, LOCAL_TENANT, Person
from domain.units import Tree
from reads import inventory, people, visits
from wiring import Wiring, wired

T = TypeVar("T")
PERSONA, LOOK, ONCE = "persona", "look", "once"
DESK = "desk"
VISIT, NOTED = "visit", timedelta(minutes=5)


@st.cache_resource(show_spinner=False)
def wiring() -> Wiring:
    return wired(settings.read())


@st.cache_resource(max_entries=4, show_spinner=False)
def _names(generation: int) -> dict[str, str]:  # noqa: ARG001 - the key alone
    known = inventory.subscriptions(wiring().store, wiring().clock()).frame
    named = known["name"].fillna(known["subscription"]).tolist()
    return dict(zip(known["subscription"].tolist(), named, strict=True))


def look() -> None:
    """Look up who is here and what is known, on every run and in every fragment, so that a lost
    role is lost at the next click."""
    store = wiring().store
    names = _names(inventory.generation(store, ()))
    st.session_state[LOOK] = (people.person(store, *_who()), people.tree(store), names)
    st.session_state[ONCE] = {}


def once(key: object, ask: Callable[[], T]) -> T:
    """What ask says, asked once in a run."""
    kept: dict[object, T] = st.session_state.setdefault(ONCE, {})
    if key not in kept:
        kept[key] = ask()
    return kept[key]


def person() -> Person:
    return _seen()[0]


def tree() -> Tree:
    """The organisation's business units."""
    return _seen()[1]


def subscriptions() -> dict[str, str]:
    """Names by id of every subscription that is known."""
    return _seen()[2]


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


def _seen() -> tuple[Person, Tree, dict[str, str]]:
    if LOOK not in st.session_state:
        look()
    seen: tuple[Person, Tree, dict[str, str]] = st.session_state[LOOK]
    return seen


def _who() -> tuple[str, str]:
    """On a live cloud there is no sign-in yet: whoever is at the desk."""
    if wiring().settings.local:
        return LOCAL_TENANT, str(st.session_state.get(PERSONA) or CAST[0].id)
    return DESK, DESK
