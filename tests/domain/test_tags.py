"""Tags are read forgivingly and written sparingly."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from domain import tags

NAMES = some.sampled_from(["owner", "Owner", "business-unit", "BusinessUnit", "env", "x"])
TAGS = some.dictionaries(NAMES, some.text(max_size=5), max_size=5)


@given(TAGS)
def test_tags_survive_their_text(given):
    assert tags.parsed(tags.text(given)) == given


@given(TAGS)
def test_equal_tags_are_equal_texts(given):
    backwards = dict(reversed(list(given.items())))
    assert tags.text(given) == tags.text(backwards)


@pytest.mark.parametrize("text", [None, ""])
def test_a_missing_text_is_no_tags(text):
    assert tags.parsed(text) == {}


@pytest.mark.parametrize(
    ("there", "name", "value"),
    [
        ({"business-unit": "retail"}, "business-unit", "retail"),
        ({"BusinessUnit": " retail "}, "business-unit", "retail"),
        ({"business_unit": "retail"}, "BUSINESS UNIT", "retail"),
        ({"business-unit": " "}, "business-unit", None),
        ({"BusinessUnit": "", "business_unit": "retail"}, "business-unit", "retail"),
        ({"unit": "retail"}, "business-unit", None),
        ({}, "business-unit", None),
    ],
)
def test_found_in_any_spelling_unless_blank(there, name, value):
    assert tags.found(there, name) == value


@pytest.mark.parametrize(
    ("before", "changes", "after"),
    [
        ({}, {"owner": " mira "}, {"owner": "mira"}),
        ({"Owner": "leo"}, {"owner": "mira"}, {"Owner": "mira"}),
        ({"owner": "leo", "x": "1"}, {"owner": ""}, {"x": "1"}),
        ({"OWNER": "leo"}, {"owner": "  "}, {}),
        ({"x": "1"}, {"owner": ""}, {"x": "1"}),
        ({"owner": "leo"}, {}, {"owner": "leo"}),
    ],
)
def test_edited(before, changes, after):
    assert tags.edited(before, changes) == after


@given(before=TAGS, value=some.text(max_size=5))
def test_what_was_edited_is_found_and_the_rest_is_as_it_was(before, value):
    after = tags.edited(before, {"x": value})
    assert tags.found(after, "x") == (value.strip() or None)
    assert {k: v for k, v in after.items() if k != "x"} == {
        k: v for k, v in before.items() if k != "x"
    }


@given(before=TAGS, value=some.text(max_size=3), name=some.sampled_from(["owner", "business-unit"]))
def test_what_was_edited_is_what_is_found_however_often_it_was_spelled(before, value, name):
    assert tags.found(tags.edited(before, {name: value}), name) == (value.strip() or None)


def test_words_for_people():
    before, after = {"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "9", "d": "4"}
    assert tags.words(before, after) == "b: 2 → 9; c: 3 → none; d: none → 4"
    assert tags.words(before, before) == ""
