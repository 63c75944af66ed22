"""One row per deployment, whatever is missing; every joined number worked out by hand."""

from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import inventory
from tests.domain.rows import (
    ACCOUNT,
    NOW,
    SUB,
    account,
    day,
    deployment,
    joined,
    model,
    observed,
    row_of,
    usage,
)


def test_everything_is_side_by_side():
    row = row_of(metrics=[observed(requests=200.0, tokens=9_000.0)])
    assert row["subscription_name"] == "Production"
    assert row["region"] == "westeurope"
    assert row["scope"] == "In its region"
    assert row["billing"] == "per token"
    assert row["unit_words"] == "1,000 TPM"
    assert row["health"] == "Ready"
    assert row["listed"]
    assert row["usage_name"] == "OpenAI.Standard.gpt-4o"
    assert (row["requests"], row["tokens"]) == (200, 9_000)


@pytest.mark.parametrize("empty", ["subscriptions", "accounts", "models", "usages", "metrics"])
def test_a_deployment_stays_when_a_part_is_missing(empty):
    rows = joined([deployment("chat"), deployment("busy")], **{empty: []})
    assert rows["deployment"].tolist() == ["chat", "busy"]


OPTIONAL = ["sku", "capacity", "format", "model", "version", "state", "upgrade", "tags", "etag"]


@settings(max_examples=30, deadline=None)
@given(
    lost=some.sets(some.sampled_from(OPTIONAL)),
    gone=some.sets(some.sampled_from(["subscriptions", "accounts", "models", "usages"])),
    listed=some.integers(0, 3),
)
def test_one_row_per_deployment_whatever_is_missing(lost, gone, listed):
    bare = deployment("bare", **dict.fromkeys(lost))
    others = {"models": [model()] * listed, **{name: [] for name in gone}}
    rows = joined([bare, deployment("full")], **others)
    assert rows["deployment"].tolist() == ["bare", "full"]
    assert list(rows.columns) == list(inventory.INVENTORY)


def test_no_deployments_are_no_rows():
    assert joined([]).empty


def test_an_account_without_a_region_has_deployments_too():
    row = row_of(accounts=[account(region=None)])
    assert not row["listed"]
    assert pd.isna(row["pool"])


# --- the model list ---------------------------------------------------------------------------


def test_the_entry_of_the_accounts_own_kind_goes_first():
    rows = [model(kind="AIServices", lifecycle="Preview"), model(lifecycle="GenerallyAvailable")]
    assert row_of(models=rows)["lifecycle"] == "GenerallyAvailable"
    foundry = [account(kind="AIServices")]
    assert row_of(models=rows, accounts=foundry)["lifecycle"] == "Preview"


def test_an_entry_of_another_kind_is_better_than_none():
    assert row_of(models=[model(kind="MaaS")])["listed"]


def test_of_two_rows_of_one_sku_the_earlier_date_counts():
    twice = [model(sku_retires_at=day(it)) for it in ("2027-01-01", "2026-08-01")]
    assert row_of(models=twice)["retires_at"] == day("2026-08-01")


def test_names_are_compared_without_their_case():
    assert row_of({"model": "GPT-4o", "sku": "standard"}, models=[model(format="openai")])["listed"]


@pytest.mark.parametrize(
    "other", [{"version": "2024-08-06"}, {"sku": "GlobalStandard"}, {"region": "eastus"}]
)
def test_another_version_sku_or_region_is_not_it(other):
    row = row_of(models=[model(**other)])
    assert not row["listed"]
    assert row["fate"] == "not in the model list"


def test_a_region_of_another_subscription_is_not_it():
    assert not row_of(models=[model(subscription="another")])["listed"]


def test_the_replacement_is_named_in_one_word_group():
    row = row_of(models=[model(replacement_model="gpt-5", replacement_version="2025-08-07")])
    assert row["replacement"] == "gpt-5 2025-08-07"
    assert row_of(models=[model(replacement_model="gpt-5")])["replacement"] == "gpt-5"
    assert pd.isna(row_of()["replacement"])


# --- quota pools ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scope", "pool"),
    [
        ({}, f"{SUB}|westeurope|openai.standard.gpt-4o"),
        ({"scope_type": "Regional"}, f"{SUB}|westeurope|openai.standard.gpt-4o"),
        (
            {"scope_type": "Global", "scope_id": "Global"},
            f"{SUB}|Global:global|openai.standard.gpt-4o",
        ),
        (
            {"scope_type": "DataZone", "scope_id": "EU"},
            f"{SUB}|DataZone:eu|openai.standard.gpt-4o",
        ),
        ({"scope_type": "Classic"}, f"{SUB}|westeurope|openai.standard.gpt-4o"),
    ],
)
def test_a_pool_is_as_wide_as_azure_says(scope, pool):
    assert row_of(usages=[usage(**scope)])["pool"] == pool


