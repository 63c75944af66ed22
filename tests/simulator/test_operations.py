"""Writes that come late, never end or fail; busy accounts; and others who write at a bad moment."""

import json
from urllib.parse import quote

import pytest
from azure.core.exceptions import HttpResponseError
from werkzeug.test import Client

from simulator.app import Simulator

SMALL = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
WHERE = ("rg-ai-small", "aoai-small-weu")
LOG = "/providers/Microsoft.Insights/eventtypes/management/values"


def to(capacity):
    return {"sku": {"name": "Standard", "capacity": capacity}}


def capacity(azure, chat):
    body = azure.get(chat).get_json()
    return body["sku"]["capacity"], body["properties"]["currentCapacity"]


def code(answer):
    return answer.get_json()["error"]["code"]


def used(azure, usage="OpenAI.Standard.gpt-4o", region="westeurope", version="2025-09-01"):
    above = f"/subscriptions/{SMALL}/providers/Microsoft.CognitiveServices/locations"
    rows = azure.get(f"{above}/{region}/usages", version).get_json()["value"]
    return next(it for it in rows if it["name"]["value"] == usage)["currentValue"]


def ended(azure):
    """Status and start of every ended write, oldest first."""
    text = quote("eventTimestamp ge '2026-11-18T13:00:00Z'")
    rows = azure.get(f"/subscriptions/{SMALL}{LOG}?$filter={text}", "2015-04-01").get_json()
    last = [it for it in rows["value"][::-1] if it["eventName"]["value"] == "EndRequest"]
    return [(it["status"]["value"], it["eventTimestamp"][11:19], it["caller"]) for it in last]


# --- late -------------------------------------------------------------------------------------


def test_a_late_write_lands_at_its_own_time_over_what_came_between(small, azure, chat, clock):
    small.control.configure(activity_delay_s=0)
    small.control.fault("late", seconds=90)
    assert azure.patch(chat, to(40)).status_code == 504
    clock.move(seconds=60)
    small.control.portal("PATCH", chat, to(50))
    clock.move(hours=1)
    body = azure.get(chat).get_json()
    assert body["sku"]["capacity"] == 40
    assert body["systemData"]["lastModifiedAt"].startswith("2026-11-18T13:31:30")
    assert ended(azure) == [
        ("Succeeded", "13:31:00", "portal.user@contoso.com"),
        ("Succeeded", "13:31:30", "ada@contoso.com"),
    ]


def test_late_writes_land_in_the_order_of_their_times(small, azure, chat, clock):
    small.control.fault("late", seconds=90)
    azure.patch(chat, to(40))
    small.control.fault("late", seconds=30)
    azure.patch(chat, to(50))
    clock.move(hours=1)
    assert capacity(azure, chat) == (40, 40)


@pytest.mark.parametrize(("honoured", "left"), [(True, 50), (False, 40)])
def test_a_late_write_honours_if_match_where_azure_does(small, azure, chat, clock, honoured, left):
    small.control.configure(honour_if_match=honoured, activity_delay_s=0)
    small.control.fault("late", seconds=90)
    etag = azure.get(chat).get_json()["etag"]
    azure.patch(chat, to(40), headers={"If-Match": etag})
    small.control.portal("PATCH", chat, to(50))
    clock.move(seconds=100)
    assert capacity(azure, chat) == (left, left)
    assert ended(azure)[-1][0] == ("Failed" if honoured else "Succeeded")


def test_a_late_write_that_no_longer_fits_is_dropped(small, azure, chat, weu, clock):
    small.control.configure(activity_delay_s=0)
    small.control.fault("late", seconds=90)
    azure.patch(chat, to(90))
    model = {"format": "OpenAI", "name": "gpt-4o", "version": "2024-11-20"}
    azure.put(f"{weu}/deployments/more", to(20) | {"properties": {"model": model}})
    clock.move(seconds=100)
    assert capacity(azure, chat) == (30, 30)
    assert used(azure) == 50
    assert [it[0] for it in ended(azure)] == ["Succeeded", "Failed"]


def test_a_late_write_meets_an_account_as_it_was_then(small, azure, chat, weu, clock):
    small.control.configure(async_writes=True, write_seconds=60)
    small.control.fault("late", seconds=30)
    azure.patch(chat, to(40))
    azure.patch(f"{weu}/deployments/busy", {"tags": {}})
    clock.move(hours=1)
    assert capacity(azure, chat) == (30, 30)


