"""Whether people are told, what they were told last, and a test of it."""

import pandas as pd
import streamlit as st

from actions import told
from actions.visit import Visit
from domain.notices import Kind, Standing
from domain.roles import Permission
from ui import door, drafts, faults, live, outbox
from ui.components import numbers, tables
from ui.components.columns import Column, Columns
from ui.faults import escaped

COLOURS = {"sent": "green", "on its way": "blue", "failing": "orange", "not sent": "red"}
COLUMNS: Columns = {
    "standing": Column("Standing", "chip", colours=COLOURS, width=100),
    "kind": Column("About", width=130),
    "title": Column("Title", width=280),
    "made_at": Column("Made (UTC)", "time", width=130),
    "sent_at": Column("Sent (UTC)", "time", "When every address had taken it.", 130),
    "tries": Column("Tries", "number", width=55),
    "next_at": Column("Tried next (UTC)", "time", width=130),
    "said": Column("Why it was not taken", width=320),
}
UNSET = (
    "Nobody is told of approvals, requests and changes that need a person: the setting "
    "CONSOLE_NOTIFY__URLS names no address."
)


def section(page: str, visit: Visit) -> None:
    """How telling goes; the messages and the test for whoever may test it."""
    st.subheader("Telling people", anchor=False)
    many = outbox.addresses()
    if not many:
        st.caption(f":material/notifications_off: {escaped(UNSET)}")
    if not visit.may(Permission.TELL):
        _summary()
        return
    if st.button(
        "Send a test message", key="tell-test", icon=":material/send:", disabled=not many,
        help=f"To {numbers.counted(many, 'address', 'addresses')}; it is tried once.",
    ):  # fmt: skip
        _test(page)
    live.until_done(page, _under_way, _messages)


def _test(page: str) -> None:
    with faults.shown():
        told.test(door.admit(page))
        drafts.say("A test message is on its way. What comes of it is said under Telling people.")
        st.rerun()


def _under_way(visit: Visit) -> bool:
    """Whether the visitor's own test has no outcome yet."""
    return bool((_own(visit)["standing"] == Standing.WAITING).any())


def _own(visit: Visit) -> pd.DataFrame:
    rows = outbox.messages()
    own = (rows["kind"] == Kind.TEST) & rows["key"].str.endswith(f":{visit.person.key}")
    return rows[own]


def _messages(visit: Visit) -> None:
    for row in _own(visit).head(1).to_dict("records"):
        _outcome(row["standing"], numbers.moment(row["made_at"]), numbers.text(row["said"]))
    _summary()
    rows = outbox.messages()
    if len(rows):
        tables.show(rows, COLUMNS, "outbox", most=6, alt="Messages to people, the newest first")


def _outcome(standing: str, made: str, said: str) -> None:
    """What came of the visitor's test."""
    match standing:
        case Standing.SENT:
            st.success(f"Your test of {made} was taken by every address.", icon=":material/done:")
        case Standing.WAITING:
            st.caption(f":material/hourglass_top: Your test of {made} is on its way.")
        case _:
            st.error(f"Your test of {made} was not taken. {escaped(said)}", icon=":material/error:")


def _summary() -> None:
    rows = outbox.messages()
    sent = rows["sent_at"].max()
    last = f"Last sent {numbers.moment(sent)}." if pd.notna(sent) else "Nothing was sent yet."
    counts = outbox.counted(rows)
    more = f" Of the latest {len(rows)}: " if counts else ""
    said = ", ".join(f"{many:,} {standing}" for standing, many in counts.items())
    st.caption(escaped(f"{last}{more}{said}"))
