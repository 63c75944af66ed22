"""How accounts, deployments, models and quota rows look on the wire, for each api-version."""

from datetime import datetime
from functools import lru_cache

from simulator import chance, regions
from simulator.cognitiveservices import catalogue, versions
from simulator.cognitiveservices.catalogue import Entry
from simulator.cognitiveservices.quota import Pool
from simulator.cognitiveservices.records import PROVIDER, Account, Deployment
from simulator.faults import Json
from simulator.retail import tariff

TYPE = "Microsoft.CognitiveServices/accounts"


def _system_data(record: Account | Deployment) -> Json:
    return {
        "createdBy": record.created_by,
        "createdByType": "User" if "@" in record.created_by else "Application",
        "createdAt": record.created_at,
        "lastModifiedBy": record.modified_by,
        "lastModifiedByType": "User" if "@" in record.modified_by else "Application",
        "lastModifiedAt": record.modified_at,
    }


def account(found: Account) -> Json:
    """An account; what was never set is missing, not null."""
    endpoint = f"https://{found.name.lower()}.cognitiveservices.azure.com/"
    body: Json = {
        "id": found.path,
        "type": TYPE,
        "name": found.name,
        "etag": found.etag,
        "kind": found.kind,
        "location": found.location,
        "sku": found.sku,
    }
    if found.tags is not None:
        body["tags"] = found.tags
    if found.identity is not None:
        body["identity"] = found.identity
    body["properties"] = {
        "endpoint": endpoint,
        "internalId": chance.guid("internal", found.key).replace("-", ""),
        "dateCreated": found.created_at,
        "isMigrated": False,
        "provisioningState": found.state,
        **found.properties,
    }
    body["systemData"] = _system_data(found)
    return body


def deployment(found: Deployment, version: str) -> Json:
    """A deployment; rate limits are those in force, already times capacity."""
    entry = catalogue.entry(found.model)
    hidden = versions.late_fields(version)
    properties = {key: it for key, it in found.properties.items() if key not in hidden}
    properties["currentCapacity"] = found.effective
    properties["capabilities"] = capabilities(entry) if entry else {}
    properties["provisioningState"] = found.state
    if entry and (rates := entry.rates(str(found.sku["name"]), found.effective)):
        properties["rateLimits"] = rates
    if versions.tiers(version):
        properties["deploymentState"] = found.running
        properties.setdefault("serviceTier", None)
    body: Json = {
        "id": found.path,
        "type": f"{TYPE}/deployments",
        "name": found.name,
        "sku": found.sku,
        "properties": properties,
        "systemData": _system_data(found),
        "etag": found.etag,
    }
    return body | ({"tags": found.tags} if found.tags is not None else {})


def capabilities(entry: Entry) -> dict[str, str]:
    """Capability values are text, numbers and truth alike."""
    if entry.kind == "embeddings":
        return {"embeddings": "true", "embeddingsMaxInputs": "2048"}
    if entry.kind != "chat":
        return {entry.kind: "true"}
    found = {
        "chatCompletion": "true",
        "maxContextToken": str(entry.context),
        "maxOutputToken": str(entry.output),
        "assistants": "true",
        "scaleType": "Manual,Standard",
    }
    return found | ({"fineTune": "true"} if entry.fine_tune is not None else {})


def sku_item(found: Deployment, entry: Entry | None) -> Json:
    """What this deployment can be scaled to."""
    sku = str(found.sku["name"])
    bounds = entry.bounds(sku) if entry else {"maximum": found.capacity}
    step = {"minimum": 1, "step": 1} | bounds
    return {
        "resourceType": f"{TYPE}/deployments",
        "sku": {"name": sku, "capacity": found.capacity},
        "capacity": step,
    }


