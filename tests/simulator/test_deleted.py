"""Accounts come and go: soft-deleted ones block their name and hold their quota for two days."""

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.mgmt.cognitiveservices.models import Account, AccountProperties, Sku

from simulator.app import Simulator

SMALL = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
WHERE = ("rg-ai-small", "aoai-small-weu")
GONE = ("westeurope", *WHERE)
NEW = ("rg-new", "aoai-new")


@pytest.fixture
def cognitive(small, sdk):
    return sdk(small).cognitive(SMALL)


def used(cognitive, usage="OpenAI.Standard.gpt-4o", region="westeurope"):
    rows = {it.name.value: it.current_value for it in cognitive.usages.list(region)}
    return rows[usage]


def made(name="aoai-new", **properties):
    return Account(
        kind="OpenAI",
        location="westeurope",
        sku=Sku(name="S0"),
        properties=AccountProperties(custom_sub_domain_name=name, **properties),
    )


def delete(cognitive):
    cognitive.accounts.begin_delete(*WHERE, polling_interval=0).result()


def test_a_deleted_account_is_listed_elsewhere_and_holds_its_quota(cognitive, chat, azure):
    delete(cognitive)
    assert [it.name for it in cognitive.accounts.list()] == ["ais-small-sdc"]
    with pytest.raises(ResourceNotFoundError):
        cognitive.accounts.get(*WHERE)
    with pytest.raises(ResourceNotFoundError):
        list(cognitive.deployments.list(*WHERE))
    assert azure.get(chat).status_code == 404
    (found,) = cognitive.deleted_accounts.list()
    assert found.id == (
        f"/subscriptions/{SMALL}/providers/Microsoft.CognitiveServices/locations/westeurope"
        "/resourceGroups/rg-ai-small/deletedAccounts/aoai-small-weu"
    )
    assert found.type == ("Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts")
    assert (found.kind, found.location) == ("OpenAI", "westeurope")
    assert found.properties.deletion_date.startswith("2026-11-18T13:30:00")
    assert found.properties.scheduled_purge_date.startswith("2026-11-20T13:30:00")
    assert cognitive.deleted_accounts.get(*GONE).name == "aoai-small-weu"
    with pytest.raises(ResourceNotFoundError):
        cognitive.deleted_accounts.get("eastus", *WHERE)
    assert used(cognitive) == 30


@pytest.mark.parametrize("slow", [False, True])
def test_a_purge_frees_name_and_quota(small, cognitive, clock, azure, weu, slow):
    small.control.configure(async_writes=slow, write_seconds=0)
    delete(cognitive)
    clock.move(seconds=1)
    azure.get(weu)
    cognitive.deleted_accounts.begin_purge(*GONE, polling_interval=0).result()
    clock.move(seconds=1)
    assert list(cognitive.deleted_accounts.list()) == []
    assert used(cognitive) == 0
    with pytest.raises(ResourceNotFoundError):
        cognitive.deleted_accounts.get(*GONE)
    cognitive.deleted_accounts.begin_purge(*GONE, polling_interval=0).result()
    again = cognitive.accounts.begin_create(*WHERE, made("aoai-small-weu"), polling_interval=0)
    assert again.result().name == "aoai-small-weu"
    assert list(cognitive.deployments.list(*WHERE)) == []


def test_it_is_purged_by_itself_after_two_days(cognitive, clock):
    delete(cognitive)
    clock.move(hours=47, minutes=59)
    assert used(cognitive) == 30
    clock.move(minutes=2)
    assert used(cognitive) == 0
    assert list(cognitive.deleted_accounts.list()) == []


