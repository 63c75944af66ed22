"""Reservations of provisioned throughput, which belong to the tenant and to no subscription.

Whoever has no role on any of them is answered with an empty list, as if there were none: so an
empty list means "none that this identity can see", and pages have to say that.
"""

import json
import re
from typing import Any
from urllib.parse import urlencode

from azure.core.rest import HttpRequest

from domain import names
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, flag, moment, needed, part, real, text, whole

PATH, VERSION = "/providers/Microsoft.Capacity/reservations", "2022-11-01"
OURS = ("openai", "foundry")
"""Words in reservedResourceType: OpenAIPTU today, which no list of the SDK has, and what it may be
called after the service was renamed."""


def of_tenant(azure: Azure) -> list[Row]:
    """Frame RESERVATIONS of all that this identity can see, those that are over too."""
    url = f"{azure.cloud.manager}{PATH}?{urlencode({'api-version': VERSION})}"
    with translated("Listing the reservations of the tenant"):
        items = arm.collected(_page(azure, url), lambda it: _page(azure, it))
        return [_row(it, part(it, "properties")) for it in items if _ours(it)]


def _page(azure: Azure, url: str) -> Json:
    return arm.read(azure.subscriptions().send_request(HttpRequest("GET", url)))


def _ours(it: Json) -> bool:
    kind = (text(part(it, "properties").get("reservedResourceType")) or "").lower()
    return any(word in kind for word in OURS)


def _row(it: Json, properties: Json) -> Row:
    reservation = names.folded(needed(it["id"]))
    sku = text(part(it, "sku").get("name"))
    title = text(properties.get("displayName"))
    words = " ".join(filter(None, (sku, text(properties.get("skuDescription")), title)))
    return {
        "reservation": reservation,
        "order": reservation.rpartition("/reservations/")[0],
        "name": title or sku,
        "scope": scope_of(words),
        "region": names.region(text(it.get("location"))),
        "quantity": whole(properties.get("quantity")),
        "term": text(properties.get("term")),
        "state": text(properties.get("displayProvisioningState"))
        or text(properties.get("provisioningState")),
        "applied": text(properties.get("userFriendlyAppliedScopeType"))
        or text(properties.get("appliedScopeType")),
        "applied_scopes": json.dumps([names.folded(at) for at in _scopes(properties)]),
        "starts": _first(properties, "benefitStartTime", "effectiveDateTime", "purchaseDateTime"),
        "ends": _first(properties, "expiryDateTime", "expiryDate"),
        "renews": flag(properties.get("renew")),
        **{f"used_percent_{days}d": _used(properties, days) for days in (7, 30)},
    }


def scope_of(words: str) -> str | None:
    """Where deployments may be that a reservation covers; None where its words do not say."""
    plain = re.sub(r"[\s_-]", "", words.lower())
    for word, scope in (("datazone", "datazone"), ("global", "global"), ("regional", "regional")):
        if word in plain:
            return scope
    return None


def _scopes(properties: Json) -> list[str]:
    scopes = properties.get("appliedScopes") or []
    return [needed(it) for it in scopes]


def _first(properties: Json, *keys: str) -> Any:
    return next((at for key in keys if (at := moment(text(properties.get(key))))), None)


def _used(properties: Json, days: int) -> float | None:
    grains = part(properties, "utilization").get("aggregates") or []
    return next((real(it.get("value")) for it in grains if real(it.get("grain")) == days), None)
