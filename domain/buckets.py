"""Tokens in buckets that exclude each other, so that nothing is paid for twice or not at all.

Providers count cached tokens within the prompt and reasoning within the completion; adding them on
top, or leaving the cache out, are errors that public tools make (cost rules, 3.2).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from domain import meters as dictionary
from domain.costs import USAGE_DAYS, Bucket
from domain.faults import OutOfRange
from domain.frames import fitted, records

_KEY = ["day", "account_id", "model", "version", "sku", "region", "tier"]


@dataclass(frozen=True)
class Exclusive:
    """What one answer is billed by; reasoning is an "of which" of output."""

    input: int
    cached: int
    output: int
    reasoning: int

    @property
    def total(self) -> int:
        return self.input + self.cached + self.output


def exclusive(prompt: int, cached: int, completion: int, reasoning: int) -> Exclusive:
    """A provider's counts in exclusive buckets; their total is prompt + completion. Raises
    OutOfRange for counts that cannot be: more cached than prompted, less than nothing."""
    if not 0 <= cached <= prompt:
        raise OutOfRange(f"{cached:,} cached tokens of {prompt:,} in the prompt cannot be.")
    if not 0 <= reasoning <= completion:
        raise OutOfRange(f"{reasoning:,} reasoning tokens of {completion:,} cannot be.")
    return Exclusive(prompt - cached, cached, completion, reasoning)


def split(
    usage: pd.DataFrame,
    estate: pd.DataFrame,
    booked: pd.DataFrame,
    meters: pd.DataFrame,
    prices: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """USAGE_DAYS whose `prompt` is split into `input` and `cached` as booked for the meters of
    that account, day and price key, and marked estimated. Where the booking does not say, `prompt`
    stays: both meters have to be known, and one of them booked on that day. Meters are booked in
    the unit of their price; without PRICED the two count as booked in the same."""
    asked = usage["bucket"].eq(Bucket.PROMPT).fillna(False).to_numpy(dtype=bool)
    if not asked.any() or booked.empty:
        return usage
    prompts = usage[asked]
    placed = prompts.merge(
        estate[["day", "resource", *_KEY[1:-1]]], on=["day", "resource"], how="left"
    )
    shares = _shares(placed, _booked(booked, prices), dictionary.Index(meters))
    known = ~np.isnan(shares)
    quantity = prompts["quantity"].to_numpy(dtype=float, na_value=np.nan)
    cached = np.rint(quantity * shares)
    split_rows = prompts[known].assign(estimated=True)
    parts = [
        usage[~asked],
        prompts[~known],
        split_rows.assign(bucket=Bucket.INPUT.value, quantity=(quantity - cached)[known]),
        split_rows.assign(bucket=Bucket.CACHED.value, quantity=cached[known]),
    ]
    rows = pd.concat([it[it["quantity"].ne(0).fillna(True)] for it in parts[2:]])
    return fitted(pd.concat([*parts[:2], rows]).sort_index(kind="stable"), USAGE_DAYS).reset_index(
        drop=True
    )


def _shares(
    placed: pd.DataFrame, amounts: dict[tuple[object, ...], float], index: dictionary.Index
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """By prompt row the cached share as booked, NaN where nothing says it."""
    codes = placed.groupby(_KEY, dropna=False, sort=False).ngroup().to_numpy()
    _, first = np.unique(codes, return_index=True)
    found = np.array([_share(key, index, amounts) for key in _keys(placed.iloc[first])])
    return found[codes]


def _keys(rows: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    return zip(*(rows[it].astype("object").where(rows[it].notna(), "") for it in _KEY), strict=True)


def _share(
    key: tuple[object, ...], index: dictionary.Index, amounts: dict[tuple[object, ...], float]
) -> float:
    day, account, model, version, sku, region, tier = key
    place = dictionary.scope_of(str(sku)), str(region), dictionary.mode_of(str(sku)), str(tier)
    sums = []
    for bucket in (Bucket.INPUT, Bucket.CACHED):
        named = index.of(str(model), str(version), *place, bucket)
        if not named:
            return np.nan
        sums.append(sum(max(0.0, amounts.get((day, account, it), 0.0)) for it in named))
    total = sum(sums)
    return sums[1] / total if total else np.nan


def _booked(booked: pd.DataFrame, prices: pd.DataFrame | None) -> dict[tuple[object, ...], float]:
    """Booked quantities by day, account and meter; purchases are another view of the same money."""
    rows = booked[booked["view"].eq("amortized").fillna(False)]
    per = {} if prices is None else dictionary.units(prices)
    sums = rows.groupby(["day", "resource", "meter_id"])["quantity"].sum().reset_index()
    return {
        (it["day"], it["resource"], it["meter_id"]): it["quantity"] * per.get(it["meter_id"], 1)
        for it in records(sums)
    }
