"""Quota: what a subscription may use of each pool in a region, and what it uses."""

from domain import names
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, needed, real, text


def of_region(azure: Azure, subscription: str, region: str) -> list[Row]:
    """Frame USAGES of one region; rows that count accounts and the like are among them.

    Units differ from row to row (thousands of tokens, requests, PTU). A pool with a Global or
    DataZone scope comes back from every region that shares it; clouds that do not answer the
    newest api-version leave the scope missing.
    """
    plain = names.region(region) or region
    with translated(f"Listing the quota of {plain} in subscription {subscription}"):
        path = arm.location(subscription, plain, "usages")
        where = {"subscription": subscription.lower(), "region": plain}
        items = arm.every(azure, subscription, path, "usages")
        return [{**where, **_row(it)} for it in items]


def room(rows: list[Row], usage: str) -> float | None:
    """Units free in the pool of this name (in lower case) among the rows of one region, the least
    where it is listed twice; None when Azure does not list it or does not say."""
    found = [row for row in rows if str(row["usage_name"]).lower() == usage]
    told = [(row["limit"], row["used"]) for row in found]
    free = [a - b for a, b in told if isinstance(a, float) and isinstance(b, float)]
    return min(free) if free and len(free) == len(found) else None


def _row(it: Json) -> Row:
    return {
        "usage_name": needed(it["name"]["value"]),
        "title": text(it["name"].get("localizedValue")),
        "used": real(it.get("currentValue")),
        "limit": real(it.get("limit")),
        "scope_type": text(it.get("scopeType")),
        "scope_id": text(it.get("scopeId")),
    }
