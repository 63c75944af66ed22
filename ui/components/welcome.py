"""What whoever is not signed in sees, and at the side whoever is."""

import streamlit as st

from actions.sign_in import Presence
from domain import sign_in
from domain.sign_in import End
from ui import session
from ui.faults import escaped

AGAIN = frozenset({End.LEFT, End.ENDED, End.LATE, End.IDLE, End.EXPIRED})
"""After these a new sign-in is all it takes."""
HELP = {
    End.ROLELESS: "Ask whoever runs this console for a role, then sign out and in again.",
    End.TORN: "Ask whoever runs this console to leave you one of them, then sign out and in again.",
    End.BARRED: "Ask whoever runs this console why.",
    End.FOREIGN: "Sign out, then choose an account of this organisation.",
}
WIDTH = 460


def door(here: Presence) -> None:
    """Who runs the console decides who may come in; here is how, or why not."""
    centred = st.container(horizontal_alignment="center")
    with centred, st.container(border=True, width=WIDTH):
        st.title("Azure OpenAI console", anchor=False)
        if here.key and here.over not in AGAIN:
            _refused(here)
        else:
            _invited(here)


def side(here: Presence) -> None:
    """Who is signed in, until when, and the way out."""
    if not here.person.known or here.over:
        return
    with st.sidebar:
        st.caption(f":material/person: {escaped(here.person.name)}, {here.person.role}")
        left = here.ends_at - session.at() if here.ends_at else sign_in.NEAR
        if left < sign_in.NEAR:
            minutes = max(1, round(left.total_seconds() / 60))
            st.warning(f"Your session ends in {minutes} min.", icon=":material/timer:")
        _way_out()


def _invited(here: Presence) -> None:
    if here.over:
        st.info(f"Signed out: {here.over}.", icon=":material/lock_clock:")
    else:
        st.write(
            "Deployments, quota, cost, content filters and rollouts of Azure OpenAI, in one place."
        )
    if st.button("Sign in", type="primary", icon=":material/login:", width="stretch"):
        st.login()
    st.caption(
        "You are taken to your organisation's sign-in page and back. The console learns your name "
        "and your roles, never your password, and keeps when you came and went."
    )


def _refused(here: Presence) -> None:
    st.error(f"{escaped(here.person.name)}: {here.over}.", icon=":material/lock:")
    if here.over in HELP:
        st.write(HELP[here.over])
    _way_out()


def _way_out() -> None:
    if st.button("Sign out", icon=":material/logout:", width="stretch"):
        session.leave()
        st.logout()
