"""Writes to deployments: what they change, what they refuse, and in which words."""

import pytest


def gpt4o(capacity, sku="Standard", version="2024-11-20", **properties):
    model = {"format": "OpenAI", "name": "gpt-4o", "version": version}
    return {
        "sku": {"name": sku, "capacity": capacity},
        "properties": {"model": model, **properties},
    }


def used(azure, usage="OpenAI.Standard.gpt-4o", region="westeurope"):
    above = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590"
    path = f"{above}/providers/Microsoft.CognitiveServices/locations/{region}/usages"
    rows = azure.get(path).get_json()["value"]
    row = next(it for it in rows if it["name"]["value"] == usage)
    return row["currentValue"], row["limit"]


def test_a_deployment_looks_as_recorded(azure, chat):
    answer = azure.get(chat)
    body = answer.get_json()
    keys = {"id", "type", "name", "sku", "properties", "systemData", "etag", "tags"}
    assert set(body) == keys
    assert set(body["properties"]) == {
        "model",
        "versionUpgradeOption",
        "currentCapacity",
        "capabilities",
        "provisioningState",
        "rateLimits",
    }
    assert body["properties"]["rateLimits"] == [
        {"key": "request", "renewalPeriod": 10, "count": 30},
        {"key": "token", "renewalPeriod": 60, "count": 30000},
    ]
    assert answer.headers["etag"] == body["etag"]
    assert body["etag"].startswith('"')
    assert all(isinstance(it, str) for it in body["properties"]["capabilities"].values())
    assert len(body["systemData"]["createdAt"]) == len("2025-10-28T14:48:25.3936328Z")


def test_newer_versions_have_newer_fields(azure, chat):
    newer = azure.get(chat, "2025-12-01").get_json()["properties"]
    assert newer["deploymentState"] == "Running"
    assert newer["serviceTier"] is None
    assert "deploymentState" not in azure.get(chat).get_json()["properties"]


def test_capacity_moves_its_quota_row_by_the_difference(azure, chat):
    assert used(azure) == (30, 100)
    before = azure.get(chat).get_json()
    body = azure.patch(chat, {"sku": {"name": "Standard", "capacity": 45}}).get_json()
    assert used(azure) == (45, 100)
    assert body["sku"]["capacity"] == body["properties"]["currentCapacity"] == 45
    assert body["properties"]["rateLimits"][1]["count"] == 45000
    assert body["etag"] != before["etag"]
    assert body["systemData"]["lastModifiedBy"] == "ada@contoso.com"
    azure.patch(chat, {"sku": {"name": "Standard", "capacity": 5}})
    assert used(azure) == (5, 100)


def test_too_much_is_refused_in_the_recorded_sentence(azure, chat):
    answer = azure.patch(chat, {"sku": {"name": "Standard", "capacity": 101}})
    assert answer.status_code == 400
    words = "quota Tokens Per Minute (thousands) - gpt-4o"
    assert answer.get_json()["error"] == {
        "code": "InsufficientQuota",
        "message": f"This operation require 71 new capacity in {words}, which is bigger than the "
        "current available capacity 70. The current quota usage is 30 and the quota limit is 100 "
        f"for {words}.",
    }
    assert used(azure) == (30, 100)
    assert azure.patch(chat, {"sku": {"name": "Standard", "capacity": 100}}).status_code == 200


def test_the_older_wording_can_be_had(small, azure, chat):
    small.control.configure(quota_wording="older")
    answer = azure.patch(chat, {"sku": {"name": "Standard", "capacity": 101}})
    assert answer.get_json()["error"]["message"] == (
        "The specified capacity '71' of account deployment is bigger than available capacity '70' "
        "for UsageName 'Tokens Per Minute (thousands) - gpt-4o'."
    )


def test_tags_replace_the_whole_set_and_leave_capacity(azure, chat):
    azure.patch(chat, {"tags": {"a": "1", "b": "2"}})
    body = azure.patch(chat, {"tags": {"c": "3"}}).get_json()
    assert body["tags"] == {"c": "3"}
    assert body["sku"]["capacity"] == 30
    assert azure.patch(chat, {"sku": {"capacity": 31}}).get_json()["tags"] == {"c": "3"}