# --- operations that do not end well ----------------------------------------------------------


def test_a_stuck_operation_ends_when_it_is_cleared(small, azure, chat, weu, clock):
    number = small.control.fault("stuck", path="/deployments/chat")
    answer = azure.patch(chat, to(60))
    assert answer.status_code == 202
    follow = answer.headers["Azure-AsyncOperation"]
    clock.move(days=1)
    assert azure.follow(follow).json["status"] == "Running"
    assert azure.follow(answer.headers["Location"]).status_code == 202
    assert capacity(azure, chat) == (60, 30)
    assert azure.get(chat).get_json()["properties"]["provisioningState"] == "Accepted"
    assert code(azure.patch(f"{weu}/deployments/busy", {"tags": {}})) == "RequestConflict"
    assert [it["kind"] for it in small.control.state()["faults"]] == ["stuck"]
    small.control.clear(number)
    assert azure.follow(follow).json["status"] == "Succeeded"
    assert capacity(azure, chat) == (60, 60)
    assert azure.patch(f"{weu}/deployments/busy", {"tags": {}}).status_code == 200


def test_what_is_stuck_is_still_stuck_after_a_restart(tmp_path, signed, clock, path):
    file, chat = tmp_path / "world.db", path("aoai-small-weu") + "/deployments/chat"
    first = Simulator(file, scenario="small", clock=clock)
    first.control.fault("stuck")
    signed(first).patch(chat, to(60))
    first.world.close()
    second = Simulator(file, scenario="small", clock=clock)
    assert capacity(signed(second), chat) == (60, 30)
    second.control.clear()
    assert capacity(signed(second), chat) == (60, 60)
    second.world.close()


@pytest.mark.parametrize("outcome", ["Failed", "Canceled"])
def test_an_operation_fails_and_leaves_the_old_capacity(small, azure, chat, clock, outcome):
    small.control.configure(activity_delay_s=0)
    small.control.fault("fails", seconds=30, outcome=outcome, code="CapacityLost", message="Gone.")
    before = azure.get(chat).get_json()
    answer = azure.patch(chat, to(60))
    assert (answer.status_code, used(azure)) == (202, 60)
    clock.move(seconds=31)
    status = azure.follow(answer.headers["Azure-AsyncOperation"]).json
    assert status["status"] == outcome
    assert status["error"] == {"code": "CapacityLost", "message": "Gone."}
    after = azure.get(chat).get_json()
    assert capacity(azure, chat) == (30, 30)
    assert after["properties"]["provisioningState"] == outcome
    assert after["etag"] != before["etag"]
    assert used(azure) == 30
    clock.move(seconds=1)
    assert [it[0] for it in ended(azure)] == ["Accepted", "Failed"]
    assert azure.patch(chat, to(31)).get_json()["properties"]["provisioningState"] == "Succeeded"


def test_the_sdk_hears_of_the_failure(small, sdk):
    small.control.fault("fails", seconds=0, code="InsufficientQuota", message="Taken.")
    cognitive = sdk(small).cognitive(SMALL)
    poller = cognitive.deployments.begin_update(*WHERE, "chat", to(60), polling_interval=0)
    with pytest.raises(HttpResponseError) as failed:
        poller.result()
    assert failed.value.error.code == "InsufficientQuota"


def test_a_create_and_a_delete_that_fail(small, azure, chat, weu, clock):
    small.control.fault("fails", times=2, seconds=10)
    model = {"format": "OpenAI", "name": "gpt-4o", "version": "2024-11-20"}
    fresh = f"{weu}/deployments/fresh"
    assert azure.put(fresh, to(5) | {"properties": {"model": model}}).status_code == 201
    clock.move(seconds=11)
    assert azure.get(fresh).get_json()["properties"]["provisioningState"] == "Failed"
    assert azure.delete(chat).status_code == 202
    clock.move(seconds=11)
    assert capacity(azure, chat) == (30, 30)
    assert azure.delete(fresh).status_code == 200
    assert used(azure) == 30


