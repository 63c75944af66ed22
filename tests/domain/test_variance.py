"""Causes by hand, and the one law: the parts are the difference."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.variance import PARTS, explained, words
from tests.domain.prices import charge, charges


def usage(millions=1.0, cents=250, **fields):
    return charge(quantity=millions * 1e6, cents=cents, **fields)


def cached(millions, cents, **fields):
    return usage(millions, cents, bucket="cached", meter_id="m-cd", **fields)


def parts(before, after):
    found = explained(charges(*before), charges(*after), [])
    assert len(found) == 1
    row = found.iloc[0]
    assert row[list(PARTS)].sum() == row["after_cents"] - row["before_cents"]
    return {it: int(row[it]) for it in PARTS if row[it]}


@pytest.mark.parametrize(
    ("before", "after", "causes"),
    [
        ([usage()], [usage()], {}),
        ([usage()], [usage(2, 500)], {"volume": 250}),
        ([usage()], [usage(1, 300)], {"price": 50}),
        ([usage()], [usage(2, 600)], {"volume": 250, "price": 100}),
        ([], [usage()], {"volume": 250}),
        ([usage()], [], {"volume": -250}),
        # one million in and one out at 2.50 and 10: as many tokens, all of them output
        (
            [usage(), usage(1, 1_000, bucket="output")],
            [usage(2, 2_000, bucket="output")],
            {"mix": 750},
        ),
        # a dearer model takes a half over: it was not there before, so it is what it costs
        ([usage(2, 500)], [usage(1, 250), usage(1, 400, resource="o", model="o3")], {"mix": 150}),
        # half at priority, which was not used before
        ([usage(2, 500)], [usage(1, 250), usage(1, 440, tier="priority")], {"tier": 190}),
        # 1 + 1 million, now 2 cached: 125 less
        ([usage(1, 250), cached(1, 125)], [cached(2, 250)], {"cache": -125}),
        # twice as much, half of it cached, at a price that rose by a tenth
        (
            [usage(2, 500), cached(2, 250)],
            [usage(4, 1_100), cached(4, 550)],
            {"volume": 750, "price": 150},
        ),
    ],
)
def test_a_cause_by_hand(before, after, causes):
    assert parts(before, after) == causes


def shared(cents, rule=1, method="even", **fields):
    return charge(
        line="shared", method=method, rule=rule, resource="apim", meter_id="gw", bucket=None,
        quantity=None, cents=cents, **fields,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "causes"),
    [
        ([shared(100)], [shared(150)], {"other": 50}),
        ([shared(100)], [shared(150, rule=2)], {"rule": 50}),
        ([shared(100)], [shared(150, method="fixed")], {"rule": 50}),
        ([], [shared(150)], {"other": 150}),
        ([charge(line="adjustment", cents=-30)], [], {"other": 30}),
    ],
)
def test_shared_lines_change_by_rule_or_for_themselves(before, after, causes):
    assert parts(before, after) == causes


def test_a_unit_that_a_rule_no_longer_spares():
    before = charges(shared(100, unit="retail"))
    after = charges(shared(60, unit="retail"), shared(40, unit="finance", rule=2))
    found = explained(before, after, ["unit"]).set_index("unit")
    assert found.loc["finance", "rule"] == 40
    assert found.loc["retail", "other"] == -40


def test_no_bills_at_all():
    assert parts([], []) == {}
    assert explained(charges(), charges(), ["unit"]).empty


def test_words():
    row = explained(charges(usage()), charges(usage(2, 600)), []).iloc[0]
    assert words(row, "EUR") == (
        "Cost rose by 3.50 EUR: +2.50 EUR because more tokens were used, "
        "+1.00 EUR because prices rose."
    )
    same = explained(charges(usage()), charges(usage()), []).iloc[0]
    assert words(same, "EUR") == "Cost did not change."


LINES = some.builds(
    lambda **it: charge(**it),
    unit=some.sampled_from(["retail", "finance"]),
    line=some.sampled_from(["usage", "spillover", "shared", "ptu_idle", "adjustment"]),
    method=some.sampled_from(["direct", "even"]),
    rule=some.one_of(some.none(), some.integers(1, 2)),
    resource=some.sampled_from(["a", "b"]),
    model=some.sampled_from(["x@1", "y@1"]),
    tier=some.sampled_from(["standard", "batch"]),
    bucket=some.sampled_from(["input", "cached", "output", "hour", None]),
    quantity=some.one_of(some.none(), some.integers(0, 10**12).map(float)),
    cents=some.integers(-(10**9), 10**12),
)


@settings(deadline=None, max_examples=40)
@given(
    some.lists(LINES, max_size=8),
    some.lists(LINES, max_size=8),
    some.sampled_from([[], ["unit"], ["unit", "model"], ["resource", "bucket"]]),
)
def test_the_parts_are_the_difference(before, after, by):
    old, new = charges(*before), charges(*after)
    found = explained(old, new, by)
    gap = found["after_cents"] - found["before_cents"]
    assert found[list(PARTS)].sum(axis=1).tolist() == gap.tolist()
    assert found["before_cents"].sum() == old["cents"].sum()
    assert found["after_cents"].sum() == new["cents"].sum()
    if by:
        both = pd.concat([old, new])
        assert len(found) == len(both[by].drop_duplicates())
        assert not found.duplicated(by).any()
