"""Provisioned throughput to those who used it: what a pool cost on a day, reserved and hourly
together, by PTU-hours; what stood idle by the rule of the pool (cost rules, 3.4).

A pool is an SKU's scope and, unless it is global, a region, since that is what reservations match.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from domain import bookings, canon, idle, pricing
from domain.apportion import dealt
from domain.billing import Inputs, Rule
from domain.cents import rounded
from domain.consumption import NORMAL, Consumption, consumed
from domain.costs import Basis, Bucket, Line, Method
from domain.direct import model
from domain.frames import REAL, TEXT, WHOLE, Columns, frame, records
from domain.units import UNASSIGNED

PREVIEW: Columns = {"unit": TEXT, "before_cents": WHOLE, "after_cents": WHOLE}
POOLS: Columns = {"pool": TEXT, "deployed": REAL, "used": REAL, "idle_share": REAL, "rule": TEXT}
_SET = ["day", "pool", "booked"]
_IDLE: Columns = {"unit": TEXT, "weight": REAL, "method": TEXT, "rule": WHOLE}
_OF_PLACE = ["day", "resource", "account_id", "subscription", "sku", "group"]


def charges(
    lines: pd.DataFrame, use: Consumption, inputs: Inputs
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draft charges of the booked lines of provisioned throughput (origin: their position) and of
    what is not booked yet (origin below zero), and the lines of which no deployment is known."""
    stood = _stood(use, inputs)
    targets = _targets(stood, use)
    payers = _payers(stood, targets, inputs)
    placed = lines.assign(pool=_pools(lines, stood).array, booked=True, origin=lines.index)
    known = placed.merge(targets[_SET].drop_duplicates(), on=_SET, how="left", indicator=True)
    has = known["_merge"].eq("both").to_numpy(bool)
    booked = _booked(placed[has])
    guessed = _guessed(stood, booked, inputs)
    every = pd.concat([booked, guessed], ignore_index=True)
    return _idled(_dealt(every, targets), payers), lines[~has]


def rated(use: Consumption, inputs: Inputs) -> pd.DataFrame:
    """All deployed hours at the price of an hour, as if nothing were reserved: what booked money is
    held against."""
    return _rated(_stood(use, inputs), inputs)


def unpriced(use: Consumption, inputs: Inputs, drafts: pd.DataFrame) -> pd.DataFrame:
    """Of rated(), what is not booked yet and of which no draft charge came."""
    rows = rated(use, inputs)
    rows = rows[~rows["booked"].astype(bool)]
    keys = ["day", "resource"]
    made = drafts[drafts["bucket"].eq(Bucket.PTU_HOURS.value).fillna(False)][keys]
    told = rows[keys].merge(made.drop_duplicates().assign(there=True), on=keys, how="left")
    return rows[told["there"].isna().to_numpy(bool)]


def preview(inputs: Inputs, pool: str, rule: Rule) -> pd.DataFrame:
    """PREVIEW: what each unit pays for this pool in the month as it is, and would pay by another
    idle rule."""
    told = canon.ordered(inputs)
    use = consumed(told)
    lines, _ = bookings.booked(told)
    lines = lines[lines["sort"].eq(bookings.PROVISIONED)].reset_index(drop=True)
    others = tuple(
        it for it in told.rules if it.kind != "idle" or idle.pool_named(it) != idle.named(pool)
    )
    sums = []
    for rules in (told.rules, (*others, replace(rule, body={**rule.body, "pool": pool}))):
        made, _ = charges(lines, use, replace(told, rules=rules))
        mine = made[made["pool"].eq(idle.named(pool)).fillna(False)]
        sums.append(mine.groupby("unit")["amount_e8"].sum())
    units = sorted({*sums[0].index, *sums[1].index})
    before, after = ([rounded(int(it.get(unit, 0))) for unit in units] for it in sums)
    rows = zip(units, before, after, strict=True)
    return frame(PREVIEW, [dict(zip(PREVIEW, it, strict=True)) for it in rows])


def pools(inputs: Inputs) -> pd.DataFrame:
    """POOLS: what was deployed and used of each pool in the month, and its idle rule at the end."""
    told = canon.ordered(inputs)
    stood = _stood(consumed(told), told)
    sums = stood.groupby("pool")[["hours", "used"]].sum(min_count=1)
    rows = [
        {"pool": pool, "deployed": hours, "used": used, "idle_share": 1 - used / hours}
        | {"rule": _said(told, str(pool), stood["day"].max())}
        for pool, hours, used in sums.itertuples(name=None)
    ]
    return frame(POOLS, rows)


def _said(inputs: Inputs, pool: str, day: datetime) -> str:
    rule = idle.in_force(inputs.rules, pool, day)
    return rule.body["rule"] if rule else "platform"


