"""Prices and rules from the screen to the far end: what is kept, and what the next bill makes of
it."""

from datetime import UTC, date, datetime

import pandas as pd
import pytest

from jobs.biller import Biller
from store import agreed_prices, bills, booked_days, cost_rules
from tests.billed import billed, billed_file, priced_file
from tests.conftest import table, words
from tests.world import SMALL, WEU
from ui.components.price_book import BOOK

__all__ = ["billed", "billed_file", "priced_file"]

GROUP = WEU.partition("/microsoft.cognitiveservices")[0]


@pytest.fixture
def console(billed):
    return billed


def said(at):
    return words(at).replace("\\", "") + " ".join(it.value for it in at.error)


def button(at, key):
    return next(it for it in at.button if it.key == key)


def tab(opened, name, person="ada"):
    return opened("prices", person, tab=name)


def pick(at, name, row=0):
    """Choose the row at this place of the table of this name."""
    ids = [it.proto.id for it in at.dataframe]
    key = next(it[it.index(f"{name}-") :] for it in ids if f"{name}-" in it)
    at.session_state[key] = {"selection": {"rows": [row], "columns": [], "cells": []}}
    return at.run()


def fill(at, shares):
    """The dialog that shares the gateway's cost by fixed percentages."""
    button(at, "add-sharing").click().run()
    at.text_input(key="share-title").set_value("Gateway").run()
    at.selectbox(key="share-method").set_value("fixed").run()
    at.text_input(key="share-source").set_value("API Management").run()
    names = table(at, "Share")["unit"].tolist()
    edits = {names.index(unit): {"Share": it} for unit, it in shares.items()}
    at.session_state["share-grid"] = {"edited_rows": edits, "added_rows": [], "deleted_rows": []}
    at.date_input(key="share-from").set_value(date(2026, 10, 1))
    return at.run()


def gateway(console):
    """October's bookings with the gateway's own cost beside them."""
    with console.store.reading() as session:
        rows = booked_days.of_month(session, "2026-10", [SMALL])
    one = rows.iloc[[0]].assign(
        resource=f"{GROUP}/microsoft.apimanagement/service/gateway", meter_id="apim",
        meter="Standard v2", service="API Management", cost_e8=70_000_000_000,
    )  # fmt: skip
    return pd.concat([rows, one], ignore_index=True)


def units(console, month="2026-11"):
    """Cents by unit."""
    with console.store.reading() as session:
        return bills.sums(session, month, "EUR").groupby("unit")["cents"].sum().to_dict()


def kept(console, kind):
    with console.store.reading() as session:
        return cost_rules.known(session, [kind])


def newest(console, kind):
    return max(kept(console, kind), key=lambda it: it.id)


def test_the_book_says_what_a_meter_counts_and_costs(opened):
    at = opened("prices")
    assert not at.exception
    rows = table(at, "List price")
    assert set(rows["Meter"]) == {"gpt-4o regional input", "gpt-4o regional output",
                                  "gpt-4o global input", "gpt-4o global output"}  # fmt: skip
    inputs = rows[rows["Meter"] == "gpt-4o regional input"].iloc[0]
    assert inputs["List price"] == inputs["Paid"] == 2.5
    assert list(rows)[: len(BOOK)] == [it.heading for it in BOOK.values()]


def test_an_agreed_price_waits_for_another_admin_and_then_makes_the_bill(opened, console):
    at = tab(opened, "Agreed prices")
    button(at, "enter-price").click().run()
    at.text_input(key="enter-percent").set_value("10").run()
    button(at, "enter-confirm").click().run()
    assert "waits for another administrator" in said(at)
    assert table(at, "Agreed")["State"].tolist() == [["waits"]]

    at = tab(opened, "Agreed prices", "alan")
    pick(at, "agreed")
    button(at, "approve-price").click().run()
    button(at, "approve-confirm").click().run()
    assert "is approved" in said(at)
    with console.store.reading() as session:
        row = agreed_prices.known(session).iloc[0]
    assert (row["percent"], row["approver"]) == ("10", "contoso/alan")


