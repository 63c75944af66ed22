"""Budgets from the screen to the store and back, and whom they show what."""

import pytest

from domain.budgets import LIMITS
from domain.frames import records
from jobs import budgeting
from store import budgets
from tests.billed import billed, billed_file, priced_file
from tests.conftest import table, words

__all__ = ["billed", "billed_file", "priced_file"]
BUDGET = "Budget (EUR)"


@pytest.fixture
def console(billed):
    """Without the budgets that its company begins with."""
    with billed.store.begin() as session:
        for row in records(budgets.known(session)):
            budgets.end(session, row["id"], row["starts"])
    return billed


def said(at):
    return words(at).replace("\\", "") + " ".join(it.value for it in [*at.error, *at.warning])


def button(at, key):
    return next((it for it in at.button if it.key == key), None)


def pick(at, name, row=0):
    ids = [it.proto.id for it in at.dataframe]
    key = next(it[it.index(f"{name}-") :] for it in ids if f"-{name}-" in it)
    at.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return at.run()


def kept(console):
    with console.store.reading() as session:
        rows = budgets.known(session)
    return rows[rows["ends"].isna() | rows["id"].gt(4)].reset_index(drop=True)


def add(console, unit, amount, grain="month", starts="2026-11"):
    row = {"unit": unit, "grain": grain, "currency": "EUR", "amount_e8": amount * 10**8,
           "thresholds": "80,100", "starts": starts, "said_by": "contoso/ada",
           "at": console.clock()}  # fmt: skip
    with console.store.begin() as session:
        return budgets.add(session, row)


def fill(at, unit="retail-online", amount="1200"):
    button(at, "set-budget").click().run()
    at.selectbox(key="budget-unit").set_value(unit).run()
    return at.text_input(key="set-budget-amount").set_value(amount).run()


@pytest.mark.parametrize("person", ["vera", "paul", "otto"])
def test_who_may_not_look_at_cost_is_refused(opened, person):
    at = opened("budgets", person)
    assert "may not look at cost" in said(at)
    assert not at.dataframe


def test_without_a_budget_the_page_says_so_and_what_stops_nobody(opened):
    at = opened("budgets")
    assert not at.exception
    assert "No budget in EUR runs in November 2026" in said(at)
    assert "without a budget" in said(at)
    rows = at.table[0].value
    assert rows.index.tolist() == [it.what for it in LIMITS]
    assert rows["What bypasses it"].tolist() == [it.bypassed_by for it in LIMITS]


def test_a_budget_is_set_shown_with_its_course_and_ended(opened, console):
    at = fill(opened("budgets"))
    assert "The month before cost" in said(at)
    button(at, "set-budget-confirm").click().run()
    assert "Online shop may spend 1200 EUR each month from November 2026" in said(at)
    row = kept(console).iloc[0]
    assert (row["unit"], row["amount_e8"], row["thresholds"]) == (
        "retail-online", 120_000_000_000, "80,100",
    )  # fmt: skip
    shown = table(at, BUDGET).iloc[0]
    assert shown[BUDGET] == 1200.0
    assert shown["Left (EUR)"] == pytest.approx(1200 - shown["Spent (EUR)"])
    assert shown["At least (EUR)"] <= shown["Expected (EUR)"] <= shown["At most (EUR)"]
    assert len(at.get("plotly_chart")) == 1

    pick(at, "budgets")
    button(at, "end-budget").click().run()
    button(at, "end-budget-confirm").click().run()
    assert kept(console).iloc[0]["ends"] == "2026-11"
    assert "No budget in EUR" in said(at)


def test_a_change_takes_the_place_of_what_was_set(opened, console):
    add(console, "retail-online", 1200)
    at = pick(opened("budgets"), "budgets")
    button(at, "change-budget").click().run()
    at.text_input(key="change-budget-amount").set_value("900.50").run()
    at.text_input(key="change-budget-told").set_value("50, 90").run()
    button(at, "change-budget-confirm").click().run()
    assert table(at, BUDGET)[BUDGET].tolist() == [900.5]
    assert table(at, BUDGET)["Tell at (%)"].tolist() == ["50,90"]


@pytest.mark.parametrize("amount", ["", "0", "-5", "a lot", "1,5", "1e400"])
def test_no_budget_of_a_forged_amount(opened, console, amount):
    at = fill(opened("budgets"), amount=amount)
    assert button(at, "set-budget-confirm").disabled
    assert kept(console).empty


@pytest.mark.parametrize("told", ["", "0", "80, 80", "201", "x", "1,2,3,4,5,6"])
def test_thresholds_that_are_none_are_said_beside_the_field(opened, told):
    at = fill(opened("budgets"))
    at.text_input(key="set-budget-told").set_value(told).run()
    assert button(at, "set-budget-confirm").disabled
    assert ":red[" in said(at)


def test_a_crossed_threshold_stands_beside_its_budget(opened, console):
    add(console, "finance-risk", 100)
    budgeting.cross(console.store, console.clock())
    shown = table(opened("budgets"), BUDGET).iloc[0]
    assert shown["State"] == ["over"]
    assert shown["Used up"].startswith("Used up on ")
    assert "100 % spent" in shown["Crossed and told"]


def test_a_budget_that_will_not_last_says_until_when(opened, console):
    add(console, "finance-risk", 100_000)
    add(console, "retail-online", 10_000)
    row = table(opened("budgets"), BUDGET).set_index("Business unit").loc["Risk"]
    add(console, "finance-risk", int(row["Spent (EUR)"]) + 50, grain="quarter", starts="2026-10")
    rows = table(opened("budgets"), BUDGET)
    assert rows["State"].tolist()[-1] == ["within"]
    assert rows.iloc[-1]["Used up"] == "Lasts"
    tight = int((row["Spent (EUR)"] + row["Expected (EUR)"]) / 2)
    add(console, "finance-risk", tight, starts="2026-11")
    told = table(opened("budgets"), BUDGET)
    told = told[told[BUDGET] == tight].iloc[0]
    assert told["State"] == ["expected over"]
    assert told["Used up"].endswith("November at this rate")


def test_a_manager_sets_for_own_units_and_sees_no_others(opened, console):
    add(console, "finance-risk", 4321)
    at = opened("budgets", "maria")
    assert not at.exception
    button(at, "set-budget").click().run()
    offered = [it.strip() for it in at.selectbox(key="budget-unit").options]
    assert "Online shop" in offered
    assert "Risk" not in offered
    everything = said(at) + "".join(str(it.value) for it in at.dataframe)
    for foreign in ("Risk", "4,321", "4321", "Budgets in Azure"):
        assert foreign not in everything


def test_who_may_only_look_at_cost_is_offered_no_button(opened, console):
    add(console, "finance-risk", 4321)
    at = opened("budgets", "cora")
    if at.dataframe:
        assert button(at, "set-budget") is None
    else:
        assert "may not look at cost" in said(at)
