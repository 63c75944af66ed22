"""Tokens in buckets that exclude each other, so that nothing is paid for twice or not at all.

Providers count cached tokens within the prompt and reasoning within the completion; adding them on
top, or leaving the cache out, are errors that public tools make (cost rules, 3.2).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain import meters as dictionary
from domain.costs import USAGE_DAYS, Bucket
from domain.faults import OutOfRange
from domain.frames import TEXT, WHOLE, fitted, frame, records

_PRICE = ["model", "version", "sku", "region", "tier"]
_KEY = ["day", "account_id", *_PRICE]
_AMOUNT = ["day", "resource", "meter_id"]
_TOLD = (Bucket.INPUT, Bucket.CACHED)


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
    placed: pd.DataFrame, amounts: pd.DataFrame, index: dictionary.Index
) -> NDArray[np.float64]:
    """By prompt row the cached share as booked, NaN where nothing says it."""
    codes = placed.groupby(_KEY, dropna=False, sort=False).ngroup().to_numpy()
    _, first = np.unique(codes, return_index=True)
    keys = placed[_KEY].iloc[first].reset_index(drop=True)
    keys = keys.rename(columns={"account_id": "resource"})
    keys = keys.fillna(dict.fromkeys(["resource", *_PRICE], ""))
    prices = keys.groupby(_PRICE, dropna=False, sort=False).ngroup().to_numpy()
    _, first = np.unique(prices, return_index=True)
    named = _named(keys.iloc[first], index)
    asked = keys[["day", "resource"]].assign(key=np.arange(len(keys)), place=prices)
    asked = asked.merge(named, on="place")
    found = asked[_AMOUNT].merge(amounts, on=_AMOUNT, how="left")["quantity"]
    booked = np.fmax(0.0, found.to_numpy(dtype=float, na_value=0.0))
    sums = [
        np.bincount(asked["key"][of], booked[of], minlength=len(keys))
        for of in (asked["bucket"].eq(it.value).to_numpy(bool) for it in _TOLD)
    ]
    total = sums[0] + sums[1]
    shares = np.full(len(keys), np.nan)
    np.divide(sums[1], total, out=shares, where=total != 0)
    return shares[codes]


def _named(places: pd.DataFrame, index: dictionary.Index) -> pd.DataFrame:
    """By place the meters of both buckets, where both are known."""
    rows = []
    for place, it in enumerate(records(places, columns=_PRICE)):
        model, version, sku, region, tier = (it[name] for name in _PRICE)
        what = model, version, dictionary.scope_of(sku), region, dictionary.mode_of(sku), tier
        both = {bucket: index.of(*what, bucket) for bucket in _TOLD}
        if all(both.values()):
            rows += [
                {"place": place, "bucket": bucket.value, "meter_id": meter}
                for bucket, named in both.items()
                for meter in named
            ]
    return frame({"place": WHOLE, "bucket": TEXT, "meter_id": TEXT}, rows).astype({"place": int})


def _booked(booked: pd.DataFrame, prices: pd.DataFrame | None) -> pd.DataFrame:
    """Booked quantities by day, account and meter; purchases are another view of the same money."""
    rows = booked[booked["view"].eq("amortized").fillna(False)]
    sums = rows.groupby(_AMOUNT)["quantity"].sum().reset_index()
    if prices is not None:
        per = sums["meter_id"].map(dictionary.units(prices)).astype("Float64").fillna(1.0)
        sums["quantity"] = sums["quantity"] * per
    return sums
