"""Contract prices and discounts: entered by one admin, in force once another approved."""

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from actions import price
from actions.price import Offer
from actions.visit import Visit
from domain.frames import records
from ui import drafts
from ui.components import dialogs, tables
from ui.components.columns import Column, Columns
from ui.faults import escaped

ENTER, APPROVE, WITHDRAW, END = "enter-price", "approve-price", "withdraw-price", "end-price"
ALL = "All meters"
STATES = {"waits": "orange", "in force": "green", "lies ahead": "blue", "ended": "gray"}
PER = {1_000_000: "1,000,000 tokens", 1_000: "1,000 tokens", 1: "one hour or piece"}
AGREED: Columns = {
    "id": Column("Number", "number", width=65),
    "state": Column("State", "chip", colours=STATES, width=85),
    "meter": Column("Meter", width=185),
    "currency": Column("Currency", width=72),
    "said": Column("Agreed", width=160),
    "starts": Column("From (UTC)", "day", width=85),
    "ends": Column("Until (UTC)", "day", "The first day on which it does not hold.", 85),
    "said_by_name": Column("Entered by", width=95),
    "approver_name": Column("Approved by", width=95),
    "source": Column("Source", width=70),
    "note": Column("Note", width=160),
}


def worded(
    rows: pd.DataFrame, meters: dict[str, str], people: dict[str, str], now: pd.Timestamp
) -> pd.DataFrame:
    """Frame AGREED with words for people, without what was withdrawn before it held."""
    here = rows[rows["ends"].isna() | rows["ends"].gt(rows["starts"]).fillna(False)]
    here = here.reset_index(drop=True)
    named = {
        f"{it}_name": here[it].map(lambda who: people.get(who, who), na_action="ignore")
        for it in ("said_by", "approver")
    }
    told = records(here)
    return here.assign(
        meter=[meters.get(it["meter_id"], it["meter_id"]) or ALL for it in told],
        said=[_said(it) for it in told],
        state=[_state(it, now) for it in told],
        **named,
    ).astype(dict.fromkeys(("meter", "said", "state", *named), "string"))


def show(visit: Visit, rows: pd.DataFrame) -> None:
    st.button("Enter a price", key=ENTER, icon=":material/add:", on_click=drafts.begin,
              args=(ENTER, True))  # fmt: skip
    if rows.empty:
        st.caption("Nothing was agreed: every meter is paid at its list price.")
        return
    event = tables.show(
        rows, AGREED, tables.keyed("agreed", _keyed(rows)), pick=("single-row",),
        alt="Contract prices and discounts, the newest first",
    )  # fmt: skip
    picked = records(tables.rows_picked(event, rows))
    with st.container(horizontal=True):
        for name, label, icon, may in _steps(visit, picked[0] if picked else None):
            st.button(label, key=name, icon=icon, disabled=not may, on_click=drafts.begin,
                      args=(name, picked[0] if picked else None))  # fmt: skip


def dialog(page: str, meters: dict[str, str], currencies: list[str]) -> None:
    """Draw the dialog that is open."""
    if drafts.begun(ENTER):
        dialogs.show(page, ENTER, "What was agreed?", _enter, meters, currencies)
    for name, title, body in (
        (APPROVE, "Let this price be in force?", _approve),
        (WITHDRAW, "Take this price back?", _withdraw),
        (END, "Until when does this price hold?", _end),
    ):
        if row := drafts.begun(name):
            dialogs.show(page, name, title, body, row)


def _steps(visit: Visit, row: dict[str, Any] | None) -> list[tuple[str, str, str, bool]]:
    waits = row is not None and row["state"] == "waits"
    own = row is not None and row["said_by"] == visit.person.key
    held = row is not None and row["state"] in ("in force", "lies ahead")
    return [
        (APPROVE, "Approve", ":material/check:", waits and not own),
        (WITHDRAW, "Withdraw", ":material/undo:", waits),
        (END, "End", ":material/event_busy:", held),
    ]


