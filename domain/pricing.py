"""What usage costs by the price book: the retail list over time, and what was agreed instead.

Nothing is priced by a guess and nothing at zero: what has no price says why, and is a finding.
Money is exact: a price is a fraction, an amount is rounded once, to 1e-8 of the currency unit.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain.costs import E8, FOUND, TOKENS, Bucket
from domain.frames import REAL, TEXT, frame, records
from domain.meters import Index, Key
from domain.months import midnight

MILLION = 1_000_000
_MOST, _MOST_RATE = 10**13, 5 * 10**11  # by the million, their product is within 64 bits
BAND = (Fraction(1, 100), Fraction(500))
"""What a million tokens can cost (cost rules, 3.2); outside it a unit is wrong by a thousand."""
NO_METER = "no meter counts it"
NO_PRICE = "its meter has no price"
TWO_METERS = "several meters count it at different prices"
OUT_OF_BAND = "its price is outside the band of 0.01 to 500 a million"
_KEY = ["model", "version", "scope", "region", "mode", "tier", "bucket"]
_PRICED_AS = {Bucket.PROMPT.value: Bucket.INPUT.value}


@dataclass(frozen=True)
class Quote:
    """What one token, hour or piece costs, and what it is listed at."""

    meter_id: str
    meter: str
    paid: Fraction
    listed: Fraction | None


@dataclass(frozen=True)
class _Price:
    starts: datetime
    ends: datetime | None
    one: Fraction
    region: str = ""
    meter: str = ""

    def holds(self, day: datetime) -> bool:
        return self.starts <= day and (self.ends is None or day < self.ends)


class Book:
    """Prices by meter and day. A price counts from the day it was first seen; before the console
    looked, the first list price that it saw counts, since the past cannot be asked for."""

    def __init__(self, meters: pd.DataFrame, prices: pd.DataFrame, agreed: pd.DataFrame) -> None:
        self.index = Index(meters)
        self._listed: dict[str, list[_Price]] = {}
        for it in records(prices.sort_values("starts", kind="stable")):
            if it["kind"] == "Consumption" and (one := _one(it["price"], it["per"])) is not None:
                price = _Price(*_days(it), one, it["region"] or "", it["meter"] or "")
                self._listed.setdefault(it["meter_id"], []).append(price)
        # The newest first: where two overlap nevertheless, the later word counts.
        self._agreed = [
            it for it in records(agreed.sort_values("id", ascending=False)) if _valid(it)
        ]
        spans = [_days(it) for it in self._agreed]
        spans += [(it.starts, it.ends) for rows in self._listed.values() for it in rows]
        self._turns = sorted({it for span in spans for it in span if it is not None})
        self._quotes: dict[tuple[Key, int], Quote | str] = {}

    def quote(self, key: Key, day: datetime) -> Quote | str:
        """The price for this key on this day, or why there is none."""
        # Between two turns of the book every day has the same answer.
        at = key, bisect_right(self._turns, day)
        if at not in self._quotes:
            self._quotes[at] = self._quote(key, day)
        return self._quotes[at]

    def _quote(self, key: Key, day: datetime) -> Quote | str:
        named = self.index.of(*(getattr(key, it) for it in _KEY))
        if not named:
            return NO_METER
        quotes = [self.of_meter(it, key.region, key.bucket, day) for it in named]
        found = [it for it in quotes if isinstance(it, Quote)]
        if not found:
            return next(it for it in quotes if isinstance(it, str))
        return found[0] if len({it.paid for it in found}) == 1 else TWO_METERS

    def of_meter(self, meter_id: str, region: str, bucket: str, day: datetime) -> Quote | str:
        """The price of one meter in a region on a day, or why there is none."""
        row = self._list_price(meter_id, region, day)
        listed = row.one if row else None
        paid = self._paid(meter_id, listed, day)
        if paid is None:
            return NO_PRICE
        if not sane(paid, bucket):
            return OUT_OF_BAND
        return Quote(meter_id, row.meter if row else "", paid, listed)

    def _list_price(self, meter_id: str, region: str, day: datetime) -> _Price | None:
        rows = self._listed.get(meter_id, [])
        for place in dict.fromkeys((region, "")):
            if here := [it for it in rows if it.region == place]:
                return _on(here, day)
        # Listed for other regions only: one price for all of them is the price.
        regions = {it.region for it in rows}
        elsewhere = [_on([it for it in rows if it.region == place], day) for place in regions]
        found = sorted((it for it in elsewhere if it), key=lambda it: it.region)
        return found[0] if len({it.one for it in found}) == 1 else None

    def _paid(self, meter_id: str, listed: Fraction | None, day: datetime) -> Fraction | None:
        for own in (meter_id, ""):
            rows = [it for it in self._agreed if it["meter_id"] == own and _in_force(it, day)]
            if told := next((it for it in rows if isinstance(it["price"], str)), None):
                return _one(told["price"], told["per"])
            if rows:
                return listed and listed * (1 - Fraction(rows[0]["percent"]) / 100)
        return listed


def rated(
    quantities: pd.DataFrame, meters: pd.DataFrame, prices: pd.DataFrame, agreed: pd.DataFrame
) -> pd.DataFrame:
    """The same rows with meter_id, meter, price and list_price (of a million tokens, an hour, a
    piece), amount_e8, and `why`, which says of an unpriced row why it has no amount. `prompt` is
    priced as `input`; of what only describes (requests, used PTU-hours) nothing is priced."""
    book = Book(meters, prices, agreed)
    codes = quantities.groupby(["day", *_KEY], dropna=False, sort=False).ngroup().to_numpy(np.intp)
    _, first = np.unique(codes, return_index=True)
    keys = records(quantities.iloc[first], columns=["day", *_KEY])
    quotes = [_quoted(book, it) for it in keys]
    scales = [MILLION if it["bucket"] in TOKENS else 1 for it in keys]
    told = frame(_QUOTED, [_row(*it) for it in zip(quotes, scales, strict=True)])
    told = told.take(codes).set_axis(quantities.index)
    told["amount_e8"] = _amounts(quantities["quantity"], quotes, codes)
    return pd.concat([quantities, told], axis=1)


def found(priced: pd.DataFrame) -> pd.DataFrame:
    """FOUND: what rated() gave no amount, by resource and bucket, with its quantity."""
    rows = priced[priced["why"].notna() & priced["quantity"].gt(0).fillna(False)]
    keys = ["resource", "model", "bucket", "why"]
    sums = rows.groupby(keys, dropna=False)["quantity"].sum().reset_index()
    findings = [
        {
            "kind": "unpriced",
            "severity": "critical",
            "what": f"{it['quantity']:,.0f} of {it['model']} ({it['bucket']}) have no price: "
            f"{it['why']}.",
            **{name: it[name] for name in ("resource", "quantity")},
        }
        for it in records(sums)
    ]
    return frame(FOUND, findings)


def sane(one: Fraction, bucket: str) -> bool:
    """Whether a price of one piece can be; of tokens only within the band."""
    return BAND[0] <= one * MILLION <= BAND[1] if bucket in TOKENS else one > 0


_QUOTED = {"meter_id": TEXT, "meter": TEXT, "price": REAL, "list_price": REAL, "why": TEXT}


def _quoted(book: Book, row: dict[str, Any]) -> Quote | str:
    priced_as = {**row, "bucket": _PRICED_AS.get(row["bucket"], row["bucket"])}
    return book.quote(Key(*(_text(priced_as[it]) for it in _KEY)), row["day"])


def _row(quote: Quote | str, by: int) -> dict[str, object]:
    if isinstance(quote, str):
        return {"why": quote}
    return {
        "meter_id": quote.meter_id,
        "meter": quote.meter,
        "price": float(quote.paid * by),
        "list_price": None if quote.listed is None else float(quote.listed * by),
    }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _amounts(
    quantities: "pd.Series[float]", quotes: list[Quote | str], codes: NDArray[np.integer[Any]]
) -> pd.api.extensions.ExtensionArray:
    """Whole numbers of tokens at whole prices of a million in 64 bits, the rest one by one; both
    are exact."""
    asked = quantities.to_numpy(dtype=float, na_value=np.nan)
    rates = np.array([_rate(it) for it in quotes], dtype=np.int64)[codes]
    quick = (rates >= 0) & (asked >= 0) & (asked <= _MOST) & (asked == np.floor(asked))
    whole = np.where(quick, asked, 0).astype(np.int64)
    rate = np.where(quick, rates, 0)
    millions, rest = np.divmod(whole, MILLION)
    amounts = millions * rate + (rest * rate + MILLION // 2) // MILLION
    missing = np.zeros(len(asked), dtype=bool)
    for at in np.flatnonzero(~quick):
        amount = _amount(float(asked[at]), quotes[codes[at]])
        missing[at] = amount is None
        amounts[at] = amount or 0
    return pd.arrays.IntegerArray(amounts, missing)


def _rate(quote: Quote | str) -> int:
    """1e-8 of the currency for a million; -1 where that is no whole number, or none is known."""
    rate = Fraction(-1) if isinstance(quote, str) else quote.paid * MILLION * E8
    return int(rate) if rate.denominator == 1 and rate < _MOST_RATE else -1


def _amount(quantity: float, quote: Quote | str) -> int | None:
    """Exact, half away from zero."""
    if isinstance(quote, str) or pd.isna(quantity):
        return None
    top, bottom = float(quantity).as_integer_ratio()
    top, bottom = top * quote.paid.numerator * E8, bottom * quote.paid.denominator
    whole = (2 * abs(top) + bottom) // (2 * bottom)
    return whole if top >= 0 else -whole


def _number(text: str | None) -> Decimal | None:
    try:
        value = Decimal(text or "")
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _one(price: str | None, per: int | None) -> Fraction | None:
    """The price of one; missing where it is no price above zero."""
    value = _number(price)
    fits = value is not None and value > 0 and per is not None and not pd.isna(per) and per > 0
    return Fraction(value) / int(per) if fits and value and per else None


def is_percent(value: Decimal | None) -> bool:
    """Whether a discount can be so much."""
    return value is not None and 0 < value < 100


def _days(row: dict[str, Any]) -> tuple[datetime, datetime | None]:
    """From and until, at midnight: a price of a day is the one that the day saw last."""
    starts, ends = (None if pd.isna(row[it]) else midnight(row[it]) for it in ("starts", "ends"))
    return starts or datetime.min.replace(tzinfo=UTC), ends


def _on(rows: list[_Price], day: datetime) -> _Price | None:
    """The price that holds on the day, or the first ever seen where the day is older."""
    holding = [it for it in rows if it.holds(day)]
    if holding:
        return holding[-1]
    return rows[0] if rows and day < rows[0].starts else None


def _in_force(row: dict[str, Any], day: datetime) -> bool:
    starts, ends = _days(row)
    return starts <= day and (ends is None or day < ends)


def _valid(row: dict[str, Any]) -> bool:
    """Approved by a second person, and something that can be counted with."""
    seconded = bool(_text(row["approver"])) and row["approver"] != row["said_by"]
    if isinstance(row["price"], str):
        return seconded and _one(row["price"], row["per"]) is not None
    return seconded and isinstance(row["percent"], str) and is_percent(_number(row["percent"]))
