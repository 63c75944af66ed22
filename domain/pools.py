"""Quota pools: what Azure lets a subscription use of a model family in one place, and who uses it.

A pool is a subscription, a place and the name of a quota row. The place is one region, or a data
zone or the whole subscription where Azure says so; such a pool is listed by every region that
shares it, so its numbers are never summed over regions.
"""

from typing import Any

import pandas as pd

from domain import frames, inventory, skus
from domain.frames import FLAG, REAL, TEXT, TIME, WHOLE, Columns
from domain.holders import holders

POOLS: Columns = {
    "pool": TEXT,  # key, as in INVENTORY
    "subscription": TEXT,
    "subscription_name": TEXT,
    "reach": TEXT,  # Region, Data zone, Global
    "place": TEXT,  # the region, the zone, Global
    "usage_name": TEXT,
    "title": TEXT,
    "sku": TEXT,
    "models": TEXT,
    "unit_words": TEXT,
    "unit_tpm": REAL,  # of one unit; missing where models of the pool differ
    "unit_rpm": REAL,
    "limit": REAL,
    "used": REAL,  # what Azure says
    "allocated": REAL,  # capacity of all live holders
    "unexplained": REAL,  # used - allocated: soft-deleted holders, or ones that are not seen
    "free": REAL,  # limit - used; under 0 where the limit was lowered
    "reclaimable": REAL,  # of those holders whose need is known
    "unmeasured": WHOLE,  # holders whose need is not known
    "holders": WHOLE,
    "throttled": WHOLE,  # holders with 429s in the window
    "refused": REAL,  # requests refused with 429 in the window
    "deleted": WHOLE,  # soft-deleted accounts in its regions
    "conflicting": FLAG,  # whether regions of one pool answered different numbers
    "tier": TEXT,
    "seen_at": TIME,
}
DESCRIBED: Columns = {
    name: POOLS[name] for name in ("pool", "sku", "models", "unit_words", "unit_tpm", "unit_rpm")
}
REACHES = {"Global": "Global", "DataZone": "Data zone"}
MODEL_KINDS = ("openai", "aiservices")
"""Kinds of account whose deployments use quota."""
_PLACE = ["subscription", "region", "_usage"]


