"""Where a model is free: pooled figures come back from every region and stay told apart."""

import pytest

from domain import frames
from domain.faults import Unintelligible
from services import capacities, subscriptions
from tests.services.recorded import CAPACITIES, SUB, capacity, error


def test_a_capacity_fills_the_frame(azure, wire):
    wire.says(CAPACITIES, {"value": [capacity()]})
    (row,) = capacities.of_model(azure, SUB.upper(), "Mistral AI", "ada", "1")
    assert row == {
        "subscription": SUB,
        "region": "westus",
        "format": "Mistral AI",
        "model": "ada",
        "version": "1",
        "sku": "Standard",
        "available": 300.0,
        "scope_type": None,
        "scope_id": None,
    }
    assert set(row) == set(frames.CAPACITIES)
    (asked,) = wire.requests
    assert asked.query == {
        "api-version": "2026-09-01",
        "modelFormat": "Mistral AI",
        "modelName": "ada",
        "modelVersion": "1",
    }


def test_what_regions_share_is_told(azure, wire):
    shared = {"scopeType": "Global", "scopeId": "Global", "availableCapacity": 500.0}
    wire.says(CAPACITIES, {"value": [capacity(it, "GlobalStandard", **shared) for it in "ab"]})
    rows = capacities.of_model(azure, SUB, "OpenAI", "ada", "1")
    assert [(it["region"], it["scope_type"], it["available"]) for it in rows] == [
        ("a", "Global", 500.0),
        ("b", "Global", 500.0),
    ]


def test_what_is_not_said_is_missing(azure, wire):
    wire.says(CAPACITIES, {"value": [capacity(availableCapacity=None, skuName=None)]})
    (row,) = capacities.of_model(azure, SUB, "OpenAI", "ada", "1")
    assert (row["available"], row["sku"]) == (None, "Standard")


def test_an_older_cloud_is_asked_the_same(azure, wire):
    wire.says(CAPACITIES, (400, error("NoRegisteredProviderFound")), {"value": []})
    assert capacities.of_model(azure, SUB, "OpenAI", "ada", "1") == []
    first, second = (it.query for it in wire.requests)
    assert second == first | {"api-version": "2025-09-01"}


@pytest.mark.parametrize("bad", [{"properties": 7}, capacity(availableCapacity="much"), "text"])
def test_an_item_of_another_shape_is_a_fault(azure, wire, bad):
    wire.says(CAPACITIES, {"value": [capacity(), bad]})
    with pytest.raises(Unintelligible, match="where ada 1 is free"):
        capacities.of_model(azure, SUB, "OpenAI", "ada", "1")


def test_in_front_of_the_simulator(contoso):
    sub = subscriptions.listed(contoso)[0]["subscription"]
    rows = capacities.of_model(contoso, sub, "OpenAI", "gpt-4.1", "2025-04-14")
    assert {it["region"] for it in rows} >= {"westeurope", "swedencentral"}
    assert all(it["available"] >= 0 for it in rows)
    assert capacities.of_model(contoso, sub, "OpenAI", "gpt-0", "1") == []
