"""Edits of filters are kept in order, the newest first, and forgotten by their age."""

from datetime import timedelta

from domain import frames
from domain.moderation import FILTER_EDITS
from store import filter_edits
from tests.store.conftest import MINUTE, NOW


def edit(what="Hate on prompts", at=NOW, **told):
    return {
        "at": at,
        "resource": "/subscriptions/s/a/raipolicies/strict",
        "account_id": "/subscriptions/s/a",
        "subscription": "s",
        "policy": "strict",
        "kind": "UserManaged",
        "what": what,
        "before": "off",
        "after": "blocks",
        "way": "stricter",
        "who": None,
        **told,
    }


def keep(begin, *rows):
    begin(filter_edits.add, frames.frame(FILTER_EDITS, rows))


def told(read, *asked):
    found = read(filter_edits.since, *asked)
    assert dict(found.dtypes.astype(str)) == dict(FILTER_EDITS)
    return found["what"].tolist()


def test_the_newest_first_and_of_one_time_the_last(begin, read):
    keep(begin, edit("old", NOW - MINUTE), edit("one"), edit("two", before=None))
    assert told(read, None, ["s"]) == ["two", "one", "old"]
    assert told(read, NOW - MINUTE, ["s"]) == ["two", "one"]
    assert told(read, None, ["s"], 1) == ["two"]
    assert told(read, None, ["t"]) == []


def test_old_ones_are_forgotten(begin, read):
    keep(begin, edit("old", NOW - timedelta(days=9)), edit("new"))
    assert begin(filter_edits.prune, NOW - MINUTE) == 1
    assert told(read, None, ["s"]) == ["new"]


def test_nothing_is_nothing(begin, read):
    keep(begin)
    assert told(read, None, ["s"]) == []
