"""Where a fault becomes a message. Text of others is data: it is escaped, never rendered."""

import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from domain.faults import Fault, NotAllowed

log = logging.getLogger(__name__)


@contextmanager
def shown() -> Iterator[None]:
    """A fault inside is a message; anything else is a bug, see unforeseen()."""
    try:
        yield
    except NotAllowed as fault:
        st.error(escaped(fault.words), icon=":material/lock:")
    except Fault as fault:
        st.error(escaped(fault.words), icon=":material/error:")


def unforeseen(bug: Exception) -> bool:
    """For st.App: log a bug with a number and show the number alone."""
    number = uuid.uuid4().hex[:8]
    log.error("Bug %s", number, exc_info=bug)
    st.error(
        f"Something is wrong with the console itself. Nothing was changed by it. "
        f"Tell whoever runs the console the number {number}.",
        icon=":material/bug_report:",
    )
    return True


def escaped(text: str) -> str:
    """Text that Markdown leaves alone."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-!|$:~&@.])", r"\\\1", text)
