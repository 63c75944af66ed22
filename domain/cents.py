"""Cents, dealt once and from above: the bill to units and kinds of line, these to resources and
meters, these to days, these to lines. So every grouping of them adds up to the invoice.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain.apportion import Whole, ranks, totals
from domain.costs import E8

CENT = E8 // 100
"""A cent in the parts in which money is kept."""
_LEVELS = (["unit", "line"], ["resource", "meter_id", "meter"], ["day"])


def rounded(amount_e8: int) -> int:
    """Whole cents, half a cent away from zero."""
    whole, rest = divmod(abs(amount_e8), CENT)
    cents = whole + (2 * rest >= CENT)
    return cents if amount_e8 >= 0 else -cents


def of_each(amounts: "pd.Series[int]") -> "pd.Series[int]":
    """rounded() of each amount; what is missing stays so."""
    whole = amounts.abs() // CENT + (amounts.abs() % CENT * 2 >= CENT).astype("Int64")
    return whole.where(amounts.ge(0), -whole)


def with_cents(charges: pd.DataFrame) -> pd.DataFrame:
    """CHARGES with their cents; the order of rows decides ties and must be a stable one.

    What a group gets is its exact amount cut down or up, at every level: never a cent more."""
    amounts = charges["amount_e8"].to_numpy(np.int64)
    paths = _paths(charges)
    inner = np.zeros(len(amounts), np.intp)
    cents = np.array([rounded(int(amounts.sum()))], np.int64)
    for outer, within in zip((inner, *paths), (*paths, np.arange(len(amounts))), strict=True):
        sums = totals(amounts, within, int(within.max(initial=-1)) + 1)
        above = np.zeros(len(sums), np.intp)
        above[within] = outer
        cents = _dealt(cents, sums, above)
    return charges.assign(cents=pd.array(cents, "Int64"))


def _paths(charges: pd.DataFrame) -> list[NDArray[np.intp]]:
    """By row its group at each level, numbered in the order of their keys."""
    paths = [np.zeros(len(charges), np.intp)]
    for names in _LEVELS:
        keys = [pd.factorize(charges[it], sort=True, use_na_sentinel=True)[0] for it in names]
        together = paths[-1]
        for codes in keys:
            together = together * (int(codes.max(initial=-1)) + 2) + codes + 1
            together = np.unique(together, return_inverse=True)[1].astype(np.intp)
        paths.append(together)
    return paths[1:]


def _dealt(cents: Whole, amounts: Whole, above: NDArray[np.intp]) -> Whole:
    """The cents of each group dealt to its members by their exact amounts, of either sign."""
    parts, rest = np.divmod(amounts, CENT)
    left = cents - totals(parts, above, len(cents))
    # Of equal fractions the first gets the greater amount, which below zero is the lower number.
    at = np.arange(len(parts)) * np.where(cents[above] < 0, -1, 1)
    order = np.lexsort((at, -rest, above))
    chosen = order[ranks(above[order]) < left[above[order]]]
    parts[chosen] += 1
    return parts
