"""The activity log of a subscription: who wrote to Azure OpenAI, and whether it was carried out.

Events can be read 3 to 20 minutes after they happened and for 90 days; what a write changed, the
log does not say. Source: docs of azure-apis-2, section 1.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from domain import activity, names
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, moment, needed, part, text

VERSION = "2015-04-01"
LONGEST = timedelta(days=89)
"""A question that begins 90 days ago is refused."""
_LOG = "providers/Microsoft.Insights/eventtypes/management/values"
_STAMP = "%Y-%m-%dT%H:%M:%SZ"
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9 ]{0,59}")


def events(azure: Azure, subscription: str, since: datetime, until: datetime) -> list[Row]:
    """Frame ACTIVITY: the writes to Cognitive Services with events in this time, oldest first.

    until: now, as Azure has it. The log understands no other filter than times and one provider.
    """
    with translated(f"Reading the activity log of subscription {subscription}"):
        start = max(since, until - LONGEST)
        path = f"/subscriptions/{subscription}/{_LOG}"
        told = (
            f"eventTimestamp ge '{start.strftime(_STAMP)}' "
            f"and eventTimestamp le '{until.strftime(_STAMP)}' "
            "and resourceProvider eq 'Microsoft.CognitiveServices'"
        )
        items = arm.every_of(azure, subscription, path, VERSION, {"$filter": told})
        return activity.grouped(row for it in items for row in _rows(it, subscription.lower()))


def _rows(it: Json, subscription: str) -> Iterator[Row]:
    """The event as one row; none for what changes nothing or is about no resource."""
    operation = (text(part(it, "operationName").get("value")) or "").lower()
    resource = names.folded(text(it.get("resourceId")) or "")
    if not activity.changes(operation) or not resource.startswith("/subscriptions/"):
        return
    at, request, claims = (
        moment(needed(it["eventTimestamp"])),
        part(it, "httpRequest"),
        part(it, "claims"),
    )
    event = needed(it["eventDataId"])
    yield {
        "at": at,
        "began_at": at,
        "resource": resource,
        "subscription": subscription,
        "operation": activity.worded(operation),
        "who": text(it.get("caller")) or text(claims.get("name")),
        "app": text(claims.get("appid")),
        "method": text(request.get("method")),
        "status": text(part(it, "status").get("value")),
        "correlation": text(it.get("correlationId")) or event,
        "act": text(it.get("operationId")),
        "event": event,
        "request": (text(request.get("clientRequestId")) or "").lower() or None,
        "said": _refusal(part(it, "properties")),
    }


def _refusal(properties: Json) -> str | None:
    """The code of an error, which Azure sends as JSON inside a text; never its sentence."""
    told = next((it for key, it in properties.items() if key.lower() == "statusmessage"), None)
    try:
        body = json.loads(told) if isinstance(told, str) else {}
        code = str((body.get("error") or body).get("code") or "")
    except (ValueError, AttributeError):
        return None
    return code if _CODE.fullmatch(code) else None
