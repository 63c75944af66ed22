"""Ask for more quota, say what has become of a request, take one's own back."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from actions import request
from actions.visit import Visit
from domain.requests import EXPLAINED, FORM, LONGEST, MOST, OPEN, Status, next_of
from domain.roles import Permission
from domain.units import UNASSIGNED
from ui import data, door, drafts, faults, requests, scope, session
from ui.components import numbers
from ui.components.columns import Column, Columns
from ui.components.kpis import Kpi
from ui.faults import escaped

ASK, DECIDE, WITHDRAW = "ask", "decide-request", "withdraw-request"
COLOURS = {
    "asked": "blue",
    "sent to Microsoft": "violet",
    "granted": "green",
    "partly granted": "orange",
    "refused": "red",
    "withdrawn": "gray",
}
COLUMNS: Columns = {
    "request": Column("Request", "number", width=70),
    "status": Column("Status", "chip", colours=COLOURS, width=130),
    "title": Column("Quota pool", help="Models, SKU and place that share it.", width=270),
    "subscription_name": Column("Subscription", width=140),
    "amount": Column("Units", "number", "Asked for on top of what there is.", 75),
    "unit_words": Column("One unit", width=120),
    "unit_name": Column("Business unit", width=130),
    "reason": Column("Reason", width=230),
    "needed_by": Column("Needed by (UTC)", "day", width=110),
    "who": Column("Asked by", width=120),
    "asked_at": Column("Asked (UTC)", "time", width=130),
    "moved_by": Column("Last step by", width=120),
    "status_at": Column("Last step (UTC)", "time", width=130),
    "note": Column("Note", width=230),
}


def figures(rows: pd.DataFrame, now: datetime) -> list[Kpi]:
    """How many wait for whom."""
    many = rows["status"].value_counts()
    open_ = rows[rows["status"].isin([str(it) for it in OPEN])]
    late = int((open_["needed_by"] < pd.Timestamp(now).normalize()).fillna(False).sum())
    ended = len(rows) - len(open_)
    granted = int(many.get(Status.GRANTED, 0)) + int(many.get(Status.PARTLY, 0))
    return [
        Kpi("Wait for an admin", numbers.exact(many.get(Status.ASKED, 0)),
            "requests in this scope that are asked and not moved on."),
        Kpi("At Microsoft", numbers.exact(many.get(Status.SENT, 0)),
            "requests in this scope that were sent on and not answered."),
        Kpi("Overdue", numbers.exact(late),
            "open requests whose day has passed; those without a day are never overdue."),
        Kpi("Answered", numbers.exact(ended),
            "requests in this scope that have ended, withdrawn ones included.",
            f"{granted:,} granted in full or in part"),
    ]  # fmt: skip


def doors(visit: Visit) -> None:
    """The way to ask, and to Microsoft's form for whoever passes it on."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if visit.may(Permission.REQUEST) and st.button(
            "Ask for quota", key="ask", type="primary", icon=":material/add:"
        ):
            drafts.begin(ASK, True)
        if visit.may(Permission.DECIDE):
            st.link_button("Microsoft's form", FORM, icon=":material/open_in_new:")


def steps(visit: Visit, picked: pd.DataFrame) -> None:
    """What the visitor can do with the request that is ticked."""
    if picked.empty:
        if visit.may(Permission.REQUEST):
            st.caption("Tick a request to move it on or to take it back.", width="content")
        return
    row = picked.iloc[0]
    number, open_ = int(row["request"]), row["status"] in OPEN
    if visit.may(Permission.DECIDE) and st.button(
        f"Move request {number} on", key="decide", disabled=not open_, icon=":material/forward:"
    ):
        drafts.begin(DECIDE, number)
    own = row["requester"] == visit.person.key
    if own and st.button(
        f"Withdraw request {number}", key="withdraw", disabled=not open_, icon=":material/cancel:"
    ):
        drafts.begin(WITHDRAW, number)


def every() -> None:
    """Callback: show those that have ended too."""
    scope.set_aside(which=("all",))


def dialogs(page: str) -> None:
    """Draw the dialog that is open."""
    if drafts.begun(ASK):
        _dialog(ASK, "Ask for more quota", _ask, page)
    elif number := drafts.begun(DECIDE):
        _dialog(DECIDE, f"What has become of request {number}?", _decide, page, number)
    elif number := drafts.begun(WITHDRAW):
        _dialog(WITHDRAW, f"Withdraw request {number}?", _withdraw, page, number)


def _dialog(draft: str, title: str, body: Callable[..., None], *about: object) -> None:
    def shown() -> None:
        with faults.shown():
            body(*about)

    st.dialog(title, width="medium", on_dismiss=drafts.dropper(draft))(shown)()


