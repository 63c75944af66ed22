"""What a meter counts, as the models list names it."""

import json
from datetime import UTC, datetime

from domain import frames, meters


def row(model="gpt-4o", sku="GlobalStandard", region="westeurope", **costs):
    return {"model": model, "version": "1", "sku": sku, "region": region,
            "meters": json.dumps(costs)}  # fmt: skip


def listed(*rows):
    frame = frames.frame(frames.MODELS, rows)
    found = meters.listed(frame, datetime(2026, 11, 18, tzinfo=UTC))
    names = ("model", "scope", "region", "mode", "tier", "bucket")
    return {it["meter_id"]: tuple(it[name] for name in names) for it in frames.records(found)}


def test_what_the_models_list_names_is_what_a_meter_counts():
    assert listed(row(ContextToken="a", NoCachedContextToken="a", CachedContextToken="b",
                      GeneratedToken="c")) == {
        "a": ("gpt-4o", "global", "", "tokens", "standard", "input"),
        "b": ("gpt-4o", "global", "", "tokens", "standard", "cached"),
        "c": ("gpt-4o", "global", "", "tokens", "standard", "output"),
    }  # fmt: skip


def test_a_regional_meter_is_of_its_region_and_a_batch_one_of_its_tier():
    batch = row(sku="GlobalBatch", GeneratedToken="b")
    assert listed(row(sku="Standard", ContextToken="a"), batch) == {
        "a": ("gpt-4o", "regional", "westeurope", "tokens", "standard", "input"),
        "b": ("gpt-4o", "global", "", "tokens", "batch", "output"),
    }  # fmt: skip


def test_provisioned_throughput_has_one_meter_for_all_models():
    of = {"sku": "GlobalProvisionedManaged", "Hosting": "a"}
    assert listed(row(**of), row(model="gpt-5", **of)) == {
        "a": ("", "global", "", "ptu", "standard", "ptu_hours")
    }


def test_what_is_listed_for_two_things_or_for_an_unknown_sku_waits_for_review():
    assert listed(row(ContextToken="a"), row(model="gpt-5", ContextToken="a")) == {}
    assert (
        listed(row(sku="LowPriority", ContextToken="a"), row(Hosting="h"), row(Unheard="u")) == {}
    )


def test_an_sku_for_evaluation_has_meters_of_its_own():
    both = listed(row(sku="Standard", ContextToken="a"), row(sku="DeveloperTier", ContextToken="b"))
    assert both["a"][4:] == ("standard", "input")
    assert both["b"][4:] == ("developer", "input")