def test_its_name_is_blocked_until_it_is_restored(cognitive):
    before = [it.as_dict() for it in cognitive.deployments.list(*WHERE)]
    delete(cognitive)
    with pytest.raises(ResourceExistsError) as refused:
        cognitive.accounts.begin_create(*WHERE, made("other"), polling=False)
    assert refused.value.error.code == "FlagMustBeSetForRestore"
    assert "has been soft-deleted" in refused.value.error.message
    with pytest.raises(ResourceExistsError) as refused:
        cognitive.accounts.begin_create(*NEW, made("aoai-small-weu"), polling=False)
    assert refused.value.error.code == "CustomDomainInUse"
    back = cognitive.accounts.begin_create(
        *WHERE, made("aoai-small-weu", restore=True), polling_interval=0
    ).result()
    assert back.tags["owner"] == "mira@contoso.com"
    assert list(cognitive.deleted_accounts.list()) == []
    after = [it.as_dict() for it in cognitive.deployments.list(*WHERE)]
    assert [(it["name"], it["sku"]) for it in after] == [(it["name"], it["sku"]) for it in before]
    assert used(cognitive) == 30


@pytest.mark.parametrize("slow", [False, True])
def test_an_account_is_created(small, cognitive, clock, slow):
    small.control.configure(async_writes=slow, write_seconds=0)
    found = cognitive.accounts.begin_create(*NEW, made(), polling_interval=0).result()
    assert found.properties.provisioning_state == "Succeeded"
    assert found.properties.custom_sub_domain_name == "aoai-new"
    clock.move(seconds=1)
    assert cognitive.accounts.get(*NEW).kind == "OpenAI"
    changed = cognitive.accounts.begin_create(*NEW, made(), polling_interval=0).result()
    assert changed.etag != found.etag


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kind": "OpenAI"}, 400, "LocationRequired"),
        ({"kind": "OpenAI", "location": "mars"}, 400, "LocationNotAvailableForResourceType"),
        ({"kind": "Tea", "location": "westeurope"}, 400, "InvalidApiSetId"),
        ({"kind": "OpenAI", "location": "westeurope", "properties": []}, 201, None),
        ({"kind": "OpenAI", "location": "westeurope", "properties": [1]}, 400,
         "InvalidRequestContent"),
        ({"kind": "OpenAI", "location": "westeurope", "properties": {"restore": True}}, 400,
         "CanNotRestoreANonExistingResource"),
    ],
)  # fmt: skip
def test_what_an_account_must_say(azure, path, body, status, code):
    answer = azure.put(path("fresh", "rg-new"), body)
    assert answer.status_code == status
    assert (answer.get_json().get("error") or {}).get("code") == code


def test_elsewhere_busy_and_absent(azure, weu, small, chat):
    answer = azure.put(weu, {"kind": "OpenAI", "location": "eastus"})
    assert answer.get_json()["error"]["code"] == "InvalidResourceLocation"
    small.control.configure(async_writes=True)
    azure.patch(chat, {"tags": {}})
    assert azure.delete(weu).get_json()["error"]["code"] == "RequestConflict"
    assert azure.delete(f"{weu}x").status_code == 204


def test_deleting_takes_time_where_writes_do(azure, weu, small, clock):
    small.control.configure(async_writes=True, write_seconds=30)
    answer = azure.delete(weu)
    assert answer.status_code == 202
    assert azure.get(weu).get_json()["properties"]["provisioningState"] == "Deleting"
    assert azure.delete(weu).status_code == 409
    clock.move(seconds=31)
    assert azure.get(weu).status_code == 404
    assert azure.follow(answer.headers["Azure-AsyncOperation"]).json["status"] == "Succeeded"
    assert azure.follow(answer.headers["Location"]).status_code == 204


