"""Frames on disk come back as they were; what is missing stays missing."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import frames

ALL = {
    name: value
    for name, value in vars(frames).items()
    if isinstance(value, dict) and name.isupper() and not name.startswith("_")
}
VALUES = {
    frames.TEXT: some.text(max_size=20),
    frames.WHOLE: some.integers(-(2**62), 2**62),
    frames.REAL: some.floats(allow_nan=False),
    frames.FLAG: some.booleans(),
    frames.TIME: some.integers(-8_000_000_000, 8_000_000_000).map(
        lambda seconds: datetime.fromtimestamp(seconds, UTC)
    ),
}


def rows_of(columns):
    cells = {name: some.none() | VALUES[dtype] for name, dtype in columns.items()}
    return some.lists(some.fixed_dictionaries(cells), max_size=3)


EVERY_KIND = {
    "a": frames.TEXT,
    "b": frames.WHOLE,
    "c": frames.REAL,
    "d": frames.FLAG,
    "e": frames.TIME,
}


@settings(max_examples=150, deadline=None)
@given(rows_of(EVERY_KIND))
def test_a_frame_survives_packing(rows):
    given = frames.frame(EVERY_KIND, rows)
    again = frames.unpacked(frames.packed(given), EVERY_KIND)
    pd.testing.assert_frame_equal(again, given)
    for name in EVERY_KIND:
        missing = [row[name] is None for row in rows]
        assert again[name].isna().tolist() == missing


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_frame_of_the_house_survives_packing_empty_and_bare(name):
    columns = ALL[name]
    for rows in ([], [{}], [{}, {}]):
        given = frames.frame(columns, rows)
        again = frames.unpacked(frames.packed(given), columns)
        pd.testing.assert_frame_equal(again, given)
        assert {it: str(dtype) for it, dtype in again.dtypes.items()} == dict(columns)


@pytest.mark.parametrize("dtype", sorted(VALUES))
@pytest.mark.parametrize("rows", [0, 2])
def test_a_column_of_a_later_version_is_missing_throughout(dtype, rows):
    old = frames.packed(frames.frame({"a": frames.TEXT}, [{"a": "x"}] * rows))
    again = frames.unpacked(old, {"new": dtype, "a": frames.TEXT})
    assert again["new"].isna().all()
    assert str(again["new"].dtype) == dtype
    assert again["a"].tolist() == ["x"] * rows


def test_a_column_that_is_no_more_is_left_behind():
    old = frames.packed(frames.frame({"a": frames.TEXT, "gone": frames.REAL}, [{"a": "x"}]))
    assert list(frames.unpacked(old, {"a": frames.TEXT}).columns) == ["a"]


def test_text_that_no_database_can_hold_is_mended_and_not_fatal():
    frame = frames.frame({"a": frames.TEXT}, [{"a": "torn \ud800 emoji"}, {"a": None}])
    again = frames.unpacked(frames.packed(frame), {"a": frames.TEXT})
    assert again["a"].tolist()[0] == "torn ? emoji"
    assert again["a"].isna().tolist() == [False, True]


def test_a_time_of_another_zone_is_the_same_moment():
    at = datetime.fromisoformat("2026-01-05T10:00:00+01:00")
    frame = frames.frame({"at": frames.TIME}, [{"at": at}])
    assert frame["at"].tolist() == [datetime(2026, 1, 5, 9, tzinfo=UTC)]


def test_records_are_plain_values_of_some_rows_and_columns():
    rows = frames.frame(
        {"a": frames.TEXT, "n": frames.WHOLE, "b": frames.FLAG},
        [{"a": "x", "n": 1, "b": True}, {"a": "y"}, {"a": "z", "n": 3, "b": False}],
    )
    assert frames.records(rows[rows["n"].notna()], columns=["n", "b"]) == [
        {"n": 1, "b": True},
        {"n": 3, "b": False},
    ]
    (only,) = frames.records(rows, rows["n"] > 2)
    assert only == {"a": "z", "n": 3, "b": False}, "what is not known is not wanted"
    assert frames.records(rows[:0]) == []
