"""Models and quota rows in their recorded shapes, and the join between them."""

import pytest

SMALL = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590"
PROVIDER = "providers/Microsoft.CognitiveServices"


def rows(azure, what, region="westeurope", version="2025-09-01", subscription=SMALL):
    path = f"{subscription}/{PROVIDER}/locations/{region}/{what}"
    return azure.get(path, version).get_json()["value"]


def test_a_model_looks_as_recorded(azure):
    found = next(it for it in rows(azure, "models") if it["name"] == "OpenAI.gpt-35-turbo.0125")
    assert set(found) == {"id", "type", "name", "location", "kind", "skuName", "model"}
    assert found["location"] == "WestEurope"
    assert found["id"].endswith("/locations/WestEurope/models/OpenAI.gpt-35-turbo.0125")
    assert set(found["model"]) == {
        "format",
        "name",
        "version",
        "description",
        "isDefaultVersion",
        "skus",
        "maxCapacity",
        "capabilities",
        "deprecation",
        "lifecycleStatus",
        "systemData",
        "modelCatalogAssetId",
        "replacementConfig",
    }
    assert set(found["model"]["deprecation"]) == {"fineTune", "inference", "deprecationStatus"}
    standard = found["model"]["skus"][0]
    assert standard["usageName"] == "OpenAI.Standard.gpt-35-turbo"
    assert standard["rateLimits"][0] == {"key": "request", "renewalPeriod": 10, "count": 1}
    assert standard["capacity"] == {"maximum": 1000000, "default": 100}
    assert set(standard["costs"][0]) == {"name", "meterId", "unit"}


def test_models_have_the_traps_of_the_real_list(azure):
    found = rows(azure, "models", "swedencentral")
    assert 40 <= len(found) <= 75
    assert {it["kind"] for it in found} == {"OpenAI", "AIServices", "MaaS"}
    formats = {it["model"]["format"] for it in found}
    assert formats >= {"OpenAI", "Mistral AI", "Black Forest Labs", "xAI", "Meta", "DeepSeek"}
    twice = [it["name"] for it in found]
    assert len(twice) > len(set(twice))
    statuses = {it["model"]["lifecycleStatus"] for it in found}
    assert statuses >= {"GenerallyAvailable", "Preview", "Deprecating", "Deprecated", "Legacy"}
    dates = {it["model"]["deprecation"]["inference"][:10] for it in found}
    assert {"2026-11-28", "2027-01-02", "2027-02-06", "2026-10-29", "2099-01-01"} <= dates
    assert any(it["model"]["skus"] == [] for it in found)
    assert any(it["model"]["deprecation"]["deprecationStatus"] == "Tentative" for it in found)
    mixed = next(it for it in found if it["name"] == "OpenAI.gpt-4o.2024-08-06")["model"]
    by_sku = {it["name"]: it["deprecationDate"][:10] for it in mixed["skus"]}
    assert (
        by_sku["Standard"] < mixed["deprecation"]["inference"][:10] < by_sku["ProvisionedManaged"]
    )


def test_retired_on_paper_but_available_in_words(azure):
    found = next(it for it in rows(azure, "models") if it["model"]["name"] == "gpt-35-turbo")
    assert found["model"]["lifecycleStatus"] == "GenerallyAvailable"
    assert found["model"]["deprecation"]["inference"] < "2026-11-18"


@pytest.mark.parametrize(
    ("name", "requests", "tokens"),
    [("o3-mini", 1, 10000), ("o1", 1, 6000), ("o3", 1, 1000), ("gpt-4o", 6, 1000)],
)
def test_a_unit_is_not_always_a_thousand_tokens(azure, name, requests, tokens):
    found = next(it["model"] for it in rows(azure, "models") if it["model"]["name"] == name)
    sku = next(it for it in found["skus"] if it["name"] == "GlobalStandard")
    rates = {it["key"]: it["count"] * 60 / it["renewalPeriod"] for it in sku["rateLimits"]}
    assert rates == {"request": requests, "token": tokens}


def test_whisper_has_requests_only(azure):
    found = next(it["model"] for it in rows(azure, "models") if it["model"]["name"] == "whisper")
    assert [it["key"] for it in found["skus"][0]["rateLimits"]] == ["request"]


