"""On which days of a month a model's price changed: by the public list, or by what was agreed."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

import pandas as pd

from domain import frames
from domain.costs import TOKENS
from domain.frames import REAL, TEXT, TIME, Columns, records
from domain.meters import SUGGESTED
from domain.pricing import MILLION, Book, Quote

LISTED, AGREED, ANEW = "listed", "agreed", "listed anew"
"""ANEW: Azure says since when it is so; what it was before, the console never saw."""
CHANGES: Columns = {
    "day": TIME,
    "model": TEXT,  # with its version, where the meter has one
    "scope": TEXT,
    "tier": TEXT,
    "bucket": TEXT,
    "what": TEXT,
    "before": REAL,  # of a million tokens, an hour or a piece; missing where nobody saw it
    "after": REAL,
}
DAY = timedelta(days=1)


def changes(
    meters: pd.DataFrame,
    prices: pd.DataFrame,
    agreed: pd.DataFrame,
    models: Collection[str],
    first: datetime,
    end: datetime,
) -> pd.DataFrame:
    """Frame CHANGES from first to before end, by day and model, of these models (with their
    versions); meters, prices, agreed: frames METERS, PRICED and AGREED."""
    there = set(models) | {it.partition("@")[0] for it in models}
    known = [it for it in records(meters) if it["source"] != SUGGESTED and _model(it) in there]
    prices = prices[prices["meter_id"].isin([it["meter_id"] for it in known])]
    prices = prices[prices["kind"].eq("Consumption")]
    told = [it for it in records(agreed) if isinstance(it["approver"], str)]
    book, listed = Book(meters, prices, agreed), dict(list(prices.groupby("meter_id")))
    rows = [
        change
        for it in known
        if it["meter_id"] in listed
        for change in _of_meter(book, it, records(listed[it["meter_id"]]), told, first, end)
    ]
    found = frames.frame(CHANGES, rows).drop_duplicates(ignore_index=True)
    return found.sort_values(["day", "model", "tier", "scope", "bucket"], ignore_index=True)


def _of_meter(
    book: Book,
    meter: dict[str, Any],
    listed: list[dict[str, Any]],
    agreed: list[dict[str, Any]],
    first: datetime,
    end: datetime,
) -> Iterator[dict[str, object]]:
    own = [it for it in agreed if it["meter_id"] in ("", meter["meter_id"])]
    turns = {at for it in (*listed, *own) for at in (it["starts"], it["ends"]) if pd.notna(at)}
    for day in sorted(it for it in turns if first <= it < end):
        for region in sorted({it["region"] or "" for it in listed}):
            quotes = [
                book.of_meter(meter["meter_id"], region, str(meter["bucket"]), it)
                for it in (day - DAY, day)
            ]
            here = [it for it in listed if (it["region"] or "") == region]
            yield from _told(meter, day, quotes, min(it["starts"] for it in here) == day)


def _told(
    meter: dict[str, Any], day: datetime, quotes: list[Quote | str], new: bool
) -> Iterator[dict[str, object]]:
    before, after = quotes
    if not isinstance(after, Quote):
        return
    same = {name: meter[name] for name in ("scope", "tier", "bucket")}
    same |= {"day": day, "model": _model(meter)}
    by = MILLION if meter["bucket"] in TOKENS else 1
    if new and after.listed is not None:
        yield {**same, "what": ANEW, "after": _real(after.listed, by)}
    elif isinstance(before, Quote) and before.listed != after.listed:
        sides = (before.listed, after.listed)
        yield {**same, "what": LISTED, "before": _real(sides[0], by), "after": _real(sides[1], by)}
    elif isinstance(before, Quote) and before.paid != after.paid:
        sides = (before.paid, after.paid)
        yield {**same, "what": AGREED, "before": _real(sides[0], by), "after": _real(sides[1], by)}


def _model(it: dict[str, Any]) -> str:
    return f"{it['model']}@{it['version']}" if it["version"] else str(it["model"])


def _real(value: Fraction | None, by: int) -> float | None:
    return None if value is None else float(value * by)
