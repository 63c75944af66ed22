"""Statements: which months and units there are, and one unit's as a document that finance takes."""

from functools import partial

import pandas as pd
import streamlit as st

from domain import focus, spending, statements
from domain.costs import PLATFORM
from domain.statements import Statement
from domain.units import UNASSIGNED, Tree
from ui import costs, exports, scope, session
from ui.components import closing, cost_columns, explaining, numbers, spent, states, tables
from ui.costs import View
from ui.data import Scope, bills
from ui.faults import escaped


def overview(view: View) -> None:
    """Every month with its state; a click looks at it."""
    rows = closing.months(view.month)
    event = tables.show(rows, cost_columns.MONTHS, tables.keyed("months", rows, "key"),
                        pick=("single-cell",), most=8, alt="Months and their state")  # fmt: skip
    if (cells := event["selection"]["cells"]) and cells[0][0] < len(rows):
        picked = rows.iloc[cells[0][0]]
        scope.set_aside(month=(picked["month"],), currency=(picked["currency"],))
        st.rerun()
    exports.offer(rows, cost_columns.MONTHS, "months", {})


def units(view: View, held: Scope) -> None:
    """What each unit pays; a click opens its statement."""
    rows = spending.compared(view.now, view.before, "unit")
    shown = spending.with_total(rows)
    named = [it if it == spending.TOTAL else spent.named(it, "unit") for it in shown["key"]]
    shown = shown.assign(name=pd.Series(named, dtype="string"))
    columns = cost_columns.compared(view.currency, "Business unit", view.against)
    event = tables.show(
        shown, columns, tables.keyed("statements", shown, "key"), pick=("single-cell",),
        alt="Cost by unit, total in the last row",
    )  # fmt: skip
    if (cells := event["selection"]["cells"]) and cells[0][0] < len(rows):
        picked = str(rows["key"].iloc[cells[0][0]])
        scope.set_aside(of=(picked,))
        scope.go("statement", of=picked)
    st.caption("Click a unit to open its statement.")
    exports.offer(shown, columns, "statements", costs.facts(view, held))


def finance(view: View, held: Scope) -> None:
    """The month as a journal and as FOCUS, of what the visitor may see."""
    rows, tree = costs.charges(view, held), session.tree()
    posted = partial(_journal, rows, view.month, view.currency)
    with st.container(horizontal=True, width="content", gap="small"):
        exports.deferred("Journal", partial(posted, tree), f"journal-{view.month}",
                         "Debit and credit by unit and cost centre; it balances")  # fmt: skip
        exports.deferred(
            "FOCUS 1.3",
            partial(_focus, rows, view, tree),
            f"focus-{view.month}",
            "One row for each line of the bill, with the columns of split allocation",
        )


def unit(view: View) -> str:
    """Draw the choice of the unit; "" where the visitor has none with cost."""
    tree = session.tree()
    seen = session.person().scope(tree)
    paying = set(view.now["unit"])
    there = {it: name for it, name in scope.units(tree, seen).items()
             if it and tree.below([it]) & paying}  # fmt: skip
    if seen is None:
        extra = {PLATFORM: "Platform", UNASSIGNED: "Unassigned"}
        there |= {it: name for it, name in extra.items() if it in paying}
    if not there:
        return ""
    with st.container(width=260):
        return scope.one("Business unit", "of", there, next(iter(there)), bare=True)


def made(view: View, held: Scope, unit: str) -> Statement:
    """The statement of this unit and everything under it, on the basis of the page of cost."""
    why = None
    if view.head and view.earlier:
        why = costs.mine(bills.variance(view.head, view.earlier, view.until), held)
    below = session.tree().below([unit])
    return statements.statement(
        costs.charges(view, held), why, below, unit, view.month, view.currency, view.cutoff
    )  # fmt: skip


def document(view: View, held: Scope, told: Statement) -> None:
    """The statement itself, and its files, which are the same."""
    name = spent.named(told.unit, "unit")
    st.markdown(f"### {escaped(name)}: {numbers.money(told.cents, view.currency)}")
    state = str(view.head.state) if view.head else ""
    est = numbers.money(told.estimated_cents, view.currency)
    st.caption(f"{view.title}, month {state}; of it {est} est., not booked yet; "
               f"booked until {view.booked_until or 'no day yet'}.")  # fmt: skip
    st.markdown(
        escaped(told.words) + (f" :small[Before is {view.against}.]" if view.earlier else "")
    )
    rows = _lines(told)
    columns = cost_columns.statement(view.currency)
    event = tables.show(rows, columns, f"statement-{told.unit}-{len(rows)}", pick=("single-cell",),
                        most=20, alt="Lines of the statement, total in the last row")  # fmt: skip
    if (cells := event["selection"]["cells"]) and cells[0][0] < len(rows) - 1:
        row = rows.iloc[cells[0][0]]
        parts = {"line": row["line"], "model": row["model"], "resource": row["resource"]}
        if told.unit in set(view.now["unit"]) and len(session.tree().below([told.unit])) == 1:
            parts["payer"] = told.unit
        costs.explain(**{it: str(value) for it, value in parts.items() if not pd.isna(value)})
    about = {"Statement of": name, "Against the month before": told.words}
    exports.offer(rows, columns, "statement", {**costs.facts(view, held), **about})


def nobody() -> None:
    states.nothing("None of your units has cost in this month.",
                   "Choose another month, or a wider scope.")  # fmt: skip


def _lines(told: Statement) -> pd.DataFrame:
    rows = told.lines.assign(
        model=told.lines["model"].where(told.lines["model"].ne("")),
        line_name=told.lines["line"].map(cost_columns.LINES).astype("string"),
        resource_name=told.lines["resource"].fillna("").map(costs.resource_name).astype("string"),
        rule_words=pd.Series(explaining.rules_told(told.lines), dtype="string"),
    )
    total = pd.DataFrame([{"line_name": spending.TOTAL, "cents": told.cents}])
    both = pd.concat([rows, total.astype({"cents": "Int64"})], ignore_index=True)
    return both.astype({"line_name": "string"})


def _journal(rows: pd.DataFrame, month: str, currency: str, tree: Tree) -> pd.DataFrame:
    made = statements.journal(rows, month, currency, tree, {})
    return made.assign(debit=made["debit"] / 100, credit=made["credit"] / 100)


def _focus(rows: pd.DataFrame, view: View, tree: Tree) -> pd.DataFrame:
    """FOCUS of these rows. A ratio tells what the others pay together: only who may see that."""
    if view.head and view.estate:
        whole = bills.charges(view.head)
        return focus.rows(whole, view.month, view.currency, tree).loc[rows.index]
    told = focus.rows(rows, view.month, view.currency, tree)
    return told.assign(AllocatedMethodDetails=pd.Series(pd.NA, told.index, dtype="string"))
