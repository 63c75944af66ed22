"""A closed month stays as it is; what it would be now stands in the open month, once."""

from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd

from domain import bill, costs, frames, late
from domain.billing import Invoice
from domain.frames import frame
from tests.domain.bills import E8, LAST, TAGGED, amounts, booked, inputs, mapping, stood, used

OPEN = datetime(2026, 11, 2, tzinfo=UTC)
USAGE = [used(1_000_000), used(3_000_000, name="other")]
ESTATE = [stood(), stood("other", "finance")]


def october(cost=8.0, **fields):
    return bill.made(inputs(USAGE, ESTATE, [booked(cost)], **fields)).charges


def adjusted(now, closed, already=None):
    already = frame(costs.CHARGES, []) if already is None else already
    return late.adjustments(now, closed, already, OPEN, "2026-10")


def test_a_late_charge_goes_to_whom_it_belongs_dated_in_the_open_month():
    rows = adjusted(october(12.0), october())
    assert amounts(rows, "unit", "cause") == {
        ("finance", "late charge"): 3.0,
        ("retail", "late charge"): 1.0,
    }
    assert set(rows["day"]) == {pd.Timestamp(OPEN)}
    assert set(rows["of_month"]) == {"2026-10"}
    assert set(rows["line"]) == {"adjustment"}


def test_nothing_new_is_nothing():
    assert adjusted(october(), october()).empty


def test_what_was_adjusted_once_is_not_adjusted_again():
    first = adjusted(october(12.0), october())
    assert adjusted(october(12.0), october(), first).empty
    assert amounts(adjusted(october(13.0), october(), first), "unit") == {
        "finance": 0.75,
        "retail": 0.25,
    }
    assert amounts(adjusted(october(), october(), first), "unit") == {
        "finance": -3.0,
        "retail": -1.0,
    }


def test_a_changed_rule_moves_money_and_adds_none():
    to_research = [mapping(value=it, unit="research", id=5) for it in ("retail", "finance")]
    moved = october(rules=(*TAGGED, *to_research))
    rows = adjusted(moved, october())
    assert amounts(rows, "unit", "cause") == {
        ("finance", "moved between units"): -6.0,
        ("research", "moved between units"): 8.0,
        ("retail", "moved between units"): -2.0,
    }
    assert rows["amount_e8"].sum() == 0


def test_an_entered_invoice_neither_hides_nor_doubles_what_came_late():
    invoice = {"invoices": (Invoice("A", 8 * E8),)}
    rows = adjusted(october(12.0, **invoice), october(**invoice))
    assert amounts(rows, "unit") == {"finance": 3.0, "retail": 1.0}


def test_the_open_month_bills_it_and_the_closed_bytes_stay():
    closed = october()
    before = frames.packed(closed)
    rows = adjusted(october(12.0), closed)
    open_month = replace(inputs([], [], [], rules=TAGGED), month="2026-11", now=OPEN, late=rows)
    told = bill.made(open_month)
    assert told.proof.holds
    assert told.proof.adjustments == told.proof.invoice == 4_00
    assert frames.packed(closed) == before
    assert told.charges["day"].min() > LAST
