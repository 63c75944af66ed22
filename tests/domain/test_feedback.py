"""Feedback as people and surveys write it: what is kept, what is refused, what it adds up to."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import feedback
from domain.faults import OutOfRange
from domain.feedback import Feedback, Severity, Sums
from domain.feedback_lines import Line, read
from domain.personal import known
from domain.sheets import MOST_ROWS

TODAY = date(2026, 11, 26)
PEOPLE = known(["Cora Diaz"])
HEAD = "theme,severity,words,date\n"
ROW = "Tone,major,Too cheerful,2026-11-20\n"


def found(text, before=(), phase=0):
    return read(text, phase, before, TODAY, PEOPLE)


def kept(theme="Tone", words="Too cheerful", phase=0, said_on=date(2026, 11, 20)):
    at = datetime(2026, 11, 21, tzinfo=UTC)
    return Feedback(1, phase, theme, Severity.MAJOR, words, said_on, "contoso/cora", at)


# --- rows -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        HEAD + ROW,
        "\ufeff" + HEAD.replace(",", ";") + ROW.replace(",", ";"),
        "Date,Words,Theme,Severity\r\n\r\n2026-11-20, Too cheerful ,Tone,MAJOR\r\n",
    ],
)
def test_a_survey_by_hand(text):
    (it,) = found(text).good
    assert found(text).wrong == ()
    assert it == Line(it.row, "Tone", Severity.MAJOR, "Too cheerful", date(2026, 11, 20))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Tone,huge,Too cheerful,2026-11-20", "none of praise, minor, major, severe"),
        ("Tone,major,,2026-11-20", "says something"),
        (",major,Too cheerful,2026-11-20", "has a theme"),
        ("Tone,major,Too cheerful,20/11/2026", "none such as"),
        ("Tone,major,Too cheerful,2026-11-31", "none such as"),
        ("Tone,major,Too cheerful,", "none such as"),
        ("Tone,major,Too cheerful,2026-11-27", "in the future"),
        ("Tone,major,Too cheerful", "3 cells under 4"),
        ("Tone,major,write to mira@contoso.com,2026-11-20", "an e-mail address"),
        ("Tone,major,ring +49 30 1234567,2026-11-20", "a telephone number"),
        ("Tone,major,reported by Mira Klein,2026-11-20", "reads like a name"),
        ("Cora Diaz,major,Too cheerful,2026-11-20", "reads like a name"),
        ("Tone,major," + "x" * 301 + ",2026-11-20", "300 printable"),
        ("Tone,major,a\u202egpj.exe,2026-11-20", "300 printable"),
        (" tone ,minor,TOO  cheerful,2026-11-20", "in row 2 already"),
    ],
)
def test_a_row_that_cannot_be_kept_is_named_and_the_others_are_read(row, words):
    told = found(HEAD + ROW + row + "\nSpeed,praise,Quick,2026-11-20\n")
    assert [it.row for it in told.good] == [2, 4]
    (wrong,) = told.wrong
    assert wrong.row == 3
    assert words in str(wrong)
    assert str(wrong).startswith("Row 3: ")
    assert wrong.quote in row
    assert bool(wrong.quote) == ("Leave out" in wrong.words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "missing: theme, severity, words, date"),
        ("theme,severity,words\n", "missing: date"),
        (HEAD.strip() + ",who\n", "not known: who"),
        (HEAD, "no rows"),
        ("<html>", "web page"),
        (HEAD + '"never closed', "quotes"),
        (HEAD + "\ud800", "not UTF-8"),
        (HEAD + ROW * (MOST_ROWS + 1), "more than 2,000 rows"),
    ],
)
def test_a_text_that_is_no_survey_is_refused_as_a_whole(text, words):
    told = found(text)
    assert told.good == ()
    (wrong,) = told.wrong
    assert (wrong.row, words in str(wrong)) == (0, True)


def test_what_looks_like_a_formula_is_text():
    (it,) = found(HEAD + "=1+1,minor,@SUM(A1),2026-11-20\n").good
    assert (it.theme, it.words) == ("=1+1", "@SUM(A1)")


def test_what_is_kept_of_the_same_phase_is_kept_once():
    assert found(HEAD + ROW, [kept(phase=1), kept(said_on=TODAY), kept("Speed")]).wrong == ()
    (wrong,) = found(HEAD + ROW, [kept()]).wrong
    assert str(wrong) == "Row 2: This is entered already."


@given(some.text(max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_reading(text):
    for it in (found(text), found(HEAD + text)):
        assert it.good or it.wrong


# --- one by one -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("prompt: version 4", "prompt: version 4"),
        (" Capacity : plan 12 ", "capacity: plan 12"),
        ("model: https://runs/7", "model: https://runs/7"),
    ],
)
def test_a_change_has_a_kind_and_a_place(text, kept):
    assert feedback.change(text, PEOPLE) == kept


@pytest.mark.parametrize("text", ["", "version 4", "prompt", "prompt: ", "magic: wand"])
def test_a_change_of_no_kind_is_none(text):
    with pytest.raises(OutOfRange, match="which change"):
        feedback.change(text, PEOPLE)


def test_of_nothing_there_is_no_share():
    it = Sums()
    assert (it.response_rate, it.closed_share, it.satisfaction) == (None, None, None)


def test_shares_by_hand():
    it = Sums(told=8, praised=2, accepted=3, closed=1, asked=40, answered=0)
    assert (it.response_rate, it.closed_share, it.satisfaction) == (0.0, 25.0, 25.0)
