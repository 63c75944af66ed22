"""Metric alert rules: who is told when something goes wrong. Source: docs of azure-apis-2, 4.1."""

import json
from collections.abc import Iterator
from typing import Any

from domain import names
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, flag, needed, part, text, whole

VERSION = "2018-03-01"
DEPLOYMENT = "modeldeploymentname"


def of_subscription(azure: Azure, subscription: str) -> list[Row]:
    """Frame ALERTS of one subscription, whatever its rules are about."""
    path = f"/subscriptions/{subscription}/providers/Microsoft.Insights/metricAlerts"
    with translated(f"Listing the alert rules of subscription {subscription}"):
        items = arm.every_of(azure, subscription, path, VERSION)
        return [_row(it, subscription.lower()) for it in items]


def _row(it: Json, subscription: str) -> Row:
    properties = part(it, "properties")
    criteria = [*_list(part(properties, "criteria").get("allOf"))]
    narrowed = [_deployments(each) for each in criteria]
    region = text(properties.get("targetResourceRegion"))
    return {
        "rule": names.folded(needed(it["id"])),
        "subscription": subscription,
        "name": needed(it["name"]),
        "enabled": flag(properties.get("enabled")),
        "severity": whole(properties.get("severity")),
        "scopes": json.dumps([names.folded(needed(each)) for each in properties["scopes"]]),
        "target_type": text(properties.get("targetResourceType")),
        "target_region": names.region(region),
        "metrics": json.dumps([needed(each.get("metricName")) for each in criteria]),
        "deployments": _told(narrowed),
        "told": len(properties.get("actions") or []),
    }


def _told(narrowed: list[set[str]]) -> str | None:
    """The deployments that all criteria are narrowed to; missing where one is not narrowed."""
    return json.dumps(sorted(set.union(*narrowed))) if narrowed and all(narrowed) else None


def _deployments(criterion: Json) -> set[str]:
    return {
        str(value).lower()
        for it in _list(criterion.get("dimensions"))
        if str(it.get("name")).lower() == DEPLOYMENT and str(it.get("operator")) == "Include"
        for value in it.get("values") or []
        if value != "*"
    }


def _list(value: Any) -> Iterator[Json]:
    """The objects of a list; PromQL rules and the like have none."""
    for it in value or []:
        if not isinstance(it, dict):
            raise ValueError("a criterion is no object")
        yield it
