"""What was used in a month, and by whom: the platform's counts, split over the callers that the
gateway saw. What it did not see is the deployment's own, and is shown as the gap.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain import attribution, buckets, meters
from domain.billing import Inputs
from domain.costs import GAPS, TOKENS, Bucket
from domain.frames import REAL, TEXT, WHOLE, fitted, frame
from domain.interning import interned

OUTPUT_WEIGHT = 4.0
"""How many tokens of input a token of output counts for, where used PTU-hours are split over
callers: the least of what the families of models have (cost rules, 3.4)."""
INPUTS = (Bucket.PROMPT, Bucket.INPUT, Bucket.CACHED, Bucket.CACHE_WRITE)
IN, OUT, ASKED, ANY, NORMAL = range(5)
"""By what a caller's share is drawn: tokens in, tokens out, requests, all tokens, normalised."""
_PLACE = ["day", "resource"]
_OF_PLACE = [
    *("subscription", "account_id", "group", "region", "model", "version", "sku", "scope", "mode"),
    *("unit", "rule"),
]
"""What a cell has to know of its place."""
_LEDGER = (Bucket.PTU_HOURS, Bucket.PTU_USED, Bucket.SPILLED)


@dataclass(frozen=True, eq=False)
class Consumption:
    """cells: USAGE by deployment, day, tier and bucket, with what the deployment was (_OF_PLACE)
    and its `place`. places: one row per deployment and day: ESTATE_DAYS, scope, mode, owner (unit,
    rule), ptu_hours, ptu_used_hours, spill. callers: by place and kind of share, in order:
    key, product, share, unit, rule."""

    cells: pd.DataFrame
    places: pd.DataFrame
    callers: pd.DataFrame
    gaps: pd.DataFrame

    def pairs(self, places: NDArray[np.intp], kinds: NDArray[np.intp]) -> pd.DataFrame:
        """`at` (position in what was asked) and caller, one row for each caller that has a share;
        where the gateway saw nothing it is the deployment's own unit alone."""
        asked = places * 5 + kinds
        keys = self.callers["key"].to_numpy()
        begin, end = np.searchsorted(keys, asked), np.searchsorted(keys, asked, "right")
        count = end - begin
        rows = np.repeat(np.maximum(count, 1), 1)
        at = np.repeat(np.arange(len(asked)), rows)
        step = np.arange(len(at)) - np.repeat(np.cumsum(rows) - rows, rows)
        own = np.repeat(count == 0, rows)
        found = np.where(own, 0, np.repeat(begin, rows) + step)
        names = ["product", "share", "unit", "rule"]
        seen = self.callers[names] if len(self.callers) else _NOBODY
        told = seen.take(found).reset_index(drop=True)
        owner = self.places[["unit", "rule"]].take(places[at]).reset_index(drop=True)
        alone = {"product": "", "share": 1.0, "unit": owner["unit"], "rule": owner["rule"]}
        return told.assign(**{it: told[it].mask(own, alone[it]) for it in names}, at=at)


_NOBODY = frame({"product": TEXT, "share": REAL, "unit": TEXT, "rule": WHOLE}, [{"share": 0.0}])


def consumed(inputs: Inputs) -> Consumption:
    """The month's usage; inputs in canonical order (see domain/canon.py)."""
    usage = buckets.split(inputs.usage, inputs.estate, inputs.booked, inputs.meters, inputs.prices)
    gateway = usage["source"].eq("gateway").to_numpy(bool)
    platform = _completed(usage[~gateway], usage[gateway])
    places = _places(inputs, platform)
    numbers = places.reset_index()[[*_PLACE, "index"]].rename(columns={"index": "place"})
    cells = platform[~platform["bucket"].isin(_LEDGER)]
    cells = cells[cells["quantity"].gt(0).fillna(False)].drop(columns=["subscription"])
    cells = cells.merge(numbers, on=_PLACE, how="left")
    told = places[_OF_PLACE].take(cells["place"].to_numpy()).reset_index(drop=True)
    cells = pd.concat([cells, told], axis=1)
    seen = usage[gateway].merge(numbers, on=_PLACE, how="inner")
    callers, gaps = _callers(inputs, cells, seen, places)
    return Consumption(cells, places, callers, gaps)


def kinds(cells: pd.DataFrame) -> NDArray[np.intp]:
    """By cell what its callers' shares are drawn from."""
    bucket = cells["bucket"]
    found = np.full(len(cells), ANY)
    found[bucket.isin(INPUTS)] = IN
    found[bucket.eq(Bucket.OUTPUT).to_numpy(bool)] = OUT
    found[bucket.eq(Bucket.REQUESTS).to_numpy(bool)] = ASKED
    return found