def test_a_global_pool_is_one_for_two_regions():
    there = account("aoai-north", region="northeurope")
    wide = {"scope_type": "Global", "scope_id": "Global"}
    rows = joined(
        [deployment(), deployment(account_id=there["account_id"])],
        accounts=[account(), there],
        models=[model(), model(region="northeurope")],
        usages=[usage(**wide), usage(region="northeurope", **wide)],
    )
    assert rows["pool"].nunique() == 1


def test_a_usage_row_that_is_missing_leaves_the_pool_regional():
    assert row_of(usages=[])["pool"] == f"{SUB}|westeurope|openai.standard.gpt-4o"


def test_a_pool_that_is_listed_in_two_spellings_is_one():
    spelled = [usage(), usage(usage_name="OpenAI.Standard.GPT-4o")]
    assert row_of(usages=spelled)["pool"] == f"{SUB}|westeurope|openai.standard.gpt-4o"


def test_what_is_not_listed_draws_from_no_pool():
    assert pd.isna(row_of(models=[])["pool"])


# --- metrics ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("requests", "throttled", "share"),
    [
        (200.0, 10.0, 0.05),
        (200.0, 0.0, 0.0),
        (0.0, 0.0, None),
        (None, None, None),
        (5.0, None, None),
    ],
)
def test_the_throttled_share_is_of_requests(requests, throttled, share):
    told = row_of(metrics=[observed(requests=requests, throttled=throttled)])["throttled_share"]
    assert told == share if share is not None else pd.isna(told)


@pytest.mark.parametrize(
    ("limits", "peaks", "share"),
    [
        ((10_000.0, 60.0), (9_500.0, 3.0), 0.95),
        ((10_000.0, None), (12_000.0, None), 1.2),
        ((None, 60.0), (9_500.0, 54.0), 0.9),
        ((None, 60.0), (None, 30.0), 0.5),
        ((None, None), (9_500.0, 54.0), None),
        ((10_000.0, 60.0), (None, None), None),
    ],
)
def test_the_peak_is_held_against_tokens_or_else_requests(limits, peaks, share):
    limit = dict(zip(("limit_tpm", "limit_rpm"), limits, strict=True))
    peak = dict(zip(("peak_tpm", "peak_rpm"), peaks, strict=True))
    told = row_of(limit, metrics=[observed(**peak)])["peak_share"]
    assert told == pytest.approx(share) if share is not None else pd.isna(told)


@pytest.mark.parametrize(
    ("hours", "by_minute", "words"),
    [(10, 10, "by the minute"), (10, 4, "partly hourly means"), (10, 0, "hourly means")],
)
def test_it_says_what_the_peaks_are(hours, by_minute, words):
    one = observed(hours=hours, minute_hours=by_minute, peak_tpm=5.0)
    assert row_of(metrics=[one])["peaks_are"] == words


def test_without_peaks_nothing_is_said_of_them():
    assert pd.isna(row_of(metrics=[observed()])["peaks_are"])


def test_the_sums_are_of_the_window_that_is_asked_for():
    windows = [
        observed(window=it, requests=n) for it, n in (("24h", 1.0), ("7d", 2.0), ("30d", 3.0))
    ]
    assert [row_of(metrics=windows, window=it)["requests"] for it in ("24h", "7d", "30d")] == [
        1,
        2,
        3,
    ]


def test_the_peaks_of_30_days_do_not_follow_the_window():
    windows = [
        observed(window=it, peak_tpm=n, minute_hours=10 if it == "7d" else 0, throttled=n)
        for it, n in (("24h", 1.0), ("7d", 2.0), ("30d", 3.0))
    ]
    row = row_of(metrics=windows, window="7d")
    assert (row["peak_tpm"], row["peaks_are"]) == (2, "by the minute")
    assert (row["peak_tpm_30d"], row["peaks_30d_are"]) == (3, "hourly means")
    assert (row["throttled_30d"], row["covered_30d"]) == (3, 168)
    assert pd.isna(row_of(metrics=windows[:2])["peak_tpm_30d"])


def test_a_deployment_knows_the_bounds_of_its_sku():
    listed = model(capacity_min=15, capacity_max=90, capacity_step=5, capacity_default=20)
    row = row_of(models=[listed | {"capacity_allowed": "15, 20"}])
    assert [row[f"capacity_{it}"] for it in ("min", "max", "step", "default")] == [15, 90, 5, 20]
    assert (row["capacity_allowed"], row["unit_tpm"], row["unit_rpm"]) == ("15, 20", 1_000, 6)
    assert pd.isna(row_of(models=[])["capacity_min"])


