"""Inputs of bills with plain defaults, so that a test says only what it is about; and months that
nobody thought of."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain import costs
from domain.billing import Inputs, Rule
from domain.frames import frame
from domain.units import CONTOSO

MONTH, DAY = "2026-10", datetime(2026, 10, 5, tzinfo=UTC)
LAST = datetime(2026, 10, 31, tzinfo=UTC)
SUB = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
GROUP = f"/subscriptions/{SUB}/resourcegroups/rg-ai/providers"
ACCOUNT = f"{GROUP}/microsoft.cognitiveservices/accounts/aoai-shop"
GATEWAY = f"{GROUP}/microsoft.apimanagement/service/apim"
EVER = datetime(2020, 1, 1, tzinfo=UTC)
E8 = costs.E8


def id(name, account=ACCOUNT):
    return f"{account}/deployments/{name}"


def tags(unit):
    return json.dumps({"business-unit": unit} if unit else {})


def used(quantity, bucket="output", name="chat", **fields):
    return {
        "day": DAY,
        "resource": id(name),
        "subscription": SUB,
        "source": "metrics",
        "product": "",
        "tier": "standard",
        "bucket": bucket,
        "quantity": float(quantity),
        "estimated": False,
        "seen_at": LAST,
        **fields,
    }


def stood(name="chat", unit="retail", **fields):
    account = fields.get("account_id", ACCOUNT)
    return {
        "day": DAY,
        "resource": id(name, account),
        "subscription": SUB,
        "account_id": account,
        "group": "rg-ai",
        "region": "swedencentral",
        "format": "OpenAI",
        "model": "gpt-4o",
        "version": "2024-11-20",
        "sku": "GlobalStandard",
        "capacity": 10.0,
        "tags": tags(unit),
        "account_tags": "{}",
        "assumed": False,
        **fields,
    }


def booked(cost, meter_id="out", **fields):
    return {
        "day": DAY,
        "subscription": SUB,
        "resource": ACCOUNT,
        "meter_id": meter_id,
        "view": "amortized",
        "charge": "Usage",
        "pricing": "OnDemand",
        "reservation": "",
        "service": "Foundry Models",
        "meter": f"meter {meter_id}",
        "quantity": 1.0,
        "cost_e8": round(cost * E8),
        "currency": "EUR",
        "seen_at": LAST,
        **fields,
    }


def meter(meter_id="out", bucket="output", **fields):
    return {
        "meter_id": meter_id,
        "model": "gpt-4o",
        "version": "2024-11-20",
        "scope": "global",
        "region": "",
        "mode": "tokens",
        "tier": "standard",
        "bucket": bucket,
        "source": "listed",
        "said_by": "",
        "at": EVER,
        **fields,
    }


def price(meter_id="out", per_million="10", **fields):
    return {
        "meter_id": meter_id,
        "currency": "EUR",
        "kind": "Consumption",
        "term": "",
        "region": "",
        "meter": f"meter {meter_id}",
        "unit": "1M",
        "per": 1_000_000,
        "price": per_million,
        "starts": EVER,
        **fields,
    }


METERS = (meter("in", "input"), meter("cached", "cached"), meter("out", "output"))
PRICES = (price("in", "2"), price("cached", "0.5"), price("out", "8"))
PTU_METER = meter("ptu", "ptu_hours", model="", version="", scope="regional", mode="ptu")
PTU_PRICE = price("ptu", "1", unit="1 Hour", per=1)


def mapping(by="deployment_tag", value="*", unit="", id=1, **fields):
    body = {"by": by, "key": fields.pop("key", ""), "value": value, "unit": unit}
    return Rule(id, "mapping", body, **{"starts": EVER, **fields})


TAGGED = (mapping(id=1), mapping("account_tag", id=2))


def sharing(method, source, id=10, starts=EVER, ends=None, **body):
    return Rule(
        id, "sharing", {"title": method, "method": method, "source": source, **body}, starts, ends
    )


def idle(rule, pool="regional:swedencentral", id=20, starts=EVER, **entitlements):
    body = {"pool": pool, "rule": rule, "entitlements": entitlements}
    return Rule(id, "idle", body, starts)


def inputs(usage=(), estate=(), rows=(), rules=TAGGED, until=LAST, **fields):
    told = Inputs(
        month=MONTH,
        currency="EUR",
        now=LAST + timedelta(days=5),
        subscriptions=(SUB,),
        booked=frame(costs.BOOKED_DAYS, rows),
        booked_until={SUB: until} if until else {},
        usage=frame(costs.USAGE_DAYS, usage),
        estate=frame(costs.ESTATE_DAYS, estate),
        meters=frame(costs.METERS, METERS),
        prices=frame(costs.PRICED, PRICES),
        agreed=frame(costs.AGREED, []),
        rules=tuple(rules),
        tree=CONTOSO,
        tag="business-unit",
    )
    return replace(told, **fields)


def amounts(charges, *by):
    """Exact amounts by these columns, in units of the currency."""
    return {key: it / E8 for key, it in charges.groupby(list(by))["amount_e8"].sum().items()}


def cents(charges, *by):
    return charges.groupby(list(by))["cents"].sum().to_dict()
