"""The rules that say whose a cost is: a table of each kind, with a way to end one."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from actions import rule
from actions.visit import Visit
from domain import frames
from domain.billing import Rule
from domain.costs import PLATFORM
from domain.frames import TEXT, TIME, WHOLE, records
from domain.ruling import ANY
from ui import drafts, session
from ui.components import dialogs, tables
from ui.components.columns import Column, Columns
from ui.faults import escaped

END = "end-rule"
STATES = {"in force": "green", "lies ahead": "blue", "ended": "gray"}
BY = {
    "product": "Gateway product",
    "deployment_tag": "Tag of the deployment",
    "account_tag": "Tag of the account",
    "group": "Resource group",
    "subscription": "Subscription",
}
IDLE = {
    "platform": "The platform keeps it",
    "use": "In proportion to use",
    "entitlement": "By entitlement",
    "even": "Evenly",
}
METHODS = {
    "direct": "Directly to units",
    "entitlement": "By entitlement",
    "driver": "By a usage driver",
    "weighted": "By weighted usage",
    "proportional": "In proportion to direct cost",
    "fixed": "Fixed percentages",
    "subsidy": "Subsidised up to a cap",
    "even": "Evenly over active units",
}
RULES: Columns = {
    "id": Column("Rule", "number", width=50),
    "state": Column("State", "chip", colours=STATES, width=85),
    "what": Column("What", width=245),
    "whose": Column("Whose", width=240),
    "starts": Column("From (UTC)", "day", width=85),
    "ends": Column("Until (UTC)", "day", "The first day on which it does not hold.", 85),
    "who": Column("Said by", width=90),
    "note": Column("Note", width=110),
}
_FRAME = {
    "id": WHOLE,
    "state": TEXT,
    "what": TEXT,
    "whose": TEXT,
    "starts": TIME,
    "ends": TIME,
    "who": TEXT,
    "note": TEXT,
}


def worded(rules: Sequence[Rule], people: dict[str, str], now: datetime) -> pd.DataFrame:
    """One row a rule, in words; those in force first."""
    rows = [
        {
            "id": it.id,
            "state": _state(it, now),
            "what": what(it),
            "whose": whose(it),
            "starts": it.starts,
            "ends": it.ends,
            "who": people.get(it.said_by, it.said_by) or "the console",
            "note": it.note or None,
        }
        for it in rules
    ]
    order = list(STATES)
    rows.sort(key=lambda it: (order.index(str(it["state"])), str(it["what"])))
    return frames.frame(_FRAME, rows)


def what(it: Rule) -> str:
    """What a rule is about."""
    body = it.body
    if it.kind == "mapping":
        where = BY[body["by"]] + (f" {body['key']}" if body["key"] else "")
        return f"{where}: {'any value' if body['value'] == ANY else body['value']}"
    if it.kind == "idle":
        return pool(body["pool"])
    ((kind, name),) = body["source"].items()
    return f"{body['title']} ({kind}: {name})"


def whose(it: Rule) -> str:
    """Who pays by this rule."""
    body = it.body
    if it.kind == "mapping":
        return "the unit that the value names" if body["value"] == ANY else unit(body["unit"])
    if it.kind == "idle":
        held = ", ".join(f"{unit(u)} {n} PTU" for u, n in body["entitlements"].items() if n)
        return IDLE[body["rule"]] + (f": {held}" if held else "")
    shares = ", ".join(f"{unit(u)} {n}" for u, n in body["shares"].items())
    driver = f" ({body['driver']})" if body.get("driver") else ""
    return METHODS[body["method"]] + driver + (f": {shares}" if shares else "")


def pool(key: str) -> str:
    """A pool of provisioned throughput in words."""
    scope, _, region = key.partition(":")
    words = {"global": "Global", "datazone": "Data zone", "regional": "Regional"}
    return f"{words.get(scope, scope)} provisioned" + (f", {region}" if region else "")


def unit(id: str) -> str:
    return "the platform" if id == PLATFORM else session.tree().name(id)


def table(rows: pd.DataFrame, name: str, alt: str) -> None:
    """Rules with a button that ends the one that is chosen."""
    keyed = rows.assign(resource=rows["id"].astype("string") + rows["state"])
    event = tables.show(
        rows, RULES, tables.keyed(name, keyed), pick=("single-row",), most=10, alt=alt
    )
    picked = records(tables.rows_picked(event, rows))
    may = bool(picked) and picked[0]["state"] != "ended"
    st.button("End the rule", key=f"{END}-{name}", icon=":material/event_busy:", disabled=not may,
              on_click=drafts.begin, args=(END, picked[0] if picked else None))  # fmt: skip


def opener(draft: str, label: str, about: object = True) -> None:
    st.button(label, key=draft, icon=":material/add:", on_click=drafts.begin, args=(draft, about))


def dialog(page: str) -> None:
    """Draw the dialog that ends a rule when it is open."""
    if row := drafts.begun(END):
        dialogs.show(page, END, "Until when does this rule hold?", _end, row)


def starts(visit: Visit, key: str) -> date | None:
    """From which day a new rule holds; the action refuses a day in a closed month."""
    first = visit.clock().date().replace(day=1)
    day = st.date_input("Holds from", first, key=key, format="YYYY-MM-DD",
                        help="Days of closed months are refused.")  # fmt: skip
    return day if isinstance(day, date) else None


def confirmed(label: str, key: str, ready: bool, act: Callable[[], str], draft: str) -> None:
    """The button of a dialog: does it, and closes the dialog with the words that come back."""
    if st.button(label, type="primary", key=key, disabled=not ready):
        dialogs.done(draft, act())


def _end(visit: Visit, row: dict[str, Any]) -> None:
    st.markdown(f"**{escaped(str(row['what']))}**: {escaped(str(row['whose']))}")
    day = st.date_input("First day on which it does not hold", visit.clock().date(),
                        key="end-rule-day", format="YYYY-MM-DD")  # fmt: skip

    def act() -> str:
        assert isinstance(day, date)
        rule.end(visit, int(row["id"]), day)
        return f"Rule {row['id']} ends on {day:%Y-%m-%d}."

    confirmed(f"End rule {row['id']}", "end-rule-confirm", isinstance(day, date), act, END)


def _state(it: Rule, now: datetime) -> str:
    if it.starts > now:
        return "lies ahead"
    return "ended" if it.ends is not None and it.ends <= now else "in force"
