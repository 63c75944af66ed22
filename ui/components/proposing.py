"""Under what terms a change is proposed: why, for which ticket, from when, until when."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import streamlit as st

from actions.proposing import Terms
from actions.visit import Visit
from domain import consent, periods
from domain.plans import Leg
from ui import data, journal, session
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


def second_person(legs: Sequence[Leg], environments: Mapping[str, str] | None = None) -> None:
    """Say it when somebody else has to approve, and why. environments: by resource, of what is
    not there yet."""
    rows = data.everywhere(periods.USUAL)
    there = rows[rows["resource"].isin([leg.resource for leg in legs])]
    there = there.dropna(subset=["environment"])
    where = dict(zip(there["resource"], there["environment"], strict=True))
    where |= environments or {}
    known = journal.safeguards(legs)
    if why := consent.needed(legs, where, _limits(legs), journal.alone(), known):
        st.caption(f":material/how_to_reg: A second person has to approve it, because {why}.")


def _limits(legs: Sequence[Leg]) -> dict[str, float]:
    """Units by pool, of the pools that these legs move."""
    wanted = {leg.pool for leg in legs if leg.pool}
    if not wanted:
        return {}
    found = data.quota(tuple(sorted(session.subscriptions())), periods.USUAL).pools
    found = found[found["pool"].isin(wanted)].dropna(subset=["limit"])
    return dict(zip(found["pool"], found["limit"].astype(float), strict=True))


def _hour(label: str, key: str, now: datetime) -> datetime | None:
    """A time in UTC; None where none is chosen."""
    picked = st.datetime_input(
        label, value=None, key=key, format="YYYY-MM-DD",
        help=f"It is {numbers.moment(now)} now. Empty: as soon as it may, or for good.",
    )  # fmt: skip
    return picked.replace(tzinfo=UTC) if picked else None
