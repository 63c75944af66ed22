"""The price book: every meter with what it counts and costs, and the reading of unknown ones."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from actions import review_meter
from actions.review_meter import BUCKETS, MODES, SCOPES, TIERS, Reading
from actions.visit import Visit
from domain import cents
from domain.frames import records
from ui import drafts, scope
from ui.components import dialogs, numbers, states, tables
from ui.components.columns import Column, Columns
from ui.faults import escaped

ACCEPT, READ = "accept-meters", "read-meter"
SOURCES = {"listed": "green", "reviewed": "blue", "nobody yet": "red"}
BOOK: Columns = {
    "meter": Column("Meter", width=215),
    "region": Column("Region", help="Empty where the price is the same everywhere.", width=98),
    "model": Column("Model", width=115),
    "scope": Column("Processed", width=78),
    "tier": Column("Tier", width=65),
    "bucket": Column("Counts", help="What a unit of this meter is a million or one of.", width=65),
    "said": Column(
        "Read by", "chip", "listed: the models API names this meter. reviewed: an admin said what "
        "it counts. nobody yet: it prices nothing.", 90, SOURCES,
    ),
    "list_price": Column("List price", "price", "Of a million tokens, an hour or a piece.", 75),
    "paid": Column("Paid", "price", "With what was agreed and approved.", 75),
    "discount": Column("Off list (%)", "percent", width=75),
    "booked": Column("31 days", "money", "Booked on this meter lately, in all regions.", 82),
    "since": Column("Since (UTC)", "day", "Since when this list price holds.", 95),
    "changes": Column("Changes", "number", "List prices that the console saw before.", 75),
    "approver_name": Column("Approved by", width=120),
    "meter_id": Column("Meter id", width=270),
}  # fmt: skip
UNREAD: Columns = {
    "meter": Column("Meter", width=215),
    "model": Column("Seems to be", width=105),
    "version": Column("Version", width=85),
    "scope": Column("Processed", width=80),
    "tier": Column("Tier", width=65),
    "bucket": Column("Counts", width=70),
    "booked": Column("31 days", "money", "Booked on this meter lately, in all regions.", 82),
    "why": Column("What to look at", width=290),
    "meter_id": Column("Meter id", width=270),
}


def bar(rows: pd.DataFrame) -> pd.DataFrame:
    """Search and a switch; what they leave."""
    left, right = st.columns([3, 2], vertical_alignment="center")
    with left:
        words = scope.words("Search meters", "meter", "Meter, model, product or id")
    with right:
        which = scope.either("Which meters", "meters", {"booked": "Booked", "all": "All listed"})
    shown = rows if which == "all" else rows[rows["booked_e8"].notna()]
    if words:
        texts = shown[["meter", "model", "product", "meter_id"]].fillna("").agg(" ".join, axis=1)
        shown = shown[texts.str.lower().str.contains(words.lower(), regex=False)]
    return shown.reset_index(drop=True)


def table(rows: pd.DataFrame) -> None:
    tables.show(rows, BOOK, "book", alt="Meters with their prices, those booked most first")


def unread(rows: pd.DataFrame) -> None:
    """Meters that money was booked on and that nothing says the meaning of."""
    if rows.empty:
        return
    readable = rows[rows["readable"].fillna(False).astype(bool)].reset_index(drop=True)
    st.warning(
        f"{numbers.counted(len(rows), 'booked meter')} nobody has read: their money reaches the "
        "account and no deployment, and their usage has no price.",
        icon=":material/help:",
    )
    event = tables.show(
        rows, UNREAD, tables.keyed("unread", rows, "meter_id"), pick=("multi-row",), most=6,
        alt="Booked meters that nobody has read, with what their names seem to say",
    )  # fmt: skip
    picked = tables.rows_picked(event, rows)
    with st.container(horizontal=True):
        chosen = picked if len(picked) else readable
        chosen = chosen[chosen["readable"].fillna(False).astype(bool)]
        label = f"Accept {numbers.counted(len(chosen), 'suggestion')}"
        st.button(label, key=ACCEPT, icon=":material/done_all:", disabled=chosen.empty,
                  on_click=drafts.begin, args=(ACCEPT, records(chosen)))  # fmt: skip
        one = records(picked)[:1]
        st.button("Say what it counts", key=READ, icon=":material/edit:", disabled=len(picked) != 1,
                  on_click=drafts.begin, args=(READ, one))  # fmt: skip


def nothing() -> None:
    states.nothing(
        "No price list yet.",
        "The collector reads the public list once a day, in each currency that was booked.",
    )


def priced(rows: pd.DataFrame, people: dict[str, str]) -> pd.DataFrame:
    """Rows of reads.price_book with words for people."""
    named = rows["approver"].map(lambda it: people.get(it, it), na_action="ignore")
    return booked(rows).assign(
        said=rows["source"].fillna("nobody yet"), approver_name=named.astype("string")
    )


def booked(rows: pd.DataFrame) -> pd.DataFrame:
    """With booked, in cents."""
    told = [None if pd.isna(it) else cents.rounded(int(it)) for it in rows["booked_e8"]]
    return rows.assign(booked=pd.array(told, "Int64"))


def dialog(page: str) -> None:
    """Draw the dialog that is open."""
    if rows := drafts.begun(ACCEPT):
        dialogs.show(page, ACCEPT, "Let these meters count as suggested?", _accept, rows)
    elif rows := drafts.begun(READ):
        dialogs.show(page, READ, "What does this meter count?", _read, rows[0])


def _accept(visit: Visit, rows: list[dict[str, object]]) -> None:
    st.caption(
        "Usage of these models gets a price from the first day of the open month on, and what was "
        "booked on these meters goes to the deployments that used them. Closed months stay."
    )
    shown = pd.DataFrame(rows)
    tables.show(shown, {it: UNREAD[it] for it in list(UNREAD)[:6]}, "accepting", most=8)
    label = f"Accept {numbers.counted(len(rows), 'meter')}"
    if st.button(label, type="primary", key="accept-confirm"):
        review_meter.accept(visit, [_reading(it) for it in rows])
        dialogs.done(ACCEPT, f"{numbers.counted(len(rows), 'meter')} will be counted.")


def _reading(it: dict[str, object]) -> Reading:
    names = ("model", "scope", "mode", "bucket", "tier", "version")
    words = {name: text if isinstance(text := it[name], str) else "" for name in names}
    return Reading(str(it["meter_id"]), **words)


def _read(visit: Visit, row: dict[str, object]) -> None:
    st.markdown(f"**{escaped(str(row['meter']))}**")
    st.caption(f"Meter {row['meter_id']}")
    left, right = st.columns(2)
    told = _reading(row)
    model = left.text_input("Model, as deployments name it", told.model, key="read-model",
                            max_chars=100)  # fmt: skip
    version = right.text_input("Version, empty for any", told.version, key="read-version",
                               max_chars=100)  # fmt: skip
    where = left.selectbox("Processed", SCOPES, _place(SCOPES, told.scope), key="read-scope")
    mode = right.selectbox("Billed by", MODES, _place(MODES, told.mode), key="read-mode")
    tier = left.selectbox("Tier", TIERS, _place(TIERS, told.tier), key="read-tier")
    bucket = right.selectbox("Counts", BUCKETS, _place(BUCKETS, told.bucket), key="read-bucket")
    if st.button("Let it count so", type="primary", key="read-confirm", disabled=not model):
        told = Reading(str(row["meter_id"]), model, where, mode, bucket, tier, version)
        review_meter.accept(visit, [told])
        dialogs.done(READ, "The meter will be counted.")


def _place(options: Sequence[str], suggested: str) -> int:
    """Where a choice begins: at what is suggested."""
    return list(options).index(suggested) if suggested in options else 0
