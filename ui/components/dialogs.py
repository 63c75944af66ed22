"""A dialog in which a person decides something: open while its draft is, closed with a word."""

from collections.abc import Callable
from typing import Literal

import streamlit as st

from ui import door, drafts, faults


def show(
    page: str,
    draft: str,
    title: str,
    body: Callable[..., None],
    *about: object,
    width: Literal["medium", "large"] = "medium",
) -> None:
    """Draw it; the body gets a visit admitted anew, then what the dialog is about."""

    def shown() -> None:
        with faults.shown():
            body(door.admit(page), *about)

    st.dialog(title, width=width, on_dismiss=drafts.dropper(draft))(shown)()


def done(draft: str, words: str) -> None:
    """Close it, and say on the page what came of it."""
    drafts.drop(draft)
    drafts.say(words)
    st.rerun()
