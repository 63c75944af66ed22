"""A year of an invented company's ledger: deployments, units, usage, prices and what was booked."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import numpy as np
import pandas as pd
from sqlalchemy import text

from domain.billing import Body, Inputs, Rule
from domain.costs import AGREED, BOOKED_DAYS, E8, ESTATE_DAYS, METERS, PRICED, USAGE_DAYS
from domain.frames import fitted, frame
from domain.units import Unit, tree
from store.engine import Store

FIRST = datetime(2025, 11, 1, tzinfo=UTC)
MONTH = "2026-10"
DAYS = 365
UNITS = 40
PER_ACCOUNT = 10
MODELS = ("gpt-4o@2024-11-20", "gpt-4.1@2025-04-14", "gpt-5-mini@2025-08-07")
BUCKETS = {"prompt": ("input", 2_500), "output": ("output", 10_000)}
"""What is counted, the meter that it is booked under, thousandths of a currency unit a million."""
SUBSCRIPTION = "00000000-0000-0000-0000-000000000001"


def meter(model: str, bucket: str) -> str:
    return sha256(f"{model} {bucket}".encode()).hexdigest()[:32]


def names(deployments: int) -> "np.ndarray[tuple[int], np.dtype[np.object_]]":
    group = f"/subscriptions/{SUBSCRIPTION}/resourcegroups/rg/providers"
    account = f"{group}/microsoft.cognitiveservices/accounts/a"
    made = [f"{account}{it // PER_ACCOUNT:05}/deployments/d{it:06}" for it in range(deployments)]
    return np.array(made, dtype=object)


def day_of(number: int) -> datetime:
    return FIRST + timedelta(days=number)


def usage(deployments: int, number: int) -> pd.DataFrame:
    """USAGE_DAYS of one day: input, output and requests of every deployment."""
    luck = np.random.default_rng(number)
    resources = names(deployments)
    parts = []
    for bucket, least in (("prompt", 200_000), ("output", 50_000), ("requests", 300)):
        quantity = luck.integers(least, 40 * least, deployments).astype(float)
        parts.append(pd.DataFrame({"resource": resources, "bucket": bucket, "quantity": quantity}))
    whole = pd.concat(parts, ignore_index=True).assign(
        day=day_of(number),
        subscription=SUBSCRIPTION,
        source="metrics",
        product="",
        tier="standard",
        estimated=False,
        seen_at=day_of(number + 1),
    )
    return fitted(whole, USAGE_DAYS)


def estate(deployments: int, number: int) -> pd.DataFrame:
    """ESTATE_DAYS of one day: every deployment tagged with one of the units."""
    at = np.arange(deployments)
    resources = names(deployments)
    model = np.array(MODELS, dtype=object)[at % len(MODELS)]
    whole = pd.DataFrame(
        {
            "day": day_of(number),
            "resource": resources,
            "subscription": SUBSCRIPTION,
            "account_id": [it.partition("/deployments/")[0] for it in resources],
            "group": "rg",
            "region": "westeurope",
            "format": "OpenAI",
            "model": [it.partition("@")[0] for it in model],
            "version": [it.partition("@")[2] for it in model],
            "sku": "GlobalStandard",
            "capacity": 100.0,
            "tags": [f'{{"business-unit": "unit-{it % UNITS:02}"}}' for it in at],
            "account_tags": "{}",
            "assumed": False,
        }
    )
    return fitted(whole, ESTATE_DAYS)


def booked(used: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """BOOKED_DAYS for this usage: what it costs, by account and meter."""
    rows = used[used["bucket"].isin(list(BUCKETS))].merge(
        known[["day", "resource", "account_id", "model", "version"]], on=["day", "resource"]
    )
    rows["key"] = rows["model"] + "@" + rows["version"]
    sums = rows.groupby(["day", "account_id", "key", "bucket"], as_index=False)["quantity"].sum()
    told = [BUCKETS[it] for it in sums["bucket"]]
    pairs = zip(sums["key"], told, strict=True)
    whole = pd.DataFrame(
        {
            "day": sums["day"],
            "subscription": SUBSCRIPTION,
            "resource": sums["account_id"],
            "meter_id": [meter(key, it[0]) for key, it in pairs],
            "view": "amortized",
            "charge": "Usage",
            "pricing": "OnDemand",
            "reservation": "",
            "service": "Foundry Models",
            "meter": sums["key"] + " " + sums["bucket"],
            "quantity": sums["quantity"] / 1e6,
            "cost_e8": [
                round(tokens * it[1] * E8 / 1_000_000_000)
                for tokens, it in zip(sums["quantity"], told, strict=True)
            ],
            "currency": "EUR",
            "seen_at": FIRST + timedelta(days=DAYS),
        }
    )
    return fitted(whole, BOOKED_DAYS)


def inputs(deployments: int) -> Inputs:
    """All that the bill of one month is made from."""
    first = datetime.fromisoformat(f"{MONTH}-01").replace(tzinfo=UTC)
    numbers = range((first - FIRST).days, (first - FIRST).days + 31)
    used = pd.concat([usage(deployments, it) for it in numbers], ignore_index=True)
    known = pd.concat([estate(deployments, it) for it in numbers], ignore_index=True)
    company = tree(Unit(f"unit-{it:02}", f"Unit {it:02}") for it in range(UNITS))
    by_tag: Body = {"by": "deployment_tag", "key": "business-unit", "value": "*", "unit": ""}
    return Inputs(
        MONTH,
        "EUR",
        first + timedelta(days=40),
        (SUBSCRIPTION,),
        booked(used, known),
        {SUBSCRIPTION: first + timedelta(days=39)},
        used,
        known,
        *_prices(),
        (Rule(1, "mapping", by_tag, FIRST),),
        company,
        "business-unit",
    )


def _prices() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    meters, prices = [], []
    for key in MODELS:
        for bucket, thousandths in BUCKETS.values():
            model, _, version = key.partition("@")
            it = {"meter_id": meter(key, bucket), "region": ""}
            what = {"model": model, "version": version, "scope": "global", "mode": "tokens"}
            how = {"tier": "standard", "bucket": bucket, "source": "listed", "said_by": "azure"}
            meters.append({**it, **what, **how, "at": FIRST})
            price = {"currency": "EUR", "kind": "Consumption", "term": "", "unit": "1M"}
            worth = {"per": 1_000_000, "price": str(thousandths / 1_000), "starts": FIRST}
            prices.append({**it, **price, **worth, "meter": f"{key} {bucket}"})
    return frame(METERS, meters), frame(PRICED, prices), frame(AGREED, [])


def written(store: Store, deployments: int) -> int:
    """A year of USAGE_DAYS, each day in a transaction of its own; returns how many rows. The first
    day is written row by row, the others by the database from it, each with amounts of its own."""
    names_of = list(USAGE_DAYS)
    into = f"INSERT INTO usage_days ({', '.join(names_of)}) "
    told = {"day": ":day", "seen_at": ":seen", "quantity": "quantity * :by"}
    others = ", ".join(told.get(it, it) for it in names_of)
    first = usage(deployments, 0).sort_values("resource", kind="stable")
    with store.begin() as session:
        dialect = session.get_bind().dialect.name
        insert = text(into + f"VALUES ({', '.join(':' + it for it in names_of)})")
        session.execute(insert, list(_plain(first, dialect)))
    copy = text(into + f"SELECT {others} FROM usage_days WHERE day = :first")
    for number in range(1, DAYS):
        days = [_moment(day_of(it), dialect) for it in (number, number + 1, 0)]
        told_now = dict(zip(("day", "seen", "first"), days, strict=True))
        with store.begin() as session:
            session.execute(copy, {**told_now, "by": 1 + number % 11 / 10})
    return DAYS * deployments * (len(BUCKETS) + 1)


def _moment(day: datetime, dialect: str) -> object:
    return f"{day:%Y-%m-%d %H:%M:%S}.000000" if dialect == "sqlite" else day


def _plain(rows: pd.DataFrame, dialect: str) -> Iterator[dict[str, object]]:
    day, seen = (_moment(rows[it].iloc[0].to_pydatetime(), dialect) for it in ("day", "seen_at"))
    fixed: dict[str, object] = {"day": day, "seen_at": seen, "subscription": SUBSCRIPTION}
    fixed |= {"product": "", "tier": "standard", "estimated": False, "source": "metrics"}
    columns = (rows[it].tolist() for it in ("resource", "bucket", "quantity"))
    for resource, bucket, quantity in zip(*columns, strict=True):
        yield {**fixed, "resource": resource, "bucket": bucket, "quantity": quantity}
