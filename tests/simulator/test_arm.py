"""The rules that every ARM call meets: token, api-version, route, host, access, pages."""

import base64
import json

import pytest

SEALED = "f58a01c3-7d2b-49e6-8c17-b6e09d34a5f2"
OLD = "8b92d4f6-0e7c-4135-9ad8-c3f16e5270ba"


def test_a_missing_version_is_named(azure, chat):
    answer = azure.get(chat, None)
    assert answer.status_code == 400
    assert answer.get_json()["error"]["code"] == "MissingApiVersionParameter"


def test_an_unknown_version_lists_those_that_are_supported(azure, chat):
    error = azure.get(chat, "2017-04-18").get_json()["error"]
    assert error["code"] == "InvalidApiVersionParameter"
    assert "2025-09-01" in error["message"]
    assert "2026-09-01" in error["message"]


def test_no_token_is_401(azure, chat):
    assert azure.get(chat, headers={"Authorization": ""}).status_code == 401


def test_an_unknown_route_is_named_and_never_invented(azure, weu):
    answer = azure.get(f"{weu}/raiTopics")
    assert answer.status_code == 501
    assert f"GET {weu}/raiTopics" in answer.get_json()["error"]["message"]
    assert azure.ask("GET", "/", host="example.org").status_code == 501


def test_case_does_not_matter_but_ids_keep_theirs(azure, chat):
    shown = azure.get(chat.upper()).get_json()
    assert shown["id"] == chat
    assert azure.get(f"{chat}x").status_code == 404


@pytest.mark.parametrize("status", ["x-ms-request-id", "x-ms-correlation-request-id"])
def test_headers_of_arm(azure, chat, status):
    headers = azure.get(chat).headers
    assert headers[status]
    assert headers["x-ms-ratelimit-remaining-subscription-reads"] == "249"
    assert headers["x-ms-ratelimit-remaining-subscription-global-reads"] == "3749"


def test_the_caller_is_the_token_or_its_claim(small, signed, chat):
    claims = base64.urlsafe_b64encode(json.dumps({"upn": "kim@contoso.com"}).encode())
    token = f"eyJhbGciOiJub25lIn0.{claims.decode().rstrip('=')}.sig"
    for who, name in (("ada@contoso.com", "ada@contoso.com"), (token, "kim@contoso.com")):
        body = signed(small, who).patch(chat, {"tags": {"by": "x"}}).get_json()
        assert body["systemData"]["lastModifiedBy"] == name


def test_an_unreadable_subscription_is_listed_and_refuses_all_else(contoso, signed):
    azure = signed(contoso)
    listed = azure.get("/subscriptions", "2022-12-01").get_json()
    assert SEALED in {it["subscriptionId"] for it in listed["value"]}
    above = f"/subscriptions/{SEALED}/providers/Microsoft.CognitiveServices"
    answer = azure.get(f"{above}/locations/westeurope/usages")
    assert answer.status_code == 403
    error = answer.get_json()["error"]
    assert error["code"] == "AuthorizationFailed"
    assert "'Microsoft.CognitiveServices/locations/usages/read'" in error["message"]
    assert azure.get(f"/subscriptions/{SEALED}", "2022-12-01").status_code == 403


def test_a_disabled_subscription_is_read_only(contoso, signed, path):
    azure = signed(contoso)
    place = path("aoai-pilot-eus", "rg-pilot", OLD) + "/deployments/pilot-chat"
    assert azure.get(place).status_code == 200
    answer = azure.patch(place, {"tags": {}})
    assert answer.status_code == 409
    assert answer.get_json()["error"]["code"] == "ReadOnlyDisabledSubscription"


def test_an_unknown_subscription_is_not_found(azure):
    answer = azure.get("/subscriptions/00000000-0000-0000-0000-000000000000", "2022-12-01")
    assert answer.get_json()["error"]["code"] == "SubscriptionNotFound"


def test_pages_have_absolute_links_on_the_host_that_was_asked(small, azure, weu):
    small.control.configure(page_size=2)
    first = azure.get(f"{weu}/deployments").get_json()
    assert [it["name"] for it in first["value"]] == ["busy", "chat"]
    assert first["nextLink"].startswith(f"https://management.azure.com{weu}/deployments?")
    second = azure.follow(first["nextLink"]).get_json()
    assert [it["name"] for it in second["value"]] == ["quiet"]
    assert "nextLink" not in second


def test_on_loopback_links_are_http(small, azure, weu):
    small.control.configure(page_size=1)
    address = f"http://127.0.0.1:8701{weu}/deployments?api-version=2025-09-01"
    link = azure.follow(address).get_json()["nextLink"]
    assert link.startswith("http://127.0.0.1:8701/subscriptions/")


@pytest.mark.parametrize("host", ["management.usgovcloudapi.net", "management.chinacloudapi.cn"])
def test_other_clouds_reach_the_same_world(azure, chat, host):
    assert azure.get(chat, host=host).status_code == 200


def test_tenants_and_locations(azure):
    tenants = azure.get("/tenants", "2022-12-01").get_json()["value"]
    assert tenants[0]["defaultDomain"] == "contoso.com"
    above = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/locations"
    names = {it["name"]: it["displayName"] for it in azure.get(above, "2022-12-01").json["value"]}
    assert names["eastus2"] == "East US 2"