def pools(
    rows: pd.DataFrame,
    usages: pd.DataFrame,
    deleted: pd.DataFrame | None = None,
    tiers: pd.DataFrame | None = None,
    models: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Frame POOLS, sorted by name, from frames INVENTORY, USAGES, DELETED, TIERS and MODELS.

    rows must be all deployments, not those of one visitor: the rest would be unexplained. Quota
    rows that no deployment and no model draws from (counts of accounts) are no pools; without
    models, only pools that are drawn from are known. A pool that Azure does not list has its
    numbers missing. deleted and tiers are None where they were not collected.
    """
    listed = _listed(usages)
    drawn = _drawn(rows)
    offered = _offered(listed, models)
    kept = listed[listed["pool"].isin([*drawn["pool"], *offered["pool"]])]
    found = _once(kept, drawn).merge(_described(offered, drawn), on="pool", how="left")
    found = found.merge(_held(rows), on="pool", how="left")
    found = _counted(found, rows, kept, deleted, tiers)
    return frames.fitted(found.sort_values("pool", ignore_index=True), POOLS)


def unmatched(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of INVENTORY whose pool is not known; nobody guesses it."""
    return rows[rows["pool"].isna()]


def _listed(usages: pd.DataFrame) -> pd.DataFrame:
    """Quota rows with their pool's key and name in lower case; regions repeat a shared pool."""
    keyed = usages.assign(pool=inventory.pool_keys(usages), _usage=usages["usage_name"].str.lower())
    return keyed.dropna(subset=["pool"]).drop_duplicates([*_PLACE, "pool"])


def _drawn(rows: pd.DataFrame) -> pd.DataFrame:
    names = ["pool", "subscription", "region", "usage_name", "sku", "model", "unit_tpm", "unit_rpm"]
    return rows.dropna(subset=["pool"])[names]


def _offered(listed: pd.DataFrame, models: pd.DataFrame | None) -> pd.DataFrame:
    """Columns pool, sku, model, unit_tpm, unit_rpm: what the model list says draws on a pool."""
    told = ["sku", "model", "unit_tpm", "unit_rpm"]
    if models is None:
        return frames.frame({"pool": TEXT, **frames.MODELS}, [])[["pool", *told]]
    named = models.assign(_usage=models["usage_name"].str.lower()).dropna(subset=["_usage"])
    named = named[[*_PLACE, *told]].drop_duplicates()
    return named.merge(listed[[*_PLACE, "pool"]], on=_PLACE)[["pool", *told]]


def _once(listed: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """One row per pool: the newest of its regions, and those that only deployments name."""
    of = listed.groupby("pool")
    differs = (of["limit"].nunique(dropna=False) > 1) | (of["used"].nunique(dropna=False) > 1)
    newest = listed.sort_values("seen_at", kind="stable").drop_duplicates("pool", keep="last")
    found = newest.assign(conflicting=newest["pool"].map(differs))
    alone = drawn[~drawn["pool"].isin(found["pool"])].drop_duplicates("pool")
    parts = [it for it in (found, alone.assign(conflicting=False)) if len(it)] or [found]
    whole = pd.concat(parts, ignore_index=True).reindex(columns=list(found))
    wide = whole["scope_type"].isin(inventory.WIDE).astype(bool)
    return whole.assign(
        reach=whole["scope_type"].map(REACHES).where(wide, "Region"),
        place=whole["scope_id"].where(wide, whole["region"]),
    )


def _described(offered: pd.DataFrame, drawn: pd.DataFrame) -> pd.DataFrame:
    """Columns of DESCRIBED: what draws on each pool, in words."""
    both = pd.concat([it for it in (offered, drawn[list(offered)]) if len(it)] or [offered])
    names = ("pool", "sku", "model", "unit_tpm", "unit_rpm")
    cells = both.drop_duplicates()[list(names)].astype(object).where(lambda it: it.notna(), None)
    # By hand: a tenth of the time of as many groups in pandas.
    found: dict[str, list[set[Any]]] = {}
    for pool, sku, model, tpm, rpm in zip(*(cells[it].tolist() for it in names), strict=True):
        of = found.setdefault(pool, [set() for _ in range(5)])
        words = skus.unit_words(sku, tpm, rpm)
        for kind, value in zip(of, (sku, model, words, tpm, rpm), strict=True):
            kind.add(value)
    return frames.frame(DESCRIBED, [_description(pool, *of) for pool, of in found.items()])


def _description(
    pool: str,
    named: set[str | None],
    models: set[str | None],
    words: set[str],
    tpm: set[float | None],
    rpm: set[float | None],
) -> frames.Row:
    return {
        "pool": pool,
        "sku": _texts(named),
        "models": _texts(models),
        "unit_words": " or ".join(sorted(words)),
        "unit_tpm": _only(tpm),
        "unit_rpm": _only(rpm),
    }


def _texts(values: set[str | None]) -> str:
    return ", ".join(sorted({it for it in values if it}, key=str.lower))


def _only(values: set[float | None]) -> float | None:
    """The value that all of them have."""
    return next(iter(values)) if len(values) == 1 else None


def _held(rows: pd.DataFrame) -> pd.DataFrame:
    """What the live holders have, need and were refused, by pool."""
    held = holders(rows).dropna(subset=["pool"])
    held = held.assign(
        _unmeasured=held["reclaimable"].isna(),
        _throttled=(held["throttled"] > 0).astype("Int64"),
        _unread=held["capacity"].isna(),
    )
    of = held.groupby("pool")
    could = of["reclaimable"].sum(min_count=1)  # a zero that was not measured is none
    allocated = of["capacity"].sum().astype("Float64").mask(of["_unread"].any())
    return pd.DataFrame(
        {
            "allocated": allocated,
            "reclaimable": could.mask(could.eq(0) & of["_unmeasured"].any()),
            "unmeasured": of["_unmeasured"].sum(),
            "holders": of.size(),
            "throttled": of["_throttled"].sum(min_count=1),
            "refused": of["throttled"].sum(min_count=1),
        }
    ).reset_index()


def _counted(
    found: pd.DataFrame,
    rows: pd.DataFrame,
    listed: pd.DataFrame,
    deleted: pd.DataFrame | None,
    tiers: pd.DataFrame | None,
) -> pd.DataFrame:
    """With what follows from the parts; a pool without holders has none, not unknown ones."""
    nobody = found["holders"].isna()
    zeros = dict.fromkeys(("holders", "allocated", "reclaimable", "unmeasured"), 0)
    zeros |= {"throttled": 0, "refused": 0}
    found = found.assign(**{name: found[name].mask(nobody, it) for name, it in zeros.items()})
    names = rows.drop_duplicates("subscription").set_index("subscription")["subscription_name"]
    return found.assign(
        subscription_name=found["subscription"].map(names),
        unexplained=found["used"] - found["allocated"],
        free=found["limit"] - found["used"],
        deleted=found["pool"].map(_gone(listed, rows, deleted)),
        tier=found["subscription"].map(_tiers(tiers)),
    )


def _gone(listed: pd.DataFrame, rows: pd.DataFrame, deleted: pd.DataFrame | None) -> dict[str, int]:
    """Soft-deleted accounts for models, counted over all regions that share a pool."""
    if deleted is None:
        return {}
    kinds = deleted["kind"].str.lower()
    counts = deleted[kinds.isin(MODEL_KINDS) | kinds.isna()].groupby(["subscription", "region"])
    many = counts.size().to_dict()
    places = ["pool", "subscription", "region"]
    pairs = pd.concat([listed[places], rows[places].dropna()]).drop_duplicates()
    found: dict[str, int] = {}
    for pool, subscription, region in pairs.itertuples(index=False):
        found[pool] = found.get(pool, 0) + int(many.get((subscription, region), 0))
    return found


def _tiers(tiers: pd.DataFrame | None) -> "pd.Series[str]":
    if tiers is None:
        return pd.Series(dtype=TEXT)
    return tiers.drop_duplicates("subscription").set_index("subscription")["tier"]
