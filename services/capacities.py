"""Where a model can still be deployed: what a region is reported to have left, beside the quota."""

from domain import names
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, part, real, text

KIND = "modelCapacities"


def of_model(azure: Azure, subscription: str, format: str, model: str, version: str) -> list[Row]:
    """Frame CAPACITIES of one model version: a row for each region and SKU.

    What several regions share (Global, DataZone) is repeated for each of them, so it is never to be
    summed. Whether a figure already counts the quota that is left, nobody documents.
    """
    with translated(f"Asking where {model} {version} is free in subscription {subscription}"):
        path = arm.provider(subscription, KIND)
        query = {"modelFormat": format, "modelName": model, "modelVersion": version}
        items = arm.every(azure, subscription, path, KIND, query)
        what = {"format": format, "model": model, "version": version}
        return [{"subscription": subscription.lower(), **what, **_row(it)} for it in items]


def _row(it: Json) -> Row:
    properties = part(it, "properties")
    return {
        "region": names.region(text(it.get("location"))),
        "sku": text(properties.get("skuName")) or text(it.get("name")),
        "available": real(properties.get("availableCapacity")),
        "scope_type": text(properties.get("scopeType")),
        "scope_id": text(properties.get("scopeId")),
    }
