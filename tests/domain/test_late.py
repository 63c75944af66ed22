"""A closed month stays as it is; what it would be now stands in the open month, once."""

from dataclasses import replace
from datetime import UTC, datetime

import pandas as pd

from domain import bill, costs, frames, late
from domain.billing import Invoice
from domain.frames import frame
from tests.domain.bills import (
    E8,
    LAST,
    TAGGED,
    amounts,
    booked,
    inputs,
    mapping,
    price,
    stood,
    used,
)

OPEN = datetime(2026, 11, 2, tzinfo=UTC)
USAGE = [used(1_000_000), used(3_000_000, name="other")]
ESTATE = [stood(), stood("other", "finance")]


def october(cost=8.0, **fields):
    return bill.made(inputs(USAGE, ESTATE, [booked(cost)], **fields)).charges


def adjusted(now, closed, already=None, entered=False):
    already = frame(costs.CHARGES, []) if already is None else already
    return late.adjustments(now, closed, already, OPEN, "2026-10", entered)


def november(rows, *invoices):
    """The bill of the next month, in which nothing else was booked."""
    told = replace(inputs([], [], []), month="2026-11", now=OPEN, late=rows)
    made = bill.made(replace(told, invoices=tuple(Invoice(it, int(it) * E8) for it in invoices)))
    assert made.proof.holds, made.proof
    return made


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
    rows = adjusted(october(12.0, **invoice), october(**invoice), entered=True)
    assert amounts(rows, "unit") == {"finance": 3.0, "retail": 1.0}
    assert set(rows["basis"]) == {"booked"}


def test_what_the_closed_months_invoice_held_already_is_taken_from_the_platform():
    invoice = {"invoices": (Invoice("A", 12 * E8),)}
    closed = october(**invoice)  # the platform bears 4.00 that are not booked yet
    assert amounts(closed, "unit")["platform"] == 4.0
    rows = adjusted(october(12.0, **invoice), closed, entered=True)
    assert amounts(rows, "unit", "cause", "basis") == {
        ("finance", "late charge", "entered"): 3.0,
        ("retail", "late charge", "entered"): 1.0,
        ("platform", "on the invoice of its month", "entered"): -4.0,
    }
    told = november(rows, "0")
    assert told.proof.invoice == 0
    assert "invoice difference" not in set(told.charges["cause"])
    assert adjusted(october(12.0, **invoice), closed, told.charges, entered=True).empty


def test_an_invoice_that_was_entered_after_the_close_settles_what_it_holds():
    rows = adjusted(october(12.0, invoices=(Invoice("A", 12 * E8),)), october(), entered=True)
    assert amounts(rows, "unit", "basis") == {("finance", "entered"): 3.0, ("retail", "entered"): 1}
    told = november(rows, "7")
    assert told.proof.invoice == 11_00
    assert amounts(told.charges, "unit", "cause")["platform", "invoice difference"] == 7.0
    assert adjusted(october(12.0), october(), told.charges, entered=True).empty


def test_of_two_late_charges_the_first_is_on_the_invoice_and_the_second_on_the_next():
    invoice = {"invoices": (Invoice("A", 12 * E8),)}
    closed = october(**invoice)
    first = adjusted(october(12.0, **invoice), closed, entered=True)
    assert sum(amounts(first, "unit").values()) == 0
    both = adjusted(october(14.0, **invoice), closed, entered=True)
    assert amounts(both, "basis", "cause") == {
        ("entered", "late charge"): 4.0,
        ("booked", "late charge"): 2.0,
        ("entered", "on the invoice of its month"): -4.0,
    }
    then = adjusted(october(14.0, **invoice), closed, november(first).charges, entered=True)
    assert amounts(then, "unit", "basis") == {("finance", "booked"): 1.5, ("retail", "booked"): 0.5}
    gone = adjusted(october(8.0, **invoice), closed, november(first).charges, entered=True)
    assert amounts(gone, "unit") == {"finance": -3.0, "retail": -1.0, "platform": 4.0}
    assert november(gone, "0").proof.invoice == 0


def test_what_was_never_booked_is_adjusted_as_an_estimate():
    told = inputs(USAGE, ESTATE, [], until=None)
    priced = [replace(told, prices=frame(costs.PRICED, [price("out", it)])) for it in ("10", "8")]
    rows = adjusted(*(bill.made(it).charges for it in priced))
    assert amounts(rows, "unit", "basis") == {
        ("finance", "estimated"): 6.0,
        ("retail", "estimated"): 2.0,
    }


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