def test_an_operation_is_forgotten_by_order_or_after_a_day(small, azure, chat, clock):
    small.control.configure(async_writes=True, write_seconds=30)
    follow = azure.patch(chat, to(60)).headers["Azure-AsyncOperation"]
    small.control.fault("gone", times=2)
    assert azure.get(chat).status_code == 200
    assert azure.follow(follow).status_code == 404
    assert code(azure.follow(follow)) == "OperationNotFound"
    assert azure.follow(follow).status_code == 200
    clock.move(hours=25)
    assert azure.follow(follow).status_code == 404
    assert capacity(azure, chat) == (60, 60)


# --- a busy account ---------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [9, 11])
def test_an_account_is_busy_for_so_long(small, azure, chat, clock, minutes):
    small.control.fault("busy", path=chat, seconds=minutes * 60)
    clock.move(seconds=minutes * 60 - 1)
    answer = azure.patch(chat, to(31))
    assert (answer.status_code, code(answer)) == (409, "RequestConflict")
    assert small.control.portal("PATCH", chat, to(31))["status"] == 409
    assert azure.get(chat).status_code == 200
    clock.move(seconds=1)
    assert azure.patch(chat, to(31)).status_code == 200
    assert small.control.state()["faults"] == []


def test_an_account_is_busy_until_it_is_let_go(small, azure, chat, weu, path, clock):
    number = small.control.fault("busy", path="aoai-small-weu")
    clock.move(days=30)
    assert code(azure.patch(chat, to(31))) == "RequestConflict"
    assert code(azure.patch(weu, {"tags": {}})) == "RequestConflict"
    elsewhere = path("ais-small-sdc") + "/deployments/assist"
    assert azure.patch(elsewhere, {"tags": {}}).status_code == 200
    small.control.clear(number)
    assert azure.patch(chat, to(31)).status_code == 200


def test_a_reset_lets_everything_go(small, azure, chat):
    small.control.fault("busy")
    small.control.fault("stuck")
    small.control.reset()
    assert azure.patch(chat, to(31)).status_code == 200


def test_throttled_for_a_day(small, azure, chat):
    small.control.fault("throttle", retry_after=86_400)
    answer = azure.patch(chat, to(31))
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "86400"
    assert capacity(azure, chat) == (30, 30)


# --- somebody else ----------------------------------------------------------------------------


def test_a_portal_user_writes_after_so_many_seconds(small, azure, chat, clock):
    small.control.meddle("PATCH", chat, to(44), seconds=60)
    assert [it["kind"] for it in small.control.state()["faults"]] == ["portal_later"]
    clock.move(seconds=59)
    assert capacity(azure, chat) == (30, 30)
    clock.move(hours=1)
    body = azure.get(chat).get_json()
    assert body["sku"]["capacity"] == 44
    assert body["systemData"]["lastModifiedBy"] == "portal.user@contoso.com"
    assert body["systemData"]["lastModifiedAt"].startswith("2026-11-18T13:31:00")
    assert small.control.state()["faults"] == []


def test_a_portal_user_writes_between_a_look_and_the_change(small, azure, chat):
    small.control.configure(honour_if_match=True)
    small.control.meddle("PATCH", chat, to(44), before=chat)
    etag = azure.get(chat).get_json()["etag"]
    assert azure.patch(chat, to(31), headers={"If-Match": etag}).status_code == 412
    assert capacity(azure, chat) == (44, 44)
    assert azure.patch(chat, to(31)).status_code == 200


def test_a_portal_user_writes_right_after_a_change_or_a_look(small, azure, chat):
    small.control.meddle("PATCH", chat, to(44), after="/deployments/chat")
    assert azure.patch(chat, to(31)).get_json()["sku"]["capacity"] == 31
    assert capacity(azure, chat) == (44, 44)
    small.control.meddle("PATCH", chat, to(45), after=chat, on="GET")
    assert capacity(azure, chat) == (44, 44)
    assert capacity(azure, chat) == (45, 45)


def test_a_portal_user_may_be_refused_and_changes_nothing_then(small, azure, chat):
    small.control.meddle("PATCH", chat, to(4444), before=chat)
    assert azure.patch(chat, to(31)).status_code == 200
    assert capacity(azure, chat) == (31, 31)


@pytest.mark.parametrize("when", [{"seconds": 5}, {"before": "chat"}, {"after": "chat"}])
def test_a_portal_user_can_be_called_off(small, azure, chat, clock, when):
    number = small.control.meddle("DELETE", chat, **when)
    small.control.clear(number)
    clock.move(minutes=1)
    azure.patch(chat, to(31))
    assert capacity(azure, chat) == (31, 31)


