"""Accounts, from Resource Graph and from Resource Manager: the same rows by both ways."""

from datetime import UTC, datetime

import pytest

from domain import frames
from domain.faults import Forbidden, Unintelligible
from services import accounts
from services.azure import counted
from tests.services.recorded import ACCOUNT, ACCOUNTS, GRAPH, SUB, account, error


def test_a_recorded_account_fills_the_frame(azure, wire):
    penalty = {"action": "Throttle", "rateLimitPercentage": 50, "expiration": "2026-12-01T00:00:00"}
    it = account()
    it["properties"]["abusePenalty"] = penalty
    logging = {"name": "ContentLogging", "value": "false"}
    it["properties"]["capabilities"] = [{"name": "VirtualNetworks"}, logging]
    wire.says(ACCOUNTS, {"value": [it]})
    (row,) = accounts.in_subscription(azure, SUB)
    assert row == {
        "account_id": ACCOUNT,
        "subscription": SUB,
        "group": "rg-ai",
        "account": "aoai-shop",
        "kind": "OpenAI",
        "region": "westeurope",
        "account_state": "Succeeded",
        "endpoint": "https://aoai-shop.openai.azure.com/",
        "penalty": "Throttle",
        "penalty_percent": 50.0,
        "penalty_until": datetime(2026, 12, 1, tzinfo=UTC),
        "content_logging": "false",
        "tags": '{"Cost center\'s": "", "unit": "retail"}',
        **dict.fromkeys(frames.POSTURE),
    }
    assert set(row) == set(frames.ACCOUNTS)


@pytest.mark.parametrize("spelled", ["West Europe", "WESTEUROPE", "WestEurope", "westeurope"])
def test_a_region_has_one_spelling(azure, wire, spelled):
    wire.says(ACCOUNTS, {"value": [account(location=spelled)]})
    (row,) = accounts.in_subscription(azure, SUB)
    assert row["region"] == "westeurope"


def test_only_what_can_hold_deployments_is_kept(azure, wire):
    kinds = ["OpenAI", "AIServices", "aiservices", "Face", "Bing.Search.v7", None]
    wire.says(ACCOUNTS, {"value": [account(kind=kind) for kind in kinds]})
    rows = accounts.in_subscription(azure, SUB)
    assert [row["kind"] for row in rows] == ["OpenAI", "AIServices", "AIServices"]


def test_both_ways_give_the_same_rows(azure, wire):
    bare = {"id": account("bare")["id"], "kind": "AIServices"}
    items = [account("one"), account("two", tags=None), bare]
    wire.says(ACCOUNTS, {"value": items})
    # Resource Graph writes null for what is not there, and may lower the case of the group.
    nulls = {"name": None, "location": None, "tags": None, "properties": None}
    graph = [{**nulls, **it, "id": it["id"].replace("RG-AI", "rg-ai")} for it in items]
    wire.says(GRAPH, {"data": graph, "resultTruncated": "false"})
    assert accounts.in_graph(azure, [SUB]) == accounts.in_subscription(azure, SUB)


def test_the_graph_is_read_to_its_end(azure, wire):
    first = {"data": [account("a")], "resultTruncated": "true", "$skipToken": "t1"}
    wire.says(GRAPH, first, {"data": [account("b")], "resultTruncated": "false"})
    with counted() as tally:
        rows = accounts.in_graph(azure, [SUB, "another"])
    assert [row["account"] for row in rows] == ["a", "b"]
    assert tally.calls == 2
    one, two = (it.body for it in wire.requests)
    assert one["options"] == {"$top": 1000, "resultFormat": "objectArray"}
    assert two["options"] == {**one["options"], "$skipToken": "t1"}
    assert one["subscriptions"] == [SUB, "another"]
    assert one["query"].endswith("order by id asc")


@pytest.mark.parametrize(
    "page",
    [
        {"data": [account()], "$skipToken": "again"},
        {"data": [account()], "resultTruncated": "true"},
        {"data": {"columns": [], "rows": []}},
        {"data": None},
        {"totalRecords": 0},
    ],
)
def test_a_graph_that_does_not_end_well_is_a_fault(azure, wire, page):
    wire.says(GRAPH, page)
    with pytest.raises(Unintelligible, match="Listing the accounts"):
        accounts.in_graph(azure, [SUB])
    assert len(wire.requests) <= 2


def test_no_subscriptions_are_not_all_subscriptions(azure, wire):
    assert accounts.in_graph(azure, []) == []
    assert wire.requests == []


def test_a_refusal_is_no_empty_list(azure, wire):
    wire.says(ACCOUNTS, (403, error("AuthorizationFailed")))
    with pytest.raises(Forbidden):
        accounts.in_subscription(azure, SUB)


def test_an_id_of_something_else_is_a_fault(azure, wire):
    wire.says(ACCOUNTS, {"value": [account() | {"id": "/subscriptions/x/somethingelse"}]})
    with pytest.raises(Unintelligible):
        accounts.in_subscription(azure, SUB)
