"""The activity log: who wrote what, when it can be read, and the few questions that it takes."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest

from simulator.app import Simulator
from simulator.clock import parsed

SMALL = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590"
VALUES = "/providers/Microsoft.Insights/eventtypes/management/values"
SINCE = "eventTimestamp ge '2026-11-18T13:00:00Z'"
PROVIDER = "resourceProvider eq 'Microsoft.CognitiveServices'"


def answer(azure, text=SINCE, more="", above=SMALL):
    return azure.get(f"{above}{VALUES}?$filter={quote(text)}{more}", "2015-04-01")


def events(azure, text=SINCE, more="", above=SMALL):
    """The events that a filter finds, oldest first."""
    found = answer(azure, text, more, above)
    assert found.status_code == 200, found.text
    return found.get_json()["value"][::-1]


def told(event):
    return event["eventName"]["value"], event["status"]["value"]


@pytest.fixture
def prompt(small):
    """An activity log without its delay."""
    small.control.configure(activity_delay_s=0)
    return small


@pytest.mark.usefixtures("prompt")
def test_a_write_is_two_events_in_the_documented_shape(azure, chat, clock):
    sent = {"x-ms-client-request-id": "3c1f", "x-ms-correlation-request-id": "corr-1"}
    azure.patch(chat, {"sku": {"name": "Standard", "capacity": 31}}, headers=sent)
    clock.move(seconds=2)
    begun, ended = events(azure)
    assert [told(begun), told(ended)] == [("BeginRequest", "Started"), ("EndRequest", "Succeeded")]
    for event in (begun, ended):
        assert event["caller"] == "ada@contoso.com"
        assert event["correlationId"] == "corr-1"
        assert event["operationName"]["value"] == (
            "Microsoft.CognitiveServices/accounts/deployments/write"
        )
        assert event["resourceType"]["value"] == "Microsoft.CognitiveServices/accounts/deployments"
        assert event["resourceProviderName"]["value"] == "Microsoft.CognitiveServices"
        assert event["resourceId"] == chat.replace("resourceGroups", "resourcegroups")
        assert event["resourceGroupName"] == "rg-ai-small"
        assert event["httpRequest"]["method"] == "PATCH"
        assert event["httpRequest"]["clientRequestId"] == "3c1f"
        assert event["eventTimestamp"] < event["submissionTimestamp"]
        assert event["category"]["value"] == "Administrative"
        assert event["claims"]["idtyp"] == "user"
        assert all(isinstance(it, str) for it in event["properties"].values())
    assert begun["eventDataId"] != ended["eventDataId"]
    assert begun["operationId"] == ended["operationId"]
    assert begun["subStatus"]["value"] == ""
    assert (ended["subStatus"]["value"], ended["properties"]["statusCode"]) == ("OK", "OK")
    assert "requestbody" in begun["properties"]
    assert ended["properties"]["responseBody"] == ""


@pytest.mark.usefixtures("prompt")
def test_a_refused_write_says_why(azure, chat, clock):
    azure.patch(chat, {"sku": {"name": "Standard", "capacity": 1000}})
    clock.move(seconds=2)
    _, ended = events(azure)
    assert told(ended) == ("EndRequest", "Failed")
    assert ended["level"] == "Error"
    assert ended["properties"]["statusCode"] == "BadRequest"
    error = json.loads(ended["properties"]["statusMessage"])["error"]
    assert error["code"] == "InsufficientQuota"
    assert error["message"].startswith("This operation require 970 new capacity")


@pytest.mark.usefixtures("prompt")
def test_a_long_write_is_accepted_and_ended_later(small, azure, chat, clock):
    small.control.configure(async_writes=True, write_seconds=60)
    azure.patch(chat, {"sku": {"name": "Standard", "capacity": 31}})
    clock.move(seconds=30)
    assert [told(it)[1] for it in events(azure)] == ["Started", "Accepted"]
    clock.move(seconds=31)
    found = events(azure)
    assert [told(it)[1] for it in found] == ["Started", "Accepted", "Succeeded"]
    assert len({it["correlationId"] for it in found}) == 1
    assert found[-1]["eventTimestamp"].startswith("2026-11-18T13:31:00")


def test_an_event_is_not_there_at_once(azure, chat, clock):
    azure.patch(chat, {"tags": {}})
    clock.move(seconds=60)
    assert events(azure) == []
    clock.move(seconds=240)
    found = events(azure)
    assert len(found) == 2
    for event in found:
        lag = parsed(event["submissionTimestamp"]) - parsed(event["eventTimestamp"])
        assert timedelta(seconds=120) < lag < timedelta(seconds=240)


@pytest.mark.usefixtures("prompt")
def test_everybody_s_writes_of_every_kind_are_there(small, azure, chat, weu, clock):
    small.control.portal("PATCH", chat, {"tags": {"a": "b"}})
    azure.patch(weu, {"tags": {"owner": "ada"}})
    azure.ask("POST", f"{chat}/pause", "2026-09-01")
    small.control.fault("late", seconds=60)
    azure.patch(chat, {"sku": {"capacity": 12}})
    small.control.fault("lost")
    with pytest.raises(ConnectionError):
        azure.patch(chat, {"sku": {"capacity": 13}})
    small.control.fault("forbid")
    azure.delete(chat)
    azure.delete(weu)
    clock.move(seconds=120)
    ends = [it for it in events(azure) if it["eventName"]["value"] == "EndRequest"]
    found = [
        (it["caller"].split("@")[0], it["operationName"]["value"], it["status"]["value"])
        for it in ends
    ]
    kind = "Microsoft.CognitiveServices/accounts"
    assert sorted(found) == [
        ("ada", f"{kind}/delete", "Succeeded"),
        ("ada", f"{kind}/deployments/delete", "Failed"),
        ("ada", f"{kind}/deployments/pause/action", "Succeeded"),
        ("ada", f"{kind}/deployments/write", "Failed"),
        ("ada", f"{kind}/deployments/write", "Succeeded"),
        ("ada", f"{kind}/write", "Succeeded"),
        ("portal.user", f"{kind}/deployments/write", "Succeeded"),
    ]
    late = [it for it in ends if it["eventTimestamp"].startswith("2026-11-18T13:31:00")]
    assert [it["status"]["value"] for it in late] == ["Failed"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "eventTimestamp le '2026-11-18T13:00:00Z'",
        "eventTimestamp ge 2026-11-18",
        "eventTimestamp ge 'yesterday'",
        f"{SINCE} and caller eq 'ada@contoso.com'",
        f"{SINCE} and {PROVIDER} and resourceGroupName eq 'rg-ai-small'",
        f"{SINCE} or {PROVIDER}",
        f"{PROVIDER} and {SINCE}",
        f"{SINCE} and status eq 'Failed'",
        "eventTimestamp ge '2026-08-19T13:00:00Z'",
        f"{SINCE} and eventTimestamp le '2026-11-18T12:00:00Z'",
    ],
)
def test_other_sentences_are_refused(azure, text):
    found = answer(azure, text)
    assert found.status_code == 400
    assert found.get_json()["code"] == "BadRequest"


@pytest.mark.usefixtures("prompt")
def test_one_condition_beside_the_time(azure, chat, weu, clock):
    azure.patch(chat, {"tags": {}}, headers={"x-ms-correlation-request-id": "One"})
    azure.patch(weu, {"tags": {}})
    clock.move(seconds=2)
    until = f"{SINCE} and eventTimestamp le '2026-11-18T13:40:00Z'"
    for condition, many in (
        (PROVIDER, 4),
        ("resourceProvider eq 'Microsoft.Storage'", 0),
        ("resourceGroupName eq 'RG-AI-SMALL'", 4),
        ("resourceGroupName eq 'other'", 0),
        (f"resourceUri eq '{weu}'", 2),
        (f"resourceUri eq '{chat.upper()}'", 2),
        ("correlationId eq 'one'", 2),
    ):
        assert len(events(azure, f"{until} and {condition}")) == many, condition
    assert events(azure, f"{SINCE} and eventTimestamp le '2026-11-18T13:20:00Z'") == []


@pytest.mark.usefixtures("prompt")
def test_pages_and_chosen_fields(small, azure, chat, clock):
    small.control.configure(page_size=2)
    for number in range(5):
        clock.move(seconds=2)
        azure.patch(chat, {"tags": {"n": str(number)}})
    clock.move(seconds=2)
    page = answer(azure, SINCE, "&$select=eventDataId,status").get_json()
    assert "$skipToken=4" in page["nextLink"]
    rows = page["value"]
    while "nextLink" in page:
        page = azure.follow(page["nextLink"]).get_json()
        rows += page["value"]
    assert len(rows) == len({it["eventDataId"] for it in rows}) == 10
    assert all(set(it) == {"eventDataId", "status"} for it in rows)


def test_the_log_outlives_a_restart_and_forgets_after_90_days(tmp_path, signed, clock, path):
    file, chat = tmp_path / "world.db", path("aoai-small-weu") + "/deployments/chat"
    first = Simulator(file, scenario="small", clock=clock)
    first.control.configure(activity_delay_s=0)
    signed(first).patch(chat, {"tags": {}})
    clock.move(seconds=2)
    before = events(signed(first))
    first.world.close()
    second = Simulator(file, scenario="small", clock=clock)
    assert events(signed(second)) == before
    assert len(before) == 2
    second.world.close()
    clock.move(days=91)
    third = Simulator(file, scenario="small", clock=clock)
    assert events(signed(third), "eventTimestamp ge '2026-11-20T00:00:00Z'") == []
    third.world.close()


def test_the_seed_has_a_past(contoso, signed, prod):
    azure = signed(contoso)
    since = "eventTimestamp ge '2026-08-21T00:00:00Z'"
    found, page = [], answer(azure, since, above=f"/subscriptions/{prod}").get_json()
    while True:
        found += page["value"]
        if "nextLink" not in page:
            break
        page = azure.follow(page["nextLink"]).get_json()
    ended = {
        (it["resourceId"].lower(), it["eventTimestamp"][:19], it["caller"])
        for it in found
        if it["eventName"]["value"] == "BeginRequest"
    }
    account = next(it for it in contoso.world.accounts.of(f"/subscriptions/{prod}"))
    below = contoso.world.accounts.below(account)
    recent = [it for it in below if it.modified_at > "2026-08-21"]
    assert recent
    for it in recent:
        assert (it.key, it.modified_at[:19], it.modified_by) in ended
    callers = {it["caller"] for it in found}
    assert any("@" in it for it in callers)
    assert any("@" not in it for it in callers)


def test_reads_and_requests_without_a_subscription_are_not_logged(small, azure, chat, clock):
    small.control.configure(activity_delay_s=0)
    azure.get(chat)
    azure.patch("/subscriptions/nowhere/resourceGroups/x", {})
    small.control.fault("throttle")
    azure.patch(chat, {})
    small.control.fault("drop")
    with pytest.raises(ConnectionError):
        azure.patch(chat, {})
    clock.move(seconds=2)
    assert events(azure) == []