def _enter(visit: Visit, meters: dict[str, str], currencies: list[str]) -> None:
    kind = st.segmented_control(
        "What", ["Discount", "Price"], default="Discount", key="enter-kind", required=True
    )
    left, right = st.columns(2)
    currency = str(left.selectbox("Currency", currencies, key="enter-currency"))
    source = str(right.selectbox("Source", price.SOURCES, key="enter-source"))
    options = [*([""] if kind == "Discount" else []), *meters]
    meter = st.selectbox(
        "Meter", options, key="enter-meter", index=0 if kind == "Discount" else None,
        format_func=lambda it: meters.get(it, it) or ALL, placeholder="Search a meter",
    )  # fmt: skip
    told, per = _amount(str(kind))
    left, right = st.columns(2)
    starts = left.date_input("From", visit.clock().date(), key="enter-from", format="YYYY-MM-DD")
    ends = right.date_input("Until, if it ends", None, key="enter-until", format="YYYY-MM-DD")
    note = st.text_input("Note, such as the contract's number", key="enter-note", max_chars=300)
    st.caption("It is in force once another administrator has approved it.")
    ready = bool(told) and meter is not None and isinstance(starts, date)
    if st.button("Enter it", type="primary", key="enter-confirm", disabled=not ready):
        assert isinstance(starts, date)
        what = {"percent": told} if kind == "Discount" else {"price": told, "per": per}
        until = ends if isinstance(ends, date) else None
        offer = Offer(currency, starts, str(meter), ends=until, source=source, note=note, **what)
        number = price.enter(visit, offer)
        dialogs.done(ENTER, f"Price {number} waits for another administrator.")


def _amount(kind: str) -> tuple[str, int]:
    if kind == "Discount":
        told = st.text_input("Percent off the list price", key="enter-percent", placeholder="6")
        return told.strip(), 1
    left, right = st.columns(2)
    told = left.text_input("Price", key="enter-price-of", placeholder="2.35")
    per = right.selectbox("For", list(PER), key="enter-per", format_func=lambda it: PER[it])
    return told.strip(), int(per or 1)


def _approve(visit: Visit, row: dict[str, Any]) -> None:
    _described(row)
    st.caption("Open months are made anew with it; closed months stay as they are.")
    if st.button(f"Approve price {row['id']}", type="primary", key="approve-confirm"):
        price.approve(visit, int(row["id"]))
        dialogs.done(APPROVE, f"Price {row['id']} is approved.")


def _withdraw(visit: Visit, row: dict[str, Any]) -> None:
    _described(row)
    if st.button(f"Withdraw price {row['id']}", type="primary", key="withdraw-price-confirm"):
        price.withdraw(visit, int(row["id"]))
        dialogs.done(WITHDRAW, f"Price {row['id']} is withdrawn.")


def _end(visit: Visit, row: dict[str, Any]) -> None:
    _described(row)
    day = st.date_input("First day on which it does not hold", visit.clock().date(),
                        key="end-price-day", format="YYYY-MM-DD")  # fmt: skip
    if st.button(f"End price {row['id']}", type="primary", key="end-price-confirm"):
        assert isinstance(day, date)
        price.end(visit, int(row["id"]), day)
        dialogs.done(END, f"Price {row['id']} ends on {day:%Y-%m-%d}.")


def _described(row: dict[str, Any]) -> None:
    st.markdown(f"**{escaped(str(row['said']))}** of {escaped(str(row['meter']))}")
    st.caption(f"From {row['starts']:%Y-%m-%d}, entered by {escaped(str(row['said_by_name']))}")


def _said(it: dict[str, Any]) -> str:
    if isinstance(it["price"], str):
        return f"{it['price']} {it['currency']} for {PER.get(int(it['per']), str(it['per']))}"
    return f"{it['percent']} % off the list price"


def _state(it: dict[str, Any], now: pd.Timestamp) -> str:
    if not isinstance(it["approver"], str):
        return "waits"
    if it["starts"] > now:
        return "lies ahead"
    return "ended" if pd.notna(it["ends"]) and it["ends"] <= now else "in force"


def _keyed(rows: pd.DataFrame) -> pd.DataFrame:
    ids = rows["id"].astype("string") + rows["state"]
    return rows.assign(resource=ids)
