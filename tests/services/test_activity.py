"""The activity log as Azure tells it: in pieces, in any order, with holes."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.activity import ACTIVITY as COLUMNS
from domain.faults import Busy, Forbidden, Rejected, Throttled, Unintelligible
from services import activity, deployments, subscriptions
from services.accounts import in_graph
from services.marks import marked
from tests.services.recorded import ACTIVITY, CHAT, MANAGER, NOON, SUB, error, event

BEGUN = event("BeginRequest", "Started", "2026-11-18T12:00:00Z", caller=None)
TAKEN = event("EndRequest", "Accepted", "2026-11-18T12:00:01Z", httpRequest=None, caller="")
DONE = event("EndRequest", "Succeeded", "2026-11-18T12:09:00Z", httpRequest=None)
HOUR = timedelta(hours=1)


def told(azure, wire, *events):
    wire.says(ACTIVITY, {"value": list(events)})
    return activity.events(azure, SUB.upper(), NOON - HOUR, NOON)


@pytest.mark.parametrize(
    "order", [(BEGUN, TAKEN, DONE), (DONE, BEGUN, TAKEN), (TAKEN, DONE, BEGUN)]
)
def test_the_events_of_one_write_are_one_row(azure, wire, order):
    (row,) = told(azure, wire, *order)
    assert row == {
        "at": datetime(2026, 11, 18, 12, 9, tzinfo=UTC),
        "began_at": datetime(2026, 11, 18, 12, 0, tzinfo=UTC),
        "resource": CHAT,
        "subscription": SUB,
        "operation": "deployment written",
        "who": "rob@contoso.example",
        "app": "c44b4083",
        "method": "PATCH",
        "status": "Succeeded",
        "correlation": "c-1",
        "act": "o-1",
        "event": "e-EndRequest-Succeeded",
        "request": "r-1",
        "said": None,
    }
    assert set(row) == set(COLUMNS)


def test_events_of_one_moment_end_with_the_end(azure, wire):
    now = "2026-11-18T12:00:00Z"
    events = [event("EndRequest", it, now) for it in ("Succeeded", "Started", "Accepted")]
    (row,) = told(azure, wire, *events)
    assert row["status"] == "Succeeded"


def test_a_whole_run_under_one_correlation_is_several_writes(azure, wire):
    rows = told(azure, wire, BEGUN, DONE, event(operationId="o-2", at="2026-11-18T12:20:00Z"))
    assert [it["act"] for it in rows] == ["o-1", "o-2"]


def test_a_write_without_any_id_of_its_own_is_still_one(azure, wire):
    bare = event(correlationId=None, operationId="", claims=None, caller=None, subStatus=None)
    (row,) = told(azure, wire, bare | {"eventName": None, "level": None, "properties": None})
    assert (row["who"], row["app"], row["act"]) == (None, None, None)
    assert row["correlation"] == row["event"]


def test_what_changes_nothing_is_left_out(azure, wire):
    def named(operation):
        return event(operationName={"value": operation})

    rows = told(
        azure,
        wire,
        named("Microsoft.CognitiveServices/accounts/listKeys/action"),
        named("Microsoft.Authorization/policies/audit/action"),
        named("MICROSOFT.COGNITIVESERVICES/ACCOUNTS/DEPLOYMENTS/DELETE"),
        named("Microsoft.CognitiveServices/accounts/novelties/write"),
        event(resourceId=None),
        event(resourceId="/providers/x"),
        event(operationName=None),
    )
    assert sorted(it["operation"] for it in rows) == [
        "accounts/novelties/write",
        "deployment deleted",
    ]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ('{"error": {"code": "InsufficientQuota", "message": "secret 4711"}}', "InsufficientQuota"),
        ('{"code": "RequestConflict"}', "RequestConflict"),
        ('{"error": {"code": "<script>alert(1)</script>"}}', None),
        ('{"error": {"code": "x' + "y" * 100 + '"}}', None),
        ('["text"]', None),
        ("{torn", None),
        ("", None),
        (7, None),
    ],
)
def test_a_refusal_is_told_by_its_code_alone(azure, wire, message, said):
    (row,) = told(azure, wire, event(status="Failed", properties={"StatusMessage": message}))
    assert (row["status"], row["said"]) == ("Failed", said)


def test_it_asks_in_the_only_words_that_azure_understands(azure, wire):
    told(azure, wire)
    (asked,) = wire.requests
    assert asked.query == {
        "api-version": "2015-04-01",
        "$filter": "eventTimestamp ge '2026-11-18T11:34:56Z' "
        "and eventTimestamp le '2026-11-18T12:34:56Z' "
        "and resourceProvider eq 'Microsoft.CognitiveServices'",
    }


def test_nobody_asks_further_back_than_azure_remembers(azure, wire):
    wire.says(ACTIVITY, {"value": []})
    activity.events(azure, SUB, NOON - timedelta(days=400), NOON)
    assert "ge '2026-08-21T12:34:56Z'" in wire.requests[0].query["$filter"]


def test_all_pages_are_read_and_a_write_may_span_them(azure, wire):
    second = f"{MANAGER}{ACTIVITY}?api-version=2015-04-01&$skipToken=2"
    wire.says(ACTIVITY, {"value": [DONE], "nextLink": second}, {"value": [BEGUN]})
    (row,) = activity.events(azure, SUB, NOON - HOUR, NOON)
    assert (row["who"], row["method"], row["status"]) == (
        "rob@contoso.example",
        "PATCH",
        "Succeeded",
    )


def test_a_link_to_another_host_gets_no_token(azure, wire):
    evil = f"https://evil.example{ACTIVITY}?$skipToken=2"
    wire.says(ACTIVITY, {"value": [DONE], "nextLink": evil})
    with pytest.raises(Unintelligible, match="Reading the activity log"):
        activity.events(azure, SUB, NOON - HOUR, NOON)
    assert {it.host for it in wire.requests} == {"management.azure.com"}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ((403, error("AuthorizationFailed")), Forbidden),
        ((400, {"code": "BadRequest", "message": "secret"}), Rejected),
        ((429, {"Retry-After": "600"}, error("TooManyRequests")), Throttled),
        ({"value": [event(eventTimestamp=None)]}, Unintelligible),
        ({"value": [event(eventTimestamp="yesterday")]}, Unintelligible),
        ({"value": None}, Unintelligible),
    ],
)
def test_what_cannot_be_read_is_no_quiet_log(azure, wire, said, fault):
    wire.says(ACTIVITY, said)
    with pytest.raises(fault, match="activity log of subscription"):
        activity.events(azure, SUB, NOON - HOUR, NOON)


# --- a name of our own ------------------------------------------------------------------------


def test_a_marked_write_bears_our_name_and_no_other_does(azure, wire):
    wire.says(CHAT, {"name": "chat", "id": CHAT})
    with marked("our-own"):
        deployments.seen(azure, CHAT)
    deployments.seen(azure, CHAT)
    names = [it.headers["x-ms-client-request-id"] for it in wire.requests]
    assert names[0] == "our-own"
    assert names[1] not in ("", "our-own")


# --- in front of the simulator ----------------------------------------------------------------


@pytest.fixture
def shop(contoso):
    ids = [row["subscription"] for row in subscriptions.listed(contoso)]
    return next(it for it in in_graph(contoso, ids) if it["kind"] == "OpenAI")


def test_a_write_of_ours_is_found_again_by_its_name(contoso, shop, simulator):
    one = deployments.of_account(contoso, shop["account_id"])[0]
    name = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
    with marked(name):
        deployments.set_tags(contoso, one["resource"], {"a": "b"}, one["etag"])
    sub, now = shop["subscription"], NOON + timedelta(minutes=30)
    assert not [it for it in activity.events(contoso, sub, NOON - HOUR, NOON) if it["request"]]
    simulator.control.clock(30 * 60)
    (row,) = (it for it in activity.events(contoso, sub, NOON - HOUR, now) if it["request"] == name)
    assert (row["resource"], row["who"]) == (one["resource"], contoso.identity)
    assert (row["operation"], row["method"]) == ("deployment written", "PATCH")
    assert (row["status"], row["began_at"]) == ("Succeeded", NOON)


def test_pages_of_the_simulator_change_nothing(contoso, shop, simulator):
    sub, since = shop["subscription"], NOON - timedelta(days=80)
    whole = activity.events(contoso, sub, since, NOON)
    simulator.control.configure(page_size=1)
    assert activity.events(contoso, sub, since, NOON) == whole
    assert len(whole) > 1


def test_a_write_that_was_refused_says_so(contoso, shop, simulator):
    one = deployments.of_account(contoso, shop["account_id"])[0]
    simulator.control.fault("conflict", method="PATCH", times=1)
    with pytest.raises(Busy):
        deployments.set_tags(contoso, one["resource"], {"a": "b"}, one["etag"])
    simulator.control.clock(30 * 60)
    now = NOON + timedelta(minutes=30)
    (row,) = (
        it
        for it in activity.events(contoso, shop["subscription"], NOON - HOUR, now)
        if it["status"] == "Failed"
    )
    assert (row["said"], row["resource"]) == ("RequestConflict", one["resource"])
