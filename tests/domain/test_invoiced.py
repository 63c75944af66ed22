"""What an invoice adds to a bill, and what it only says again."""

import pytest

from domain import bill
from domain.billing import Invoice
from tests.domain.bills import E8, booked, cents, inputs, stood, used


def made(rows, **invoice):
    told = Invoice("A", **{f"{it}_e8": round(amount * E8) for it, amount in invoice.items()})
    bookings = [booked(8), *(booked(it, charge=charge) for charge, it in rows.items())]
    month = bill.made(inputs([used(1_000_000)], [stood()], bookings, invoices=(told,)))
    assert month.proof.holds, month.proof
    entered = month.charges[month.charges["basis"].eq("entered")]
    twice = month.found[month.found["kind"].eq("booked already")]
    return cents(entered, "cause"), twice["amount_e8"].tolist(), month.proof.invoice


REFUND, TAX = {"Refund": -3}, {"Tax": 1}


@pytest.mark.parametrize(("rows", "invoice", "causes", "twice"), [
    (REFUND, {"amount": 8, "credit": -3}, {}, [-3]),  # of what was booked before the refund
    (REFUND, {"amount": 8.004, "credit": -3}, {"rounding": 0}, [-3]),
    (REFUND, {"amount": 8.5, "credit": -3}, {"invoice difference": 50}, [-3]),
    (REFUND, {"amount": 5}, {}, []),  # the refund is in the amount
    (REFUND, {"amount": 5, "credit": -3}, {"credit": -300}, []),  # another credit
    (REFUND, {"amount": 8, "credit": -10}, {"credit": -700}, [-3]),
    (REFUND, {"amount": 6, "credit": -3}, {"credit": -300, "invoice difference": 100}, []),
    ({}, {"amount": 8, "credit": -3}, {"credit": -300}, []),
    ({}, {"amount": 11, "credit": -3}, {"credit": -300, "invoice difference": 300}, []),
    (TAX, {"amount": 8, "tax": 1}, {}, [1]),
    (TAX, {"amount": 9, "tax": 1}, {"tax": 100}, []),
    (REFUND | TAX, {"amount": 8, "credit": -3, "tax": 1}, {}, [1, -3]),
    (REFUND | TAX, {"amount": 9, "credit": -3, "tax": 1}, {"tax": 100}, [-3]),
    ({"Refund": 3}, {"amount": 8, "credit": -3}, {"credit": -300, "invoice difference": -300}, []),
])  # fmt: skip
def test_what_was_booked_and_entered_again_counts_once(rows, invoice, causes, twice):
    found, again, total = made(rows, **invoice)
    assert found == causes
    assert sorted(again) == sorted(it * E8 for it in twice)
    assert total == pytest.approx(sum(invoice.values()) * 100, abs=0.5)