def quiet(last=None, covered=720, created="2025-01-01", **fields):
    seen = observed(window="30d", last_traffic=last, covered=covered)
    return row_of({"created_at": created and day(created), **fields}, metrics=[seen])


def test_quiet_days_count_from_the_last_traffic():
    assert quiet(NOW - timedelta(days=4, hours=12))["quiet_days"] == pytest.approx(4.5)


def test_without_any_traffic_it_is_quiet_for_as_long_as_was_asked():
    assert quiet(covered=240)["quiet_days"] == pytest.approx(10)
    assert not quiet(covered=240)["idle"]
    assert quiet(covered=720)["idle"]


def test_a_new_deployment_was_not_quiet_before_it_existed():
    row = quiet(created="2026-06-12")
    assert row["quiet_days"] == pytest.approx(3 + 9.5 / 24)
    assert not row["idle"]


def test_a_deployment_whose_birthday_is_unknown_is_quiet_as_far_as_was_asked():
    assert quiet(created=None)["idle"]


def test_never_measured_is_not_quiet():
    row = row_of()
    assert pd.isna(row["quiet_days"])
    assert pd.isna(row["measured_at"])
    assert not row["idle"]


@pytest.mark.parametrize(
    "fields", [{"tags": '{"Standby": "yes"}'}, {"state": "Disabled"}, {"running": "Paused"}]
)
def test_standby_disabled_and_paused_are_not_idle(fields):
    assert not quiet(**fields)["idle"]


# --- whose it is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tag", ["business-unit", "BusinessUnit", "business_unit", "BUSINESS UNIT", "businessunit"]
)
def test_a_tag_is_found_in_every_spelling(tag):
    assert row_of({"tags": f'{{"{tag}": " Retail "}}'})["unit"] == "retail"


def test_the_accounts_tags_count_where_there_are_none():
    told = account(tags='{"business-unit": "finance", "Owner": "leo", "environment": "PROD"}')
    row = row_of(accounts=[told])
    assert (row["unit"], row["owner"], row["environment"]) == ("finance", "leo", "prod")


def test_the_deployments_own_tag_goes_first_and_a_blank_one_says_nothing():
    accounts = [account(tags='{"business-unit": "finance"}')]
    assert row_of({"tags": '{"business-unit": "retail"}'}, accounts=accounts)["unit"] == "retail"
    assert row_of({"tags": '{"business-unit": "  "}'}, accounts=accounts)["unit"] == "finance"


def test_a_tag_that_names_no_unit_is_shown_and_unassigned():
    row = row_of({"tags": '{"business-unit": "retial"}'})
    assert (row["unit"], row["unit_tag"]) == ("unassigned", "retial")
    assert pd.isna(row_of()["unit_tag"])


# --- state ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "running", "word"),
    [
        ("Succeeded", None, "Ready"),
        ("succeeded", "Running", "Ready"),
        ("Succeeded", "Paused", "Paused"),
        ("Failed", None, "Failed"),
        ("Canceled", None, "Failed"),
        ("Disabled", None, "Disabled"),
        ("Creating", None, "Changing"),
        ("Updating", None, "Changing"),
        ("AWordOfNextYear", None, "Changing"),
        (None, None, "Changing"),
    ],
)
def test_an_unknown_state_is_a_change_under_way(state, running, word):
    assert row_of({"state": state, "running": running})["health"] == word


@pytest.mark.parametrize(
    ("sku", "units", "words"),
    [
        ("Standard", {"unit_tpm": 6_000.0}, "6,000 TPM"),
        ("Standard", {"unit_tpm": None, "unit_rpm": 1.0}, "1 RPM"),
        ("Standard", {"unit_tpm": None, "unit_rpm": None}, "units"),
        ("ProvisionedManaged", {}, "PTU"),
        ("GlobalBatch", {}, "thousand enqueued tokens"),
        ("SomethingNew", {}, "units"),
    ],
)
def test_a_unit_is_what_the_model_list_says(sku, units, words):
    assert row_of({"sku": sku}, models=[model(sku=sku, **units)])["unit_words"] == words


def test_an_account_of_nobody_keeps_its_deployments():
    stray = ACCOUNT.replace("aoai-shop", "aoai-gone")
    row = row_of({"account_id": stray})
    assert pd.isna(row["subscription"])
    assert row["health"] == "Ready"