@pytest.mark.parametrize("body", [{"properties": {}}, {"sku": {"name": "Standard"}, "x": 1}])
def test_a_patch_takes_tags_and_sku_only(azure, chat, body):
    assert azure.patch(chat, body).get_json()["error"]["code"] == "InvalidRequestContent"


def test_put_creates_with_201_and_replaces_with_200(azure, weu):
    fresh = azure.put(f"{weu}/deployments/Fresh.One", gpt4o(10))
    assert fresh.status_code == 201
    body = fresh.get_json()
    assert body["name"] == "Fresh.One"
    assert body["properties"]["versionUpgradeOption"] == "OnceNewDefaultVersionAvailable"
    assert used(azure) == (40, 100)
    again = azure.put(
        f"{weu}/deployments/fresh.one", gpt4o(12, versionUpgradeOption="NoAutoUpgrade")
    )
    assert again.status_code == 200
    assert again.get_json()["name"] == "Fresh.One"
    assert used(azure) == (42, 100)
    moved = azure.put(f"{weu}/deployments/fresh.one", gpt4o(7, sku="GlobalStandard"))
    assert moved.status_code == 200
    assert used(azure) == (30, 100)


def test_put_keeps_unknown_fields_and_drops_what_is_read_only(azure, weu):
    body = gpt4o(5, modelProviderData={"countryCode": "NL"}, provisioningState="Odd")
    shown = azure.put(f"{weu}/deployments/extra", body).get_json()["properties"]
    assert shown["modelProviderData"] == {"countryCode": "NL"}
    assert shown["provisioningState"] == "Succeeded"


def test_put_at_an_older_version_leaves_newer_fields(azure, weu):
    path = f"{weu}/deployments/tiered"
    azure.put(path, gpt4o(5, serviceTier="Priority"), version="2026-09-01")
    azure.put(path, gpt4o(6))
    assert azure.get(path, "2026-09-01").get_json()["properties"]["serviceTier"] == "Priority"


def test_delete_gives_quota_back_and_is_204_the_second_time(azure, chat):
    assert azure.delete(chat).status_code == 200
    assert used(azure) == (0, 100)
    assert azure.get(chat).status_code == 404
    assert azure.delete(chat).status_code == 204


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        (gpt4o(5, sku="Premium"), "InvalidResourceProperties", "not supported by the model"),
        (gpt4o(5, version="1999-01-01"), "DeploymentModelNotSupported", "Version:1999-01-01"),
        (gpt4o(5, raiPolicyName="mine"), "InvalidResourceProperties", "RaiPolicyName 'mine'"),
        (gpt4o(5, scaleSettings={"capacity": 1}), "InvalidResourceProperties", "deprecated since"),
        (gpt4o(7, sku="GlobalProvisionedManaged"), "InvalidCapacity", "in steps of 5"),
        (gpt4o(0), "InvalidCapacity", "1 or more"),
        ({"sku": {"name": "Standard"}}, "InvalidResourceProperties", "model"),
    ],
)
def test_what_does_not_fit_is_refused(azure, weu, body, code, words):
    answer = azure.put(f"{weu}/deployments/new", body)
    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == code
    assert words in answer.get_json()["error"]["message"]


def test_new_deployments_of_old_models(azure, weu):
    old = gpt4o(1)
    old["properties"]["model"] = {"format": "OpenAI", "name": "gpt-35-turbo", "version": "0125"}
    error = azure.put(f"{weu}/deployments/new", old).get_json()["error"]
    assert error["code"] == "ServiceModelDeprecated"
    error = azure.put(f"{weu}/deployments/new", gpt4o(1, version="2024-08-06")).get_json()["error"]
    assert error["code"] == "ServiceModelDeprecating"


def test_if_match_is_ignored_or_honoured(small, azure, chat):
    stale = {"If-Match": '"stale"'}
    assert azure.patch(chat, {"tags": {}}, headers=stale).status_code == 200
    small.control.configure(honour_if_match=True)
    answer = azure.patch(chat, {"tags": {}}, headers=stale)
    assert answer.status_code == 412
    assert answer.get_json()["error"]["code"] == "IfMatchPreconditionFailed"
    etag = azure.get(chat).get_json()["etag"]
    assert azure.patch(chat, {"tags": {}}, headers={"If-Match": etag}).status_code == 200


