"""What no rule gives to a unit, by what could be mapped with one click."""

import pandas as pd

from domain import frames, tags
from domain.attribution import UNTOLD
from domain.frames import TEXT, WHOLE, Columns
from domain.ruling import ANY
from domain.units import UNASSIGNED

THINGS: Columns = {
    "by": TEXT,  # product, deployment_tag, account_tag, group, subscription
    "key": TEXT,  # the tag's name, "" of others
    "value": TEXT,  # folded, as rules have it
    "cents": WHOLE,  # of what is unallocated
    "others": WHOLE,  # cents of the same that units pay already
}


def things(charges: pd.DataFrame, estate: pd.DataFrame, tag: str) -> pd.DataFrame:
    """Frame THINGS, the dearest first, from frames CHARGES and ESTATE_DAYS; tag: the one that
    names the unit. One charge is under every thing that it could be mapped by."""
    named = charges.merge(_named(estate, tag), on="resource", how="left")
    group = named["resource"].str.extract(r"/resourcegroups/([^/]+)", expand=False)
    sides = {
        "product": named["product"],
        "deployment_tag": named["deployment_tag"],
        "account_tag": named["account_tag"],
        "group": group,
        "subscription": named["subscription"],
    }
    told = ~named["product"].fillna("").isin(UNTOLD)  # whose product is told is not its owner's
    sides = {by: it if by == "product" else it.mask(told) for by, it in sides.items()}
    found = [_summed(by, it, named, tag) for by, it in sides.items()]
    both = pd.concat(found, ignore_index=True)
    dearest = both.sort_values(["cents", "by", "value"], ascending=[False, True, True])
    return frames.fitted(dearest.reset_index(drop=True), THINGS)


def _named(estate: pd.DataFrame, tag: str) -> pd.DataFrame:
    last = estate.sort_values("day").drop_duplicates("resource", keep="last")
    read = {
        "deployment_tag": [_value(it, tag) for it in last["tags"].fillna("")],
        "account_tag": [_value(it, tag) for it in last["account_tags"].fillna("")],
    }
    resource = last["resource"].reset_index(drop=True)
    return pd.DataFrame({"resource": resource, **read}).astype("string")


def _value(text: str, tag: str) -> str | None:
    value = tags.found(tags.parsed(text), tag)
    return value.lower() if value else None


def _summed(by: str, values: "pd.Series[str]", charges: pd.DataFrame, tag: str) -> pd.DataFrame:
    folded = values.str.lower()
    there = folded.notna() & folded.ne("") & folded.ne(ANY)
    free = charges["unit"].eq(UNASSIGNED)
    cents = charges["cents"].fillna(0)
    told = pd.DataFrame(
        {"value": folded, "cents": cents.where(free, 0), "others": cents.where(~free, 0)}
    )
    told = told.assign(free=free.astype(bool))[there.astype(bool)]
    sums = told.groupby("value", as_index=False).agg(
        cents=("cents", "sum"), others=("others", "sum"), free=("free", "any")
    )
    key = tag if by.endswith("_tag") else ""
    return sums[sums["free"]].assign(by=by, key=key).drop(columns="free")
