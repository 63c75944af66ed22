"""What stands in the way of closing a month, and what somebody can answer for."""

from dataclasses import replace

import pandas as pd
import pytest

from domain import closing, costs
from domain.cents import of_each, rounded
from domain.frames import frame
from domain.history import HISTORY
from tests.conftest import moment
from tests.store.test_bills import bill

BEGINS = "2026-08 is known in part only: history of subscription s begins on 2026-08-24."
NOW = moment(2026, 9, 20)


def month(amount=500, **fields):
    """A month of whose first days nobody knows the usage."""
    row = {"kind": HISTORY, "what": BEGINS, "resource": "s", "amount_e8": amount}
    return bill("2026-08", found=frame(costs.FOUND, [row]), **fields)


def waived(amount, cause=HISTORY):
    return frame(closing.WAIVERS, [{"cause": cause, "amount_e8": amount}])


def said(told, waivers):
    return closing.obstacles(told, waivers, (), {"s": moment(2026, 8, 31)}, NOW)


@pytest.mark.parametrize(("amount", "waivers", "stands"), [
    (500, waived(0)[:0], True),
    (500, waived(500, "price"), True),
    (500, waived(499), True),  # more was booked since
    (500, waived(500), False),
    (-500, waived(500), False),
    (0, waived(0)[:0], True),
    (0, waived(0), False),
])  # fmt: skip
def test_days_that_are_not_known_are_said_until_somebody_answers_for_them(amount, waivers, stands):
    assert said(month(amount), waivers) == [BEGINS] * stands
    assert closing.unanswered(month(amount), closing.amounts(waivers)) == (
        {HISTORY: abs(amount)} if stands else {}
    )


def test_what_is_booked_of_days_that_are_not_known_is_no_difference_besides():
    row = {"day": moment(2026, 8, 3), "cause": HISTORY, "difference_e8": 10**11, "within": False}
    rows = frame(costs.RECONCILED, [{**row, "booked_e8": 10**11}])
    assert closing.differences(month(500, reconciled=rows)) == {HISTORY: 500}


def test_every_cause_has_words():
    assert set(closing.CAUSES) >= {HISTORY, closing.UNPRICED}
    assert all(closing.CAUSES.values())


def test_a_month_that_is_known_whole_says_nothing():
    assert closing.partial(bill("2026-08").found) == []
    assert closing.partial(month().found) == [BEGINS]


@pytest.mark.parametrize(("off", "words"), [
    (1, "0.01 EUR"), (-1, "-0.01 EUR"), (-123_456, "-1,234.56 EUR"),
])  # fmt: skip
def test_a_proof_that_is_off_says_by_how_much_with_its_sign(off, words):
    told = bill("2026-08")
    wrong = replace(told, proof=replace(told.proof, invoice=told.proof.invoice + off))
    assert closing.obstacles(wrong, waived(0, closing.UNPRICED), (), {}, NOW) == [
        f"Its parts and the invoice differ by {words}."
    ]


@pytest.mark.parametrize(("amount", "cents"), [
    (-500_000, -1), (500_000, 1), (-499_999, 0), (1_500_000, 2), (-1_500_000, -2),
    (-2_500_000, -3), (0, 0), (-10**17, -10**11), (None, None),
])  # fmt: skip
def test_half_a_cent_is_rounded_away_from_zero_wherever_it_stands(amount, cents):
    (only,) = of_each(pd.Series([amount], dtype="Int64"))
    assert (only is pd.NA) if cents is None else only == cents
    if amount is not None:
        assert rounded(amount) == cents
