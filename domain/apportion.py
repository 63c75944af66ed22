"""Whole numbers shared out so that nothing is lost: the method of the largest remainder.

Every share is cut down to a whole number; what is left goes, one by one, to the largest fractions,
ties to the first key. It works on the absolute value and restores the sign, so that credits are
shared as charges are (cost rules, 3.5).
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from domain.faults import OutOfRange

Whole = NDArray[np.int64]
Real = NDArray[np.float64]


def shared(amount: int, weights: Mapping[str, int | Decimal]) -> dict[str, int]:
    """The amount in whole parts by weight; who has no weight gets nothing. Exact. Raises OutOfRange
    where a weight is negative or none is positive."""
    exact = {key: Fraction(it) for key, it in weights.items()}
    total = sum(exact.values(), Fraction(0))
    if not total or min(exact.values()) < 0:
        raise OutOfRange("There has to be a positive weight, and no negative one.")
    ideal = {key: abs(amount) * it / total for key, it in exact.items()}
    parts = {key: int(it) for key, it in ideal.items()}
    left = abs(amount) - sum(parts.values())
    for key in sorted(parts, key=lambda it: (parts[it] - ideal[it], it))[:left]:
        parts[key] += 1
    return {key: it if amount >= 0 else -it for key, it in parts.items()}


def dealt(amounts: Whole, group: NDArray[np.intp], weights: Real) -> Whole:
    """Many amounts at once: by row its share of amounts[group], in proportion to its weight.

    The shares of a group always add up to its amount, whatever floating point does; ties go to
    the row that comes first. A weight that is missing or negative is none; where no row of a group
    has one, they share evenly. Raises OutOfRange for an amount that no row is there to take.
    """
    rows = np.bincount(group, minlength=len(amounts))
    if (amounts[rows == 0] != 0).any():
        raise OutOfRange("There is an amount that nobody is there to take.")
    sound = np.where(np.isfinite(weights) & (weights > 0), weights, 0.0)
    sums = np.bincount(group, sound, minlength=len(amounts))
    even = ~(np.isfinite(sums) & (sums > 0))
    sound = np.where(even[group], 1.0, sound)
    sums = np.where(even, rows, sums)
    size = np.abs(amounts)
    ideal = size[group] * (sound / sums[group])
    parts = np.floor(ideal).astype(np.int64)
    _settle(parts, ideal - parts, size - totals(parts, group, len(amounts)), group, sound > 0)
    return np.sign(amounts)[group] * parts


def totals(values: Whole, group: NDArray[np.intp], groups: int) -> Whole:
    """Exact sums by group."""
    sums = np.zeros(groups, np.int64)
    np.add.at(sums, group, values)
    return sums


def ranks(group: NDArray[np.intp]) -> NDArray[np.intp]:
    """By row the number of rows of its group before it; rows of a group lie together."""
    at = np.arange(len(group))
    begins = np.r_[True, group[1:] != group[:-1]] if len(group) else np.zeros(0, bool)
    return at - np.maximum.accumulate(np.where(begins, at, 0))


def _settle(
    parts: Whole, fraction: Real, left: Whole, group: NDArray[np.intp], able: NDArray[np.bool_]
) -> None:
    """Gives what is left to the largest fractions; takes back what floating point gave too much."""
    while left.any():
        sign = np.sign(left)[group]
        at = np.flatnonzero(able & ((sign > 0) | (sign < 0) & (parts > 0)))
        at = at[np.lexsort((-fraction[at] * sign[at], group[at]))]
        chosen = at[ranks(group[at]) < np.abs(left)[group[at]]]
        parts[chosen] += sign[chosen]
        left -= totals(sign[chosen], group[chosen], len(left))
