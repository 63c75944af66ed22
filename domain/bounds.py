"""What capacities a deployment may have: least, most, step, or the only values there are.

Source: the capacity block of the model list's SKU; a SKU that names no least takes 1 unit, one that
names no step takes every whole number. Steps count from zero.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor
from typing import Any

import pandas as pd


@dataclass(frozen=True)
class Bounds:
    least: int = 1
    most: int | None = None
    step: int = 1
    only: tuple[int, ...] = ()
    """The only values there are, in order; empty where any step will do."""

    def broken(self, units: int) -> str:
        """The rule that this many units break, in words; "" for none."""
        if units < 0:
            return f"{units:,} units: capacity is never negative."
        if units < self.least:
            return f"{units:,} is under the minimum of {self.least:,} units."
        if self.most is not None and units > self.most:
            return f"{units:,} is over the maximum of {self.most:,} units."
        if self.only and units not in self.only:
            return f"{units:,} is not one of the values allowed: {self._told}."
        if not self.only and units % self.step:
            return f"{units:,} is off the step: it goes in steps of {self.step:,} units."
        return ""

    def at_least(self, units: float) -> int | None:
        """The smallest capacity that is not less; None when there is none."""
        wanted = max(units, self.least)
        if self.only:
            found = next((it for it in self.only if it >= wanted), None)
        else:
            found = ceil(round(wanted / self.step, 9)) * self.step
        return found if found is not None and not self.broken(found) else None

    def at_most(self, units: float) -> int | None:
        """The largest capacity that is not more; None when there is none."""
        wanted = units if self.most is None else min(units, self.most)
        if self.only:
            found = next((it for it in reversed(self.only) if it <= wanted), None)
        else:
            found = floor(round(wanted / self.step, 9)) * self.step
        return found if found is not None and not self.broken(found) else None

    @property
    def _told(self) -> str:
        return ", ".join(f"{it:,}" for it in self.only)


def of(row: Mapping[str, Any]) -> Bounds:
    """Of one row of INVENTORY."""
    least, most, step = (_whole(row[f"capacity_{it}"]) for it in ("min", "max", "step"))
    told = row["capacity_allowed"]
    only = () if pd.isna(told) else tuple(int(it) for it in str(told).split(","))
    return Bounds(max(least or 1, 1), most, max(step or 1, 1), only)


def _whole(value: Any) -> int | None:
    return None if pd.isna(value) else int(value)
