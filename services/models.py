"""Models: what a region offers, in which SKUs, until when, and what one unit of them is worth."""

import json
from collections.abc import Iterator

from domain import names
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, date, needed, part, per_minute, text, whole


def of_region(azure: Azure, subscription: str, region: str) -> list[Row]:
    """Frame MODELS of one region: one row per kind, model, version and SKU, as often as listed.

    A model without SKUs has one row with the SKU's columns missing: its dates still count. The
    answer is about 700 KB and changes rarely; ask for it a few times a day.
    """
    plain = names.region(region) or region
    with translated(f"Listing the models of {plain} in subscription {subscription}"):
        path = arm.location(subscription, plain, "models")
        where = {"subscription": subscription.lower(), "region": plain}
        items = arm.every(azure, subscription, path, "models")
        return [{**where, **row} for it in items for row in _rows(it)]


def _rows(it: Json) -> Iterator[Row]:
    model = it["model"]
    common = {"kind": text(it.get("kind")), **_common(model)}
    for sku in model.get("skus") or [{}]:
        yield {**common, **_sku(sku)}


def _common(model: Json) -> Row:
    dates, successor = part(model, "deprecation"), part(model, "replacementConfig")
    return {
        "format": text(model.get("format")),
        "model": needed(model["name"]),
        "version": text(model.get("version")),
        "lifecycle": text(model.get("lifecycleStatus")),
        "model_retires_at": date(dates.get("inference")),
        "dates_are": text(dates.get("deprecationStatus")),
        "replacement_model": text(successor.get("targetModelName")),
        "replacement_version": text(successor.get("targetModelVersion")),
        "upgrade_from": date(successor.get("autoUpgradeStartDate")),
    }


def _sku(sku: Json) -> Row:
    # Older answers spell it ratelimits; the typed model knows neither that nor the key inside.
    limits = sku.get("rateLimits") or sku.get("ratelimits")
    capacity = part(sku, "capacity")
    return {
        "sku": text(sku.get("name")),
        "usage_name": text(sku.get("usageName")),
        "sku_retires_at": date(sku.get("deprecationDate")),
        "unit_tpm": per_minute(limits, "token"),
        "unit_rpm": per_minute(limits, "request"),
        "capacity_min": whole(capacity.get("minimum")),
        "capacity_max": whole(capacity.get("maximum")),
        "capacity_step": whole(capacity.get("step")),
        "capacity_default": whole(capacity.get("default")),
        "capacity_allowed": _listed(capacity.get("allowedValues")),
        "meters": _meters(sku.get("costs")),
    }


def _meters(costs: object) -> str | None:
    """By cost the meter's id, as JSON; many costs have none."""
    if costs is None:
        return None
    if not isinstance(costs, list):
        raise ValueError("costs is no list")
    found = {text(it.get("name")): text(it.get("meterId")) for it in costs}
    named = {name: meter.lower() for name, meter in found.items() if name and meter}
    return json.dumps(named, sort_keys=True) if named else None


def _listed(values: object) -> str | None:
    """The only capacities there are, in order."""
    if values is None:
        return None
    if not isinstance(values, list):
        raise ValueError("allowedValues is no list")
    return ", ".join(str(it) for it in sorted(it for it in map(whole, values) if it)) or None
