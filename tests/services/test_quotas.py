"""Quota pools, with and without a scope."""

import pytest

from domain import frames
from domain.faults import Unintelligible
from services import quotas
from tests.services.recorded import SUB, USAGES, error, usage


def test_a_recorded_usage_has_no_scope(azure, wire):
    wire.says(USAGES, (400, error("InvalidApiVersionParameter")), {"value": [usage()]})
    (row,) = quotas.of_region(azure, SUB, "WestEurope")
    assert row == {
        "subscription": SUB,
        "region": "westeurope",
        "usage_name": "OpenAI.GlobalStandard.gpt-4o",
        "title": "Tokens Per Minute (thousands) - gpt-4o - GlobalStandard",
        "used": 20.0,
        "limit": 450.0,
        "scope_type": None,
        "scope_id": None,
    }
    assert set(row) == set(frames.USAGES)
    assert [it.query["api-version"] for it in wire.requests] == ["2026-09-01", "2025-09-01"]


def test_a_newer_cloud_tells_the_scope(azure, wire):
    wire.says(USAGES, {"value": [usage(scopeType="Global", scopeId="Global", limit=0)]})
    (row,) = quotas.of_region(azure, SUB, "westeurope")
    assert (row["scope_type"], row["scope_id"], row["limit"]) == ("Global", "Global", 0.0)


def test_numbers_that_are_not_sent_are_missing(azure, wire):
    wire.says(USAGES, {"value": [{"name": {"value": "OpenAI.S0.AccountCount"}}]})
    (row,) = quotas.of_region(azure, SUB, "westeurope")
    assert (row["used"], row["limit"], row["title"]) == (None, None, None)


@pytest.mark.parametrize("bad", [{"limit": 1}, {"name": "text"}, usage(limit="much")])
def test_a_row_of_another_shape_is_a_fault(azure, wire, bad):
    wire.says(USAGES, {"value": [usage(), bad]})
    with pytest.raises(Unintelligible, match="quota of westeurope"):
        quotas.of_region(azure, SUB, "westeurope")


ROW = {"usage_name": "OpenAI.Standard.gpt-4o", "limit": 100.0, "used": 70.0}
POOL = "openai.standard.gpt-4o"


@pytest.mark.parametrize(
    ("rows", "free"),
    [
        ([ROW], 30.0),
        ([ROW, {**ROW, "usage_name": "OpenAI.Standard.gpt-4o-mini", "used": 0.0}], 30.0),
        ([{**ROW, "used": 120.0}], -20.0),
        ([{**ROW, "limit": 0.0, "used": 0.0}], 0.0),
        ([ROW, {**ROW, "used": 90.0}], 10.0),
        ([{**ROW, "limit": None}], None),
        ([{**ROW, "used": None}], None),
        ([ROW, {**ROW, "used": None}], None),
        ([], None),
    ],
)
def test_the_room_in_a_pool(rows, free):
    assert quotas.room(rows, POOL) == free