def test_what_came_and_went_survives_a_restart(tmp_path, sdk, clock):
    file = tmp_path / "world.db"
    first = Simulator(file, scenario="small", clock=clock)
    delete(sdk(first).cognitive(SMALL))
    sdk(first).cognitive(SMALL).accounts.begin_create(*NEW, made(), polling_interval=0)
    first.world.close()
    second = Simulator(file, scenario="small", clock=clock)
    again = sdk(second).cognitive(SMALL)
    assert [it.name for it in again.deleted_accounts.list()] == ["aoai-small-weu"]
    assert {it.name for it in again.accounts.list()} == {"ais-small-sdc", "aoai-new"}
    assert used(again) == 30
    back = made("aoai-small-weu", restore=True)
    again.accounts.begin_create(*WHERE, back, polling_interval=0).result()
    delete(again)
    again.deleted_accounts.begin_purge(*GONE, polling_interval=0).result()
    again.accounts.begin_create(*WHERE, made("aoai-small-weu"), polling_interval=0)
    second.world.close()
    third = Simulator(file, scenario="small", clock=clock)
    last = sdk(third).cognitive(SMALL)
    assert list(last.deployments.list(*WHERE)) == []
    assert used(last) == 0
    third.world.close()


def test_contoso_holds_quota_in_a_deleted_account(contoso, sdk, prod):
    cognitive = sdk(contoso).cognitive(prod)
    (found,) = cognitive.deleted_accounts.list()
    assert found.name == "aoai-retail-pilot-weu"
    usage = "OpenAI.GlobalStandard.gpt-4o-mini"
    assert used(cognitive, usage) == 1000
    group = found.id.split("/")[8]
    cognitive.deleted_accounts.begin_purge(
        found.location, group, found.name, polling_interval=0
    ).result()
    assert used(cognitive, usage) == 900


def test_a_throttled_and_an_idle_deployment_share_a_full_pool(contoso, sdk, prod):
    cognitive = sdk(contoso).cognitive(prod)
    busy = cognitive.deployments.get("rg-ai-retail-prod", "aoai-retail-online-weu", "shop-chat")
    idle = cognitive.deployments.get("rg-ai-retail-prod", "aoai-retail-stores-weu", "season-finder")
    assert busy.properties.model.name == idle.properties.model.name == "gpt-4o-mini"
    assert busy.sku.name == idle.sku.name == "GlobalStandard"
    row = next(
        it
        for it in cognitive.usages.list("westeurope")
        if it.name.value == "OpenAI.GlobalStandard.gpt-4o-mini"
    )
    assert row.current_value == row.limit


def test_the_crowded_estate_has_such_a_pair_under_the_small_one_s_ids(clock, sdk):
    crowded = Simulator(scenario="crowded", clock=clock)
    cognitive = sdk(crowded).cognitive(SMALL)
    sku = {it.name: (it.properties.model.name, it.sku) for it in cognitive.deployments.list(*WHERE)}
    assert sku["busy"][0] == sku["quiet"][0]
    assert used(cognitive, "OpenAI.GlobalStandard.gpt-4o-mini") == 55
    with pytest.raises(HttpResponseError) as refused:
        cognitive.deployments.begin_update(
            *WHERE, "busy", {"sku": {"name": "GlobalStandard", "capacity": 21}}, polling=False
        )
    assert refused.value.error.code == "InsufficientQuota"


def test_a_delete_and_a_purge_that_fail_leave_what_there_was(cognitive, small, azure, weu, clock):
    small.control.fault("fails", seconds=5)
    assert azure.delete(weu).status_code == 202
    clock.move(seconds=6)
    assert azure.get(weu).get_json()["properties"]["provisioningState"] == "Succeeded"
    assert used(cognitive) == 30
    delete(cognitive)
    small.control.fault("fails", seconds=5)
    gone = next(iter(cognitive.deleted_accounts.list())).id
    assert azure.delete(gone).status_code == 202
    (found,) = cognitive.deleted_accounts.list()
    assert found.properties.provisioning_state == "Deleting"
    assert azure.delete(gone).status_code == 409
    clock.move(seconds=6)
    (found,) = cognitive.deleted_accounts.list()
    assert found.properties.provisioning_state == "Succeeded"
    assert used(cognitive) == 30
    number = small.control.fault("stuck")
    assert azure.delete(gone).status_code == 202
    clock.move(hours=1)
    assert used(cognitive) == 30
    small.control.clear(number)
    assert used(cognitive) == 0
