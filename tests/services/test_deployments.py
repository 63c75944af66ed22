"""What an account holds, as the rest of the console sees it, and the one thing that is written."""

from datetime import UTC, datetime

import pytest
import requests

from domain import frames
from domain.faults import Busy, NotFound, Throttled, Unintelligible, Unreachable
from services import deployments
from services.azure import counted
from tests.services.recorded import ACCOUNT, CHAT, DEPLOYMENTS, MANAGER, deployment, error


def test_a_recorded_deployment_fills_the_frame(azure, wire):
    wire.says(DEPLOYMENTS, {"value": [deployment("Chat")]})
    (row,) = deployments.of_account(azure, ACCOUNT.upper())
    assert set(row) == set(frames.DEPLOYMENTS)
    assert row["resource"] == CHAT
    assert row["account_id"] == ACCOUNT
    assert (row["deployment"], row["sku"], row["capacity"]) == ("Chat", "Standard", 2)
    assert (row["limit_tpm"], row["limit_rpm"]) == (2000, 12)
    assert row["created_at"] == datetime(2025, 10, 28, 14, 48, 25, 393632, UTC)
    assert row["etag"] == '"21313ed5-3ec9-497d-ad67-93abe1fbf1bd"'
    assert row["filter_policy"] is None
    assert row["dynamic_throttling"] is None
    assert len(frames.frame(frames.DEPLOYMENTS, [row])) == 1


def test_what_azure_will_invent_passes_through(azure, wire):
    it = deployment(provisioningState="Meditating", serviceTier="Priority", rateLimits=None)
    it |= {"sku": {"name": "GalaxyStandard"}, "tags": {"b": "2", "a": None}}
    wire.says(DEPLOYMENTS, {"value": [it]})
    (row,) = deployments.of_account(azure, ACCOUNT)
    assert (row["state"], row["sku"], row["capacity"]) == ("Meditating", "GalaxyStandard", None)
    assert row["service_tier"] == "Priority"
    assert row["tags"] == '{"a": "", "b": "2"}'
    assert row["limit_tpm"] is None
    assert row["limit_rpm"] is None


def test_an_empty_account_is_empty(azure, wire):
    wire.says(DEPLOYMENTS, {"value": []})
    assert deployments.of_account(azure, ACCOUNT) == []


def test_all_pages_are_read(azure, wire):
    second = f"{MANAGER}:443{DEPLOYMENTS}?api-version=2026-09-01&$skiptoken=2"
    wire.says(DEPLOYMENTS, {"value": [deployment("a")], "nextLink": second})
    wire.says(DEPLOYMENTS, {"value": [deployment("b")], "nextLink": ""})
    with counted() as tally:
        rows = deployments.of_account(azure, ACCOUNT)
    assert [row["deployment"] for row in rows] == ["a", "b"]
    assert tally.calls == 2


def test_a_failing_second_page_is_no_short_list(azure, wire):
    second = f"{MANAGER}{DEPLOYMENTS}?api-version=2026-09-01&$skiptoken=2"
    wire.says(DEPLOYMENTS, {"value": [deployment("a")], "nextLink": second}, (500, error("Oops")))
    with pytest.raises(Unreachable):
        deployments.of_account(azure, ACCOUNT)


def test_pages_that_go_round_are_a_fault(azure, wire):
    again = f"{MANAGER}{DEPLOYMENTS}?api-version=2026-09-01"
    wire.says(DEPLOYMENTS, {"value": [deployment("a")], "nextLink": again})
    with pytest.raises(Unintelligible):
        deployments.of_account(azure, ACCOUNT)
    assert len(wire.requests) == 2


def test_pages_that_never_end_are_a_fault(azure, wire):
    pages = [
        {"value": [], "nextLink": f"{MANAGER}{DEPLOYMENTS}?$skiptoken={number}"}
        for number in range(600)
    ]
    wire.says(DEPLOYMENTS, *pages)
    with pytest.raises(Unintelligible):
        deployments.of_account(azure, ACCOUNT)
    assert len(wire.requests) == 501


