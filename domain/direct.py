"""Tokens to those who used them: booked lines split over the deployments whose price key their
meter has and over their callers, and usage times price where nothing is booked yet.
"""

from datetime import datetime

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from domain import attribution, bookings, meters, pricing
from domain.apportion import dealt
from domain.billing import Inputs
from domain.consumption import Consumption, kinds
from domain.costs import TOKENS, Basis, Bucket, Line, Method
from domain.frames import records
from domain.interning import interned
from domain.units import UNASSIGNED

MILLION = 1_000_000
_KEY = ["model", "version", "scope", "region", "mode", "tier", "bucket"]
_SET = ["day", "account_id", "match"]
_OF_CELL = ["resource", "account_id", "subscription", "sku", "tier", "bucket", "group"]
_TOLD = ["day", "list_price", "estimated", "quantity"]


def billed(use: Consumption, inputs: Inputs) -> pd.DataFrame:
    """The cells that cost something by themselves: rated, with `match` (what a booked meter has to
    count to be theirs), kind of share, and whether their day is booked."""
    cells = use.cells
    counted = cells["bucket"].ne(Bucket.REQUESTS) & cells["mode"].ne("ptu")
    cells = cells[counted.to_numpy(bool)].reset_index(drop=True)
    rated = pricing.rated(cells, inputs.meters, inputs.prices, inputs.agreed)
    return interned(rated).assign(
        match=_matches(cells, inputs),
        kind=kinds(cells),
        booked=bookings.days(cells, inputs).to_numpy(),
        scale=np.where(cells["bucket"].isin(TOKENS), MILLION, 1),
    )


def estimated(cells: pd.DataFrame, use: Consumption, now: datetime) -> pd.DataFrame:
    """Draft charges of the priced cells whose day is not booked."""
    rows = cells[~cells["booked"] & cells["amount_e8"].notna()].reset_index(drop=True)
    at = np.arange(len(rows))
    running = rows["day"].ge(now.replace(hour=0, minute=0, second=0, microsecond=0))
    lines = pd.DataFrame(
        {
            "amount_e8": rows["amount_e8"],
            "basis": np.where(running, Basis.PROVISIONAL, Basis.ESTIMATED),
            "meter_id": rows["meter_id"],
            "meter": rows["meter"],
            "price": rows["price"],
            "counts": True,
        }
    )
    return _spread(lines, rows, at, at, use)


def split(lines: pd.DataFrame, cells: pd.DataFrame, use: Consumption) -> pd.DataFrame:
    """Draft charges of booked lines of accounts; `origin` is the line's position. A line that no
    cell matches is not among them."""
    rows = cells[cells["booked"] & cells["match"].notna()]
    rows = rows.sort_values([*_SET, "resource", "tier", "bucket"], ignore_index=True)
    sets = rows.groupby(_SET, sort=False).agg(count=("match", "size"), used=("quantity", "sum"))
    sets["begin"] = sets["count"].cumsum() - sets["count"]
    told = lines.reset_index().merge(sets.reset_index(), on=_SET, how="inner")
    count, begin = told["count"].to_numpy(np.intp), told["begin"].to_numpy(np.intp)
    at = np.repeat(np.arange(len(told)), count)
    cell = np.repeat(begin - (np.cumsum(count) - count), count) + np.arange(len(at))
    # Several lines for one key are one quantity: the first of them has it.
    counts = ~told.duplicated(_SET)
    scale = rows["scale"].take(begin).to_numpy()
    paid = told["cost_e8"].to_numpy(float) / 1e8 / told["used"].to_numpy(float) * scale
    spread = pd.DataFrame(
        {
            "amount_e8": told["cost_e8"],
            "basis": Basis.BOOKED.value,
            "meter_id": told["meter_id"],
            "meter": told["meter"],
            "price": pd.array(paid, "Float64"),
            "counts": counts,
        }
    )
    made = _spread(spread, rows, at, cell, use)
    return made.assign(origin=told["index"].to_numpy()[made["origin"].to_numpy(np.intp)])


