"""What can be agreed instead of a list price: one price of one meter, or percents off.

Of two about the same meter, one holds on a day: which of them counts would be a guess.
"""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any

import pandas as pd

from domain import money, pricing
from domain.costs import Bucket
from domain.faults import OutOfRange
from domain.frames import records

PER = (1, 1_000, 1_000_000)
"""For how many tokens a price is; for one hour or piece."""


def amount(price: str, per: int, percent: str) -> dict[str, object]:
    """price, per and percent as rows of AGREED have them; raises OutOfRange unless it is exactly
    one of the two that can be."""
    if bool(price) == bool(percent):
        raise OutOfRange("Enter either a price or the percents off the list price.")
    return _price(price, per) if price else _percent(percent)


def require_span(starts: datetime, ends: datetime | None) -> None:
    """Raise OutOfRange for a price that holds on no day."""
    if ends is not None and ends <= starts:
        raise OutOfRange("A price ends after the day it starts.")


def require_apart(row: Mapping[str, Any], known: pd.DataFrame) -> None:
    """Raise OutOfRange when another of the same meter, of AGREED in its currency, holds on one of
    the same days; a price and a discount may, since the price counts."""
    same = known[known["meter_id"].eq(str(row["meter_id"])).fillna(False).to_numpy(bool)]
    same = same[same["price"].isna().to_numpy(bool) == (row["price"] is None)]
    for other in records(same):
        if other["id"] != row.get("id") and _meet(row, other):
            raise OutOfRange(f"Price {other['id']} holds on some of these days: end it first.")


def end_of(row: Mapping[str, Any]) -> datetime | None:
    """The first day on which it does not hold, where there is one."""
    ends = row["ends"]
    return None if ends is None or pd.isna(ends) else ends


def _price(text: str, per: int) -> dict[str, object]:
    number = money.decimal(text, "A price")
    if isinstance(per, bool) or per not in PER:
        raise OutOfRange("A price is for 1, for 1,000 or for 1,000,000.")
    if number <= 0:
        raise OutOfRange("A price is more than 0.")
    if per > 1 and not pricing.sane(Fraction(number) / per, Bucket.INPUT):
        raise OutOfRange(
            f"A price of {number * pricing.MILLION / per:,f} for a million tokens cannot be: the "
            "unit is wrong."
        )
    return {"price": format(number, "f"), "per": per, "percent": None}


def _percent(text: str) -> dict[str, object]:
    number = money.decimal(text, "A discount")
    if not pricing.is_percent(number) or number != round(number, 4):
        raise OutOfRange("A discount is more than 0 and less than 100 percent.")
    return {"price": None, "per": None, "percent": format(number, "f")}


def _meet(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    starts = max(one["starts"], two["starts"])
    return all(ends is None or starts < ends for ends in (end_of(one), end_of(two)))
