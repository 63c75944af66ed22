"""Pages of cost over bills that the console made itself."""

import pytest

from jobs.biller import Biller
from store import bills
from tests.billed import billed, billed_file, priced_file
from tests.conftest import table, words

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