def of_accounts(lines: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Draft charges of lines that no deployment's usage explains: their account's own unit pays."""
    estate = inputs.estate[["day", "account_id", "account_tags"]].dropna()
    first = estate.drop_duplicates("account_id").set_index("account_id")["account_tags"]
    known = estate.drop_duplicates(["day", "account_id"])
    told = lines[["day", "account_id"]].merge(known, on=["day", "account_id"], how="left")
    ever = lines["account_id"].map(first).astype("string").reset_index(drop=True)
    tags = told["account_tags"].fillna(ever)
    places = {it: lines[it] for it in attribution.BY_PLACE}
    units = attribution.attributed(
        lines["day"], {"account_tag": tags, **places}, inputs.rules, inputs.tree, inputs.tag
    )
    per = inputs.prices.drop_duplicates("meter_id").set_index("meter_id")["per"]
    quantity = lines["quantity"] * lines["meter_id"].map(per).astype("Float64")
    return placed(lines, units).assign(quantity=quantity.to_numpy())


def placed(lines: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Draft charges of booked rows as they are, with the unit of each (OWNED)."""
    unknown = units["unit"].eq(UNASSIGNED).to_numpy(bool)
    line = lines["sort"].map({key: it.value for key, it in bookings.LINES.items()})
    names = ["day", "resource", "account_id", "subscription", "meter_id", "meter", "tier"]
    rows = lines[[*names, "bucket", "group", "service", "cause"]].reset_index(drop=True)
    return rows.assign(
        unit=units["unit"].to_numpy(),
        rule=units["rule"].array,
        line=line.fillna(Line.USAGE.value).to_numpy(),
        basis=Basis.BOOKED.value,
        method=np.where(unknown, Method.NONE, Method.DIRECT),
        model=model(lines).to_numpy(),
        amount_e8=lines["cost_e8"].array,
        origin=lines.index.to_numpy(),
    )


def model(rows: pd.DataFrame) -> "pd.Series[str]":
    """A model with its version, as gpt-4o@2024-11-20."""
    named = rows["model"].fillna("").astype("string")
    version = rows["version"].fillna("").astype("string")
    return named.where(version.eq(""), named + "@" + version)


def _matches(cells: pd.DataFrame, inputs: Inputs) -> "pd.Series[str]":
    """By cell the key of the meters that count it; missing where none is known to."""
    index = meters.Index(inputs.meters)
    codes = cells.groupby(_KEY, sort=False, dropna=False).ngroup().to_numpy()
    _, first = np.unique(codes, return_index=True)
    found = []
    for it in records(cells.iloc[first], columns=_KEY):
        bucket = Bucket.INPUT if it["bucket"] == Bucket.PROMPT else it["bucket"]
        named = index.of(**{name: str(it[name] or "") for name in _KEY} | {"bucket": bucket})
        found.append(str(index.keys[named[0]]) if named else None)
    return pd.Series(found, dtype="string[python]").take(codes).reset_index(drop=True)


def _spread(
    lines: pd.DataFrame,
    cells: pd.DataFrame,
    at: NDArray[np.intp],
    cell: NDArray[np.intp],
    use: Consumption,
) -> pd.DataFrame:
    """Lines over (line, cell) pairs, each over its callers, each in what spilled over and what did
    not; money by quantity, to the last 1e-8."""
    place = cells["place"].to_numpy(np.intp)[cell]
    pairs = use.pairs(place, cells["kind"].to_numpy(np.intp)[cell])
    step = pairs["at"].to_numpy(np.intp)
    spill = use.places["spill"].to_numpy(float)[place[step]]
    twice = np.concatenate([np.flatnonzero(spill < 1), np.flatnonzero(spill > 0)])
    spilled = np.arange(len(twice)) >= (spill < 1).sum()
    order = np.lexsort((spilled, twice))
    twice, spilled = twice[order], spilled[order]
    step, pairs = step[twice], pairs.take(twice).reset_index(drop=True)
    part = np.where(spilled, spill[twice], 1 - spill[twice])
    used = cells[[*_OF_CELL, *_TOLD]].assign(model=model(cells))
    told, whose = interned(used).take(cell[step]).reset_index(drop=True), at[step]
    quantity = told["quantity"].to_numpy(float) * pairs["share"].to_numpy(float) * part
    amounts = dealt(lines["amount_e8"].to_numpy(np.int64), whose, quantity)
    of = interned(lines).take(whose).reset_index(drop=True)
    nobody = pairs["unit"].eq(UNASSIGNED).to_numpy(bool)
    return (
        told.drop(columns=["quantity"])
        .assign(
            unit=pairs["unit"],
            rule=pairs["rule"].astype("Int64"),
            product=pairs["product"],
            line=np.where(spilled, Line.SPILLOVER, Line.USAGE),
            basis=of["basis"],
            method=np.where(nobody, Method.NONE, Method.DIRECT),
            meter_id=of["meter_id"],
            meter=of["meter"],
            price=of["price"].where(of["counts"]),
            quantity=pd.array(quantity, "Float64"),
            amount_e8=amounts,
            origin=whose,
        )
        .assign(quantity=lambda it: it["quantity"].where(of["counts"]))
    )
