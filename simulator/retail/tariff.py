"""Every meter there is: what it counts and its price in dollars, which is this simulator's fiction.

A meter's id belongs to its words, so that models list, price list and booked cost say the same."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

from simulator import chance, regions
from simulator.cognitiveservices import catalogue
from simulator.cognitiveservices.catalogue import PROVISIONED, Entry
from simulator.faults import Json
from simulator.retail import names

FILE = Path(__file__).with_name("tariff.json")
MARKETPLACE = frozenset({"Anthropic", "Mistral AI"})
SKUS = {
    "Standard": ("regional", "standard"),
    "GlobalStandard": ("global", "standard"),
    "DataZoneStandard": ("datazone", "standard"),
    "GlobalBatch": ("global", "batch"),
    "DataZoneBatch": ("datazone", "batch"),
    "LowPriority": ("global", "batch"),
    "DeveloperTier": ("global", "standard"),
}
PTU = {
    "GlobalProvisionedManaged": "global",
    "DataZoneProvisionedManaged": "datazone",
    "ProvisionedManaged": "regional",
    "Provisioned": "regional",
}
SCOPES = {"global": Decimal(1), "datazone": Decimal("1.1"), "regional": Decimal("1.1")}
HALF = Decimal("0.5")
PER = {"1K": 1000, "1M": 1_000_000, "1 Hour": 1, "1": 1, "1 GB": 1}
BUCKETS = ("input", "cached", "output")
FOUNDRY = "Foundry Models"


class Meter(NamedTuple):
    """One meter; `usd` is the price of one unit, which is `per` of what is counted."""

    id: str
    name: str
    sku: str
    product: str
    service: str
    unit: str
    region: str  # "" where it is the same everywhere
    scope: str
    mode: str
    tier: str
    bucket: str
    model: str
    version: str
    format: str
    usd: Decimal

    @property
    def per(self) -> int:
        return PER[self.unit]

    @property
    def marketplace(self) -> bool:
        return self.format in MARKETPLACE


@cache
def words() -> Json:
    """The whole of tariff.json."""
    found: Json = json.loads(FILE.read_text())
    return found


@cache
def entries() -> tuple[Entry, ...]:
    """What can be billed: the catalogue, and models that it does not list any more."""
    return (*catalogue.entries().values(), *(Entry(**it) for it in words()["unlisted"]))


@cache
def known(form: str, name: str, version: str) -> Entry | None:
    """The entry of a model, or None."""
    key = (form.lower(), name.lower(), version.lower())
    return next((it for it in entries() if it.key == key), None)


def guid(*about: str) -> str:
    """The id of a meter; the same in every world, as in every tenant."""
    return chance.guid("meter", *about)


@cache
def tokens(
    form: str, name: str, version: str, sku: str, region: str, tier: str, bucket: str
) -> Meter | None:
    """The meter that bills this bucket of a deployment; None where there is none."""
    entry = known(form, name, version)
    if entry is None or sku not in SKUS:
        return None
    scope, own = SKUS[sku]
    factor = _factor(entry.name, scope, own if own == "batch" else tier)
    price = _listed(entry).get(bucket)
    if factor is None or price is None or (bucket == "cached" and own == "batch"):
        return None
    tier = own if own == "batch" else tier
    group = "GlobalBatch" if sku == "LowPriority" else sku
    where = region if scope == "regional" else ""
    millions = entry.name in words()["millions"]
    title = names.sku_name(entry.name, entry.version, bucket, scope, tier, millions=millions)
    title += " Dev" if sku == "DeveloperTier" else ""
    unit = "1M" if millions else "1K"
    return Meter(
        guid(entry.name, entry.version, group, where, tier, bucket),
        names.meter_name(entry.name, title, millions=millions),
        title,
        product(entry),
        "SaaS" if form in MARKETPLACE else FOUNDRY,
        unit,
        where,
        scope,
        "tokens",
        tier,
        bucket,
        entry.name,
        entry.version,
        entry.format,
        Decimal(price) * SCOPES[scope] * factor * PER[unit] / 1_000_000,
    )


def _listed(entry: Entry) -> dict[str, str]:
    """Dollars for a million tokens by bucket."""
    listed = words()["tokens"]
    found = listed.get(f"{entry.name}@{entry.version}") or listed.get(entry.name) or ()
    return {bucket: it for bucket, it in zip(BUCKETS, found, strict=False) if it is not None}


def _factor(name: str, scope: str, tier: str) -> Decimal | None:
    """How many times the standard price; None where the tier is not offered."""
    if tier in ("standard", "batch"):
        return HALF if tier == "batch" else Decimal(1)
    found = words()[tier].get(name)
    return None if found is None or scope == "regional" else Decimal(found)


@cache
def pieces(form: str, name: str, version: str, region: str) -> Meter | None:
    """The meter of what is not counted in tokens: an image, a page, an hour of speech."""
    entry = known(form, name, version)
    if entry is None or name not in words()["pieces"]:
        return None
    bucket, unit, price = words()["pieces"][name]
    scope = "regional" if "Standard" in entry.skus else "global"
    where = region if scope == "regional" else ""
    title = f"{name} {bucket.title()}s"
    about = (guid(name, version, where, bucket), title, title, product(entry))
    service = "SaaS" if form in MARKETPLACE else FOUNDRY
    terms = (unit, where, scope, "other", "standard", bucket, name, version, form)
    return Meter(*about, service, *terms, Decimal(price))


@cache
def hosting(name: str, version: str) -> Meter | None:
    """The hours that a fine-tuned model is kept ready, whether it is used or not."""
    price = words()["hosting"].get(name)
    if price is None:
        return None
    title = f"{name} Ft Hosting"
    about = (guid(name, version, "Hosting"), f"{title} Unit", title, "Azure OpenAI", FOUNDRY)
    terms = ("1 Hour", "", "global", "other", "standard", "hour", name, version, "OpenAI")
    return Meter(*about, *terms, Decimal(price))


@cache
def provisioned(sku: str, region: str) -> Meter:
    """The hours of provisioned throughput: of any model, by kind and, where regional, region."""
    scope = PTU[sku]
    where = region if scope == "regional" else ""
    title = {"global": "Global", "datazone": "Data Zone", "regional": "Regional"}[scope]
    name = f"Provisioned Managed {title} Unit"
    about = (guid("PTU", scope, where), name, f"Provisioned Managed {title}")
    terms = ("1 Hour", where, scope, "ptu", "standard", "ptu_hours", "", "", "OpenAI")
    price = Decimal(words()["ptu"][scope]["hour"])
    return Meter(*about, "Azure OpenAI Provisioned", FOUNDRY, *terms, price)


@cache
def service(name: str) -> Meter:
    """The meter of another service that an AI platform pays for."""
    row = next(it for it in words()["services"] if it["service"] == name)
    about = (guid("service", row["name"]), row["name"], row["sku"], row["product"], name)
    terms = (row["unit"], "", "", "other", "", "", "", "", "")
    return Meter(*about, *terms, Decimal(row["usd"]))


def product(entry: Entry) -> str:
    """The product line under which a model is listed."""
    if entry.format == "OpenAI":
        five = " GPT5" if entry.name.startswith("gpt-5") else ""
        return "Azure OpenAI Media" if entry.name in words()["pieces"] else f"Azure OpenAI{five}"
    return f"Azure {entry.format.split('-')[0].title()} Models"


def costs(entry: Entry, sku: str, region: str) -> list[Json]:
    """The meters of a SKU as the models list names them; two models keep theirs to themselves."""
    if sku in PROVISIONED:
        return [_cost("Hosting", provisioned(sku, region).id, "1 Unit/Hour")]
    nameless = words()["nameless"].get(entry.name)
    if entry.format in MARKETPLACE or nameless == "missing":
        return []
    if entry.unit == "rpm" or nameless:
        return [_cost("TotalToken", "", "1K Tokens")]
    place = (entry.format, entry.name, entry.version, sku, region, "standard")
    made = {bucket: tokens(*place, bucket) for bucket in BUCKETS}
    there = {bucket: it.id for bucket, it in made.items() if it is not None}
    named = (
        {"ContextToken": "input", "NoCachedContextToken": "input"}
        if "cached" in there
        else {"ContextToken": "input"}
    )
    named |= {"CachedContextToken": "cached", "GeneratedToken": "output"}
    found = [_cost(it, there[key], "1K Tokens") for it, key in named.items() if key in there]
    kept = hosting(entry.name, entry.version) if sku != "DeveloperTier" else None
    return found + ([_cost("Hosting", kept.id, "1 Unit/Hour")] if kept else [])


def _cost(name: str, meter: str, unit: str) -> Json:
    return {"name": name, "meterId": meter, "unit": unit}


@cache
def listed() -> tuple[Meter, ...]:
    """Every meter of the public list, each once; what a marketplace sells is not in it."""
    found = {it.id: it for it in _all()}
    return tuple(it for it in found.values() if not it.marketplace)


def _all() -> Iterator[Meter]:
    for entry in entries():
        for sku in entry.skus:
            for region in _regions(entry, sku):
                if sku in PTU:
                    yield provisioned(sku, region)
                    continue
                yield from _of(entry, sku, region)
    yield from (service(it["service"]) for it in words()["services"])


def _of(entry: Entry, sku: str, region: str) -> Iterator[Meter]:
    model = (entry.format, entry.name, entry.version)
    made = [
        tokens(*model, sku, region, tier, bucket)
        for tier in ("standard", "priority", "flex")
        for bucket in BUCKETS
        if sku in ("GlobalStandard", "DataZoneStandard") or tier == "standard"
    ]
    made += [pieces(*model, region), hosting(entry.name, entry.version)]
    yield from (it for it in made if it is not None)


def _regions(entry: Entry, sku: str) -> list[str]:
    found = [it for it in regions.REGIONS if entry.offers(sku, it) and "gov" not in it]
    own = SKUS.get(sku, (PTU.get(sku, ""), ""))[0] == "regional"
    return [it for it in found if it != "chinaeast2"] if own else found[:1]


def rate(currency: str) -> Decimal | None:
    """How much of a currency a dollar is; None for a currency that is not quoted."""
    found = words()["currencies"].get(currency.upper())
    return None if found is None else Decimal(found)


def changed(meter: Meter, anchor: datetime) -> list[tuple[datetime, Decimal]]:
    """When this meter's price changed or will, and how many times today's list it was before."""
    return [
        (anchor + timedelta(days=it["days"]), Decimal(it["before"]))
        for it in words()["changes"]
        if it["model"] == meter.model and meter.mode == "tokens"
    ]


def price(meter: Meter, day: datetime, anchor: datetime, currency: str) -> Decimal:
    """The list price of one unit on a day."""
    found = meter.usd * (rate(currency) or Decimal(1))
    for moment, before in changed(meter, anchor):
        found *= before if day < moment else 1
    return found


def fee(scope: str, term: str, currency: str) -> Decimal:
    """The price of one reserved PTU for a term."""
    return Decimal(words()["ptu"][scope][term]) * (rate(currency) or Decimal(1))