def test_nobody_approves_their_own_price(opened):
    at = tab(opened, "Agreed prices")
    button(at, "enter-price").click().run()
    at.text_input(key="enter-percent").set_value("10").run()
    button(at, "enter-confirm").click().run()
    pick(at, "agreed")
    assert button(at, "approve-price").disabled


@pytest.mark.parametrize("percent", ["0", "100", "-5", "abc", "1e3", "99.999999"])
def test_a_discount_that_cannot_be_is_refused_in_words(opened, console, percent):
    at = tab(opened, "Agreed prices")
    button(at, "enter-price").click().run()
    at.text_input(key="enter-percent").set_value(percent).run()
    button(at, "enter-confirm").click().run()
    assert at.error
    with console.store.reading() as session:
        assert agreed_prices.known(session).empty


def test_usage_that_nobody_pays_for_is_given_to_a_unit_with_one_choice(opened, console):
    at = tab(opened, "Whose usage")
    shown = table(at, "Could be mapped by")
    at_row = shown["Could be mapped by"].str.contains("Resource group").tolist().index(True)
    pick(at, "things", at_row)
    button(at, "take-usage").click().run()
    at.selectbox(key="take-unit").set_value("operations").run()
    button(at, "take-confirm").click().run()
    assert "Operations pays for it" in said(at)
    rule = newest(console, "mapping")
    assert (rule.body["by"], rule.body["unit"]) == ("group", "operations")
    before = units(console)
    Biller(console.store, console.clock, console.tags).run_once()
    after = units(console)
    assert after["operations"] == round(shown["Unallocated"].iloc[at_row] * 100)
    assert after["operations"] + after["unassigned"] == before["unassigned"]
    assert sum(before.values()) == sum(after.values())


def test_a_fixed_split_has_to_be_whole_and_its_preview_is_what_the_bill_becomes(opened, console):
    with console.store.begin() as session:
        booked_days.keep(session, gateway(console))
    Biller(console.store, console.clock, console.tags).run_once()
    before, before_it = units(console, "2026-10"), kept(console, "sharing")
    at = tab(opened, "Shared cost")
    fill(at, {"retail": "60", "finance": "39.99"})
    at.checkbox(key="share-preview").check().run()
    assert "99.99" in said(at)
    assert "must be 100.00" in said(at)
    button(at, "share-confirm").click().run()
    assert kept(console, "sharing") == before_it

    fill(at, {"retail": "60", "finance": "40"})
    preview = table(at, "By this rule").set_index("Who")["By this rule"]
    button(at, "share-confirm").click().run()
    assert "holds from" in said(at)
    rule = newest(console, "sharing")
    assert rule.body["shares"] == {"finance": "40", "retail": "60"}
    Biller(console.store, console.clock, console.tags).run_once()
    after = units(console, "2026-10")
    assert sum(before.values()) == sum(after.values())
    assert preview["Retail"] == after["retail"] / 100


def test_a_rule_is_ended_and_never_rewritten(opened, console):
    test_usage_that_nobody_pays_for_is_given_to_a_unit_with_one_choice(opened, console)
    at = tab(opened, "Whose usage")
    shown = table(at, "Whose")
    pick(at, "mapping", shown["Whose"].tolist().index("Operations"))
    button(at, "end-rule-mapping").click().run()
    button(at, "end-rule-confirm").click().run()
    assert "ends on 2026-11-18" in said(at)
    rule = newest(console, "mapping")
    assert rule.ends == datetime(2026, 11, 18, tzinfo=UTC)


def test_who_pays_for_idle_is_asked_from_what_is_in_force(opened, console):
    at = tab(opened, "Provisioned throughput")
    at.session_state["draft:set-idle"] = "regional:swedencentral"
    at.run()
    assert at.radio(key="idle-rule").value == "entitlement"
    reserved = table(at, "PTU").set_index("unit")["PTU"].dropna()
    assert reserved.to_dict() == {"finance-banking": 150}
    button(at, "idle-confirm").click().run()
    assert newest(console, "idle").body["entitlements"] == {"finance-banking": 150}
