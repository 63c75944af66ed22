"""What to do about quota, the most worthwhile first: what costs money or refuses calls goes before
what is merely untidy."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from domain import ceilings, frames, names, relief, skus
from domain.effects import missing, text
from domain.frames import REAL, TEXT, Columns, Row, records
from domain.pools import MODEL_KINDS
from domain.relief import READ, Relief

ADVICE: Columns = {
    "kind": TEXT,  # one of KINDS
    "resource": TEXT,  # the deployment, or the account, or the deleted account's id
    "donor": TEXT,  # the deployment that is to give, where one is
    "subscription": TEXT,
    "account": TEXT,
    "deployment": TEXT,
    "unit": TEXT,
    "pool": TEXT,
    "units": REAL,
    "why": TEXT,
    "gain": TEXT,
    "rank": REAL,  # the higher, the sooner
}
RECLAIM, GIVE, CEILING, ELSEWHERE, PURGE = KINDS = (
    "reclaim",
    "give",
    "near its ceiling",
    "elsewhere",
    "purge",
)
OVERSIZED = 0.5
"""Of its capacity: who could give less than this is left alone, unless it is billed by the hour."""
NEAR = 0.9
"""Of the most that a deployment may have."""
NEAR_ACCOUNT = 0.875
"""Of the deployments that an account takes: 28 of 32."""
FAR_BELOW = 0.5
"""Of its limit: whose busiest minute stays under this may be refused for another reason."""
_RANKS = {GIVE: 4.0, ELSEWHERE: 3.0, PURGE: 2.5, CEILING: 1.0, RECLAIM: 0.0}
_BILLED, _LIVE = 3.0, 0.5


def advice(
    held: pd.DataFrame,
    pools: pd.DataFrame,
    capacities: pd.DataFrame | None = None,
    deleted: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Frame ADVICE from frames HOLDERS, POOLS, CAPACITIES and DELETED of whole pools.

    Refusals are of the window of the holders. No unit is promised twice: what a donor is to give is
    no longer there to be reclaimed. rank: giving to the throttled (4, 0.5 more for production, and
    the share refused), idle PTU (3 and the idle share), the throttled whose pool is empty (3, like
    giving), purges (2.5), ceilings (1 and the share of it), the oversized (0 to 1: what they could
    give of their pool's limit).
    """
    found = relief.reliefs(held, pools)
    limits = dict(zip(pools["pool"], pools["limit"], strict=True))
    rows = [
        *_throttled(found, capacities),
        *_reclaims(held, found, limits),
        *_ceilings(held),
        *_purges(pools, deleted),
    ]
    frame = frames.frame(ADVICE, rows)
    order = ["rank", "kind", "resource"]
    return frame.sort_values(order, ascending=[False, True, True], ignore_index=True)


def _throttled(found: list[Relief], capacities: pd.DataFrame | None) -> Iterator[Row]:
    for it in found:
        if it.units:
            yield _gift(it)
        elif it.wanted:
            yield _away(it, capacities)


def _gift(it: Relief) -> Row:
    if it.donor is None:
        source = f"its pool has room for {it.units:,} units"
    else:
        source = f"{names.short(it.donor['resource'])} can give {it.units:,} units of the same pool"
    part = "" if it.units >= it.wanted else f" of {it.wanted:,} that it needs"
    return {
        **_of(GIVE, it.row),
        "donor": None if it.donor is None else it.donor["resource"],
        "units": it.units,
        "why": f"{_complaint(it.row)}; {source}{part}.{_doubt(it.row)}",
        "gain": _answered(it.row),
        "rank": _urgency(GIVE, it.row),
    }


def _away(it: Relief, capacities: pd.DataFrame | None) -> Row:
    places = None if capacities is None else relief.elsewhere(it.row, capacities)
    if places:
        free = f"Free: {'; '.join(words for _, words in places)}"
    elif places is None:
        free = "Where else its model has capacity is not known"
    else:
        free = "Nowhere has its model capacity free: ask for more quota"
    return {
        **_of(ELSEWHERE, it.row),
        "units": min(places[0][0], it.wanted) if places else None,
        "why": f"{_complaint(it.row)}, and nothing in its pool is known to be free. "
        f"{free}.{_doubt(it.row)}",
        "gain": _answered(it.row),
        "rank": _urgency(ELSEWHERE, it.row),
    }


def _complaint(row: Mapping[str, Any]) -> str:
    return f"{relief.refused_share(row):.1%} of its requests were refused with 429"


def _doubt(row: Mapping[str, Any]) -> str:
    """Azure refuses calls for want of its own capacity too, which no quota helps against."""
    share = row["peak_share"]
    if missing(share) or share >= FAR_BELOW:
        return ""
    return f" Its busiest minute reached only {share:.0%} of its limit: there may be another cause."


def _answered(row: Mapping[str, Any]) -> str:
    many = "the" if missing(row["throttled"]) else f"up to {row['throttled']:,.0f}"
    return f"Avoids {many} refusals of a period like this one."


