"""Where capacity of one model is free: an item for each location and SKU, pooled ones repeated."""

from simulator import arm, regions
from simulator.arm import Answer, Call
from simulator.cognitiveservices import catalogue, handlers, versions
from simulator.cognitiveservices.catalogue import Entry
from simulator.cognitiveservices.quota import pool_of
from simulator.cognitiveservices.records import PROVIDER
from simulator.faults import ArmError, Json

ASKED = ("modelFormat", "modelName", "modelVersion")


def everywhere(call: Call) -> Answer:
    """One model in all regions, retired models too."""
    return _listed(call, list(regions.REGIONS))


def here(call: Call) -> Answer:
    """One model in one region."""
    return _listed(call, [handlers.place_of(call)])


def _listed(call: Call, places: list[str]) -> Answer:
    entry = _entry(call)
    rows = [
        (entry, sku, place)
        for place in places
        if entry is not None
        for sku in entry.skus
        if entry.offers(sku, place)
    ]
    return arm.page(call, rows, lambda it: _item(call, *it), one_page=True)


def _entry(call: Call) -> Entry | None:
    missing = [it for it in ASKED if not call.args.get(it)]
    if missing:
        raise ArmError(400, "InvalidRequestParameter", f"The parameter '{missing[0]}' is required.")
    form, name, version = (call.args[it] for it in ASKED)
    return catalogue.entry({"format": form, "name": name, "version": version})


def _item(call: Call, entry: Entry, sku: str, place: str) -> Json:
    who, region = call.names["subscription"], regions.REGIONS[place].arm
    quota, pool = call.world.accounts.quota, pool_of(who, place, entry, sku)
    model = {"format": entry.format, "name": entry.name, "version": entry.version}
    free = max(0, quota.limit(pool, entry, sku) - quota.shown(pool))
    if sku in catalogue.PROVISIONED and call.world.settings.ptu_supply == "scarce":
        free = 0
    body: Json = {"model": model, "skuName": sku, "availableCapacity": float(free)}
    body["availableFinetuneCapacity"] = 0.0
    if versions.scopes(call.version):
        own = pool.scope in ("Global", "DataZone")
        body["scopeType"] = pool.scope or None
        body["scopeId"] = (pool.scope_id if own else region) if pool.scope else None
    above = f"/subscriptions/{who}/{PROVIDER}/locations/{region}/models"
    return {
        "id": f"{above}/{entry.format}.{entry.name}.{entry.version}/skuCapacities/{sku}",
        "name": sku,
        "type": "Microsoft.CognitiveServices/locations/models/skuCapacities",
        "location": region,
        "properties": body,
    }
