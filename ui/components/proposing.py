"""Under what terms a change is proposed: why, for which ticket, from when, until when."""

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from actions.proposing import Terms
from actions.visit import Visit
from domain import consent
from domain.plans import Leg
from ui.components import numbers
from ui.faults import escaped

LONGEST = 300


def terms(visit: Visit, key: str, *, needed: str = "", lasting: bool = True) -> Terms:
    """Reason, ticket and hours, drawn. needed: why a reason must be given, "" where none must;
    lasting: whether it may also go back by itself."""
    left, right = st.columns([2.2, 1])
    with left:
        reason = str(st.text_input("Reason", key=f"{key}-reason", max_chars=LONGEST))
    with right:
        ticket = str(st.text_input("Ticket", key=f"{key}-ticket", max_chars=LONGEST))
    if needed and not reason.strip():
        st.caption(f":material/edit_note: {escaped(needed)}")
    starts, until = None, None
    if st.toggle("At an hour of its own", key=f"{key}-scheduled"):
        left, right = st.columns(2)
        with left:
            starts = _hour("Not before (UTC)", f"{key}-starts", visit.clock())
        if lasting:
            with right:
                until = _hour("Until, then back (UTC)", f"{key}-until", visit.clock())
    return Terms(reason, ticket, starts, until)


def second_person(
    legs: list[Leg], rows: pd.DataFrame, limits: dict[str, float] | None = None
) -> None:
    """Say it when somebody else has to approve, and why."""
    if why := consent.needed(legs, rows, limits):
        st.caption(f":material/how_to_reg: A second person has to approve it, because {why}.")


def _hour(label: str, key: str, now: datetime) -> datetime | None:
    """A time in UTC; None where none is chosen."""
    picked = st.datetime_input(
        label, value=None, key=key, format="YYYY-MM-DD",
        help=f"It is {numbers.moment(now)} now. Empty: as soon as it may, or for good.",
    )  # fmt: skip
    return picked.replace(tzinfo=UTC) if picked else None