def model_sku(entry: Entry, sku: str, anchor: datetime, region: str) -> Json:
    """One SKU of a model: usageName is the join to quota, costs the join to prices."""
    body: Json = {
        "name": sku,
        "usageName": entry.usage(sku),
        "capacity": entry.bounds(sku),
        "deprecationDate": entry.retires_on(anchor, sku),
    }
    if rates := entry.rates(sku):
        body["rateLimits"] = rates
    body["costs"] = tariff.costs(entry, sku, region)
    return body


def account_model(entry: Entry, anchor: datetime, region: str) -> Json:
    """A model as an account lists it; the same object each time, so never to be written to."""
    return _account_model(entry.key, anchor, region)


@lru_cache(maxsize=5_000)
def _account_model(key: tuple[str, str, str], anchor: datetime, region: str) -> Json:
    entry = catalogue.entries()[key]
    skus = [model_sku(entry, it, anchor, region) for it in entry.skus if entry.offers(it, region)]
    body: Json = {
        "format": entry.format,
        "name": entry.name,
        "version": entry.version,
        "description": f"{entry.name} of version {entry.version}.",
        "isDefaultVersion": entry.default,
        "skus": skus,
        "maxCapacity": 9,
        "capabilities": capabilities(entry),
        "deprecation": _deprecation(entry, anchor),
        "lifecycleStatus": entry.status,
        "systemData": {
            "createdBy": "Microsoft",
            "createdByType": "Application",
            "createdAt": catalogue.date(anchor, -400),
            "lastModifiedBy": "Microsoft",
            "lastModifiedByType": "Application",
            "lastModifiedAt": catalogue.date(anchor, -30),
        },
        "modelCatalogAssetId": f"azureml://registries/azure-{entry.format.lower()}/models/"
        f"{entry.name}/versions/{entry.version}",
    }
    if entry.base:
        body["baseModel"] = entry.base
    if entry.replacement:
        body["replacementConfig"] = _replacement(entry.replacement, anchor)
    return body


def _deprecation(entry: Entry, anchor: datetime) -> Json:
    body: Json = {"inference": entry.retires_on(anchor)}
    if entry.fine_tune is not None:
        body["fineTune"] = catalogue.date(anchor, entry.fine_tune)
    return body | {"deprecationStatus": "Tentative" if entry.tentative else "Planned"}


def _replacement(plan: Json, anchor: datetime) -> Json:
    return {
        "targetModelName": plan["name"],
        "targetModelVersion": plan["version"],
        "autoUpgradeStartDate": catalogue.date(anchor, plan["starts"]),
        "upgradeOnExpiryLeadTimeDays": plan["lead"],
    }


def model(entry: Entry, kind: str, subscription: str, region: str, anchor: datetime) -> Json:
    """A model as a location lists it, once per account kind."""
    place = regions.REGIONS[region].arm
    name = f"{entry.format}.{entry.name}.{entry.version}"
    above = f"/subscriptions/{subscription}/{PROVIDER}/locations/{place}"
    return {
        "id": f"{above}/models/{name}",
        "type": "Microsoft.CognitiveServices/locations/models",
        "name": name,
        "location": place,
        "kind": kind,
        "skuName": "S0",
        "model": account_model(entry, anchor, region),
    }


def usage(pool: Pool, words: str, used: int, limit: int, place: str, version: str) -> Json:
    """A quota row; the scope is there from 2026-07-01 on, and null on some rows."""
    body: Json = {
        "name": {"value": pool.usage, "localizedValue": words},
        "currentValue": used,
        "limit": limit,
        "unit": "Count",
    }
    if versions.scopes(version):
        known = bool(pool.scope)
        own = pool.scope in ("Global", "DataZone")
        body["scopeType"] = pool.scope if known else None
        body["scopeId"] = (pool.scope_id if own else place) if known else None
    if versions.row_ids(version):
        above = f"/subscriptions/{pool.subscription}/{PROVIDER}/locations/{place}"
        body["id"] = f"{above}/usages/{pool.usage}"
        body["type"] = "Microsoft.CognitiveServices/locations/usages"
    return body