@pytest.mark.parametrize(
    "when", [{}, {"seconds": 5, "before": "x"}, {"before": 3}, {"seconds": "soon"}, {"on": 7}]
)
def test_meddling_needs_one_moment(small, chat, when):
    local = Client(small)
    words = {"method": "PATCH", "path": chat, "body": to(3)}
    assert local.post("/_simulator/meddling", json=words | when).status_code == 400
    assert small.control.state()["faults"] == []


def test_meddling_over_http(small, azure, chat):
    words = {"method": "PATCH", "path": chat, "body": to(44), "before": chat, "who": "eve@x.y"}
    answer = Client(small).post("/_simulator/meddling", json=words)
    assert set(json.loads(answer.data)) == {"id"}
    azure.patch(chat, {"tags": {}})
    assert capacity(azure, chat) == (44, 44)


# --- quota ------------------------------------------------------------------------------------


def test_usages_lag_and_claims_do_not(small, azure, chat, sdk, clock):
    small.control.configure(usages_lag_s=120)
    azure.patch(chat, to(100))
    assert used(azure) == 30
    free = sdk(small).cognitive(SMALL).location_based_model_capacities
    model = ("westeurope", "OpenAI", "gpt-4o", "2024-11-20")
    (standard,) = (it for it in free.list(*model) if it.properties.sku_name == "Standard")
    assert standard.properties.available_capacity == 70
    assert code(azure.patch(chat, to(101))) == "InsufficientQuota"
    clock.move(seconds=60)
    azure.patch(chat, to(20))
    clock.move(seconds=61)
    assert used(azure) == 100
    clock.move(seconds=60)
    assert used(azure) == 20


def test_a_lag_shows_nothing_of_a_restart(tmp_path, signed, clock, path):
    file, chat = tmp_path / "world.db", path("aoai-small-weu") + "/deployments/chat"
    first = Simulator(file, scenario="small", clock=clock)
    first.control.configure(usages_lag_s=120)
    signed(first).patch(chat, to(60))
    first.world.close()
    second = Simulator(file, scenario="small", clock=clock)
    assert used(signed(second)) == 60
    second.world.close()


def test_ptu_capacity_may_be_gone(contoso, signed, sdk, path, prod):
    azure = signed(contoso)
    ptu = path("aoai-ptu-sdc", "rg-ai-ptu", prod) + "/deployments/banking-ptu"
    contoso.control.configure(ptu_supply="scarce")

    def change(capacity):
        return azure.patch(ptu, {"sku": {"name": "ProvisionedManaged", "capacity": capacity}})

    assert change(50).status_code == 200
    answer = change(100)
    assert (answer.status_code, code(answer)) == (400, "InsufficientResourcesAvailable")
    assert capacity(azure, ptu) == (50, 50)
    free = list(
        sdk(contoso).cognitive(prod).model_capacities.list("OpenAI", "gpt-4.1", "2025-04-14")
    )
    assert {it.properties.available_capacity for it in free if "Provisioned" in it.name} == {0}
    assert any(it.properties.available_capacity for it in free)
    contoso.control.configure(ptu_supply="plenty")
    assert change(100).status_code == 200


def test_a_wide_pool_is_one_in_all_its_regions(contoso, signed, prod):
    azure, above = signed(contoso), f"/subscriptions/{prod}/providers/Microsoft.CognitiveServices"

    def rows(usage, version="2026-07-01"):
        found = {}
        for region in ("westeurope", "eastus2", "swedencentral"):
            values = azure.get(f"{above}/locations/{region}/usages", version).get_json()["value"]
            row = next(it for it in values if it["name"]["value"] == usage)
            found[region] = (
                row.get("scopeType"), row.get("scopeId"), row["currentValue"], row["limit"],
            )  # fmt: skip
        return found

    pooled = "OpenAI.GlobalStandard.gpt-5"
    assert set(rows(pooled).values()) == {("Global", "Global", 350, 500)}
    assert set(rows(pooled, "2025-09-01").values()) == {(None, None, 350, 500)}
    zoned = rows("OpenAI.DataZoneStandard.gpt-5")
    assert zoned["westeurope"] == zoned["swedencentral"]
    assert zoned["westeurope"][:2] == ("DataZone", "EU")
    assert zoned["eastus2"][:2] == ("DataZone", "US")
    accounts = f"/subscriptions/{prod}/resourceGroups/RG-AI-Operations/providers"
    desk = f"{accounts}/Microsoft.CognitiveServices/accounts/ais-ops-service-weu"
    sku = {"name": "GlobalStandard", "capacity": 351}
    assert code(azure.patch(f"{desk}/deployments/service-desk", {"sku": sku})) == (
        "InsufficientQuota"
    )
    sku["capacity"] = 350
    assert azure.patch(f"{desk}/deployments/service-desk", {"sku": sku}).status_code == 200
    assert {it[2] for it in rows(pooled).values()} == {500}
    planner = f"{accounts}/Microsoft.CognitiveServices/accounts/ais-ops-supply-eus2"
    sku["capacity"] = 151
    assert azure.patch(f"{planner}/deployments/route-planner", {"sku": sku}).status_code == 400


