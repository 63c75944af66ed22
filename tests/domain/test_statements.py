"""A statement, a journal and a FOCUS file by hand; all of them are the bill."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import focus
from domain.frames import records
from domain.statements import CLEARING, journal, statement
from domain.units import CONTOSO
from domain.variance import explained
from tests.domain.prices import charge, charges
from tests.domain.rows import day

BILL = charges(
    charge(),
    charge(bucket="output", meter_id="m-out", cents=1_000, amount_e8=1_000_000_000),
    charge(unit="retail-stores", cents=50, amount_e8=50_000_000),
    charge(unit="finance", cents=300, amount_e8=300_000_000, basis="estimated"),
    charge(unit="retail", line="shared", method="even", rule=4, resource="apim", cents=60,
           amount_e8=60_000_000, quantity=None, bucket=None, price=None, list_price=None),
    charge(unit="finance", line="shared", method="even", rule=4, resource="apim", cents=40,
           amount_e8=40_000_000, quantity=None, bucket=None, price=None, list_price=None),
    charge(unit="platform", line="adjustment", cents=-25, amount_e8=-25_000_000, cause="credit"),
)  # fmt: skip


def stated(unit="retail", before=None):
    before = charges() if before is None else before
    units = CONTOSO.below([unit])
    why = explained(before, BILL, ["unit"])
    return statement(BILL, why, units, unit, "2026-06", "EUR", {"sub": "2026-06-10"})


def test_without_a_month_before_nothing_is_compared():
    units = CONTOSO.below(["retail"])
    found = statement(BILL, None, units, "retail", "2026-06", "EUR", {})
    assert (found.cents, found.before_cents) == (1_360, None)
    assert found.words == "No bill of the month before is known."


def test_a_statement_by_hand():
    found = stated()
    assert (found.cents, found.estimated_cents, found.before_cents) == (1_360, 0, 0)
    assert found.lines["cents"].sum() == 1_360
    assert found.lines["line"].tolist() == ["usage", "shared"]
    assert found.lines["quantity"].tolist()[0] == 3_000_000
    assert found.words.startswith("Cost rose by 13.60 EUR: +13.00 EUR because more tokens")


def test_a_statement_says_what_is_estimated():
    found = stated("finance", BILL)
    assert (found.cents, found.estimated_cents, found.words) == (340, 300, "Cost did not change.")


def test_a_journal_by_hand():
    found = records(journal(BILL, "2026-06", "EUR", CONTOSO, {"retail": "CC-100"}))
    told = [(it["cost_centre"], it["line"], it["debit"], it["credit"]) for it in found]
    assert told == [
        ("finance", "shared", 40, 0), (CLEARING, "shared", 0, 40),
        ("finance", "usage", 300, 0), (CLEARING, "usage", 0, 300),
        (CLEARING, "adjustment", 25, 0), ("platform", "adjustment", 0, 25),
        ("CC-100", "shared", 60, 0), (CLEARING, "shared", 0, 60),
        ("CC-100", "usage", 1_250, 0), (CLEARING, "usage", 0, 1_250),
        ("retail-stores", "usage", 50, 0), (CLEARING, "usage", 0, 50),
    ]  # fmt: skip


def test_rows_of_focus_by_hand():
    found = focus.rows(BILL, "2026-06", "EUR", CONTOSO)
    assert list(found) == list(focus.FOCUS)
    usage, shared, credit = (records(found)[it] for it in (0, 4, 6))
    assert (usage["BilledCost"], usage["ConsumedUnit"], usage["ConsumedQuantity"]) == (
        "2.50", "Tokens", "1000000",
    )  # fmt: skip
    assert usage["BillingPeriodEnd"] == day("2026-07-01")
    assert str(usage["AllocatedMethodId"]) == "<NA>"
    assert (shared["AllocatedMethodId"], shared["AllocatedResourceName"]) == ("even", "Retail")
    assert json.loads(shared["AllocatedMethodDetails"]) == {"Elements": [{"AllocatedRatio": 0.6}]}
    assert (credit["ChargeCategory"], credit["BilledCost"]) == ("Adjustment", "-0.25")


def test_a_late_charge_is_a_correction():
    late = charges(charge(line="adjustment", of_month="2026-05", day=None))
    found = focus.rows(late, "2026-06", "EUR", CONTOSO).iloc[0]
    assert (found["ChargeClass"], found["ChargePeriodEnd"]) == ("Correction", day("2026-07-01"))


LINES = some.builds(
    lambda cents, **it: charge(cents=cents, amount_e8=cents * 1_000_000, **it),
    cents=some.integers(-(10**9), 10**12),
    unit=some.sampled_from(["retail", "finance", "platform", "unassigned"]),
    line=some.sampled_from(["usage", "shared", "ptu_idle", "adjustment"]),
    method=some.sampled_from(["direct", "even", "none", "kept"]),
    quantity=some.one_of(some.none(), some.integers(0, 10**12).map(float)),
    list_price=some.one_of(some.none(), some.just(3.0)),
)


@settings(deadline=None, max_examples=40)
@given(some.lists(LINES, max_size=12))
def test_every_document_is_the_bill(rows):
    bill = charges(*rows)
    total = int(bill["cents"].sum())
    postings = journal(bill, "2026-06", "EUR", CONTOSO, {})
    assert postings["debit"].sum() == postings["credit"].sum()
    clearing = postings[postings["cost_centre"].eq(CLEARING)]
    assert clearing["credit"].sum() - clearing["debit"].sum() == total
    exported = focus.rows(bill, "2026-06", "EUR", CONTOSO)
    assert sum(map(Decimal, exported["BilledCost"]), Decimal(0)) * 100 == total
    stated = [
        statement(bill, None, frozenset({it}), it, "2026-06", "EUR", {})
        for it in ("retail", "finance", "platform", "unassigned")
    ]
    assert sum(it.cents for it in stated) == total
    assert all(it.lines["cents"].sum() == it.cents for it in stated)


@pytest.mark.parametrize("unit", ["retail", "finance"])
def test_ratios_of_a_split_add_up_to_one(unit):
    found = focus.rows(BILL, "2026-06", "EUR", CONTOSO)
    shared = found[found["AllocatedMethodId"].eq("even").fillna(False)]
    ratios = [
        json.loads(it)["Elements"][0]["AllocatedRatio"] for it in shared["AllocatedMethodDetails"]
    ]
    assert sum(ratios) == 1
    assert unit in shared["AllocatedResourceId"].tolist()