def by_unit(use: Consumption) -> pd.DataFrame:
    """day, unit, bucket, quantity: what each unit used, itself or through a gateway."""
    pairs = use.pairs(use.cells["place"].to_numpy(np.intp), kinds(use.cells))
    of = use.cells[["day", "bucket", "quantity"]].take(pairs["at"].to_numpy(np.intp))
    of = of.reset_index(drop=True).assign(unit=pairs["unit"])
    of["quantity"] = of["quantity"] * pairs["share"]
    return of.groupby(["day", "unit", "bucket"])["quantity"].sum().reset_index()


def _completed(platform: pd.DataFrame, gateway: pd.DataFrame) -> pd.DataFrame:
    """Where no metric tells of a deployment on a day, what its gateway saw is what is known."""
    names = [*_PLACE, "subscription", "tier", "bucket"]
    if len(gateway):
        known = pd.MultiIndex.from_frame(platform[_PLACE])
        alone = gateway[~pd.MultiIndex.from_frame(gateway[_PLACE]).isin(known)]
        platform = pd.concat([platform, alone.assign(estimated=True)])
    of = platform.groupby(names, sort=True, dropna=False)
    if not platform.duplicated(names).any():
        return platform.sort_values(names, ignore_index=True)[[*names, "quantity", "estimated"]]
    return of.agg(quantity=("quantity", "sum"), estimated=("estimated", "any")).reset_index()


def _places(inputs: Inputs, platform: pd.DataFrame) -> pd.DataFrame:
    """ESTATE_DAYS for every deployment and day that was used or stood there."""
    estate = inputs.estate[inputs.estate["resource"].ne(inputs.estate["account_id"])]
    used = platform[[*_PLACE, "subscription"]].drop_duplicates(_PLACE)
    every = pd.concat([estate[[*_PLACE, "subscription"]], used]).drop_duplicates(_PLACE)
    every = every.sort_values(_PLACE, ignore_index=True)
    rows = every[_PLACE].merge(estate.drop_duplicates(_PLACE), on=_PLACE, how="left")
    rows["subscription"] = every["subscription"]
    unseen = rows["account_id"].isna()
    if unseen.any():  # not looked at on that day: as it was on the first day that knows it
        first = estate.drop_duplicates("resource").set_index("resource")
        for name in [it for it in estate if it not in (*_PLACE, "subscription")]:
            rows[name] = rows[name].where(~unseen, rows["resource"].map(first[name]))
        account = rows["resource"].str.replace(r"/deployments/.*$", "", regex=True)
        rows["account_id"] = rows["account_id"].fillna(account)
    rows = _described(rows)
    owners = attribution.owned(rows, inputs.rules, inputs.tree, inputs.tag)
    return _measured(interned(pd.concat([rows, owners], axis=1)), platform)


def _described(rows: pd.DataFrame) -> pd.DataFrame:
    """With scope and mode of the SKU; what is not known is ""."""
    skus = rows["sku"].fillna("").drop_duplicates()
    names = ("model", "version", "region", "sku", "group")
    rows = rows.assign(**{it: rows[it].fillna("") for it in names})
    scopes, modes = ({it: f(it) for it in skus} for f in (meters.scope_of, meters.mode_of))
    return rows.assign(
        scope=rows["sku"].map(scopes).astype("string"), mode=rows["sku"].map(modes).astype("string")
    )


def _measured(places: pd.DataFrame, platform: pd.DataFrame) -> pd.DataFrame:
    """With the PTU-hours that stood there and were used, and the share of requests that spilled
    over to it; missing where the ledger does not say."""
    wanted = platform[platform["bucket"].isin([*_LEDGER, Bucket.REQUESTS])]
    sums = wanted.groupby([*_PLACE, "bucket"])["quantity"].sum().unstack("bucket")
    sums = sums.reindex(columns=[it.value for it in (*_LEDGER, Bucket.REQUESTS)])
    rows = places.merge(sums.reset_index(), on=_PLACE, how="left")
    spill = (rows["spilled"] / rows["requests"]).astype("Float64")
    spill = spill.where(rows["mode"].ne("ptu") & rows["requests"].gt(0).fillna(False))
    return rows.assign(spill=spill.fillna(0.0).clip(0.0, 1.0))


