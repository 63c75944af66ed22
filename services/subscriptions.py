"""Subscriptions: what this identity may see of the tenant at all."""

from azure.core.rest import HttpRequest

from domain.frames import Row
from services.arm import collected, read
from services.azure import Azure
from services.faults import translated
from services.fields import Json, text

VERSION = "2022-12-01"


def listed(azure: Azure) -> list[Row]:
    """Frame SUBSCRIPTIONS, disabled ones too; the state is Azure's word.

    Azure answers an identity without any role with an empty list, not with a refusal.
    """
    with translated("Listing the subscriptions"):
        return [_row(it) for it in _all(azure)]


def _all(azure: Azure) -> list[Json]:
    send = azure.subscriptions().send_request

    def follow(link: str) -> Json:
        return read(send(HttpRequest("GET", link)))

    return collected(follow(f"{azure.cloud.manager}/subscriptions?api-version={VERSION}"), follow)


def _row(it: Json) -> Row:
    return {
        "subscription": it["subscriptionId"].lower(),
        "name": text(it.get("displayName")),
        "state": text(it.get("state")),
        "tenant": text(it.get("tenantId")),
    }
