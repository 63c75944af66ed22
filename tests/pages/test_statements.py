"""Statements: what each unit pays, and a month from open to settled at the far end."""

import re
from dataclasses import replace

import pytest

from actions import close
from domain.costs import FOUND, MonthState
from domain.faults import OutOfRange
from domain.frames import frame
from domain.history import HISTORY
from store import bills, invoices, waivers
from tests import bills_by_hand
from tests.bills_by_hand import HOSTILE, NOVEMBER, OCTOBER, bill
from tests.conftest import table, words
from tests.world import SMALL
from ui.components import closing

COST = "Cost (EUR)"
MONTH = {"month": "2026-10"}


@pytest.fixture
def console(console):
    return bills_by_hand.keep(console)


def said(at):
    kinds = [*at.warning, *at.error, *at.info]
    return "\n".join([words(at), *(it.value for it in kinds)]).replace("\\", "")


def head(console, month="2026-10"):
    with console.store.reading() as session:
        return bills.head(session, month, "EUR")


def button(at, key):
    return next((it for it in at.button if it.key == key), None)


def clicked(at, pattern, row, heading):
    ids = [it.proto.id for it in at.dataframe]
    key = next(it[1] for id in ids if (it := re.search(rf"-({pattern}-[\w-]+)$", id)))
    at.session_state[key] = {"selection": {"rows": [], "columns": [], "cells": [(row, heading)]}}
    return at.run()


@pytest.mark.parametrize("person", ["vera", "cora", "paul", "otto"])
@pytest.mark.parametrize("page", ["statements", "statement"])
def test_who_may_not_look_at_cost_is_refused(opened, person, page):
    at = opened(page, person)
    assert "may not look at cost" in said(at)
    assert not at.dataframe


def test_months_with_their_state_and_the_units_of_one(opened):
    at = opened("statements", **MONTH)
    assert not at.exception
    rows = table(at, "State")
    assert rows["Month"].tolist() == ["2026-11", "2026-10"]
    assert rows["Cost"].tolist() == [
        sum(it["cents"] for it in of) / 100 for of in (NOVEMBER, OCTOBER)
    ]
    shown = table(at, COST)
    assert shown[COST].iloc[:-1].sum() == shown[COST].iloc[-1] == 630.0


def test_a_click_on_a_month_looks_at_it(opened):
    at = clicked(opened("statements"), "months", 1, "Month")
    assert at.query_params["month"] == "2026-10"
    assert "Statements of October 2026" in said(at)


def test_a_manager_sees_own_totals_and_cannot_close(opened):
    at = opened("statements", "maria", **MONTH)
    assert table(at, "State")["Cost"].tolist() == [150.0, 130.0]
    assert set(table(at, COST)["Business unit"]) == {"Online shop", "Stores", "Total"}
    assert button(at, "open-close-month") is None
    everything = said(at) + "".join(str(it.value) for it in at.dataframe)
    for foreign in ("Risk", "500.00", "630.00", "509.99"):
        assert foreign not in everything


@pytest.mark.parametrize(
    "draft",
    [closing.CLOSE, closing.FINALISE, closing.WAIVE, closing.ENTER, closing.PASTE, closing.REMOVE],
)
def test_a_forged_dialog_is_refused_before_it_shows_anything(opened, console, draft):
    at = opened("statements", "maria", **MONTH)
    generation = head(console).generation
    at.session_state["draft:" + draft] = ("2026-10", "EUR", generation)
    at = at.run()
    assert "may not close a month" in said(at)
    assert not [it for it in at.button if str(it.key).endswith("-confirm")]
    assert head(console).state is MonthState.OPEN


def test_a_statement_adds_up_and_a_click_explains_its_line(opened):
    at = opened("statement", of="retail")
    assert not at.exception
    rows = table(at, COST)
    assert rows[COST].iloc[:-1].sum().round(2) == rows[COST].iloc[-1] == 150.0
    assert HOSTILE in set(rows["Model"].dropna())
    assert "### Retail: 150.00 EUR" in said(at)
    at = opened("statement", of="retail-stores")
    at = clicked(at, "statement", 0, COST)
    assert at.title[0].value == "Explain cost"
    assert "### 20.00 EUR" in said(at)


@pytest.mark.parametrize("unit", ["finance-risk", "platform", "unassigned", "nobody"])
def test_a_statement_of_anothers_unit_is_unknown(opened, unit):
    at = opened("statement", "maria", of=unit)
    assert f"Not known here, left out: {unit}" in said(at)
    assert "### Retail: 150.00 EUR" in said(at)