def _stood(use: Consumption, inputs: Inputs) -> pd.DataFrame:
    """Provisioned deployments by day: pool, deployed hours, used hours (missing where utilisation
    does not say), whether the day is booked."""
    rows = use.places[use.places["mode"].eq("ptu").to_numpy(bool)].reset_index(names="place")
    hours = rows["ptu_hours"].fillna(rows["capacity"] * 24)
    pools = [idle.pool_of(*it) for it in zip(rows["scope"], rows["region"], strict=True)]
    rows = rows.assign(
        hours=hours,
        used=rows["ptu_used_hours"].clip(lower=0).where(rows["ptu_used_hours"] < hours, hours),
        pool=pd.array(pools, "string"),
        booked=bookings.days(rows, inputs).to_numpy(),
    )
    rows["used"] = rows["used"].where(rows["ptu_used_hours"].notna())
    return rows[rows["hours"].gt(0).fillna(False)].reset_index(drop=True)


def _targets(stood: pd.DataFrame, use: Consumption) -> pd.DataFrame:
    """What a pool's money is dealt by: used hours by deployment and caller, idle hours, and the
    hours of which nobody knows whether they were used."""
    at = stood["place"].to_numpy(np.intp)
    pairs = use.pairs(at, np.full(len(at), NORMAL))
    of = stood.take(pairs["at"].to_numpy(np.intp)).reset_index(drop=True)
    weights = of["used"].fillna(0.0) * pairs["share"]
    used = of.assign(target="used", weight=weights)
    used = used.assign(**{it: pairs[it] for it in ("product", "unit", "rule")})
    still = stood.assign(target="idle", weight=stood["hours"] - stood["used"])
    blind = stood.assign(target="blind", weight=stood["hours"].where(stood["used"].isna()))
    blind["unit"] = UNASSIGNED
    rows = pd.concat([it.assign(product=it.get("product", "")) for it in (used, still, blind)])
    rows = rows[rows["weight"].gt(0).fillna(False)]
    return rows.sort_values([*_SET, "resource", "target", "product"], ignore_index=True)


