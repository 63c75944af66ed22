"""Names of meters as Azure writes them, and the names that must not be read."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain.dictionary import read, review, suggested
from domain.meters import Index, mode_of, scope_of, tier_of, units
from tests.domain.prices import meter, meters, priced, prices

MODELS = pd.DataFrame(
    [
        ("gpt-4o", "2024-05-13"), ("gpt-4o", "2024-08-06"), ("gpt-4o", "2024-11-20"),
        ("gpt-4o-mini", "2024-07-18"), ("gpt-4.1", "2025-04-14"), ("gpt-5-mini", "2025-08-07"),
        ("gpt-5.4", "2026-03-05"), ("gpt-5.4-mini", "2026-03-17"), ("o3", "2025-04-16"),
        ("gpt-realtime", "2025-08-28"),
    ],
    columns=["model", "version"],
).astype("string")  # fmt: skip
KNOWN = {it: tuple(of["version"]) for it, of in MODELS.groupby("model")}


@pytest.mark.parametrize(
    ("name", "model", "version", "scope", "tier", "bucket"),
    [
        ("gpt 4o 1120 Inp glbl Tokens", "gpt-4o", "2024-11-20", "global", "standard", "input"),
        ("gpt-4o-0806-Inp-glbl", "gpt-4o", "2024-08-06", "global", "standard", "input"),
        ("gpt 4o 0513 Input global", "gpt-4o", "2024-05-13", "global", "standard", "input"),
        ("gpt 4.1 Outp glbl Tokens", "gpt-4.1", "", "global", "standard", "output"),
        ("5.4 inp Gl 1M Tokens", "gpt-5.4", "", "global", "standard", "input"),
        ("5.4 opt Gl 1M Tokens", "gpt-5.4", "", "global", "standard", "output"),
        ("GPT 5 Mini Inpt DZone 1M Tokens", "gpt-5-mini", "", "datazone", "standard", "input"),
        ("5.4 mini Inp Gl", "gpt-5.4-mini", "", "global", "standard", "input"),
        ("5.4 cd inp DZ 1M Tokens", "gpt-5.4", "", "datazone", "standard", "cached"),
        ("gpt 4o 1120 Batch cached Inp glbl", "gpt-4o", "2024-11-20", "global", "batch", "cached"),
        ("gpt 4.1 pp Outp regnl Tokens", "gpt-4.1", "", "regional", "priority", "output"),
        ("o3 Flex Inp glbl Tokens", "o3", "", "global", "flex", "input"),
        ("gpt realtime aud Inp Gl", "gpt-realtime", "", "global", "standard", "audio_input"),
    ],
)  # fmt: skip
def test_a_name_that_can_be_read(name, model, version, scope, tier, bucket):
    found = read(name, KNOWN)
    key = found.key
    assert (key.model, key.version, key.scope, key.tier, key.bucket) == (
        model, version, scope, tier, bucket,
    )  # fmt: skip
    assert found.confidence == (0.9 if name.lower().startswith(("gpt", "o3")) else 0.7)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("gpt 4o 1120 Inp Tokens", "no word for the scope"),
        ("gpt 4o glbl Tokens", "no word for the bucket"),
        ("gpt 4o Inp Outp glbl Tokens", "two words for the bucket"),
        ("gpt 4o Inp glbl regnl", "two words for the scope"),
        ("gpt 4o cached Outp glbl", "no bucket"),
        ("gpt 4o 0101 Inp glbl", "no version"),
        ("gpt 4o 1120 0806 Inp glbl", "two words for the version"),
        ("gpt 9 Inp glbl Tokens", "no model"),
        ("4o mini new Inp glbl", "no model"),
        ("Inp glbl Tokens", "no word for the model"),
        ("gpt 4o FT Inp glbl", "not of plain tokens"),
        ("gpt 4o Batch Flex Inp glbl", "two words for the tier"),
        ("", "no word"),
    ],
)
def test_a_name_that_is_not_read_says_why(name, why):
    found = read(name, KNOWN)
    assert (found.key, found.confidence) == (None, 0.0)
    assert why in found.why


def test_provisioned_throughput_has_no_model():
    key = read("Provisioned Managed Global Unit", KNOWN).key
    assert (key.model, key.scope, key.mode, key.bucket) == ("", "global", "ptu", "ptu_hours")


def test_suggestions_price_nothing():
    listed = prices(priced("a", meter="gpt 4.1 Inp glbl Tokens"))
    found = suggested(listed, MODELS)
    assert found[["meter_id", "model", "bucket", "source"]].iloc[0].tolist() == [
        "a", "gpt-4.1", "input", "suggested",
    ]  # fmt: skip
    assert Index(found).keys == {}


def test_two_meters_for_one_key_are_told_apart_by_region_or_not_at_all():
    name = "gpt 4.1 Inp DZ Tokens"
    apart = prices(
        priced("a", meter=name, region="westeurope"), priced("b", meter=name, region="eastus2")
    )
    assert suggested(apart, MODELS)["region"].tolist() == ["westeurope", "eastus2"]
    assert suggested(apart.assign(region="westeurope"), MODELS).empty
    assert suggested(apart.assign(region=""), MODELS).empty


def test_what_is_mapped_need_not_be_reviewed():
    listed = prices(
        priced("a", meter="gpt 4.1 Inp glbl Tokens"),
        priced("b", meter="gpt 4.1 Outp glbl Tokens"),
        priced("c", meter="Mystery"),
    )
    found = review(listed, meters(meter("a"), meter("b", source="suggested")), MODELS)
    assert found["meter_id"].tolist() == ["b", "c"]
    assert found["readable"].tolist() == [True, False]


PARTS = {
    "model": [("gpt 4o", "gpt-4o"), ("gpt-4.1", "gpt-4.1"), ("5.4 mini", "gpt-5.4-mini")],
    "bucket": [("Inp", "input"), ("opt", "output"), ("cd inp", "cached"), ("cchd Inpt", "cached")],
    "scope": [("glbl", "global"), ("Data Zone", "datazone"), ("regnl", "regional")],
    "tier": [("", "standard"), ("Batch", "batch"), ("pp", "priority"), ("Flex", "flex")],
}  # fmt: skip


@given(
    some.fixed_dictionaries({it: some.sampled_from(of) for it, of in PARTS.items()}),
    some.sampled_from(["", "Tokens", "1M Tokens"]),
    some.sampled_from([" ", "-"]),
)
def test_a_name_is_read_in_every_style(parts, tail, joint):
    words = [parts[it][0] for it in ("model", "tier", "bucket", "scope")]
    name = joint.join(it for it in [*words, tail] if it)
    key = read(name, KNOWN).key
    assert {it: getattr(key, it) for it in parts} == {it: of[1] for it, of in parts.items()}


@given(some.text(max_size=40))
def test_whatever_is_listed_is_read_or_says_why(name):
    found = read(name, KNOWN)
    assert (found.key is None) == (found.confidence == 0)


@pytest.mark.parametrize(
    ("sku", "scope", "mode", "tier"),
    [
        ("GlobalStandard", "global", "tokens", "standard"),
        ("DataZoneStandard", "datazone", "tokens", "standard"),
        ("Standard", "regional", "tokens", "standard"),
        ("GlobalBatch", "global", "tokens", "batch"),
        ("ProvisionedManaged", "regional", "ptu", "standard"),
        ("DataZoneProvisionedManaged", "datazone", "ptu", "standard"),
        ("New", "", "other", "standard"),
        (None, "", "other", "standard"),
    ],
)
def test_an_sku(sku, scope, mode, tier):
    assert (scope_of(sku), mode_of(sku), tier_of(sku)) == (scope, mode, tier)


def test_units_of_meters():
    assert units(prices(priced("a", per=1_000), priced("b"))) == {"a": 1_000, "b": 1_000_000}