def _ask(page: str) -> None:
    visit, pools = door.admit(page), requests.askable()
    titles = dict(zip(pools["pool"], pools["title"], strict=True))
    pool = st.selectbox(
        "Quota pool", list(titles), index=None, key="ask-pool",
        format_func=lambda it: titles.get(it, it), placeholder="Models · SKU · place",
    )  # fmt: skip
    tree = session.tree()
    units = scope.units(tree, visit.person.scope(tree))
    own = [it for it in units if it not in {"", UNASSIGNED}]
    unit = st.selectbox(
        "Business unit that needs it", own, index=None, key="ask-unit",
        format_func=lambda it: units.get(it, it), placeholder="Choose a unit",
    )  # fmt: skip
    left, right = st.columns(2)
    amount = left.number_input("Units on top", 1, MOST, None, 1, key="ask-amount")
    day = right.date_input(
        "Needed by", None, visit.clock().date(), key="ask-day", format="YYYY-MM-DD"
    )
    reason = str(st.text_input("What it is needed for", key="ask-reason", max_chars=LONGEST))
    st.caption(_worth(pools, pool, amount))
    ready = pool and unit and amount and reason.strip()
    label = f"Ask for {numbers.counted(int(amount), 'unit')}" if amount else "Ask"
    asked = st.button(label, type="primary", key="ask-confirm", disabled=not ready)
    if asked and pool and unit and amount:
        by = day if isinstance(day, date) else None
        number = request.quota(visit, pool, unit, int(amount), reason, by)
        _done(ASK, f"Request {number} recorded. An administrator decides or passes it on.")


def _worth(pools: pd.DataFrame, pool: str | None, amount: float | None) -> str:
    told = pools[pools["pool"] == pool].to_dict("records")
    if not told or not amount:
        return "An administrator passes it on to Microsoft, or moves quota that lies idle."
    where = f"on top in {escaped(numbers.text(told[0]['subscription_name']))}"
    return f"{int(amount):,} units of {escaped(numbers.text(told[0]['unit_words']))} each, {where}."


def _decide(page: str, number: int) -> None:
    visit, row = door.admit(page), _row(number)
    if row is None:
        st.caption("This request is not among those you see.")
        return
    _described(row)
    options = [str(it) for it in next_of(row["status"])]
    status = st.selectbox("It is now", options, index=None, key="decide-status")
    if status == Status.SENT:
        st.caption("To copy into Microsoft's form:")
        st.code(_copied(row), language=None, wrap_lines=True)
        st.link_button("Open Microsoft's form", FORM, icon=":material/open_in_new:")
    explained = status in EXPLAINED
    label = "Note: how much, or why not" if explained else "Note, if there is anything to say"
    note = str(st.text_input(label, key="decide-note", max_chars=LONGEST))
    ready = status and (note.strip() or not explained)
    say = f"Mark request {number} as {status}" if status else "Choose what it is now"
    if st.button(say, type="primary", key="decide-confirm", disabled=not ready) and status:
        request.decide(visit, number, Status(status), note)
        _done(DECIDE, f"Request {number} is {status}.")


def _withdraw(page: str, number: int) -> None:
    visit, row = door.admit(page), _row(number)
    if row is not None:
        _described(row)
    st.caption("It stays in the list as withdrawn, and can be asked anew.")
    if st.button(f"Withdraw request {number}", type="primary", key="withdraw-confirm"):
        request.withdraw(visit, number)
        _done(WITHDRAW, f"Request {number} is withdrawn.")


def _done(draft: str, words: str) -> None:
    drafts.drop(draft)
    drafts.say(words)
    st.rerun()


def _row(number: int) -> "pd.Series[Any] | None":
    rows = requests.found(data.Scope(tuple(session.subscriptions()), None, None, ""))
    found = rows[rows["request"] == number]
    return None if found.empty else found.iloc[0]


def _described(row: "pd.Series[Any]") -> None:
    amount = numbers.counted(int(row["amount"]), "unit")
    st.markdown(f"**{amount}** of {escaped(row['title'])} for {escaped(row['unit_name'])}")
    st.caption(f"{escaped(row['who'])}: {escaped(row['reason'])}")


def _copied(row: "pd.Series[Any]") -> str:
    subscription = row["pool"].partition("|")[0]
    lines = {
        "Subscription": f"{numbers.text(row['subscription_name'])}, {subscription}",
        "Quota": row["title"],
        "More": f"{int(row['amount']):,} units of {numbers.text(row['unit_words'])}",
        "Needed by": numbers.day(row["needed_by"]),
        "Reason": row["reason"],
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items())
