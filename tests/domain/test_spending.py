"""Sums of a bill as people compare them, against tables by hand."""

from datetime import timedelta

import pytest

from domain import months, spending
from tests.bills_by_hand import NOVEMBER, OCTOBER, bill, line
from tests.conftest import moment

NOW, THEN = bill(), bill("2026-10", OCTOBER)


def cents(rows):
    return dict(zip(rows["key"], rows["cents"], strict=True))


@pytest.mark.parametrize("by", spending.BY)
def test_whatever_it_is_summed_by_the_total_is_the_bill(by):
    rows = spending.compared(NOW.sums, THEN.sums, by)
    assert rows["cents"].sum() == sum(it["cents"] for it in NOVEMBER)
    assert spending.total(rows)["difference"].item() == rows["difference"].sum()
    if by != "day":
        assert rows["before_cents"].sum() == sum(it["cents"] for it in OCTOBER)


def test_what_was_only_before_is_still_there():
    rows = spending.compared(bill(lines=[line("2026-11", 1, "a", 5)]).sums, THEN.sums, "unit")
    assert cents(rows)["finance-risk"] == 0
    assert rows.set_index("key")["percent"]["finance-risk"] == -1.0


def test_a_share_of_nothing_is_missing_and_not_zero():
    rows = spending.compared(THEN.sums.head(0), THEN.sums.head(0), "unit")
    assert rows.empty
    assert spending.total(rows)[["share", "percent"]].isna().all(axis=None)
    assert spending.unallocated(THEN.sums.head(0)) is None
    assert spending.coverage(NOW.gaps.head(0)) is None


@pytest.mark.parametrize(
    ("until", "wanted"),
    [
        (moment(2026, 11, 1), 0),
        (moment(2026, 11, 2), 10_000),
        (moment(2026, 11, 18, 12), 12_500),
        (moment(2026, 11, 30), 13_000),
        (months.end("2026-11"), 63_000),
    ],
)
def test_the_month_before_counts_as_far_as_this_one_is_known(until, wanted):
    assert spending.same_days(THEN.sums, "2026-11", until)["cents"].sum() == wanted


def test_a_month_is_known_until_its_last_day_with_cost_or_now():
    last = moment(2026, 11, 18)
    assert spending.known_until(NOW.sums, last + timedelta(days=5)) == last + timedelta(days=1)
    assert spending.known_until(NOW.sums, last + timedelta(hours=5)) == last + timedelta(hours=5)


def test_narrowing_leaves_out_and_changes_nothing():
    whole = cents(spending.compared(NOW.sums, THEN.sums, "unit"))
    for unit, amount in whole.items():
        part = spending.narrowed(NOW.sums, {unit})
        assert part["cents"].sum() == amount
    assert spending.narrowed(NOW.sums, None, ["elsewhere"]).empty


def test_a_sum_of_kinds_of_sureness_is_the_whole():
    known = spending.bases(NOW.sums)
    assert known == {"booked": 49_915, "estimated": 1_000, "provisional": 85}
