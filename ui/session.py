"""What is kept: the wiring as long as the process, the person as long as the visit."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

import streamlit as st

import settings
from actions import sign_in
from actions.sign_in import NOBODY, Presence
from domain.faults import NotAllowed
from domain.roles import CAST, LOCAL_TENANT, Person
from domain.units import Tree
from reads import inventory, people, visits
from wiring import Wiring, wired

T = TypeVar("T")
PERSONA, LOOK, ONCE = "persona", "look", "once"
DESK = "desk"
PRESENT, ALONE = "present", "alone"
VISIT, NOTED = "visit", timedelta(minutes=5)


@st.cache_resource(show_spinner=False)
def wiring() -> Wiring:
    return wired(settings.read())


@st.cache_resource(max_entries=4, show_spinner=False)
def _names(generation: int) -> dict[str, str]:  # noqa: ARG001 - the key alone
    known = inventory.subscriptions(wiring().store, wiring().clock()).frame
    named = known["name"].fillna(known["subscription"]).tolist()
    return dict(zip(known["subscription"].tolist(), named, strict=True))


def by_itself() -> None:
    """The next run is nobody's doing: a page that asks by itself keeps nobody signed in."""
    st.session_state[ALONE] = True


def look(acting: bool = True) -> None:
    """Look up who is here and what is known, on every run and in every fragment, so that a lost
    role is lost at the next click. acting: somebody did something, rather than a page that asks by
    itself."""
    store = wiring().store
    names = _names(inventory.generation(store, ()))
    here = _present(acting and not st.session_state.pop(ALONE, False))
    who = here.person if here else people.person(store, *_who())
    st.session_state[PRESENT] = here
    st.session_state[LOOK] = (who, people.tree(store), names)
    st.session_state[ONCE] = {}


def signs_in() -> bool:
    """Whether this console has a sign-in."""
    return wiring().admits is not None


def presence() -> Presence | None:
    """Who is here by a sign-in; None on a console without one."""
    here: Presence | None = st.session_state.get(PRESENT)
    return here


def still() -> None:
    """Raise NotAllowed once the session is over by which somebody is here: for verbs."""
    here = _present(acting=True)
    if here and here.over:
        raise NotAllowed(f"Signed out: {here.over}.")


def leave() -> None:
    """End this session, here and for every copy of its cookie."""
    if here := presence():
        sign_in.leave(wiring().store, here.key, wiring().clock())


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


def _present(acting: bool) -> Presence | None:
    admits = wiring().admits
    if admits is None:
        return None
    claims = dict(st.user)
    if not claims.get("is_logged_in"):
        return NOBODY
    now, today = wiring().clock(), wiring().wall()
    return sign_in.present(wiring().store, admits, claims, now, today, acting)


def _who() -> tuple[str, str]:
    """Without sign-in: whom of the cast to be, or whoever is at the desk."""
    if wiring().settings.local:
        return LOCAL_TENANT, str(st.session_state.get(PERSONA) or CAST[0].id)
    return DESK, DESK
