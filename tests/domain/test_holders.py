"""What a deployment could give back, by hand; and never more than that."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import frames
from domain.holders import HOLDERS, holders
from tests.domain.estates import ACCOUNT, ago, estate, holder, one, told

PROD = {"environment": "prod"}
MEANS = {"peaks_30d_are": "partly hourly means"}


@pytest.mark.parametrize(
    ("kind", "fields", "needed", "keep", "reclaimable"),
    [
        # 40,000 TPM / 1,000 = 40 units; 120 RPM / 6 = 20; 40 x 1.2 = 48
        ("rate", {"peak_tpm_30d": 40_000.0, "peak_rpm_30d": 120.0}, 40, 48, 52),
        # requests are the tighter: 300 / 6 = 50; 50 x 1.2 = 60
        ("rate", {"peak_tpm_30d": 40_000.0, "peak_rpm_30d": 300.0}, 50, 60, 40),
        # production keeps twice the margin: 40 x 1.4 = 56
        ("rate", {"peak_tpm_30d": 40_000.0, "peak_rpm_30d": 120.0, **PROD}, 40, 56, 44),
        # hourly means count double: 80 x 1.2 = 96
        ("rate", {"peak_tpm_30d": 40_000.0, "peak_rpm_30d": 120.0, **MEANS}, 80, 96, 4),
        # 30,000 / 6,000 = 5; 7 / 1 = 7; 7 x 1.2 = 8.4
        ("o1", {"peak_tpm_30d": 30_000.0, "peak_rpm_30d": 7.0, "capacity": 20}, 7, 9, 11),
        # 55,000 / 10,000 = 5.5; 5.5 x 1.2 = 6.6
        ("o3", {"peak_tpm_30d": 55_000.0, "peak_rpm_30d": 2.0, "capacity": 20}, 5.5, 7, 13),
        # requests alone: 2 x 1.2 = 2.4
        ("whisper", {"peak_rpm_30d": 2.0, "capacity": 5}, 2, 3, 2),
        # 40 % of 100 PTU = 40; x 1.2 = 48, on the step of 5
        ("ptu", {"utilization_30d": 40.0}, 40, 50, 50),
        # 10 % of 50 = 5; 6 is under the minimum of 15
        ("ptu", {"utilization_30d": 10.0, "capacity": 50}, 5, 15, 35),
        # over its capacity already: 120 keep, nothing to give
        ("rate", {"peak_tpm_30d": 100_000.0, "peak_rpm_30d": 1.0}, 100, 120, 0),
        # no capacity is enough: 900 x 1.4 = 1,260 of at most 1,000
        (
            "rate",
            {"peak_tpm_30d": 9e5, "peak_rpm_30d": 1.0, "capacity": 1_000, **PROD},
            900,
            1_000,
            0,
        ),
        # idle for 30 days: one unit, or the minimum
        ("rate", {"idle": True}, 0, 1, 99),
        ("ptu", {"idle": True}, 0, 15, 85),
        ("batch", {"idle": True}, 0, 1, 99),
    ],
)
def test_what_it_needs_and_keeps(kind, fields, needed, keep, reclaimable):
    row = one(holders(estate(holder(kind=kind, **fields))))
    assert row["needed"] == pytest.approx(needed)
    assert (row["keep"], row["reclaimable"]) == (keep, reclaimable)
    assert row["would_use_share"] == pytest.approx(needed / keep)


KNOWN = {"peak_tpm_30d": 40_000.0, "peak_rpm_30d": 120.0}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("rate", {"peak_tpm_30d": 40_000.0}),
        ("rate", {"peak_rpm_30d": 120.0}),
        ("rate", {}),
        ("rate", {**KNOWN, "covered_30d": 719}),
        ("rate", {**KNOWN, "covered_30d": None}),
        ("rate", {**KNOWN, "created_at": ago(days=29)}),
        ("rate", {**KNOWN, "capacity": None}),
        ("rate", {**KNOWN, "unit_tpm": None, "unit_rpm": None}),
        ("rate", {**KNOWN, "sku": "SomethingNew"}),
        ("rate", {"idle": True, "created_at": ago(days=3)}),
        ("ptu", {}),
        ("ptu", {"utilization_30d": 10.0, "modified_at": ago(days=29)}),
        ("batch", KNOWN),
    ],
)
def test_what_is_not_known_is_missing_and_not_zero(kind, fields):
    assert told(one(holders(estate(holder(kind=kind, **fields))))["reclaimable"]) is None


@pytest.mark.parametrize(
    "fields",
    [
        {"standby": True},
        {"health": "Changing"},
        {"health": "Failed"},
        {"health": "Paused"},
        {"requests_30d": 1_000.0, "throttled_30d": 10.0},
    ],
)
def test_some_give_nothing_whatever_they_use(fields):
    row = one(holders(estate(holder(**KNOWN, **fields))))
    assert (row["keep"], row["reclaimable"]) == (100, 0)


def test_a_few_refusals_do_not_count():
    few = {"requests_30d": 1_000.0, "throttled_30d": 9.0}
    assert one(holders(estate(holder(**KNOWN, **few))))["reclaimable"] == 52


def test_where_others_spill_over_to_nothing_is_taken_from():
    other = ACCOUNT.replace("aoai-shop", "aoai-other")
    rows = estate(
        holder("ptu", "ptu", spillover="Overflow"),
        holder("overflow", idle=True),
        holder("overflow", idle=True, account_id=other),
    )
    assert holders(rows)["reclaimable"].tolist()[1:] == [0, 99]


def test_every_holder_keeps_its_row_and_its_columns():
    found = holders(estate(holder("b"), holder("a", "ptu")))
    assert found["deployment"].tolist() == ["b", "a"]
    assert list(found) == list(HOLDERS)
    assert found[["minimum", "maximum", "step"]].values.tolist() == [[1, 1_000, 1], [15, 1_000, 5]]
    assert holders(estate()).empty
    assert {str(it) for it in found.dtypes} <= set(HOLDERS.values())


def number(most):
    return some.none() | some.floats(0, most, allow_nan=False)


@settings(max_examples=150, deadline=None)
@given(
    kind=some.sampled_from(["rate", "o1", "o3", "whisper", "ptu", "batch"]),
    fields=some.fixed_dictionaries(
        {
            "capacity": some.none() | some.integers(1, 1_000),
            "peak_tpm_30d": number(2e6),
            "peak_rpm_30d": number(5_000),
            "utilization_30d": number(150),
            "requests_30d": number(100),
            "throttled_30d": number(10),
            "covered_30d": some.sampled_from([0, 719, 720]),
            "capacity_step": some.none() | some.integers(1, 40),
            "capacity_min": some.none() | some.integers(1, 60),
            "environment": some.sampled_from([None, "prod", "dev"]),
            "peaks_30d_are": some.sampled_from([None, "by the minute", "hourly means"]),
            "idle": some.booleans(),
            "standby": some.booleans(),
        }
    ),
)
def test_nothing_is_taken_under_the_peak_or_the_minimum(kind, fields):
    row = one(holders(estate(holder(kind=kind, **fields))))
    if pd.isna(row["reclaimable"]):
        return
    left = row["capacity"] - row["reclaimable"]
    assert 0 <= row["reclaimable"] <= row["capacity"]
    if row["reclaimable"] > 0:
        assert left >= row["minimum"]
        assert left % row["step"] == 0
        for what in ("tpm", "rpm") if kind in ("rate", "o1", "o3", "whisper") else ():
            unit, peak = row[f"unit_{what}"], row[f"peak_{what}_30d"]
            if not row["idle"] and not pd.isna(unit):
                assert left * unit >= peak - 1e-6
        assert not row["standby"]
        assert row["covered_30d"] == 720


def test_the_columns_are_of_the_house():
    assert set(HOLDERS.values()) <= {
        frames.TEXT,
        frames.WHOLE,
        frames.REAL,
        frames.FLAG,
        frames.TIME,
    }
