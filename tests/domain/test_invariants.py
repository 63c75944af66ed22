"""The invariants of the rules page (3.6) over months that nobody thought of: not a cent is lost.

What is counted as a case: 54 bills whole, of 20 days each; 2,500 lists of charges whose cents are
dealt; 5,000 amounts shared out at once; and 3,500 in test_apportion.py: 11,054 in all.
"""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from domain import bill, frames
from domain.apportion import dealt, totals
from domain.cents import CENT, rounded, with_cents
from domain.explaining import lineage
from tests.domain.bills import mapping
from tests.domain.months import FIRST, month

QUICK = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
SEEDS = some.integers(0, 2**32)
DAYS = 20
GROUPS = (["unit"], ["line"], ["day"], ["resource", "meter_id"], ["unit", "model", "day"])


@settings(QUICK, max_examples=40)
@given(SEEDS)
def test_a_month_of_any_days_adds_up(seed):
    told = bill.made(month(seed, DAYS))
    assert told.proof.holds, told.proof
    assert told.charges["cents"].sum() == told.proof.invoice
    assert told.sums["cents"].sum() == told.proof.invoice
    assert told.charges["amount_e8"].sum() == told.sums["amount_e8"].sum()
    for by in GROUPS:
        cells = told.sums.groupby(by)["cents"].sum() if "meter_id" not in by else None
        lines = told.charges.groupby(by)["cents"].sum()
        assert lines.sum() == told.proof.invoice
        assert cells is None or cells.eq(lines).all()
    for row in told.sums.head(3).itertuples():
        found = lineage(told.charges, {"unit": row.unit, "day": row.day, "resource": row.resource})
        asked = told.sums["unit"].eq(row.unit) & told.sums["day"].eq(row.day)
        asked &= told.sums["resource"].eq(row.resource)
        assert found["cents"].sum() == told.sums["cents"][asked].sum()


@settings(QUICK, max_examples=6)
@given(SEEDS)
def test_the_same_in_another_order_is_the_same_to_the_byte(seed):
    told = month(seed, DAYS)
    mixed = {
        name: getattr(told, name).sample(frac=1, random_state=1, ignore_index=True)
        for name in ("usage", "estate", "booked", "meters", "prices")
    }
    one, other = bill.made(told), bill.made(replace(told, **mixed, rules=told.rules[::-1]))
    assert one.inputs_hash == other.inputs_hash
    assert frames.packed(one.charges) == frames.packed(other.charges)
    assert one.proof == other.proof


@settings(QUICK, max_examples=8)
@given(SEEDS, some.integers(1, DAYS - 1))
def test_a_rule_moves_no_day_before_it(seed, after):
    told = replace(month(seed, DAYS), invoices=())
    start = FIRST + timedelta(days=after)
    unit = next(iter(told.tree.units))
    rules = (
        *told.rules,
        mapping("product", "odd", unit, 90, starts=start),
        mapping("group", "rg-ai", unit, 91, starts=start),
        mapping(value="strange", unit=unit, id=92, starts=start),
    )
    one, other = (bill.made(it).charges for it in (told, replace(told, rules=rules)))
    before = [it[it["day"].lt(start)].drop(columns="cents") for it in (one, other)]
    pd.testing.assert_frame_equal(*(it.reset_index(drop=True) for it in before))


@settings(QUICK, max_examples=2_500)
@given(
    some.lists(
        some.tuples(
            some.one_of(some.integers(-(10**14), 10**14), some.integers(-CENT, CENT)),
            some.sampled_from("abc"),
            some.sampled_from("xy"),
            some.integers(1, 3),
        ),
        max_size=30,
    )
)
def test_cents_add_up_at_every_level_and_no_group_is_off_by_a_cent(rows):
    amounts, *keys = zip(*rows, strict=True) if rows else ((),) * 4
    same = {"line": "usage", "meter_id": "m", "meter": "m"}
    paid = dict(zip(("unit", "resource", "day"), keys, strict=True))
    paid |= {"amount_e8": np.array(amounts, np.int64)}
    told = with_cents(pd.DataFrame(paid).assign(**same))
    cents = told["cents"].tolist()
    assert sum(cents) == rounded(sum(amounts))
    for depth in (1, 2, 3):
        off: Counter[tuple[object, ...]] = Counter()  # by hand: a groupby costs more than cents
        for row, amount, cent in zip(rows, amounts, cents, strict=True):
            off[row[1 : 1 + depth]] += cent * CENT - amount
        assert all(abs(it) < CENT for it in off.values())


def test_five_thousand_amounts_are_shared_out_to_the_last_part():
    rng = np.random.default_rng(36)
    amounts = rng.integers(-(10**6), 10**12, 5_000) * rng.choice([-1, 1, 1], 5_000)
    group = np.repeat(np.arange(5_000), rng.integers(1, 12, 5_000))
    weights = rng.integers(0, 1_000, len(group)) + np.r_[1, np.diff(group)]  # one at least
    parts = dealt(amounts, group, weights.astype(float))
    assert (totals(parts, group, 5_000) == amounts).all()
    assert (parts * np.sign(amounts)[group] >= 0).all()
    whole = totals(weights, group, 5_000)[group]
    assert (np.abs(parts * whole - amounts[group] * weights) <= whole).all()


@pytest.mark.parametrize(
    ("amount", "cents"),
    [(0, 0), (499_999, 0), (500_000, 1), (-500_000, -1), (1_499_999, 1), (-1_500_000, -2)],
)
def test_half_a_cent_is_rounded_away_from_zero(amount, cents):
    assert rounded(amount) == cents


def test_one_hundred_to_three():
    rows = pd.DataFrame(
        {"unit": ["a", "b", "c"], "amount_e8": [3333333334, 3333333333, 3333333333]}
    )
    rows = rows.assign(line="shared", resource="r", meter_id="m", meter="m", day=1)
    assert with_cents(rows)["cents"].tolist() == [33_34, 33_33, 33_33]
    credit = rows.assign(amount_e8=-rows["amount_e8"])
    assert with_cents(credit)["cents"].tolist() == [-33_34, -33_33, -33_33]
