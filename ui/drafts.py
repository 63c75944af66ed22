"""What a person has begun and not yet finished: an open dialog, a word to be said once."""

from collections.abc import Callable
from typing import Any

import streamlit as st

PREFIX, SAID = "draft:", "draft-said"


def begin(name: str, about: Any) -> None:
    """Open what is called name, about this."""
    st.session_state[PREFIX + name] = about


def begun(name: str) -> Any:
    """What it is about; None when it is not open."""
    return st.session_state.get(PREFIX + name)


def drop(name: str) -> None:
    st.session_state.pop(PREFIX + name, None)


def dropper(name: str) -> Callable[[], None]:
    """The same as a callback."""
    return lambda: drop(name)


def say(words: str) -> None:
    """To be said once, on the next run."""
    st.session_state[SAID] = words


def said() -> str:
    return str(st.session_state.pop(SAID, ""))


def cells(grid: str) -> dict[int, dict[str, Any]]:
    """What was typed into the grid of this key: by position of the row, by heading. Rows that a
    browser claims to have added or taken away are no edits of ours."""
    told = st.session_state.get(grid, {}).get("edited_rows", {})
    return {int(at): dict(row) for at, row in told.items()}
