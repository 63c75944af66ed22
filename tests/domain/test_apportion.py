"""Nothing is lost in a split, whatever is split among whoever: by hand, and for amounts and weights
that nobody thought of."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.apportion import dealt, shared, totals
from domain.faults import OutOfRange

NAMES = some.text("abcdef", min_size=1, max_size=4)
WEIGHT = some.one_of(some.integers(0, 10**12), some.decimals(0, 10**6, places=4, allow_nan=False))


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (100_00, {"a": 1, "b": 1, "c": 1}, {"a": 33_34, "b": 33_33, "c": 33_33}),
        (-100_00, {"a": 1, "b": 1, "c": 1}, {"a": -33_34, "b": -33_33, "c": -33_33}),
        (100_00, {"c": 1, "b": 1, "a": 1}, {"c": 33_33, "b": 33_33, "a": 33_34}),
        (5, {"a": 0, "b": Decimal("0.1")}, {"a": 0, "b": 5}),
        (0, {"a": 1, "b": 2}, {"a": 0, "b": 0}),
        (10, {"a": Decimal("33.33"), "b": Decimal("66.67")}, {"a": 3, "b": 7}),
    ],
)
def test_the_largest_remainder(amount, weights, parts):
    assert shared(amount, weights) == parts


@pytest.mark.parametrize("weights", [{}, {"a": 0}, {"a": 2, "b": -1}])
def test_nobody_to_share_with_is_refused(weights):
    with pytest.raises(OutOfRange):
        shared(1, weights)


@settings(max_examples=1_500, deadline=None)
@given(some.integers(-(10**18), 10**18), some.dictionaries(NAMES, WEIGHT, min_size=1, max_size=50))
def test_shares_are_the_amount_and_have_its_sign(amount, weights):
    if not any(weights.values()):
        weights = {"z": 1, **weights}
    parts = shared(amount, weights)
    assert sum(parts.values()) == amount
    assert all(it * amount >= 0 for it in parts.values())
    total = sum(weights.values())
    for key, it in parts.items():
        assert abs(it * total - amount * weights[key]) < total


@settings(max_examples=1_500, deadline=None)
@given(some.data())
def test_many_groups_at_once_lose_nothing(data):
    amounts = data.draw(
        some.lists(some.integers(-(10**15), 10**15), min_size=1, max_size=8), label="amounts"
    )
    rows = data.draw(
        some.lists(
            some.tuples(
                some.integers(0, len(amounts) - 1),
                some.one_of(some.just(0.0), some.floats(0, 1e15), some.just(float("nan"))),
            ),
            max_size=60,
        )
    )
    rows += [(group, 0.0) for group in range(len(amounts))]
    group = np.array([it for it, _ in rows], np.intp)
    weights = np.array([it for _, it in rows], float)
    parts = dealt(np.array(amounts, np.int64), group, weights)
    assert totals(parts, group, len(amounts)).tolist() == amounts
    assert (parts * np.array(amounts, np.int64)[group].clip(-1, 1) >= 0).all()


@settings(max_examples=500, deadline=None)
@given(
    some.integers(-(10**13), 10**13), some.lists(some.integers(0, 1000), min_size=1, max_size=50)
)
def test_many_at_once_are_as_one_by_one(amount, weights):
    weights = [1, *weights]
    one = shared(amount, {f"{at:03}": it for at, it in enumerate(weights)})
    many = dealt(
        np.array([amount], np.int64), np.zeros(len(weights), np.intp), np.array(weights, float)
    )
    exact = [it == there for it, there in zip(many.tolist(), one.values(), strict=True)]
    # Floating point may judge two all but equal fractions the other way round, by one in 1e-8.
    assert sum(not it for it in exact) <= 2
    assert abs(many - np.array(list(one.values()))).max() <= 1


def test_an_amount_that_nobody_takes_is_refused():
    with pytest.raises(OutOfRange):
        dealt(np.array([1, 2], np.int64), np.zeros(1, np.intp), np.ones(1))


def test_even_where_nobody_has_a_weight():
    parts = dealt(np.array([100_00], np.int64), np.zeros(3, np.intp), np.zeros(3))
    assert parts.tolist() == [33_34, 33_33, 33_33]


def test_amounts_beyond_what_floating_point_holds():
    amounts = np.array([9 * 10**18, -(9 * 10**18) + 7], np.int64)
    group = np.array([0, 0, 0, 1, 1], np.intp)
    parts = dealt(amounts, group, np.array([1.0, 1.0, 1.0, 1e-300, 1e300]))
    assert totals(parts, group, 2).tolist() == amounts.tolist()