def _reclaims(
    held: pd.DataFrame, found: list[Relief], limits: Mapping[str, float]
) -> Iterator[Row]:
    needy = {it.row["resource"] for it in found}
    given: dict[str, int] = {}
    for it in found:
        if it.donor is not None:
            donor = it.donor["resource"]
            given[donor] = given.get(donor, 0) + it.units
    may = held["reclaimable"].gt(0).fillna(False) & ~held["resource"].isin(needy)
    for row in records(held, may, READ):
        rest = int(row["reclaimable"]) - given.get(row["resource"], 0)
        billed = skus.family(text(row["sku"])).provisioned
        share = int(row["reclaimable"]) / int(row["capacity"])
        if rest > 0 and (billed or row["idle"] is True or share >= OVERSIZED):
            yield _reclaim(row, rest, limits.get(text(row["pool"])), billed=billed)


def _reclaim(row: Mapping[str, Any], units: int, limit: float | None, *, billed: bool) -> Row:
    if row["idle"] is True:
        why = f"No request for 30 days; it holds {int(row['capacity']):,} units."
    else:
        why = (
            f"It needs {row['keep']:,.0f} of its {int(row['capacity']):,} units: its busiest "
            "minute of 30 days, and a margin."
        )
    share = units / int(row["capacity"])
    of_pool = 0.0 if limit is None or missing(limit) or limit <= 0 else min(units / limit, 1.0)
    return {
        **_of(RECLAIM, row),
        "units": units,
        "why": why,
        "gain": f"{units:,} idle PTU, billed by the hour." if billed else _freed(units, limit),
        "rank": _BILLED + share if billed else _RANKS[RECLAIM] + of_pool,
    }


def _freed(units: int, limit: float | None) -> str:
    if limit is None or missing(limit) or limit <= 0:
        return f"{units:,} units for others of its pool."
    return f"{units:,} units for others of its pool, {units / limit:.0%} of its limit."


def _ceilings(held: pd.DataFrame) -> Iterator[Row]:
    near = held["capacity"] >= NEAR * held["capacity_max"]
    for row in records(held, near, READ):
        has, most = int(row["capacity"]), int(row["capacity_max"])
        yield {
            **_of(CEILING, row),
            "units": most - has,
            "why": f"It has {has:,} of the {most:,} units that one deployment may have.",
            "gain": "Growth needs a second deployment or another SKU.",
            "rank": _RANKS[CEILING] + has / most,
        }
    accounts = ceilings.ceilings(held)
    for row in records(accounts, accounts["share"].ge(NEAR_ACCOUNT)):
        yield {
            "kind": CEILING,
            "resource": row["account_id"],
            "subscription": row["subscription"],
            "account": row["name"],
            "why": f"It has {row['used']} of the {row['most']} deployments that one account takes.",
            "gain": "New deployments need another account.",
            "rank": _RANKS[CEILING] + row["share"],
        }


def _purges(pools: pd.DataFrame, deleted: pd.DataFrame | None) -> Iterator[Row]:
    """Deleted accounts that may still hold quota: their deployments can't be listed, so it is what
    the pools of their region use and no live deployment explains."""
    if deleted is None:
        return
    kinds = deleted["kind"].str.lower()
    hoarding = pools[pools["unexplained"].gt(0).fillna(False).astype(bool)]
    for gone in records(deleted, kinds.isin(MODEL_KINDS) | kinds.isna()):
        wide = hoarding["reach"].ne("Region") & hoarding["deleted"].gt(0)
        near = hoarding["place"].eq(gone["region"]) | wide
        own = hoarding[(hoarding["subscription"].eq(gone["subscription"]) & near).fillna(False)]
        if len(own):
            yield _purge(gone, records(own.sort_values("unexplained", ascending=False)))


def _purge(gone: Mapping[str, Any], pools: list[dict[str, Any]]) -> Row:
    told = [f"{it['unexplained']:,.0f} of {_named(it)}" for it in pools[:3]]
    more = f" and of {len(pools) - 3} more pools" if len(pools) > 3 else ""
    until = "" if missing(gone["purge_at"]) else f" until {gone['purge_at']:%Y-%m-%d %H:%M} UTC"
    return {
        "kind": PURGE,
        "resource": gone["deleted_resource"],
        "subscription": gone["subscription"],
        "account": gone["account"],
        "pool": pools[0]["pool"],
        "units": pools[0]["unexplained"],
        "why": f"It is deleted and kept{until}. Used by no deployment that is there: "
        f"{', '.join(told)}{more} units.",
        "gain": "Up to that much is free at once, and charges for its PTU end; a purge is final.",
        "rank": _RANKS[PURGE],
    }


def _named(pool: Mapping[str, Any]) -> str:
    return f"{text(pool['title']) or text(pool['usage_name'])} in {text(pool['place'])}"


def _of(kind: str, row: Mapping[str, Any]) -> dict[str, object]:
    same = ("resource", "subscription", "account", "deployment", "unit", "pool")
    return {"kind": kind, **{name: row[name] for name in same}}


def _urgency(kind: str, row: Mapping[str, Any]) -> float:
    return _RANKS[kind] + (_LIVE if relief.live(row) else 0.0) + min(relief.refused_share(row), 1.0)