def _payers(stood: pd.DataFrame, targets: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """By day and pool who pays what part of its idle hours."""
    used = targets[targets["target"].eq("used")].groupby(["day", "pool", "unit"])["weight"].sum()
    by: dict[tuple[datetime, str], dict[str, float]] = {}
    for it in records(used.reset_index()):
        by.setdefault((it["day"], it["pool"]), {})[it["unit"]] = it["weight"]
    found: list[dict[str, Any]] = []
    for it in records(stood.groupby(["day", "pool"])["hours"].sum().reset_index()):
        rule = idle.in_force(inputs.rules, it["pool"], it["day"])
        shares, method = idle.shares(rule, by.get((it["day"], it["pool"]), {}), it["hours"])
        told = {"method": method, "rule": rule.id if rule else None}
        known = idle.known(shares, inputs.tree)
        found += [
            {"day": it["day"], "pool": it["pool"], "unit": unit, "weight": weight, **told}
            for unit, weight in known.items()
        ]
    return frame({"day": "datetime64[us, UTC]", "pool": TEXT, **_IDLE}, found)


def _pools(lines: pd.DataFrame, stood: pd.DataFrame) -> "pd.Series[str]":
    """By booked line its pool: its meter's scope, or the only one that its account has that day."""
    keys = ["day", "account_id"]
    of = stood.groupby(keys)["scope"]
    only = of.first().where(of.nunique() == 1).rename("only").reset_index()
    told = lines[keys].merge(only, on=keys, how="left")["only"].to_numpy()
    regions = stood.drop_duplicates("account_id").set_index("account_id")["region"]
    scope = lines["scope"].where(lines["scope"].ne(""), told)
    region = lines["account_id"].map(regions).astype("string").fillna("")
    return scope + ":" + region.where(scope.ne("global"), "")


def _booked(lines: pd.DataFrame) -> pd.DataFrame:
    """Booked lines as money of a pool; each has its part of the hours that were booked."""
    reserved = lines["pricing"].eq("Reservation") | lines["reservation"].fillna("").ne("")
    hours = lines["quantity"].clip(lower=0).fillna(0.0)
    sums = hours.groupby([lines[it] for it in _SET]).transform("sum")
    first = (~lines.duplicated(_SET)).astype("Float64")
    names = [*_SET, "subscription", "meter_id", "meter", "cost_e8", "origin"]
    return lines[names].assign(
        line=np.where(reserved, Line.PTU_RESERVED, Line.PTU_HOURLY),
        hours=hours,
        part=(hours / sums.where(sums > 0)).fillna(first),
        basis=Basis.BOOKED.value,
    )


def _rated(stood: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    asked = stood.assign(bucket=Bucket.PTU_HOURS.value, tier="standard", quantity=stood["hours"])
    return pricing.rated(asked, inputs.meters, inputs.prices, inputs.agreed)


def _guessed(stood: pd.DataFrame, booked: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Money of days that are not booked yet: reserved hours as on the last day that is, the rest
    by the price of an hour."""
    rated = _rated(stood[~stood["booked"]].reset_index(drop=True), inputs)
    keys = ["subscription", "pool"]
    last = booked[booked["line"].eq(Line.PTU_RESERVED)].groupby([*keys, "day"])
    known = last[["cost_e8", "hours"]].sum().reset_index().drop_duplicates(keys, keep="last")
    known = known.rename(columns={"hours": "held", "cost_e8": "fee_e8"})[[*keys, "fee_e8", "held"]]
    rated = rated.merge(known, on=keys, how="left")
    deployed = rated.groupby([*keys, "day"])["hours"].transform("sum")
    held = rated["held"].fillna(0.0)
    covered = (held.where(held < deployed, deployed) / deployed).astype("Float64")
    fee = rated["fee_e8"] * (covered * rated["hours"] / rated["held"].where(held > 0))
    running = rated["day"].ge(inputs.now.replace(hour=0, minute=0, second=0, microsecond=0))
    told = rated[[*_SET, "subscription", "meter_id", "meter"]].assign(
        basis=np.where(running, Basis.PROVISIONAL, Basis.ESTIMATED)
    )
    many = rated.groupby(_SET)["hours"].transform("sum")
    part = rated["hours"] / many
    reserved = told.assign(line=Line.PTU_RESERVED.value, cost_e8=fee, part=part * covered)
    hourly = told.assign(
        line=Line.PTU_HOURLY.value,
        cost_e8=rated["amount_e8"] * (1 - covered),
        part=part * (1 - covered),
    )
    every = pd.concat([reserved, hourly])
    every = every[every["cost_e8"].gt(0).fillna(False)].reset_index(drop=True)
    every["cost_e8"] = every["cost_e8"].round().astype("Int64")
    return every.assign(origin=-1 - every.index)


def _dealt(lines: pd.DataFrame, targets: pd.DataFrame) -> pd.DataFrame:
    """Each line over the targets of its pool and day."""
    sets = targets.groupby(_SET, sort=False).agg(many=("weight", "size"), used=("weight", "sum"))
    sets["begin"] = sets["many"].cumsum() - sets["many"]
    told = lines.merge(sets.reset_index(), on=_SET, how="inner")
    count = told["many"].to_numpy(np.intp)
    whose = np.repeat(np.arange(len(told)), count)
    at = np.arange(len(whose)) + np.repeat(
        told["begin"].to_numpy(np.intp) - (np.cumsum(count) - count), count
    )
    of, row = targets.take(at).reset_index(drop=True), told.take(whose).reset_index(drop=True)
    weights = of["weight"].to_numpy(float)
    paid = row["cost_e8"].to_numpy(float) / 1e8
    hours = row["used"].to_numpy(float) * row["part"].to_numpy(float, na_value=0.0)
    return of[[*_OF_PLACE, "pool", "target", "product", "unit", "rule"]].assign(
        model=model(of),
        line=row["line"].where(of["target"].ne("idle"), Line.PTU_IDLE.value),
        basis=row["basis"],
        method=np.where(of["unit"].eq(UNASSIGNED), Method.NONE, Method.DIRECT),
        meter_id=row["meter_id"],
        meter=row["meter"],
        tier="standard",
        bucket=Bucket.PTU_HOURS.value,
        quantity=pd.array(weights * row["part"].to_numpy(float, na_value=0.0), "Float64"),
        price=pd.array(np.divide(paid, hours, out=np.full(len(paid), np.nan), where=hours > 0)),
        amount_e8=dealt(told["cost_e8"].to_numpy(np.int64), whose, weights),
        origin=row["origin"],
    )


def _idled(rows: pd.DataFrame, payers: pd.DataFrame) -> pd.DataFrame:
    """Idle rows over who pays for them; the others as they are."""
    still = rows[rows["target"].ne("idle")]
    waiting = rows[rows["target"].eq("idle")].drop(columns=["unit", "method", "rule"])
    waiting = waiting.reset_index(drop=True).reset_index(names="_row")
    told = waiting.merge(payers, on=["day", "pool"], how="left")
    told = told.sort_values(["_row", "unit"], ignore_index=True)
    whose = told["_row"].to_numpy(np.intp)
    weights = told["weight"].to_numpy(float)
    told["amount_e8"] = dealt(waiting["amount_e8"].to_numpy(np.int64), whose, weights)
    sums = told.groupby("_row")["weight"].transform("sum")
    told["quantity"] = told["quantity"] * told["weight"] / sums
    every = pd.concat([still, told.drop(columns=["_row", "weight"])], ignore_index=True)
    return every.drop(columns="target")
