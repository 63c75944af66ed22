"""A figure taken apart: the same total at each level, down to quantity, price, rule and cent."""

import re

import pytest

from domain.costs import E8
from tests import bills_by_hand
from tests.bills_by_hand import HOSTILE, NOVEMBER
from tests.conftest import table, words
from ui import costs

COST = "Cost (EUR)"


@pytest.fixture
def console(console):
    return bills_by_hand.keep(console)


def said(at):
    return words(at).replace("\\", "")


def lines(at):
    return table(at, "Exact (EUR)")


def clicked(at, row):
    """Click the cost in this row of the table of cost."""
    shown = table(at, COST)
    ids = [it.proto.id for it in at.dataframe]
    key = next(it[1] for id in ids if (it := re.search(r"-(spent-\w+-[0-9a-f]{8})$", id)))
    names = shown.iloc[:, 0].tolist()
    state = {"selection": {"rows": [], "columns": [], "cells": [(names.index(row), COST)]}}
    at.session_state[key] = state
    figure = shown.set_index(shown.columns[0]).loc[row, COST]
    return at.run(), figure


@pytest.mark.parametrize(
    ("by", "row"),
    [("unit", "Risk"), ("unit", "Platform"), ("model", HOSTILE), ("day", "2026-11-03"),
     ("resource", "busy \u00b7 aoai-small-weu"), ("line", "Adjustment"), ("unit", "Total")],
)  # fmt: skip
def test_what_was_clicked_is_what_is_explained(opened, by, row):
    at, figure = clicked(opened("cost", by=by), row)
    assert not at.exception
    assert at.title[0].value == "Explain cost"
    assert f"### {figure:,.2f} EUR" in said(at)
    assert "which is the figure that was clicked" in said(at)
    assert lines(at)[COST].sum().round(2) == figure


def test_a_link_opens_it_and_cents_and_rounding_are_told_apart(opened):
    at = opened("explain", payer="retail-online", model=HOSTILE)
    row = lines(at).iloc[0]
    assert (row["Exact (EUR)"], row[COST], row["Rounding"]) == ("6.55000003", 6.55, "-0.00000003")
    assert (row["Price"], row["List price"], row["Off list (%)"]) == (10.0, 12.5, 20.0)
    assert row["By what rule"] == "Own use"
    assert "655,000 tokens \u00d7 10 EUR per million tokens = 6.55000003 EUR" in said(at)
    assert row["Gateway product"] == HOSTILE


def test_one_level_down_and_back_up(opened):
    at = opened("explain", payer="finance-risk")
    assert "### 325.00 EUR" in said(at)
    at = opened("explain", payer="finance-risk", day="2026-11-03")
    assert "### 314.15 EUR" in said(at)
    at = at.button(key="crumb-payer").click().run()
    assert "### 325.00 EUR" in said(at)
    assert "day" not in at.query_params
    at = at.button(key="crumb-all").click().run()
    assert f"### {sum(it['cents'] for it in NOVEMBER) / 100:,.2f} EUR" in said(at)


@pytest.mark.parametrize(
    "part",
    [{"payer": "finance-risk"}, {"payer": "platform"}, {"day": "2026-11-18"},
     {"resource": bills_by_hand.DEEP}, {"payer": "nobody"}, {"model": "' OR 1=1"}],
)  # fmt: skip
def test_what_is_not_theirs_is_as_unknown_as_what_is_not_there(opened, part):
    at = opened("explain", "maria", **part)
    assert "No line of this bill that you may see is so" in said(at)
    assert not at.dataframe


def test_a_manager_explains_own_lines_of_a_shared_deployment_alone(opened):
    at = opened("explain", "maria", resource=bills_by_hand.BUSY)
    assert "### 20.00 EUR" in said(at)
    assert set(lines(at)["Business unit"]) == {"Stores"}


def test_every_exact_amount_and_its_rounding_are_the_cents():
    for it in NOVEMBER:
        assert (
            it["amount_e8"] + (it["cents"] * E8 // 100 - it["amount_e8"]) == it["cents"] * E8 // 100
        )


def test_parts_of_a_figure_are_columns_of_a_bill():
    assert set(costs.PARTS.values()) <= set(bills_by_hand.bill().charges)
