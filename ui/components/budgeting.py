"""Budgets: how they stand, the course of one, days that jumped, and what stops nobody."""

from typing import Any

import pandas as pd
import streamlit as st

from actions.visit import Visit
from domain import months
from domain.cents import CENT
from domain.forecast import BAND, LEAST_DAYS
from domain.frames import records
from domain.roles import Permission
from domain.variance import PARTS
from ui import budgets, costs, drafts, exports, session
from ui.budgets import View
from ui.components import (
    budget_chart,
    budget_columns,
    budget_dialogs,
    charts,
    cost_columns,
    numbers,
    states,
    tables,
)
from ui.data import Scope, bills
from ui.faults import escaped

MOST_NAMED = 4


def notes(view: View, held: Scope) -> None:
    """How sure the figures are, and what does not narrow them."""
    last = view.cost.booked_until
    sure = f"booked until {last}, later days are estimated" if last else "nothing booked yet"
    st.caption(f":material/schedule: Of {costs.named(view.month)}, in {view.currency}; {sure}. "
               "A budget counts a unit with everything below it. It tells people and stops "
               "nothing.")  # fmt: skip
    if costs.some(held) or held.environment:
        st.caption(":material/info: A budget is for all of a unit: subscriptions and environment "
                   "do not narrow it.")  # fmt: skip


def table(visit: Visit, view: View) -> dict[str, Any] | None:
    """Budgets with what can be done; the one whose course is shown."""
    rows = view.rows.assign(used=view.rows["actual"] / view.rows["budget_cents"])
    picked: dict[str, Any] | None = None
    if rows.empty:
        states.nothing(
            f"No budget in {view.currency} runs in {costs.named(view.month)}.",
            "A budget says what a unit may spend each month, quarter or year; people are told "
            "when it is crossed or will be.",
        )
    else:
        columns = budget_columns.standing(view.currency)
        keyed = rows.assign(resource=rows["budget"].astype("string") + rows["period"])
        event = tables.show(
            rows, columns, tables.keyed("budgets", keyed), pick=("single-row",),
            alt="Budgets that run, those in danger first",
        )  # fmt: skip
        found = records(tables.rows_picked(event, rows))
        picked = found[0] if found else None
    _buttons(visit, picked)
    _without(view)
    if len(rows):
        exports.offer(rows, budget_columns.standing(view.currency), "budgets",
                      {"Currency": view.currency, "Month": view.month})  # fmt: skip
    _ahead(view)
    return picked or (records(rows)[0] if len(rows) else None)


def chart(view: View, row: dict[str, Any]) -> None:
    """The course of a budget: what is spent, what will be, and the line."""
    daily, found = budgets.course(view.currency, row)
    st.subheader(f"{escaped(str(row['name']))}, {row['period']}", anchor=False)
    said = f"{row['lasts']}. Dashed: as expected; shaded: {BAND} % band"
    if found.state == "insufficient history":
        said = f"{found.words} A forecast needs {LEAST_DAYS} whole days"
    charts.show(budget_chart.figure(view.currency, row, daily, found), "budget-course",
                f"Cumulative cost of {row['name']} against its budget", said)  # fmt: skip
    if len(view.rows) > 1:
        st.caption("Tick another row to see its course.")


def jumps(view: View, held: Scope) -> None:
    """Days on which a unit's cost of a model jumped, with the causes."""
    st.subheader("Days that jumped", anchor=False)
    if view.cost.head is None:
        st.caption("Nothing is billed for this month yet.")
        return
    if costs.some(held):
        st.caption("Shown when all subscriptions are in scope.")
        return
    rows = costs.mine(bills.anomalies(view.cost.head, view.cost.until), held, placed=False)
    if rows.empty:
        st.caption(f"None in {costs.named(view.month)}: every day was near the same weekdays of "
                   "the eight weeks before, or has not three of them behind it.")  # fmt: skip
        return
    tree, currency = session.tree(), view.currency
    told = rows.assign(
        name=rows["unit"].map(lambda it: tree.name(str(it))).astype("string"),
        gap=rows["cents"] - rows["usual"],
        why=pd.array([_why(it) for it in records(rows)], "string"),
    )
    tables.show(told, budget_columns.jumps(currency), "jumps", most=8,
                alt="Days that jumped, the largest first")  # fmt: skip


def in_azure(view: View) -> None:
    """Budgets that Azure keeps, for who sees every unit."""
    if not view.cost.estate:
        return
    st.subheader("Budgets in Azure", anchor=False)
    if view.azure.empty:
        st.caption("None was found on these subscriptions, or none has been read yet: see Sources.")
        return
    names, rows = session.subscriptions(), view.azure
    told = rows.assign(
        subscription_name=rows["subscription"].map(lambda it: names.get(it, it)).astype("string"),
        cents=rows["amount_e8"] // CENT,
        spent=rows["spent_e8"] // CENT,
        forecast=rows["forecast_e8"] // CENT,
        used=rows["spent_e8"] / rows["amount_e8"],
    )
    tables.show(told, budget_columns.AZURE, "azure-budgets", most=8,
                alt="Budgets that Azure keeps")  # fmt: skip


def limits(rows: pd.DataFrame) -> None:
    """Who enforces a limit, what it counts, how late it reacts, what bypasses it."""
    st.subheader("Which limit stops what", anchor=False)
    st.table(tables.worded(rows, budget_columns.LIMIT).set_index("Limit"))


def _buttons(visit: Visit, row: dict[str, Any] | None) -> None:
    if not visit.may(Permission.BUDGET):
        return
    with st.container(horizontal=True):
        for draft, label, icon, about in (
            (budget_dialogs.SET, "Set a budget", ":material/add:", {}),
            (budget_dialogs.CHANGE, "Change it", ":material/edit:", row),
            (budget_dialogs.END, "End it", ":material/event_busy:", row),
        ):
            st.button(label, key=draft, icon=icon, disabled=about is None,
                      help="Tick a budget first." if about is None else None,
                      on_click=drafts.begin, args=(draft, about or {"new": True}))  # fmt: skip


def _without(view: View) -> None:
    rest = budgets.unbudgeted(view)
    if rest.empty:
        return
    tree = session.tree()
    named = [f"{escaped(tree.name(str(unit)))} {numbers.money(cents)}"
             for unit, cents in rest.head(MOST_NAMED).items()]  # fmt: skip
    more = f" and {len(rest) - MOST_NAMED} more" if len(rest) > MOST_NAMED else ""
    st.caption(f":material/info: Spent this month without a budget ({view.currency}): "
               f"{', '.join(named)}{more}.")  # fmt: skip


def _ahead(view: View) -> None:
    """Budgets that have not begun."""
    rows = view.known[view.known["starts"] > months.of(session.at())]
    rows = rows[rows["ends"].isna() | (rows["ends"] > rows["starts"]).fillna(False)]
    if rows.empty:
        return
    st.caption("These lie ahead:")
    tree = session.tree()
    told = rows.assign(name=rows["unit"].map(lambda it: tree.name(str(it))).astype("string"),
                       cents=rows["amount_e8"] // CENT)  # fmt: skip
    tables.show(told, budget_columns.ahead(view.currency), "ahead", most=5,
                alt="Budgets that lie ahead")  # fmt: skip


def _why(it: dict[str, Any]) -> str:
    parts = sorted((part for part in PARTS if it[part]), key=lambda part: -abs(it[part]))
    return ", ".join(f"{cost_columns.CAUSES[part]} {numbers.money(it[part], sign=True)}"
                     for part in parts)  # fmt: skip
