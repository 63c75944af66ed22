"""What of a text says who somebody is, what does not, and what cannot be told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.faults import OutOfRange
from domain.personal import Known, found, known, require_nobody

PEOPLE = known(
    ["Mark Twain", "Cora Diaz", "Ludwig van Beethoven", "The person at this desk", "Ops"]
)


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("write to mira@contoso.com please", "mira@contoso.com"),
        ("ring +49 30 1234567", "+49 30 1234567"),
        ("ring 030 123 4567", "030 123 4567"),
        # behind a title
        ("It annoyed Ms Klein", "Ms Klein"),
        ("Mr. Klein found it slow", "Mr. Klein"),
        ("Dr Öztürk wants it shorter", "Dr Öztürk"),
        ("Das fand Frau Groß-Weber gut", "Frau Groß-Weber"),
        ("Herr Dr. Klein war da", "Herr Dr"),
        # beside a word of saying
        ("Mira said it is slow", "Mira said"),
        ("yesterday Mira Klein reported it", "Klein reported"),
        ("Mira has complained twice", "Mira has complained"),
        ("Élodie says so", "Élodie says"),
        ("Jürgen sagte, es sei langsam", "Jürgen sagte"),
        ("reported by Mira Klein", "reported by Mira"),
        ("according to Mira", "according to Mira"),
        ("gemeldet von Mira", "gemeldet von Mira"),
        # known to the console
        ("please ask cora diaz", "cora diaz"),
        ("ask Diaz, Cora", "Diaz, Cora"),
        ("it was on Diaz's screen", "Diaz's"),
        ("we asked Cora", "Cora"),
        ("ludwig VAN beethoven liked it", "ludwig VAN beethoven"),
    ],
)
def test_what_says_who_somebody_is(text, quote):
    it = found(text, PEOPLE)
    assert it
    assert it.quote == quote
    with pytest.raises(OutOfRange, match="Leave out") as refused:
        require_nobody(text, PEOPLE)
    assert quote not in str(refused.value)  # a refusal is kept for ever


@pytest.mark.parametrize(
    "text",
    [
        "",
        "failed on 2026-11-26, order 1234567890, 3 of 0.5 s, v1.2",
        "filtered by Azure, written by GPT, raised by Support",
        "said by nobody",
        "Customers said it is slow. He said so too",
        "Der Kunde sagte, es sei langsam",
        "The answer says no. Error says yes",
        "IT said no",
        "Fix the Price. Asked twice for it",
        "Mark the lines that were changed",
        "It was slow. Mark the lines",
        "a mark on the screen, and the sea of twain",
        "The desk is full; Ops is slow",
        "MS Word and Word said it",
        "the Dr is in",
    ],
)
def test_what_says_of_nobody_who_they_are(text):
    assert found(text, PEOPLE) is None
    require_nobody(text, PEOPLE)


@pytest.mark.parametrize("text", ["Mira wants it shorter", "so sagt es mira", "MIRA SAID SO"])
def test_what_cannot_be_told(text):
    assert found(text, PEOPLE) is None


@pytest.mark.parametrize(
    ("alarm", "reworded"),
    [
        ("Berlin reported an outage", "the office in Berlin had an outage"),
        ("the Mark column is wide", "the column “Mark” is wide"),
        ("noticed by Marketplace", "Marketplace noticed it"),
    ],
)
def test_a_false_alarm_ends_with_other_words(alarm, reworded):
    assert found(alarm, PEOPLE)
    assert found(reworded, PEOPLE) is None


def test_nobody_known_is_found_nowhere():
    assert found("please ask cora diaz", Known()) is None
    assert known(["The person at this desk", "Ops", ""]) == Known()


@given(some.text(max_size=120))
@settings(max_examples=150, deadline=None)
def test_what_is_found_stands_in_the_text(text):
    it = found(text, PEOPLE)
    assert it is None or it.quote in text