def test_a_running_write_locks_its_account_until_it_ends(small, azure, clock, weu, chat):
    small.control.configure(async_writes=True, write_seconds=30)
    answer = azure.patch(chat, {"sku": {"name": "Standard", "capacity": 60}})
    assert answer.status_code == 202
    follow = answer.headers["Azure-AsyncOperation"]
    assert answer.headers["Location"].startswith("https://management.azure.com/")
    shown = azure.get(chat).get_json()
    assert shown["properties"]["provisioningState"] == "Accepted"
    assert (shown["sku"]["capacity"], shown["properties"]["currentCapacity"]) == (60, 30)
    assert used(azure) == (60, 100)
    clash = azure.patch(f"{weu}/deployments/busy", {"tags": {}})
    assert clash.status_code == 409
    assert clash.get_json()["error"]["code"] == "RequestConflict"
    assert azure.follow(follow).json["status"] == "Running"
    assert azure.follow(answer.headers["Location"]).status_code == 202
    clock.move(seconds=31)
    assert azure.follow(follow).json["status"] == "Succeeded"
    done = azure.follow(answer.headers["Location"]).get_json()
    assert done["properties"]["currentCapacity"] == 60
    assert done["properties"]["rateLimits"][1]["count"] == 60000
    assert azure.patch(f"{weu}/deployments/busy", {"tags": {}}).status_code == 202


def test_an_asynchronous_create_is_201_and_a_delete_202(small, azure, clock, weu, chat):
    small.control.configure(async_writes=True)
    fresh = azure.put(f"{weu}/deployments/fresh", gpt4o(3))
    assert fresh.status_code == 201
    assert fresh.get_json()["properties"]["provisioningState"] == "Creating"
    assert "Azure-AsyncOperation" in fresh.headers
    clock.move(minutes=1)
    assert azure.delete(chat).status_code == 202
    assert azure.get(chat).get_json()["properties"]["provisioningState"] == "Deleting"
    clock.move(minutes=1)
    assert azure.get(chat).status_code == 404
    assert used(azure) == (3, 100)


def test_pause_and_resume_come_with_newer_versions(azure, chat):
    assert azure.ask("POST", f"{chat}/pause").status_code == 400
    paused = azure.ask("POST", f"{chat}/pause", "2026-09-01").get_json()
    assert paused["properties"]["deploymentState"] == "Paused"
    resumed = azure.ask("POST", f"{chat}/resume", "2026-09-01").get_json()
    assert resumed["properties"]["deploymentState"] == "Running"


def test_an_account_in_transition_takes_no_writes(contoso, signed, path):
    place = path("ais-dev-agents-sdc", "rg-dev-agents", "d40b6a17-92ce-4e8f-b1d5-2f6c08e3a974")
    answer = signed(contoso).patch(f"{place}/deployments/agents-5-mini", {"tags": {}})
    assert answer.status_code == 409
    assert answer.get_json()["error"]["code"] == "AccountProvisioningStateInvalid"


def test_account_tags_can_be_changed(azure, weu):
    before = azure.get(weu).get_json()
    after = azure.patch(weu, {"tags": {"owner": "new"}}).get_json()
    assert after["tags"] == {"owner": "new"}
    assert after["etag"] != before["etag"]
    assert after["properties"] == before["properties"]


def test_what_a_deployment_can_be_scaled_to(azure, chat):
    row = azure.get(f"{chat}/skus").get_json()["value"][0]
    assert row["resourceType"] == "Microsoft.CognitiveServices/accounts/deployments"
    assert row["sku"] == {"name": "Standard", "capacity": 30}
    assert {"minimum", "maximum", "step", "default"} <= set(row["capacity"])


def test_other_kinds_have_no_deployments(contoso, signed, path, prod):
    listed = signed(contoso).get(path("face-stores-weu", "rg-vision", prod) + "/deployments")
    assert listed.get_json() == {"value": []}
