"""Frames as Arrow: what is in them stays, keys follow contents, what is missing stays missing."""

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import arrow

TEXTS = st.lists(st.none() | st.text(st.characters(codec="utf-8")))
LONG = arrow.MANY


def column(values, dtype="string"):
    return pd.Series(values, dtype=dtype)


def test_columns_of_every_kind_stay_what_they_are():
    when = pd.Timestamp("2026-11-18T12:34:56Z").as_unit("us")
    made = arrow.table(
        {
            "Text": column(["a", None]),
            "Whole": column([1, None], "Int64"),
            "Real": column([None, 0.5], "Float64"),
            "Flag": column([True, None], "boolean"),
            "Time": column([when, None], "datetime64[us, UTC]"),
        }
    )
    assert made.to_pydict() == {
        "Text": ["a", None],
        "Whole": [1, None],
        "Real": [None, 0.5],
        "Flag": [True, None],
        "Time": [when.to_pydatetime(), None],
    }
    assert made.schema.field("Time").type == pa.timestamp("us", "UTC")


@given(TEXTS)
def test_a_list_holds_the_one_text_or_none(texts):
    made = arrow.table({"State": column(texts)}, ["State"])
    assert made["State"].to_pylist() == [[] if it is None else [it] for it in texts]


def test_what_arrow_has_no_type_for_becomes_text():
    made = arrow.table({"Value": column([1, "two", None], "object")})
    assert made["Value"].to_pylist() == ["1", "two", None]


@pytest.mark.parametrize("rows", [LONG - 1, LONG, LONG + 1])
def test_a_text_that_repeats_is_written_once_in_a_long_table(rows):
    values = [None if at % 3 == 0 else f"unit {at % 7}" for at in range(rows)]
    made = arrow.table({"Unit": column(values)})["Unit"]
    assert made.to_pylist() == values
    assert pa.types.is_dictionary(made.type) == (rows >= LONG)


@pytest.mark.parametrize("rows", [2**15 - 1, 2**15])
def test_texts_that_do_not_repeat_are_kept_however_many_there_are(rows):
    values = [str(at) for at in range(rows)]
    assert arrow.table({"Id": column(values)})["Id"].to_pylist() == values


@given(TEXTS)
def test_distinct_texts_are_sorted_and_not_missing(texts):
    assert arrow.distinct(column(texts)) == sorted({it for it in texts if it is not None})


@given(st.lists(st.text("ab|", max_size=3)), st.lists(st.text("ab|", max_size=3)))
def test_a_digest_is_another_one_when_the_texts_are(some, others):
    same = arrow.digest(column(some)) == arrow.digest(column(others))
    assert same == (some == others)


@given(st.lists(st.text("ab", max_size=3), min_size=1), st.data())
def test_a_digest_knows_nothing_of_where_the_rows_come_from(texts, data):
    first = data.draw(st.integers(0, len(texts)))
    last = data.draw(st.integers(first, len(texts)))
    part = column(texts).iloc[first:last]
    parts = pd.concat([column(texts[:first]), column(texts[first:])])
    assert arrow.digest(part) == arrow.digest(column(texts[first:last]))
    assert arrow.digest(parts) == arrow.digest(column(texts))


def test_a_digest_has_eight_characters_of_any_rows():
    assert [len(arrow.digest(column(it))) for it in ([], ["a"], ["a", None])] == [8, 8, 8]