def _callers(
    inputs: Inputs, cells: pd.DataFrame, seen: pd.DataFrame, places: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Callers in the order of their key, and GAPS."""
    if seen.empty:
        return _NOBODY.iloc[:0].assign(key=pd.Series(dtype=np.int64)), frame(GAPS, [])
    total = _summed(cells, ["place"])
    named = seen.assign(product=seen["product"].fillna(""))
    named["product"] = named["product"].mask(named["product"].isin(attribution.UNTOLD), "")
    by = _summed(named, ["place", "product"])
    platform = total.reindex(by.index.get_level_values("place"))
    # What is read from a cache is hardly work: normalised tokens leave out the platform's share.
    fresh = (1 - platform[_CACHED] / platform[IN].where(platform[IN] > 0)).fillna(1.0)
    by[NORMAL] = by[IN] * fresh.to_numpy() + OUTPUT_WEIGHT * by[OUT]
    rows = _shares(by, total, inputs, places)
    return rows, _gaps(by, total, places)


_CACHED = 5


def _summed(rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """By key the sums in the columns IN, OUT, ASKED, ANY, NORMAL and, of IN, what was cached."""
    kind = kinds(rows)
    tokens = rows["bucket"].isin(TOKENS).to_numpy(bool)
    cached = rows["bucket"].eq(Bucket.CACHED).to_numpy(bool)
    quantity = rows["quantity"].to_numpy(float, na_value=0.0)
    flags = {IN: kind == IN, OUT: kind == OUT, ASKED: kind == ASKED, ANY: tokens, _CACHED: cached}
    keyed = rows[by].reset_index(drop=True)
    for it, flag in flags.items():
        keyed[it] = np.where(flag, quantity, 0.0)
    sums = keyed.groupby(by).sum()
    sums[NORMAL] = sums[IN] - sums[_CACHED] + OUTPUT_WEIGHT * sums[OUT]
    return sums


def _shares(
    by: pd.DataFrame, total: pd.DataFrame, inputs: Inputs, places: pd.DataFrame
) -> pd.DataFrame:
    """What each caller has of each total; a place's own part is what nobody was named for."""
    place = by.index.get_level_values("place").to_numpy()
    product = by.index.get_level_values("product").astype("string")
    attributed = by.groupby("place").sum()
    parts = []
    for kind in (IN, OUT, ASKED, ANY, NORMAL):
        seen = attributed[kind]
        platform = total[kind].reindex(seen.index).fillna(0.0)
        whole = platform.where(platform > seen, seen)
        gap = (whole - seen).where(whole > 0, 0.0)
        own = pd.DataFrame({"place": seen.index, "product": "", "amount": gap.to_numpy()})
        own["product"] = own["product"].astype("string")
        told = pd.DataFrame({"place": place, "product": product, "amount": by[kind].to_numpy()})
        rows = pd.concat([told, own]).groupby(["place", "product"], as_index=False).sum()
        rows["share"] = rows["amount"] / whole.reindex(rows["place"]).to_numpy()
        rows["key"] = rows["place"] * 5 + kind
        parts.append(rows[rows["amount"] > 0])
    rows = pd.concat(parts).sort_values(["key", "product"], ignore_index=True)
    return _whose(rows, inputs, places)


def _whose(rows: pd.DataFrame, inputs: Inputs, places: pd.DataFrame) -> pd.DataFrame:
    """Callers with their units: a product's by its rule, nobody's own by the deployment's."""
    at = rows["place"].to_numpy()
    owner = places[["unit", "rule"]].take(at).reset_index(drop=True)
    days = places["day"].take(at).reset_index(drop=True)
    products = {"product": rows["product"]}
    told = attribution.attributed(days, products, inputs.rules, inputs.tree, inputs.tag)
    own = rows["product"].eq("").to_numpy(bool)
    units = {it: owner[it].where(own, told[it]) for it in ("unit", "rule")}
    return interned(rows[["key", "product", "share"]].assign(**units))


def _gaps(by: pd.DataFrame, total: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """GAPS of every deployment and day with tokens, whether behind a gateway or not."""
    named = by[by.index.get_level_values("product") != ""][ANY].groupby("place").sum()
    rows = total[total[ANY] > 0]
    told = places[[*_PLACE, "unit"]].take(rows.index.to_numpy()).reset_index(drop=True)
    platform = rows[ANY].to_numpy()
    attributed = named.reindex(rows.index).fillna(0.0).to_numpy()
    told = told.assign(platform=platform, attributed=attributed, gap=platform - attributed)
    return fitted(told, GAPS)
