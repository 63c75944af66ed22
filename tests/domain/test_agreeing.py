"""What can be agreed, and that of two about the same one holds at a time."""

from contextlib import nullcontext
from datetime import UTC, datetime

import pytest

from domain import agreeing
from domain.costs import AGREED
from domain.faults import OutOfRange
from domain.frames import frame

DISCOUNT = {"id": 7, "meter_id": "m-in", "currency": "EUR", "percent": "10"}


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


KEPT = frame(AGREED, [{**DISCOUNT, "starts": day("2026-01-01"), "ends": day("2026-07-01")}])


@pytest.mark.parametrize(("told", "kept"), [
    (("2", 1_000_000, ""), {"price": "2", "per": 1_000_000, "percent": None}),
    (("2", 1, ""), {"price": "2", "per": 1, "percent": None}),
    (("0.002", 1_000, ""), {"price": "0.002", "per": 1_000, "percent": None}),
    (("", 1, "12.5"), {"price": None, "per": None, "percent": "12.5"}),
])  # fmt: skip
def test_a_price_or_a_discount_is_kept_as_it_was_written(told, kept):
    assert agreeing.amount(*told) == kept


@pytest.mark.parametrize(("told", "words"), [
    (("2", 1_000_000, "3"), "either a price or"),
    (("", 1_000_000, ""), "either a price or"),
    (("-2", 1_000_000, ""), "more than 0"),
    (("NaN", 1_000_000, ""), "is a number"),
    (("2", None, ""), "for 1, for 1,000"),
    (("2", True, ""), "for 1, for 1,000"),
    (("2", 1_000, ""), "2,000.* for a million tokens cannot be"),
    (("0.009", 1_000_000, ""), "cannot be"),
    (("", 1, "100"), "less than 100"),
    (("", 1, "0"), "more than 0"),
    (("", 1, "1.23456"), "less than 100"),
    (("", 1, "ten"), "is a number"),
])  # fmt: skip
def test_what_cannot_be_agreed_is_said(told, words):
    with pytest.raises(OutOfRange, match=words):
        agreeing.amount(*told)


@pytest.mark.parametrize(("told", "clash"), [
    ({"starts": day("2026-07-01")}, False),
    ({"starts": day("2026-06-30")}, True),
    ({"starts": day("2025-01-01"), "ends": day("2026-01-01")}, False),
    ({"starts": day("2025-01-01"), "ends": day("2026-01-02")}, True),
    ({"starts": day("2025-01-01"), "ends": None}, True),
    ({"starts": day("2026-02-01"), "meter_id": "m-out"}, False),
    ({"starts": day("2026-02-01"), "price": "2"}, False),  # the price counts
    ({"starts": day("2026-02-01"), "id": 7}, False),  # itself
])  # fmt: skip
def test_two_about_one_meter_never_hold_on_one_day(told, clash):
    row = {"meter_id": "m-in", "price": None, "ends": None, **told}
    refused = pytest.raises(OutOfRange, match="Price 7 holds on some of these days")
    with refused if clash else nullcontext():
        agreeing.require_apart(row, KEPT)


def test_a_price_holds_on_some_day():
    agreeing.require_span(day("2026-01-01"), day("2026-01-02"))
    agreeing.require_span(day("2026-01-01"), None)
    with pytest.raises(OutOfRange, match="ends after"):
        agreeing.require_span(day("2026-01-01"), day("2026-01-01"))
