"""What a page says when there is no table to show, and how old and how whole what it shows is."""

from collections.abc import Callable, Mapping
from datetime import datetime

import streamlit as st

from domain.readings import DEPLOYMENTS, Topic
from ui import session
from ui.components import numbers
from ui.data import Estate
from ui.faults import escaped
from ui.words import named

LATE, STALE, LISTED = 2, 4, 2


def notes(estate: Estate, topic: Topic = DEPLOYMENTS) -> None:
    """Above the figures: of when they are, what is old, what did not answer."""
    now = session.wiring().clock()
    _age(estate.at, topic, now)
    _troubles(estate)


def _age(at: datetime | None, topic: Topic, now: datetime) -> None:
    if at is None:
        st.caption(":material/hourglass_empty: Not everything here has been collected yet.")
        return
    said = f"{topic.title} of {at:%Y-%m-%d %H:%M:%S} UTC, {numbers.age(at, now)} old"
    match freshness(at, topic.cadence.total_seconds(), now):
        case "stale":
            st.error(f"{said}: it is usually renewed much more often.", icon=":material/timer_off:")
        case "late":
            st.warning(f"{said}: later than usual.", icon=":material/schedule:")
        case _:
            st.caption(f":material/schedule: {said}")


def freshness(at: datetime | None, cadence_s: float, now: datetime) -> str:
    """fresh, late at twice the cadence, stale at four times, or never."""
    if at is None:
        return "never"
    age = (now - at).total_seconds()
    return "stale" if age > STALE * cadence_s else "late" if age > LATE * cadence_s else "fresh"


def _troubles(estate: Estate) -> None:
    if not estate.troubles:
        return
    words = list(dict.fromkeys(it.words for it in estate.troubles))
    names = session.subscriptions()
    said = " ".join(escaped(named(it, names)) for it in words[:LISTED])
    more = f" And {len(words) - LISTED} more, see Sources." if len(words) > LISTED else ""
    st.markdown(
        ":orange-badge[:material/warning: Partial] "
        f":small[Totals are at least what they say. {said}{more}]"
    )


def nothing(what: str, first_step: str) -> None:
    """Nothing exists: what would be here, and how it comes."""
    st.info(f"**{what}** {first_step}", icon=":material/inbox:")


def no_results(filters: Mapping[str, str], clear: Callable[[], None]) -> None:
    """The filters left nothing: which they are, and the way out."""
    said = " · ".join(f"{escaped(name)}: {escaped(value)}" for name, value in filters.items())
    st.info(f"Nothing matches. {said}", icon=":material/filter_alt_off:")
    st.button("Clear the filters", on_click=clear, key="clear-empty")


def not_measured(what: str, why: str) -> None:
    st.caption(f":material/remove: {what} was not measured: {why}")


def outcome(words: str) -> None:
    """What came of the last click, once."""
    if words:
        st.success(escaped(words), icon=":material/check_circle:")


def facts(estate: Estate) -> dict[str, str]:
    """What a file says of its data."""
    words = " ".join(dict.fromkeys(it.words for it in estate.troubles))
    return {
        "Data of": numbers.moment(estate.at),
        "Not answered": named(words, session.subscriptions()) or "nothing",
    }