def test_what_stands_in_the_way_is_said_and_nothing_is_closed(opened, console):
    at = opened("statements", month="2026-11")
    assert "2026-11 is not over" in said(at)
    at = button(at, "open-close-month").click().run()
    assert button(at, "close-confirm").disabled
    assert "2026-11 is not over" in at.warning[0].value.replace("\\", "")
    with pytest.raises(OutOfRange, match="is not over"):
        close.month(
            console.visit("ada"), "2026-11", "EUR", generation=head(console, "2026-11").generation
        )
    assert head(console, "2026-11").state is MonthState.OPEN
    assert table(at, "Waived (EUR)")["Cause"].tolist() == [
        "Booked at another price: contract or discount"
    ]


def test_a_difference_is_answered_for_by_name(opened, console):
    at = opened("statements", month="2026-11")
    at = button(at, "open-waive").click().run()
    at.selectbox(key="waive-cause").select("price")
    at = at.text_input(key="waive-reason").set_value("Agreed with the seller").run()
    at = button(at, "waive-confirm").click().run()
    assert not at.exception
    assert "answered for" in said(at)
    row = table(at, "Waived (EUR)").iloc[0]
    assert (row["Waived (EUR)"], row["Waived by"], row["Reason"]) == (
        25.0, "Ada Byron", "Agreed with the seller",
    )  # fmt: skip
    with console.store.reading() as session:
        assert waivers.of_month(session, "2026-11", "EUR")["cause"].tolist() == ["price"]


def test_an_invoice_is_entered_shown_and_removed(opened, console):
    at = opened("statements", **MONTH)
    at = button(at, "open-enter-invoice").click().run()
    for key, value in {"number": "=E-1", "amount": "630.00", "credit": "-1.50"}.items():
        at.text_input(key=f"invoice-{key}").set_value(value)
    at = at.run()
    at = button(at, "invoice-confirm").click().run()
    with console.store.reading() as session:
        kept = invoices.of_month(session, "2026-10", "EUR")
    assert [(it.number, it.amount_e8, it.credit_e8) for it in kept] == [
        ("=E-1", 63_000_000_000, -150_000_000)
    ]
    assert table(at, "Invoice")["Amount (EUR)"].tolist() == [630.0]
    at = button(at, "open-remove-invoice").click().run()
    at = at.selectbox(key="remove-number").select("=E-1").run()
    at = button(at, "remove-confirm").click().run()
    with console.store.reading() as session:
        assert invoices.of_month(session, "2026-10", "EUR") == ()


def test_pasted_invoices_are_read_row_by_row_or_not_at_all(opened, console):
    at = opened("statements", **MONTH)
    at = button(at, "open-paste-invoices").click().run()
    at = at.text_area(key="paste-text").set_value(
        "month,currency,number,amount\n2026-10,EUR,E-1,630.00\n2026-13,EUR,E-2,1\n"
    ).run()  # fmt: skip
    assert button(at, "paste-confirm").disabled
    at = at.text_area(key="paste-text").set_value(
        "month,currency,number,amount,credit\n2026-10,EUR,E-1,630.00,-0.5\n"
    ).run()  # fmt: skip
    at = button(at, "paste-confirm").click().run()
    with console.store.reading() as session:
        kept = invoices.of_month(session, "2026-10", "EUR")
    assert [(it.number, it.amount_e8, it.credit_e8) for it in kept] == [
        ("E-1", 63_000_000_000, -50_000_000)
    ]


def test_a_month_is_closed_by_one_and_settled_by_another(opened, console):
    row = {"kind": HISTORY, "what": f"2026-10 is known in part only, of {SMALL}", "resource": SMALL}
    part = replace(bill("2026-10", OCTOBER), found=frame(FOUND, [row]))
    bills_by_hand.keep(console, part)
    at = opened("statements", **MONTH)
    assert said(at).count("2026-10 is known in part only, of") == 2  # above, and in the way
    at = opened("statements", "maria", **MONTH)
    assert "2026-10 is known in part only: the history" in said(at)
    assert "known in part only, of" not in said(at)
    bills_by_hand.keep(console, bill("2026-10", OCTOBER))
    at = opened("statements", **MONTH)
    assert "known in part" not in said(at)
    assert "Nothing stands in the way of closing it" in said(at)
    at = button(at, "open-close-month").click().run()
    assert "It cannot be opened again" in said(at)
    at = button(at, "close-confirm").click().run()
    assert head(console).state is MonthState.CLOSED
    assert "October 2026 in EUR is closed" in said(at)
    at = button(at, "open-enter-invoice").click().run()
    for key, value in {"number": "E-1", "amount": "630.00"}.items():
        at.text_input(key=f"invoice-{key}").set_value(value)
    at = button(at.run(), "invoice-confirm").click().run()
    at = button(at, "open-finalise-month").click().run()
    at = button(at, "finalise-confirm").click().run()
    assert "Nobody settles a month that they closed themselves" in said(at)
    at = opened("statements", "alan", **MONTH)
    at = button(at, "open-finalise-month").click().run()
    at = button(at, "finalise-confirm").click().run()
    assert head(console).state is MonthState.FINAL
    assert button(at, "open-enter-invoice") is None
