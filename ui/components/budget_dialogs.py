"""Set, change and end a budget."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from actions import budget
from actions.visit import Visit
from domain import months
from domain.budgets import span
from domain.decisions import GRAINS
from domain.faults import NotAllowed, OutOfRange
from domain.money import e8
from domain.units import UNASSIGNED
from ui import budgets, costs, drafts, scope, session
from ui.budgets import View
from ui.components import dialogs, numbers
from ui.components.cost_rules import confirmed
from ui.faults import escaped

SET, CHANGE, END = "set-budget", "change-budget", "end-budget"
LENGTH = {"month": 1, "quarter": 3, "year": 12}
AHEAD = {"month": 12, "quarter": 5, "year": 2}
"""Periods to choose the beginning from."""


def show(page: str, view: View) -> None:
    """Draw the dialog that is open."""
    if drafts.begun(SET):
        dialogs.show(page, SET, "What may a unit spend?", _set, view)
    elif row := drafts.begun(CHANGE):
        dialogs.show(page, CHANGE, "What may it spend from now on?", _change, view, row)
    elif row := drafts.begun(END):
        dialogs.show(page, END, "For how long is this budget?", _end, row)


def _set(visit: Visit, view: View) -> None:
    tree = session.tree()
    units = scope.units(tree, session.person().scope(tree))
    choices = {it: name for it, name in units.items() if it not in ("", UNASSIGNED)}
    unit = st.selectbox("Business unit, with everything below it", list(choices), index=None,
                        key="budget-unit", format_func=lambda it: choices.get(it, it),
                        placeholder="Choose a unit")  # fmt: skip
    grain = st.segmented_control("For each", GRAINS, default="month", key="budget-grain",
                                 format_func=str.capitalize, required=True)  # fmt: skip
    currency = str(st.selectbox("Currency", view.currencies, key="budget-currency",
                                index=view.currencies.index(view.currency)))  # fmt: skip
    _said(visit, SET, unit, str(grain), currency, "", "80, 100")


def _change(visit: Visit, view: View, row: Mapping[str, Any]) -> None:
    _seen(visit, row)
    st.markdown(f"**{escaped(str(row['name']))}**, each {row['grain']}, in {view.currency}; now "
                f"{numbers.money(row['budget_cents'])}")  # fmt: skip
    amount = numbers.money(row["budget_cents"]).replace(",", "")
    percents = str(row["thresholds"]).replace(",", ", ")
    _said(visit, CHANGE, str(row["unit"]), str(row["grain"]), view.currency, amount, percents)


def _said(
    visit: Visit, draft: str, unit: str | None, grain: str, currency: str, amount: str, told: str
) -> None:
    """Amount, beginning and thresholds, with what is wrong beside each."""
    firsts = _beginnings(grain)
    starts = str(st.selectbox("From", firsts, key=f"{draft}-from-{grain}", format_func=costs.named))
    amount = str(st.text_input(f"Amount ({currency} each {grain})", amount, key=f"{draft}-amount",
                               placeholder="25000")).strip()  # fmt: skip
    fit = _fits(amount)
    if unit and (spent := budgets.before(unit, currency, *_period(grain))) is not None:
        st.caption(f"The {grain} before cost {numbers.money(spent, currency)}.")
    percents = str(st.text_input("Tell people at these percents", told, key=f"{draft}-told"))
    read = _percents(percents)
    st.caption("They are told once in each period, when the cost or the forecast crosses one, at "
               "the addresses that the console sends to. Nothing is stopped.")  # fmt: skip

    def act() -> str:
        budget.set_(visit, str(unit), amount, currency, starts, grain=grain, thresholds=read)
        name = session.tree().name(str(unit))
        return f"{name} may spend {amount} {currency} each {grain} from {costs.named(starts)}."

    ready = bool(unit) and fit and bool(read)
    confirmed("Set the budget", f"{draft}-confirm", ready, act, draft)


def _end(visit: Visit, row: Mapping[str, Any]) -> None:
    _seen(visit, row)
    st.markdown(f"**{escaped(str(row['name']))}**: {numbers.money(row['budget_cents'])} each "
                f"{row['grain']}")  # fmt: skip
    now = months.of(visit.clock())
    options = [months.after(now, it) for it in range(13)]
    ends = str(st.selectbox("First month that it is not for", options, key=f"{END}-month",
                            format_func=costs.named))  # fmt: skip

    def act() -> str:
        budget.end(visit, int(row["budget"]), ends)
        return f"The budget is for the months before {costs.named(ends)}."

    confirmed("End the budget", f"{END}-confirm", True, act, END)


def _seen(visit: Visit, row: Mapping[str, Any]) -> None:
    """A dialog shows nothing of another's unit, whoever opened it."""
    if not visit.person.sees(str(row["unit"]), session.tree()):
        raise NotAllowed("This budget is of a unit that you do not see.")


def _fits(amount: str) -> bool:
    if not amount:
        return False
    try:
        told = e8(amount, "A budget")
    except OutOfRange as fault:
        st.caption(f":red[{escaped(fault.words)}]")
        return False
    if told <= 0:
        st.caption(":red[A budget is more than 0.]")
    return told > 0


def _percents(text: str) -> tuple[int, ...]:
    parts = [it.strip().removesuffix("%").strip() for it in text.split(",") if it.strip()]
    read = [int(it) for it in parts if it.isdecimal() and len(it) < 4]
    fit = [it for it in read if 0 < it <= budget.HIGHEST]
    if len(fit) != len(parts) or len(set(fit)) != len(fit) or not fit:
        st.caption(f":red[Different whole percents from 1 to {budget.HIGHEST}, such as 80, 100.]")
        return ()
    if len(fit) > budget.MOST_THRESHOLDS:
        st.caption(f":red[{budget.MOST_THRESHOLDS} thresholds at the most.]")
        return ()
    return tuple(fit)


def _beginnings(grain: str) -> list[str]:
    first = months.of(_period(grain)[0])
    return [months.after(first, it * LENGTH[grain]) for it in range(AHEAD[grain])]


def _period(grain: str) -> tuple[Any, int]:
    return span(grain, months.of(session.at()))[0], LENGTH[grain]
