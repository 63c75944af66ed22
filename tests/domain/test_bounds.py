"""What capacity a deployment may have, in a table by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.bounds import Bounds, of
from tests.domain.estates import estate, holder, one

PTU = Bounds(15, 100, 5)
ONLY = Bounds(only=(50, 100, 200))


@pytest.mark.parametrize(
    ("limits", "units", "says"),
    [
        (Bounds(), 1, ""),
        (Bounds(), 0, "under the minimum of 1 units"),
        (Bounds(), -1, "never negative"),
        (Bounds(most=1_000), 1_000, ""),
        (Bounds(most=1_000), 1_001, "over the maximum of 1,000 units"),
        (PTU, 15, ""),
        (PTU, 10, "under the minimum of 15 units"),
        (PTU, 17, "in steps of 5 units"),
        (PTU, 105, "over the maximum of 100 units"),
        (ONLY, 100, ""),
        (ONLY, 150, "not one of the values allowed: 50, 100, 200"),
    ],
)
def test_every_broken_rule_is_named(limits, units, says):
    assert says in limits.broken(units)
    assert bool(says) == bool(limits.broken(units))


@pytest.mark.parametrize(
    ("limits", "units", "least", "most"),
    [
        (Bounds(), 7.2, 8, 7),
        (Bounds(), 0, 1, None),
        (PTU, 3, 15, None),
        (PTU, 21, 25, 20),
        (PTU, 99, 100, 95),
        (PTU, 101, None, 100),
        (PTU, 100 * 0.7 * 1.1, 80, 75),
        (Bounds(step=5, least=12), 12, 15, None),
        (ONLY, 60, 100, 50),
        (ONLY, 201, None, 200),
        (ONLY, 49, 50, None),
        (Bounds(), 35 * 1.2, 42, 42),
    ],
)
def test_the_nearest_capacities_are_on_the_step(limits, units, least, most):
    assert (limits.at_least(units), limits.at_most(units)) == (least, most)


@settings(max_examples=200, deadline=None)
@given(
    least=some.integers(1, 60),
    span=some.none() | some.integers(0, 200),
    step=some.integers(1, 50),
    only=some.sets(some.integers(1, 300), max_size=4),
    units=some.floats(0, 400),
)
def test_what_is_offered_breaks_no_rule_and_lies_on_its_side(least, span, step, only, units):
    limits = Bounds(least, span and least + span, step, tuple(sorted(only)))
    above, below = limits.at_least(units), limits.at_most(units)
    assert above is None or (above >= units - 1e-6 and not limits.broken(above))
    assert below is None or (below <= units + 1e-6 and not limits.broken(below))


def test_the_bounds_of_a_row():
    row = one(estate(holder(kind="ptu", capacity_allowed="15, 20", capacity_max=None)))
    assert of(row) == Bounds(15, None, 5, (15, 20))
    assert of(one(estate(holder(capacity_min=0)))) == Bounds(1, 1_000)
