"""Hours are kept once each, the finer over the coarser, and summed without inventing a zero."""

import math
from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from sqlalchemy import select

from domain import frames
from store import hours
from store.tables import HourRow
from tests.store.conftest import NOW

HOUR = timedelta(hours=1)
TOP = NOW.replace(minute=0)
NUMBERS = [name for name, dtype in frames.HOURS.items() if dtype == frames.REAL]


def row(ago=0, resource="r", grain="minute", **numbers):
    return {"resource": resource, "hour": TOP - ago * HOUR, "grain": grain, **numbers}


def frame(*rows):
    return frames.frame(frames.HOURS, rows)


def kept(session):
    columns = [getattr(HourRow, name) for name in ("subscription", *frames.HOURS)]
    found = session.execute(select(*columns).order_by(HourRow.resource, HourRow.hour)).all()
    return [tuple(it) for it in found]


def window(observed, name, resource="r"):
    rows = observed[(observed["window"] == name) & (observed["resource"] == resource)]
    return {name: missing_is_none(rows[name].iloc[0]) for name in rows} if len(rows) else None


def missing_is_none(value):
    return None if pd.isna(value) else value


def test_what_is_missing_stays_missing(begin, read):
    begin(hours.keep, "s", frame(row(requests=3.0, tokens=0.0, latency_ms=math.nan)))
    values = dict(zip(("subscription", *frames.HOURS), read(kept)[0], strict=True))
    assert values.pop("subscription") == "s"
    assert values.pop("hour") == TOP
    told = {name: value for name, value in values.items() if value is not None}
    assert told == {"resource": "r", "grain": "minute", "requests": 3.0, "tokens": 0.0}


def test_an_empty_frame_keeps_nothing(begin, read):
    begin(hours.keep, "s", frame())
    assert read(kept) == []
    assert read(hours.oldest, "s") is None
    assert_frame_equal(read(hours.observed, "s", NOW), frames.frame(frames.OBSERVED, []))
    assert read(hours.series, "s", NOW).empty


@pytest.mark.parametrize(
    ("first", "second", "stays"),
    [("hour", "hour", 2), ("hour", "minute", 2), ("minute", "minute", 2), ("minute", "hour", 1)],
)
@pytest.mark.parametrize("together", [False, True])
def test_the_finer_grain_wins_and_else_the_later(begin, read, first, second, stays, together):
    rows = [row(grain=first, requests=1.0), row(grain=second, requests=2.0)]
    for part in [rows] if together else [[it] for it in rows]:
        begin(hours.keep, "s", frame(*part))
    assert [it[4] for it in read(kept)] == [stays]


ROWS = st.builds(
    row,
    ago=st.integers(0, 3),
    resource=st.sampled_from(["r", "q"]),
    grain=st.sampled_from(["minute", "hour"]),
    requests=st.none() | st.floats(0, 1e9),
    peak_tpm=st.none() | st.floats(0, 1e9),
)
ONE_EACH = st.lists(
    ROWS, max_size=10, unique_by=lambda it: (it["resource"], it["hour"], it["grain"])
)


@settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
@given(ONE_EACH, st.randoms(use_true_random=False), st.integers(1, 4))
def test_hours_are_the_same_in_any_order_and_any_number_of_times(store, rows, random, size):
    def after(rows):
        with store.begin() as session:
            hours.prune(session, NOW + HOUR)
            for start in range(0, len(rows), size):
                hours.keep(session, "s", frame(*rows[start : start + size]))
            return kept(session)

    shuffled = random.sample(rows, len(rows))
    assert after(rows) == after(shuffled) == after(shuffled + rows + rows)


def test_windows_count_back_from_now_with_the_running_hour(begin, read):
    ages = [0, 23, 24, 167, 168, 719, 720, -1]
    begin(hours.keep, "s", frame(*(row(ago, requests=1.0) for ago in ages)))
    observed = read(hours.observed, "s", NOW)
    assert observed.dtypes.astype(str).to_dict() == dict(frames.OBSERVED)
    counted = {name: window(observed, name)["requests"] for name in ("24h", "7d", "30d")}
    assert counted == {"24h": 2, "7d": 4, "30d": 6}