def test_a_deployment_that_a_client_made_has_metrics_without_data(azure, weu, clock):
    model = {"format": "OpenAI", "name": "gpt-4o", "version": "2024-11-20"}
    body = to(5) | {"properties": {"model": model}}
    azure.put(f"{weu}/deployments/fresh", body)
    clock.move(hours=2)
    only = {"filter": "ModelDeploymentName eq 'fresh'", "interval": "PT1H"}
    for name in ("AzureOpenAIRequests", "TokenTransaction", "AzureOpenAITimeToResponse"):
        (value,) = azure.batch([weu], name, **only)
        assert value["value"][0]["timeseries"] == []
    azure.delete(f"{weu}/deployments/fresh")
    assert used(azure) == 30
    assert azure.batch([weu], "AzureOpenAIRequests", **only)


# --- tiers ------------------------------------------------------------------------------------


def test_the_tier_of_a_subscription(contoso, sdk, prod, clock):
    tiers = sdk(contoso).cognitive(prod).quota_tiers
    (tier,) = tiers.list_by_subscription()
    assert tier.name == "default"
    assert tier.id == (
        f"/subscriptions/{prod}/providers/Microsoft.CognitiveServices/quotaTiers/default"
    )
    assert tier.properties.current_tier_name == "Tier 3"
    assert tier.properties.tier_upgrade_policy == "OnceUpgradeIsAvailable"
    following = tier.properties.tier_upgrade_eligibility_info
    assert following.next_tier_name == "Tier 4"
    assert following.upgrade_availability_status == "Available"
    clock.move(days=13)
    assert tiers.get("default").properties.current_tier_name == "Tier 4"


def test_its_policy_can_be_chosen_and_nothing_else(sdk, prod, clock, tmp_path):
    small = Simulator(tmp_path / "world.db", clock=clock)
    tiers = sdk(small).cognitive(prod).quota_tiers
    stay = {"properties": {"tierUpgradePolicy": "NoAutoUpgrade", "currentTierName": "Tier 6"}}
    assert tiers.update("default", stay).properties.tier_upgrade_policy == "NoAutoUpgrade"
    with pytest.raises(HttpResponseError):
        tiers.update("default", {"properties": {"tierUpgradePolicy": "Perhaps"}})
    small.world.close()
    again = Simulator(tmp_path / "world.db", clock=clock)
    clock.move(days=13)
    found = sdk(again).cognitive(prod).quota_tiers.get("default").properties
    assert (found.current_tier_name, found.tier_upgrade_policy) == ("Tier 3", "NoAutoUpgrade")
    go = {"properties": {"tierUpgradePolicy": "OnceUpgradeIsAvailable"}}
    done = sdk(again).cognitive(prod).quota_tiers.create_or_update("default", go)
    assert done.properties.current_tier_name == "Tier 4"
    again.world.close()


def test_a_tier_may_say_nothing_of_the_next(contoso, sdk):
    eu = sdk(contoso).cognitive("17e5f3d8-c60a-4b29-a7f1-905d4eb8c263").quota_tiers.get("default")
    assert eu.properties.tier_upgrade_eligibility_info is None
    dev = sdk(contoso).cognitive("d40b6a17-92ce-4e8f-b1d5-2f6c08e3a974").quota_tiers.get("default")
    following = dev.properties.tier_upgrade_eligibility_info
    assert following.upgrade_availability_status == "NotAvailable"
    assert following.upgrade_unavailability_reason
