"""Values in queries: whatever they say, they are values and nothing else."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services import kql
from simulator.kusto import lexer
from simulator.kusto.lexer import END, LITERAL

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
VALUES = {
    "First": NOON,
    "Until": NOON,
    "Around": timedelta(minutes=10),
    "Unseen": "",
    "Nobody": "(none)",
}


def said(value):
    """What a literal says to somebody else's reading of KQL; it must be one token."""
    (token, end) = lexer.tokens(kql.literal(value))
    assert (token.kind, end.kind) == (LITERAL, END)
    return token.value


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_any_text_is_one_literal_that_says_it(text):
    assert said(text) == text
    assert re.fullmatch(r'"[\x20-\x7e]*"', kql.literal(text))


@given(st.text())
def test_any_text_at_all_stays_within_its_let(text):
    query = kql.query("tokens", {**VALUES, "Nobody": text})
    plain = kql.query("tokens", VALUES)
    changed = [it for it in query.split("\n") if it not in plain.split("\n")]
    assert len(query.split("\n")) == len(plain.split("\n"))
    assert all(it.startswith('let Nobody = "') and it.endswith('";') for it in changed)


@given(st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))])))
def test_any_time_is_said_in_utc(at):
    if at.year > 1:  # what lies before the first year is no time in either
        assert said(at) == at


@given(st.integers(-10_000_000, 10_000_000))
def test_any_span_of_whole_seconds(seconds):
    assert said(timedelta(seconds=seconds)) == timedelta(seconds=seconds)


@given(st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False))
def test_any_number(number):
    assert said(number) == number


def test_flags():
    assert (said(True), said(False)) == (True, False)


def test_a_time_without_a_zone_is_no_value():
    with pytest.raises(ValueError, match="zone"):
        kql.literal(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    "wrong",
    [
        {"First": "2026-11-18"},
        {"Around": 10},
        {"Nobody": True},
        {"Other": "x"},
        {"Unseen": None},
    ],
)
def test_other_values_than_the_file_tells_of_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        kql.query("tokens", VALUES | wrong)


def test_the_file_itself_is_sent_as_it_is():
    text = (kql.FOLDER / "tokens.kql").read_text()
    assert kql.query("tokens", VALUES).endswith(text)
    assert list(kql.wanted("tokens")) == list(VALUES)
