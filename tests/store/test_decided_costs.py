"""Meters, prices, rules, invoices, waivers, budgets: kept as said, never silently rewritten."""

from datetime import timedelta

import pytest

from domain import frames
from domain.billing import Invoice, Rule
from domain.costs import METERS
from domain.decisions import CROSSINGS
from domain.faults import Outdated
from store import agreed_prices, budgets, cost_rules, invoices, meters, waivers
from tests.store.conftest import NOW

DAY = timedelta(days=1)


def meter(id, model="gpt-4o", at=NOW, **told):
    key = {"version": "", "scope": "global", "region": "", "mode": "tokens", "tier": "standard"}
    said = {"bucket": "input", "source": "x", "said_by": "t/ada", "at": at}
    return {"meter_id": id, "model": model, **key, **said, **told}


def of(*told):
    return frames.frame(METERS, told)


def seen(read):
    found = read(meters.known)
    return {it.meter_id: (it.model, it.source) for it in found.itertuples()}


def test_what_was_reviewed_stays_whatever_is_listed(begin, read):
    assert begin(meters.listed, of(meter("a"), meter("b"), meter("b"))) == 2
    begin(meters.review, of(meter("a", "gpt-4.1")))
    assert begin(meters.listed, of(meter("a"), meter("b", at=NOW + DAY), meter("c"))) == 1
    assert seen(read) == {
        "a": ("gpt-4.1", "reviewed"), "b": ("gpt-4o", "listed"), "c": ("gpt-4o", "listed"),
    }  # fmt: skip
    assert read(meters.known)["at"].nunique() == 1
    assert begin(meters.listed, of(meter("b", "o3"))) == 1
    assert begin(meters.listed, of()) == 0
    begin(meters.review, of())


PRICE = {"meter_id": "a", "currency": "EUR", "price": "1.25", "per": 1_000_000, "starts": NOW,
         "source": "contract", "note": "n", "said_by": "t/ada", "at": NOW}  # fmt: skip


def test_a_price_is_in_force_once_a_second_person_said_so(begin, read):
    first, second = begin(agreed_prices.add, PRICE), begin(agreed_prices.add, PRICE)
    assert read(agreed_prices.waiting)["id"].tolist() == [first, second]
    begin(agreed_prices.approve, first, "t/alan")
    assert read(agreed_prices.waiting)["id"].tolist() == [second]
    with pytest.raises(Outdated):
        begin(agreed_prices.approve, first, "t/mark")
    begin(agreed_prices.end, second, None, NOW)
    assert read(agreed_prices.waiting).empty
    with pytest.raises(Outdated):
        begin(agreed_prices.approve, second, "t/alan")
    with pytest.raises(Outdated):
        begin(agreed_prices.end, second, None, NOW + DAY)
    begin(agreed_prices.end, second, NOW, NOW + DAY)
    found = read(agreed_prices.known, "EUR")
    assert found["approver"].fillna("").tolist() == ["t/alan", ""]
    assert found["ends"].tolist()[1] == NOW + DAY
    assert read(agreed_prices.known, "USD").empty
    assert read(agreed_prices.find, first)["price"] == "1.25"
    assert read(agreed_prices.find, 99) is None


def test_a_rule_comes_back_and_is_only_ended(begin, read):
    body = {"by": "product", "key": "", "value": "chat-ü", "unit": "retail"}
    rule = Rule(0, "mapping", body, NOW, None, "t/ada", NOW + DAY, "why")
    number = begin(cost_rules.add, rule)
    (kept,) = read(cost_rules.known)
    assert kept == read(cost_rules.find, number)
    assert (kept.body, kept.starts, kept.said_by, kept.at) == (body, NOW, "t/ada", NOW + DAY)
    begin(cost_rules.end, kept, NOW + DAY)
    with pytest.raises(Outdated):
        begin(cost_rules.end, kept, NOW + 2 * DAY)
    begin(cost_rules.add, Rule(0, "idle", {}, NOW, said_by="t/ada"))
    assert [it.kind for it in read(cost_rules.known)] == ["mapping", "idle"]
    assert [it.ends for it in read(cost_rules.known, ["mapping"])] == [NOW + DAY]
    assert read(cost_rules.find, 99) is None


def test_the_newest_of_an_invoices_number_counts(begin, read):
    first = Invoice("G1", 10**15, 19, -5)
    begin(invoices.keep, "2026-01", "EUR", [first, Invoice("G2", 7)], "t/ada", NOW)
    begin(invoices.keep, "2026-01", "EUR", [Invoice("G2", 8)], "t/ada", NOW, "file.csv", "d")
    begin(invoices.keep, "2026-01", "USD", [Invoice("G2", 9)], "t/ada", NOW)
    assert read(invoices.of_month, "2026-01", "EUR") == (first, Invoice("G2", 8))
    assert read(invoices.of_month, "2026-02", "EUR") == ()
    assert read(invoices.known)["source"].tolist() == ["entered", "file.csv", "entered"]
    assert begin(invoices.remove, "2026-01", "EUR", "G2") == 1
    assert begin(invoices.remove, "2026-01", "EUR", "G2") == 0
    assert read(invoices.of_month, "2026-01", "EUR") == (first,)


def test_a_waiver_replaces_one_for_the_same_cause(begin, read):
    told = {"month": "2026-01", "currency": "EUR", "cause": "tax", "amount_e8": 5,
            "reason": "r", "said_by": "t/ada", "at": NOW}  # fmt: skip
    begin(waivers.keep, told)
    begin(waivers.keep, {**told, "reason": "better"})
    begin(waivers.keep, {**told, "cause": "other"})
    found = read(waivers.of_month, "2026-01", "EUR")
    assert found["reason"].tolist() == ["r", "better"]
    assert read(waivers.of_month, "2026-01", "USD").empty


BUDGET = {"unit": "retail", "grain": "month", "currency": "EUR", "amount_e8": 10**12,
          "thresholds": "80,100", "starts": "2026-01", "said_by": "t/ada", "at": NOW}  # fmt: skip


def test_a_budget_is_set_and_ended_once(begin, read):
    first = begin(budgets.add, BUDGET)
    begin(budgets.add, {**BUDGET, "unit": "finance"})
    begin(budgets.end, first, "2026-03")
    with pytest.raises(Outdated):
        begin(budgets.end, first, "2026-04")
    assert read(budgets.known)["ends"].fillna("").tolist() == ["2026-03", ""]
    assert read(budgets.known, ["finance"])["unit"].tolist() == ["finance"]
    assert read(budgets.known, []).empty
    assert read(budgets.find, first)["amount_e8"] == 10**12
    assert read(budgets.find, 99) is None


def test_a_crossing_is_new_once(begin, read):
    told = {"budget": 1, "period": "2026-01", "kind": "actual", "threshold": 80, "at": NOW}
    later = {**told, "at": NOW + DAY}
    assert begin(budgets.cross, frames.frame(CROSSINGS, [told])) == 1
    both = frames.frame(CROSSINGS, [{**later, "kind": "forecast"}, later])
    assert begin(budgets.cross, both) == 1
    assert begin(budgets.cross, both) == 0
    found = read(budgets.crossings)
    assert found["kind"].tolist() == ["forecast", "actual"]
    assert read(budgets.crossings, NOW)["kind"].tolist() == ["forecast"]
