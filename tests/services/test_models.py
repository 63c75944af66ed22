"""What a region offers, with the traps of real model lists."""

from datetime import UTC, datetime

from domain import frames
from services import models
from tests.services.recorded import MODELS, SUB, model


def listed(azure, wire, *items):
    wire.says(MODELS, {"value": list(items)})
    return models.of_region(azure, SUB.upper(), "West Europe")


def test_a_recorded_model_has_a_row_per_sku(azure, wire):
    standard, provisioned = listed(azure, wire, model())
    assert standard == {
        "subscription": SUB,
        "region": "westeurope",
        "kind": "OpenAI",
        "format": "OpenAI",
        "model": "gpt-35-turbo",
        "version": "0125",
        "sku": "Standard",
        "usage_name": "OpenAI.Standard.gpt-35-turbo",
        "lifecycle": "GenerallyAvailable",
        "model_retires_at": datetime(2026, 2, 1, tzinfo=UTC),
        "sku_retires_at": datetime(2025, 11, 11, tzinfo=UTC),
        "dates_are": "Planned",
        "replacement_model": "gpt-4.1-mini",
        "replacement_version": "2025-04-14",
        "upgrade_from": datetime(2025, 9, 30, tzinfo=UTC),
        "unit_tpm": 1000,
        "unit_rpm": 6,
        "capacity_min": None,
        "capacity_max": 1000000,
        "capacity_step": None,
        "capacity_default": 100,
        "capacity_allowed": None,
        "meters": None,
    }
    assert set(standard) == set(frames.MODELS)
    assert provisioned["sku_retires_at"] is None, "2099 means never"
    assert (provisioned["capacity_min"], provisioned["capacity_step"]) == (15, 5)
    assert provisioned["unit_tpm"] is None


def test_the_meters_of_a_sku_are_kept_by_what_they_count(azure, wire):
    costs = [
        {"name": "ContextToken", "meterId": "C217D0F2", "unit": "1K Tokens"},
        {"name": "GeneratedToken", "meterId": "", "unit": "1K Tokens"},
        {"name": "ContextToken", "meterId": "C217D0F2", "unit": "1K Tokens"},
    ]
    (row,) = listed(azure, wire, model(skus=[{"name": "Standard", "costs": costs}]))
    assert row["meters"] == '{"ContextToken": "c217d0f2"}'


def test_the_only_values_of_a_sku_are_kept_in_order(azure, wire):
    sku = {"name": "ProvisionedManaged", "capacity": {"allowedValues": [100, 50, 200.0]}}
    (row,) = listed(azure, wire, model(skus=[sku]))
    assert row["capacity_allowed"] == "50, 100, 200"


def test_the_same_model_stays_under_every_kind(azure, wire):
    rows = listed(azure, wire, model("OpenAI"), model("AIServices"), model("MaaS"))
    assert [row["kind"] for row in rows[::2]] == ["OpenAI", "AIServices", "MaaS"]


def test_a_sku_that_is_listed_twice_stays_twice(azure, wire):
    sku = {"name": "Standard", "usageName": "a"}
    rows = listed(azure, wire, model(skus=[sku, sku | {"usageName": "b"}]))
    assert [row["usage_name"] for row in rows] == ["a", "b"]


def test_limits_in_the_old_spelling_count(azure, wire):
    limits = [{"key": "token", "renewalPeriod": 60, "count": 6000}]
    (row,) = listed(azure, wire, model(skus=[{"name": "Standard", "ratelimits": limits}]))
    assert (row["unit_tpm"], row["unit_rpm"]) == (6000, None)


def test_a_model_without_skus_keeps_its_dates(azure, wire):
    (row,) = listed(azure, wire, model(skus=[]))
    assert row["sku"] is None
    assert row["model_retires_at"] == datetime(2026, 2, 1, tzinfo=UTC)


def test_what_is_not_there_is_missing(azure, wire):
    bare = {"kind": "MaaS", "model": {"name": "x", "skus": [{"name": "GlobalStandard"}]}}
    (row,) = listed(azure, wire, bare)
    missing = {name for name, value in row.items() if value is None}
    assert missing == set(frames.MODELS) - {"subscription", "region", "kind", "model", "sku"}


def test_the_region_is_asked_in_its_plain_spelling(azure, wire):
    listed(azure, wire, model())
    assert wire.requests[0].path == MODELS
    assert wire.requests[0].query == {"api-version": "2026-09-01"}
