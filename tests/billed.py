"""A console that knows what things cost: for the tests of pages, reads and jobs about money.

`billed` is a console on the scenario "small" whose ledger, bookings and prices of three months
were written straight into the store, and whose bills the biller made of them: September and October
2026 whole, November as far as it goes. `priced` is the same before any bill.
"""

import shutil
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from sqlalchemy import delete

from domain import frames
from domain.costs import BOOKED_DAYS, ESTATE_DAYS, METERS, RETAIL, USAGE_DAYS
from jobs.biller import Biller
from store import booked_days, estate_days, meters, retail_prices, usage_days
from store.tables import MeterRow
from tests.world import ASSIST, BUSY, CHAT, NOON, SDC, SMALL, WEU, console_at

DAY = timedelta(days=1)
FIRST = datetime(2026, 9, 1, tzinfo=UTC)
BOOKED = datetime(2026, 11, 16, tzinfo=UTC)
"""The last day that Cost Management has, as of NOON; it counts from two days after its end."""
MODEL = {"format": "OpenAI", "model": "gpt-4o", "version": "2024-11-20"}
DEPLOYMENTS = {  # resource: account, region, SKU, unit's tag, tokens of a day
    CHAT: (WEU, "westeurope", "Standard", "retail-online", 4_000_000),
    BUSY: (WEU, "westeurope", "Standard", "finance-risk", 9_000_000),
    ASSIST: (SDC, "swedencentral", "GlobalStandard", None, 1_000_000),
}
PRICES = {"input": "2.50", "output": "10.00"}
"""Of a million tokens, in EUR, at any scope."""
OUT = 4
"""Tokens in for one token out."""


def days(first=FIRST, last=NOON):
    return [it.to_pydatetime() for it in pd.date_range(first, last.replace(tzinfo=UTC), freq="D")]


def meter_of(sku, bucket):
    return f"{'global' if sku.startswith('Global') else 'regional'}-{bucket}"


def usage(first=FIRST, last=NOON):
    """Frame USAGE_DAYS: every deployment, every day, growing a little."""
    told = {"subscription": SMALL, "source": "metrics", "product": "", "tier": "standard"}
    told |= {"estimated": False, "seen_at": NOON}
    return frames.frame(USAGE_DAYS, [
        {**told, "day": day, "resource": resource, "bucket": bucket, "quantity": quantity}
        for resource, (*_, tokens) in DEPLOYMENTS.items()
        for day in days(first, last)
        for bucket, quantity in _quantities(tokens, day).items()
    ])  # fmt: skip


def estate(first=FIRST, last=NOON):
    """Frame ESTATE_DAYS."""
    told = {**MODEL, "subscription": SMALL, "group": "rg-ai-small", "capacity": 10.0}
    told |= {"account_tags": "{}", "assumed": False}
    return frames.frame(ESTATE_DAYS, [
        {
            **told, "day": day, "resource": resource, "account_id": account, "region": region,
            "sku": sku, "tags": f'{{"business-unit": "{unit}"}}' if unit else "{}",
        }
        for resource, (account, region, sku, unit, _) in DEPLOYMENTS.items()
        for day in days(first, last)
    ])  # fmt: skip


def booked(first=FIRST, last=BOOKED, currency="EUR"):
    """Frame BOOKED_DAYS: what is used at the price, by account and meter."""
    told = {"subscription": SMALL, "view": "amortized", "charge": "Usage", "pricing": "OnDemand",
            "reservation": "", "service": "Azure OpenAI", "currency": currency,
            "seen_at": NOON}  # fmt: skip
    sums = {}
    for account, _, sku, _, tokens in DEPLOYMENTS.values():
        for day in days(first, last):
            for bucket, quantity in _quantities(tokens, day).items():
                key = (day, account, meter_of(sku, bucket), bucket)
                sums[key] = sums.get(key, 0) + quantity
    return frames.frame(BOOKED_DAYS, [
        {
            **told, "day": day, "resource": account, "meter_id": meter, "meter": f"gpt-4o {meter}",
            "quantity": quantity / 1_000_000,
            "cost_e8": round(quantity * float(PRICES[bucket]) * 100),
        }
        for (day, account, meter, bucket), quantity in sums.items()
    ])  # fmt: skip


def listed(currency="EUR"):
    """Frame RETAIL."""
    told = {"currency": currency, "kind": "Consumption", "term": "", "region": "",
            "product": "Azure OpenAI", "service": "Foundry Models", "unit": "1M",
            "per": 1_000_000, "starts": datetime(2025, 1, 1, tzinfo=UTC)}  # fmt: skip
    return frames.frame(RETAIL, [
        {**told, "meter_id": f"{scope}-{bucket}", "price": price, "sku_name": f"gpt-4o {bucket}",
         "meter": f"gpt-4o {scope} {bucket}"}
        for scope in ("regional", "global")
        for bucket, price in PRICES.items()
    ])  # fmt: skip


def mapped():
    """Frame METERS."""
    told = {"model": "gpt-4o", "version": "2024-11-20", "region": "", "mode": "tokens"}
    told |= {"tier": "standard", "source": "listed", "said_by": "models", "at": NOON}
    return frames.frame(METERS, [
        {**told, "meter_id": f"{scope}-{bucket}", "scope": scope, "bucket": bucket}
        for scope in ("regional", "global")
        for bucket in PRICES
    ])  # fmt: skip


def write(store, first=FIRST, last=NOON, until=BOOKED):
    """Everything that three months of bills are made from."""
    with store.begin() as session:
        session.execute(delete(MeterRow))  # those of the scenario count the same as ours
        usage_days.keep(session, usage(first, last))
        estate_days.keep(session, estate(first, last))
        booked_days.keep(session, booked(first, until))
        retail_prices.keep(session, listed(), FIRST)
        meters.listed(session, mapped())


def _quantities(tokens, day):
    grown = tokens + 1_000 * (day - FIRST).days
    return {"input": float(grown - grown // OUT), "output": float(grown // OUT)}


@pytest.fixture(scope="session")
def priced_file(begun, tmp_path_factory):
    path = tmp_path_factory.mktemp("priced") / "console.db"
    shutil.copy(begun, path)
    console = console_at(f"sqlite:///{path}")
    write(console.store)
    console.close()
    return path


@pytest.fixture(scope="session")
def billed_file(priced_file, tmp_path_factory):
    path = tmp_path_factory.mktemp("billed") / "console.db"
    shutil.copy(priced_file, path)
    console = console_at(f"sqlite:///{path}")
    Biller(console.store, console.clock, console.tags).run_once()
    console.close()
    return path


def _copied(file, folder, made):
    shutil.copy(file, folder / "console.db")
    return made(url=f"sqlite:///{folder}/console.db")


@pytest.fixture
def priced(priced_file, made, tmp_path):
    """A console with ledger, bookings and prices, before any bill."""
    return _copied(priced_file, tmp_path, made)


@pytest.fixture
def billed(billed_file, made, tmp_path):
    """A console whose bills of three months are made."""
    return _copied(billed_file, tmp_path, made)
