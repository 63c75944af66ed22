"""Rows of every frame with plain defaults, so that a test says only what it is about."""

from datetime import UTC, datetime, timedelta

from domain import frames, inventory, readings
from domain.tags import TagNames
from domain.units import CONTOSO

NOW = datetime(2026, 6, 15, 9, 30, tzinfo=UTC)
SUB = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
ACCOUNT = (
    f"/subscriptions/{SUB}/resourcegroups/rg-ai/providers"
    "/microsoft.cognitiveservices/accounts/aoai-shop"
)


def day(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def account(name="aoai-shop", **fields):
    return {
        "account_id": ACCOUNT.replace("aoai-shop", name),
        "subscription": SUB,
        "group": "rg-ai",
        "account": name,
        "kind": "OpenAI",
        "region": "westeurope",
        "account_state": "Succeeded",
        "tags": "{}",
        "seen_at": NOW,
        **fields,
    }


def deployment(name="chat", **fields):
    return {
        "resource": f"{fields.get('account_id', ACCOUNT)}/deployments/{name}",
        "account_id": ACCOUNT,
        "deployment": name,
        "sku": "Standard",
        "capacity": 10,
        "format": "OpenAI",
        "model": "gpt-4o",
        "version": "2024-11-20",
        "state": "Succeeded",
        "upgrade": "OnceCurrentVersionExpired",
        "limit_tpm": 10_000.0,
        "limit_rpm": 60.0,
        "tags": "{}",
        "created_at": day("2025-01-01"),
        "etag": '"1"',
        "modified_by": "ada@contoso.example",
        "seen_at": NOW,
        **fields,
    }


def model(**fields):
    return {
        "subscription": SUB,
        "region": "westeurope",
        "kind": "OpenAI",
        "format": "OpenAI",
        "model": "gpt-4o",
        "version": "2024-11-20",
        "sku": "Standard",
        "usage_name": "OpenAI.Standard.gpt-4o",
        "lifecycle": "GenerallyAvailable",
        "unit_tpm": 1_000.0,
        "unit_rpm": 6.0,
        "seen_at": NOW,
        **fields,
    }


def usage(**fields):
    return {
        "subscription": SUB,
        "region": "westeurope",
        "usage_name": "OpenAI.Standard.gpt-4o",
        "used": 10.0,
        "limit": 100.0,
        "seen_at": NOW,
        **fields,
    }


def observed(name="chat", **fields):
    return {
        "resource": f"{ACCOUNT}/deployments/{name}",
        "region": "westeurope",
        "window": "7d",
        "hours": 10,
        "minute_hours": 10,
        "last_traffic": NOW - timedelta(hours=1),
        "covered": 168,
        "seen_at": NOW,
        **fields,
    }


def parts(deployments, **others):
    """The kept frames that an inventory is made of."""
    given = {
        "subscriptions": [{"subscription": SUB, "name": "Production", "seen_at": NOW}],
        "accounts": [account()],
        "deployments": deployments,
        "models": [model()],
        "usages": [usage()],
        "metrics": [],
        **others,
    }
    return {
        name: frames.frame(readings.kept_columns(readings.TOPICS[name]), rows)
        for name, rows in given.items()
    }


def joined(deployments, *, window="7d", **others):
    return inventory.joined(parts(deployments, **others), CONTOSO, TagNames(), window, NOW)


def row_of(fields=None, **others):
    """The one row of the inventory of one deployment with these fields."""
    found = joined([deployment(**(fields or {}))], **others)
    assert len(found) == 1
    return found.iloc[0]
