"""Pages of cost over bills that the console made itself."""

import pytest

from jobs.biller import Biller
from store import agreed_prices, bills, retail_prices
from tests.billed import billed, billed_file, listed, priced_file
from tests.conftest import moment, table, words

__all__ = ["billed", "billed_file", "priced_file"]
COST = "Cost (EUR)"


@pytest.fixture
def console(billed):
    return billed


def said(at):
    return words(at).replace("\\", "")


@pytest.mark.parametrize("person", ["ada", "maria"])
@pytest.mark.parametrize("page", ["cost", "explain", "statements", "statement"])
@pytest.mark.parametrize("month", ["2026-09", "2026-11"])
def test_every_page_of_every_month_opens(opened, page, person, month):
    at = opened(page, person, month=month)
    assert not at.exception
    assert not at.error
    assert at.dataframe


def test_the_screen_is_the_bill(opened, console):
    with console.store.reading() as session:
        proof, sums = bills.proof(session, "2026-10", "EUR"), bills.sums(session, "2026-10", "EUR")
    at = opened("cost", month="2026-10")
    assert proof.holds
    assert table(at, COST)[COST].iloc[-1] == proof.invoice / 100 == sums["cents"].sum() / 100
    assert "Adds up" in said(at)


def test_a_forecast_with_its_band(opened):
    at = opened("cost")
    figures = {it.label: (it.value, it.delta) for it in at.metric}
    value, band = figures["Month's end, est. (EUR)"]
    assert value > "0"
    assert band.endswith("(80 %)")
    assert "Month's end, est. (EUR)" not in {
        it.label for it in opened("cost", month="2026-10").metric
    }


def test_unassigned_cost_is_given_to_a_unit_by_one_click(opened, console):
    at = opened("cost")
    rows = table(at, "Could be mapped by")
    assert len(rows)
    key = next(it.proto.id for it in at.dataframe if "-free-" in it.proto.id)
    key = key[key.rindex("-free-") + 1 :]
    at.session_state[key] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at = at.run()
    at = next(it for it in at.button if it.key == "take").click().run()
    at = at.selectbox(key="take-unit").select("research-lab").run()
    at = next(it for it in at.button if it.key == "take-confirm").click().run()
    assert not at.exception
    assert "Lab pays for it from" in said(at)
    Biller(console.store, console.clock, console.tags).run_once()
    shown = table(opened("cost"), COST)
    assert "Lab" in set(shown["Business unit"])


def figures(at):
    return {it.label: it.value for it in at.metric}


def reasons(text):
    return next(it for it in text.split("\n") if it.startswith("Cost "))


@pytest.mark.parametrize(
    ("person", "of", "month"),
    [("ada", "finance-risk", "2026-11"), ("maria", "retail", "2026-11"),
     ("maria", "retail", "2026-10"), ("ada", "unassigned", "2026-11")],
)  # fmt: skip
def test_a_statement_and_the_page_of_cost_compare_the_same_days(opened, person, of, month):
    cost = opened("cost", person, unit=of, month=month)
    why = table(cost, "Volume (EUR)").iloc[-1]
    change = f"{why['After (EUR)'] - why['Before (EUR)']:+,.2f}"
    assert figures(cost)["Change (EUR)"] == change
    statement = said(opened("statement", person, of=of, month=month))
    assert reasons(said(cost)) in statement
    before = next(it for it in said(cost).split(":small[") if it.startswith("Before is "))
    assert before.partition("]")[0] in statement


def test_no_figure_moves_before_the_bill_does(opened, console):
    before = figures(opened("cost"))
    console.clock.move(minutes=40)
    assert figures(opened("cost")) == before
    assert "until 12:34 UTC" in said(opened("cost"))
    Biller(console.store, console.clock, console.tags).run_once()


def test_prices_that_changed_are_on_the_chart_and_in_words(opened, console):
    cheap = listed().assign(price=["2.00", "8.00", "2.00", "8.00"])
    dearer = listed().assign(price=["2.40", "9.60", "2.40", "9.60"])
    deal = {"currency": "EUR", "meter_id": "", "percent": "10", "per": 1, "source": "contract",
            "starts": moment(2026, 11, 12), "said_by": "contoso/ada", "approver": "contoso/alan",
            "at": console.clock(), "note": ""}  # fmt: skip
    with console.store.begin() as session:
        retail_prices.keep(session, cheap, moment(2026, 10, 20))
        retail_prices.keep(session, dearer, moment(2026, 11, 5))
        agreed_prices.add(session, deal)
    for person in ("ada", "maria"):
        at = opened("cost", person)
        assert not at.exception
        told = said(at)
        assert "5 November: gpt-4o list price +20.0%; 12 November: gpt-4o agreed price" in told
        drawn = at.get("plotly_chart")[0].proto.spec
        assert "gpt-4o list price +20.0%" in drawn
        rows = table(at, "What changed")
        assert set(rows["Change (%)"]) == {-20.0, 20.0, -10.0}
    assert "20 October: gpt-4o list price -20.0%; 5 November" in told
    assert "list price -20.0%" not in drawn  # of another month than the chart's
    assert "Prices changed" not in said(opened("cost", month="2026-09"))