def test_every_usage_name_of_a_model_has_its_row(azure):
    names = {it["name"]["value"] for it in rows(azure, "usages")}
    wanted = {sku["usageName"] for it in rows(azure, "models") for sku in it["model"]["skus"]}
    assert wanted <= names


def test_usages_look_as_recorded(azure):
    found = rows(azure, "usages")
    assert len(found) > 80
    assert all(set(it) == {"name", "currentValue", "limit", "unit"} for it in found)
    texts = [it["name"]["localizedValue"] for it in found]
    assert len(texts) > len(set(texts))
    assert any(it["limit"] == 0 for it in found)
    values = {it["name"]["value"] for it in found}
    assert values >= {
        "AccountCount",
        "OpenAI.GlobalBatch.gpt-4.1",
        "AIServices.GlobalStandard.MaaS",
    }
    assert all(it["currentValue"] <= it["limit"] for it in found)


def test_the_scope_of_a_pool_comes_with_newer_versions(contoso, signed, prod):
    azure, above = signed(contoso), f"/subscriptions/{prod}"
    assert "scopeType" not in rows(azure, "usages", version="2026-05-01", subscription=above)[0]
    seen = {}
    for region in ("westeurope", "eastus2"):
        for row in rows(azure, "usages", region, "2026-07-01", above):
            seen[region, row["name"]["value"]] = row
    pooled = [seen[it, "OpenAI.GlobalStandard.gpt-5"] for it in ("westeurope", "eastus2")]
    assert pooled[0] == pooled[1]
    assert (pooled[0]["scopeType"], pooled[0]["scopeId"]) == ("Global", "Global")
    assert pooled[0]["currentValue"] == 350
    zone = seen["eastus2", "OpenAI.DataZoneStandard.gpt-5"]
    assert (zone["scopeType"], zone["scopeId"]) == ("DataZone", "US")
    regional = seen["westeurope", "OpenAI.Standard.gpt-4o"]
    assert (regional["scopeType"], regional["scopeId"]) == ("Regional", "westeurope")
    assert seen["westeurope", "OpenAI.GlobalStandard.o1"]["scopeType"] is None
    assert seen["westeurope", "OpenAI.Standard.gpt-35-turbo"]["scopeType"] == "Classic"
    assert "id" in rows(azure, "usages", version="2026-09-15-preview", subscription=above)[0]


def test_a_pooled_model_is_refused_by_its_pool_in_any_region(contoso, signed, prod, path):
    azure = signed(contoso)
    place = path("ais-ops-supply-eus2", "RG-AI-Operations", prod) + "/deployments/route-planner"
    assert azure.patch(place, {"sku": {"capacity": 301}}).status_code == 400
    assert azure.patch(place, {"sku": {"capacity": 300}}).status_code == 200


def test_an_account_lists_models_without_the_wrapper(azure, weu):
    found = azure.get(f"{weu}/models").get_json()["value"]
    assert {it["format"] for it in found} == {"OpenAI"}
    assert "kind" not in found[0]


def test_an_unknown_location_is_refused(azure):
    path = f"{SMALL}/{PROVIDER}/locations/atlantis/usages"
    error = azure.get(path).get_json()["error"]
    assert error["code"] == "LocationNotAvailableForResourceType"


def test_capacities_say_what_is_left_of_each_pool(contoso, signed, prod):
    azure = signed(contoso)
    asked = {"modelFormat": "OpenAI", "modelName": "gpt-5", "modelVersion": "2025-08-07"}
    path = f"/subscriptions/{prod}/{PROVIDER}/modelCapacities"
    sent = {"query_string": asked | {"api-version": "2026-09-01"}}
    found = azure.get(path, None, **sent).get_json()["value"]
    pooled = [it for it in found if it["name"] == "GlobalStandard"]
    assert len({it["location"] for it in pooled}) > 6
    assert {it["properties"]["availableCapacity"] for it in pooled} == {150.0}
    assert {it["properties"]["scopeId"] for it in pooled} == {"Global"}
    near = path.replace("modelCapacities", "locations/westeurope/modelCapacities")
    (one,) = [it for it in azure.get(near, None, **sent).json["value"] if it in pooled]
    assert one["location"] == "WestEurope"
    assert one["id"].endswith("/models/OpenAI.gpt-5.2025-08-07/skuCapacities/GlobalStandard")
    assert azure.get(path, query_string=None).status_code == 400
