"""What changed between two looks."""

from datetime import timedelta

import pytest

from domain import edits, frames, readings
from tests.domain.rows import NOW, day, deployment

BEFORE = NOW - timedelta(minutes=5)


def look(*rows):
    return frames.frame(readings.kept_columns(readings.DEPLOYMENTS), rows)


def told(before, after):
    """(deployment, what, before, after, who) of every edit between two looks."""
    found = edits.between(look(*before), look(*after), NOW)
    names = ["deployment", "what", "before", "after", "who"]
    return [
        tuple(None if it is None or it != it else it for it in row)
        for row in found[names].astype(object).where(found[names].notna(), None).to_numpy()
    ]


def test_nothing_changed():
    assert told([deployment()], [deployment(seen_at=NOW)]) == []


def test_one_appears_and_one_goes():
    both = told([deployment("old")], [deployment("new", created_at=NOW)])
    assert both == [
        ("new", "deployment", None, "created", "ada@contoso.example"),
        ("old", "deployment", "there", "deleted", None),
    ]


@pytest.mark.parametrize(
    ("field", "value", "word", "was", "becomes"),
    [
        ("capacity", 20, "capacity", "10", "20"),
        ("sku", "GlobalStandard", "SKU", "Standard", "GlobalStandard"),
        ("version", "2025-01-01", "version", "2024-11-20", "2025-01-01"),
        ("filter_policy", "strict", "filter policy", None, "strict"),
        ("upgrade", None, "upgrade policy", "OnceCurrentVersionExpired", None),
        ("spillover", "spare", "spillover", None, "spare"),
        ("state", "Failed", "state", "Succeeded", "Failed"),
        ("tags", '{"owner": "leo"}', "tag owner", None, "leo"),
    ],
)
def test_a_field_that_changed_with_the_etag(field, value, word, was, becomes):
    after = deployment(**{"etag": '"2"', "modified_by": "leo", field: value})
    assert told([deployment()], [after]) == [("chat", word, was, becomes, "leo")]


def test_without_another_etag_nothing_is_looked_at():
    assert told([deployment()], [deployment(limit_tpm=1.0, seen_at=NOW)]) == []


@pytest.mark.parametrize(("was", "becomes"), [(None, None), (None, '"1"'), ('"1"', None)])
def test_a_missing_etag_may_be_another(was, becomes):
    after = deployment(etag=becomes, capacity=20)
    assert [it[1] for it in told([deployment(etag=was)], [after])] == ["capacity"]


def test_tags_are_told_one_by_one():
    was, becomes = '{"a": "1", "b": "2"}', '{"b": "3", "c": "4"}'
    found = told([deployment(tags=was)], [deployment(tags=becomes, etag='"2"')])
    assert [it[1:4] for it in found] == [
        ("tag a", "1", None),
        ("tag b", "2", "3"),
        ("tag c", None, "4"),
    ]


def test_another_order_of_tags_is_no_edit():
    was, becomes = '{"a": "1", "b": "2"}', '{"b": "2", "a": "1"}'
    assert told([deployment(tags=was)], [deployment(tags=becomes, etag='"2"')]) == []


def test_an_edit_knows_where_it_was():
    row = edits.between(look(deployment()), look(deployment(capacity=1, etag="2")), NOW).iloc[0]
    assert (row["account"], row["subscription"]) == ("aoai-shop", deployment()["resource"][15:51])
    assert row["at"] == NOW


def test_no_rows_have_no_edits():
    assert told([], []) == []


def test_everything_can_appear_at_once():
    born = {"created_at": day("2026-06-15")}
    assert len(told([], [deployment("a", **born), deployment("b", **born)])) == 2