@pytest.mark.parametrize(
    "code", ["InvalidApiVersionParameter", "NoRegisteredProviderFound", "InvalidResourceType"]
)
def test_a_cloud_that_lags_is_asked_as_it_can_answer(azure, wire, code):
    wire.says(DEPLOYMENTS, (400, error(code)), {"value": [deployment()]})
    assert len(deployments.of_account(azure, ACCOUNT)) == 1
    deployments.of_account(azure, ACCOUNT)
    asked = [it.query["api-version"] for it in wire.requests]
    assert asked == ["2026-09-01", "2025-09-01", "2025-09-01"]


def test_an_older_version_that_fails_too_is_not_remembered(azure, wire):
    wire.says(DEPLOYMENTS, (400, error("InvalidResourceType")), (503, error("Down")))
    with pytest.raises(Unreachable):
        deployments.of_account(azure, ACCOUNT)
    assert azure.versions == {}


@pytest.mark.parametrize("capacity", [10.7, "abc", True])
def test_a_capacity_that_cannot_be_is_a_fault_and_not_a_number(azure, wire, capacity):
    wire.says(DEPLOYMENTS, {"value": [deployment() | {"sku": {"name": "S", "capacity": capacity}}]})
    with pytest.raises(Unintelligible):
        deployments.of_account(azure, ACCOUNT)


def test_limits_for_some_paths_count_only_without_a_general_one(azure, wire):
    some = {"key": "token", "renewalPeriod": 60, "count": 1, "matchPatterns": [{"path": "x"}]}
    general = {"key": "token", "renewalPeriod": 30, "count": 500}
    both = deployment("both", rateLimits=[some, general])
    wire.says(DEPLOYMENTS, {"value": [both, deployment("only", rateLimits=[some])]})
    rows = deployments.of_account(azure, ACCOUNT)
    assert [row["limit_tpm"] for row in rows] == [1000, 1]


@pytest.mark.parametrize(
    ("state", "settled"),
    [("Succeeded", True), ("FAILED", True), ("Disabled", True), ("Updating", False), (None, False)],
)
def test_a_look_tells_whether_azure_is_at_rest(azure, wire, state, settled):
    it = deployment(provisioningState=state, future={"kept": 1}) | {"tags": {"unit": "retail"}}
    wire.says(CHAT, it)
    seen = deployments.seen(azure, CHAT.upper())
    assert (seen.resource, seen.state, seen.settled) == (CHAT, state, settled)
    assert (seen.tags, seen.sku, seen.capacity) == ({"unit": "retail"}, "Standard", 2)
    assert seen.modified_by == "alan@contoso.example"
    assert seen.raw == it


def test_what_is_gone_is_not_found(azure, wire):
    wire.says(CHAT, (404, error("ResourceNotFound")))
    with pytest.raises(NotFound, match=r"^Looking at aoai-shop/chat"):
        deployments.seen(azure, CHAT)


@pytest.mark.parametrize("status", [200, 202])
def test_tags_are_patched_alone_and_once(azure, wire, status):
    operation = {"Azure-AsyncOperation": f"{MANAGER}/operations/1", "Retry-After": "30"}
    wire.says(("PATCH", CHAT), (status, operation, deployment()))
    deployments.set_tags(azure, CHAT, {"unit": "retail"}, '"e1"')
    assert wire.writes == [("PATCH", CHAT, {"tags": {"unit": "retail"}})]
    assert len(wire.requests) == 1
    assert wire.requests[0].headers["If-Match"] == '"e1"'


def test_without_an_etag_it_must_at_least_exist(azure, wire):
    wire.says(("PATCH", CHAT), deployment())
    deployments.set_tags(azure, CHAT, {}, "")
    assert wire.requests[0].headers["If-Match"] == "*"
    assert wire.requests[0].body == {"tags": {}}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ((409, error("RequestConflict")), Busy),
        ((412, error("IfMatchPreconditionFailed")), Busy),
        ((429, {"Retry-After": "1"}, error("TooManyRequests")), Throttled),
        ((500, error("InternalServerError")), Unreachable),
        ((503, {"Retry-After": "1"}, error("Down")), Unreachable),
        (requests.ConnectionError("reset"), Unreachable),
        (requests.ReadTimeout("slow"), Unreachable),
    ],
)
def test_a_write_is_never_repeated(azure, wire, slept, said, fault):
    wire.says(("PATCH", CHAT), said)
    with pytest.raises(fault):
        deployments.set_tags(azure, CHAT, {"a": "b"}, '"e1"')
    assert len(wire.requests) == 1
    assert slept == []
