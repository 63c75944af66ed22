"""Sums over time stay sums, however they are split."""

from datetime import timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import frames, usage
from tests.domain.rows import NOW, deployment, joined

TAGGED = {
    "chat": '{"business-unit": "retail"}',
    "busy": '{"business-unit": "finance"}',
    "free": "{}",
}
ESTATE = joined([deployment(name, tags=tags) for name, tags in TAGGED.items()])
IDS = dict(ESTATE[["deployment", "resource"]].itertuples(index=False))


def series(*rows):
    """Frame SERIES of (deployment, grain, hours ago, tokens)."""
    return frames.frame(
        frames.SERIES,
        [
            {
                "resource": IDS.get(name, name),
                "region": "westeurope",
                "grain": grain,
                "at": NOW - timedelta(hours=ago),
                "tokens": tokens,
                "requests": None if tokens is None else tokens / 10,
            }
            for name, grain, ago, tokens in rows
        ],
    )


def test_points_carry_what_they_can_be_split_by():
    points = usage.grouped(series(("chat", "hour", 1, 100.0)), ESTATE, "hour")
    (point,) = points.to_dict("records")
    assert (point["unit"], point["region"], point["model"]) == ("retail", "westeurope", "gpt-4o")
    assert (point["tokens"], point["requests"]) == (100, 10)
    assert pd.isna(point["throttled"])


def test_the_other_grain_is_left_out():
    both = series(("chat", "hour", 1, 100.0), ("chat", "day", 1, 900.0))
    assert usage.grouped(both, ESTATE, "day")["tokens"].tolist() == [900]


def test_a_deployment_that_is_gone_still_counts():
    gone = "/subscriptions/x/resourcegroups/g/providers/p/accounts/a/deployments/gone"
    points = usage.grouped(series((gone, "hour", 1, 7.0), ("chat", "hour", 1, 5.0)), ESTATE, "hour")
    assert usage.totals(points)["tokens"].tolist() == [12]
    split = usage.totals(points, "unit")
    assert dict(split[["unit", "tokens"]].itertuples(index=False)) == {"not known": 7, "retail": 5}


def test_what_was_not_counted_is_missing_and_not_zero():
    points = usage.grouped(series(("chat", "hour", 1, None)), ESTATE, "hour")
    assert usage.totals(points)["tokens"].isna().all()


def test_the_smallest_are_others_and_say_how_many():
    rows = [("chat", "hour", 1, 100.0), ("busy", "hour", 1, 10.0), ("free", "hour", 1, 1.0)]
    points = usage.grouped(series(*rows), ESTATE, "hour")
    split = usage.totals(points, "unit", most=1)
    assert dict(split[["unit", "tokens"]].itertuples(index=False)) == {
        "retail": 100,
        "others (2)": 11,
    }


def test_a_single_other_keeps_its_name():
    points = usage.grouped(
        series(("chat", "hour", 1, 5.0), ("busy", "hour", 1, 1.0)), ESTATE, "hour"
    )
    assert set(usage.totals(points, "unit", most=1)["unit"]) == {"retail", "finance"}


def test_nothing_sums_to_nothing():
    points = usage.grouped(series(), ESTATE, "hour")
    assert usage.totals(points).empty
    assert usage.totals(points, "unit").empty


ROWS = some.lists(
    some.tuples(
        some.sampled_from([*IDS, "/subscriptions/x/gone"]),
        some.just("hour"),
        some.integers(0, 3),
        some.one_of(some.none(), some.integers(0, 1_000).map(float)),
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(rows=ROWS, by=some.sampled_from([None, *usage.ALONG]), most=some.integers(1, 4))
def test_a_split_sums_to_the_whole(rows, by, most):
    given = series(*rows)
    whole = given.groupby("at")["tokens"].sum(min_count=1)
    points = usage.grouped(given, ESTATE, "hour")
    split = usage.totals(points, by, most).groupby("at")["tokens"].sum(min_count=1)
    pd.testing.assert_series_equal(split, whole)
    if by and rows:
        assert usage.totals(points, by, most)[by].nunique() <= max(most + 1, 2)


def test_it_can_be_split_by_everything_it_says():
    points = usage.grouped(series(("chat", "hour", 1, 5.0)), ESTATE, "hour")
    for by in usage.ALONG:
        assert usage.totals(points, by)["tokens"].tolist() == [5], by


@pytest.mark.parametrize("most", [1, 2, 3])
def test_no_more_than_so_many_and_the_others(most):
    rows = [(name, "hour", 1, float(at)) for at, name in enumerate(IDS, 1)]
    points = usage.grouped(series(*rows), ESTATE, "hour")
    assert usage.totals(points, "unit", most)["unit"].nunique() <= most + 1