def test_sums_peaks_and_latency_of_a_window(begin, read):
    begin(
        hours.keep,
        "s",
        frame(
            row(0, requests=1.0, latency_ms=100.0, tokens=10.0, peak_tpm=5.0, utilization=20.0),
            row(1, requests=3.0, latency_ms=200.0, tokens=30.0, peak_tpm=9.0, grain="hour"),
            row(2, requests=100.0, throttled=2.0, utilization=70.0),
            row(3, latency_ms=1.0),
            row(4),
            row(5, requests=0.0),
        ),
    )
    seen = window(read(hours.observed, "s", NOW), "24h")
    assert seen["requests"] == 104
    assert seen["tokens"] == 40
    assert seen["throttled"] == 2
    assert seen["failed"] is None
    assert seen["peak_tpm"] == 9
    assert seen["peak_rpm"] is None
    assert seen["p95_rpm"] is None
    assert seen["utilization"] == 70
    assert seen["latency_ms"] == (100 + 3 * 200) / 4
    assert (seen["hours"], seen["minute_hours"]) == (5, 4)
    assert seen["last_traffic"] == TOP


def test_what_had_no_traffic_has_no_last_one(begin, read):
    begin(hours.keep, "s", frame(row(0, requests=0.0, latency_ms=5.0), row(30, requests=2.0)))
    observed = read(hours.observed, "s", NOW)
    assert window(observed, "24h")["last_traffic"] is None
    assert window(observed, "24h")["latency_ms"] is None
    assert window(observed, "7d")["last_traffic"] == TOP - 30 * HOUR


@settings(max_examples=25, deadline=None, suppress_health_check=[*HealthCheck])
@given(st.lists(st.none() | st.integers(0, 1_000), min_size=1, max_size=60))
def test_the_95th_percentile_is_of_nearest_rank(store, peaks):
    with store.begin() as session:
        hours.prune(session, NOW + HOUR)
        rows = [row(ago, peak_tpm=tpm, peak_rpm=tpm) for ago, tpm in enumerate(peaks)]
        hours.keep(session, "s", frame(*rows))
        seen = window(hours.observed(session, "s", NOW), "7d")
    known = sorted(it for it in peaks if it is not None)
    expected = known[-(-95 * len(known) // 100) - 1] if known else None
    assert seen["p95_tpm"] == seen["p95_rpm"] == expected


def test_subscriptions_and_resources_stay_apart(begin, read):
    begin(hours.keep, "s", frame(row(requests=1.0), row(requests=2.0, resource="q")))
    begin(hours.keep, "t", frame(row(requests=4.0, resource="p")))
    observed = read(hours.observed, "s", NOW)
    assert sorted(observed["resource"].unique()) == ["q", "r"]
    assert window(observed, "24h", "q")["requests"] == 2
    assert read(hours.oldest, "t") == TOP


def test_a_series_has_hours_of_a_day_and_days_of_a_month(begin, read):
    ages = [0, 1, 23, 24, 9 + 24 * 29, 10 + 24 * 29]
    rows = [row(ago, requests=1.0, tokens=2.0) for ago in ages]
    begin(hours.keep, "s", frame(*rows, row(48, throttled=1.0)))
    series = read(hours.series, "s", NOW)
    assert set(series) == {"resource", "grain", "at", "tokens", "requests", "throttled"}
    by_hour = series[series["grain"] == "hour"]
    assert by_hour["at"].tolist() == [TOP - it * HOUR for it in (23, 1, 0)]
    by_day = series[series["grain"] == "day"].set_index("at")
    midnight = TOP.replace(hour=0)
    ages = [timedelta(days=29), timedelta(days=2), timedelta(days=1), timedelta(0)]
    assert by_day.index.tolist() == [midnight - it for it in ages]
    assert by_day["requests"].tolist() == [1, pd.NA, 2, 2]
    assert by_day["tokens"].sum() == 10


def test_old_hours_are_pruned(begin, read):
    begin(hours.keep, "s", frame(row(0), row(1), row(2)))
    assert read(hours.oldest, "s") == TOP - 2 * HOUR
    assert begin(hours.prune, TOP - HOUR) == 1
    assert read(hours.oldest, "s") == TOP - HOUR


def test_twenty_thousand_hours_are_kept_twice_and_are_there_once(begin, read):
    many = frame(
        *(
            row(ago, resource=f"resource-{number}") | dict.fromkeys(NUMBERS, float(ago))
            for number in range(28)
            for ago in range(720)
        )
    )
    begin(hours.keep, "s", many)
    begin(hours.keep, "s", many)
    observed = read(hours.observed, "s", NOW)
    assert len(observed) == 28 * 3
    month = observed[observed["window"] == "30d"]
    assert month["hours"].tolist() == [720] * 28
    assert month["requests"].tolist() == [float(sum(range(720)))] * 28
