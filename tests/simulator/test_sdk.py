"""The real SDKs read and write this Azure and notice nothing."""

from datetime import timedelta

import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ResourceExistsError,
    ResourceNotFoundError,
    ServiceRequestError,
)
from azure.mgmt.cognitiveservices.models import (
    Deployment,
    DeploymentModel,
    DeploymentProperties,
    PatchResourceTagsAndSku,
    Sku,
)
from azure.mgmt.resourcegraph.models import QueryRequest, QueryRequestOptions

SMALL = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
WHERE = ("rg-ai-small", "aoai-small-weu")


@pytest.fixture
def cognitive(small, sdk):
    return sdk(small).cognitive(SMALL)


def test_subscriptions_and_tenants(contoso, sdk):
    client = sdk(contoso).subscriptions
    found = {it.display_name: it.state for it in client.subscriptions.list()}
    assert found["Contoso AI Production"] == "Enabled"
    assert found["Contoso AI Pilot 2024"] == "Disabled"
    assert len(found) == 6
    assert [it.default_domain for it in client.tenants.list()] == ["contoso.com"]
    assert client.subscriptions.get("6f1d8c52-3b7e-4a90-9c44-1de2a7b05f31").tags
    with pytest.raises(HttpResponseError) as refused:
        client.subscriptions.get("f58a01c3-7d2b-49e6-8c17-b6e09d34a5f2")
    assert refused.value.status_code == 403


def test_accounts_and_deployments_page_by_page(small, cognitive):
    small.control.configure(page_size=1)
    assert [it.name for it in cognitive.accounts.list()] == ["aoai-small-weu", "ais-small-sdc"]
    names = [it.name for it in cognitive.deployments.list(*WHERE)]
    assert names == ["busy", "chat", "quiet"]
    assert cognitive.accounts.get(*WHERE).properties.provisioning_state == "Succeeded"
    assert [it.kind for it in cognitive.accounts.list_by_resource_group("rg-ai-small")]


def test_models_usages_and_skus(cognitive):
    models = list(cognitive.models.list("westeurope"))
    assert 40 <= len(models) <= 70
    usages = {it.name.value: it for it in cognitive.usages.list("westeurope")}
    chat = cognitive.deployments.get(*WHERE, "chat")
    matched = next(
        it
        for it in models
        if (it.kind, it.model.name, it.model.version)
        == ("OpenAI", "gpt-4o", chat.properties.model.version)
    )
    sku = next(it for it in matched.model.skus if it.name == chat.sku.name)
    assert sku.cost is None
    assert sku.additional_properties["costs"][0]["unit"] == "1K Tokens"
    assert usages[sku.usage_name].current_value == 30.0
    assert [it.sku.name for it in cognitive.deployments.list_skus(*WHERE, "chat")] == ["Standard"]
    assert cognitive.accounts.list_models(*WHERE).next().name
    assert next(iter(cognitive.resource_skus.list())).name == "S0"


def test_newer_versions_through_the_same_client(small, sdk):
    newer = sdk(small).cognitive(SMALL, api_version="2026-09-01")
    row = next(iter(newer.usages.list("westeurope")))
    assert row.additional_properties["scopeType"] == "Regional"
    chat = newer.deployments.get(*WHERE, "chat")
    assert chat.properties.additional_properties["deploymentState"] == "Running"


@pytest.mark.parametrize("slow", [False, True])
def test_patch_put_and_delete_to_their_end(small, cognitive, clock, slow):
    small.control.configure(async_writes=slow, write_seconds=0)
    patch = PatchResourceTagsAndSku(sku=Sku(name="Standard", capacity=40))
    poller = cognitive.deployments.begin_update(*WHERE, "chat", patch, polling_interval=0)
    assert poller.result().sku.capacity == 40
    clock.move(seconds=1)
    model = DeploymentModel(format="OpenAI", name="gpt-4o", version="2024-11-20")
    fresh = Deployment(
        sku=Sku(name="Standard", capacity=5), properties=DeploymentProperties(model=model)
    )
    made = cognitive.deployments.begin_create_or_update(*WHERE, "new", fresh, polling_interval=0)
    assert made.result().properties.provisioning_state == "Succeeded"
    clock.move(seconds=1)
    cognitive.deployments.begin_delete(*WHERE, "new", polling_interval=0).result()
    with pytest.raises(ResourceNotFoundError):
        cognitive.deployments.get(*WHERE, "new")


def test_refusals_are_the_sdk_s_own_exceptions(small, cognitive):
    patch = PatchResourceTagsAndSku(sku=Sku(name="Standard", capacity=4000))
    with pytest.raises(HttpResponseError) as refused:
        cognitive.deployments.begin_update(*WHERE, "chat", patch, polling=False)
    assert refused.value.error.code == "InsufficientQuota"
    small.control.fault("conflict")
    with pytest.raises(ResourceExistsError) as refused:
        cognitive.deployments.begin_update(*WHERE, "chat", patch, polling=False)
    assert refused.value.error.code == "RequestConflict"
    small.control.fault("fail", status=401, code="ExpiredAuthenticationToken")
    with pytest.raises(ClientAuthenticationError):
        cognitive.deployments.get(*WHERE, "chat")
    small.control.fault("null_value")
    with pytest.raises(TypeError):
        list(cognitive.deployments.list(*WHERE))
    small.control.fault("drop")
    with pytest.raises(ServiceRequestError):
        cognitive.deployments.get(*WHERE, "chat")


def test_resource_graph_in_pages(contoso, sdk):
    client = sdk(contoso).graph
    query = (
        "resources | where type =~ 'microsoft.cognitiveservices/accounts' "
        "| where kind in~ ('OpenAI','AIServices') "
        "| project id, name, location, unit=tags['business-unit'] "
        "| order by id asc"
    )
    rows, token = [], None
    while True:
        options = QueryRequestOptions(top=10, skip_token=token)
        page = client.resources(QueryRequest(query=query, options=options))
        assert page.result_truncated == "false"
        rows += page.data
        token = page.skip_token
        if token is None:
            break
    assert page.total_records == len(rows) == 31
    assert not any("treasury" in it["name"] for it in rows)
    assert all(it["location"].islower() for it in rows)


def test_metrics_batch(small, sdk, path):
    client = sdk(small).metrics("westeurope")
    (result,) = client.query_resources(
        resource_ids=[path("aoai-small-weu")],
        metric_namespace="Microsoft.CognitiveServices/accounts",
        metric_names=["TokenTransaction"],
        granularity=timedelta(hours=1),
        aggregations=["Total"],
        filter="ModelDeploymentName eq '*'",
        max_results=100,
    )
    (metric,) = result.metrics
    assert {it.metadata_values["modeldeploymentname"] for it in metric.timeseries} == {
        "busy",
        "chat",
    }


def test_model_capacities(cognitive):
    model = ("OpenAI", "gpt-4o", "2024-11-20")
    everywhere = list(cognitive.model_capacities.list(*model))
    here = list(cognitive.location_based_model_capacities.list("westeurope", *model))
    assert len(everywhere) > len(here)
    standard = next(it for it in here if it.properties.sku_name == "Standard")
    assert standard.properties.available_capacity == 70.0
