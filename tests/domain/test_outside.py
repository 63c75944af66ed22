"""What changed and who did it: the edits of two looks, and the writes in the log."""

from datetime import timedelta

import pandas as pd

from domain import frames, outside
from tests.domain.rows import ACCOUNT, SUB
from tests.domain.test_activity import CHAT, NOW, event, frame


def edit(minutes, what="capacity", before="10", after="20", resource=CHAT, **fields):
    return {
        "at": NOW + timedelta(minutes=minutes),
        "resource": resource,
        "subscription": SUB,
        "deployment": resource.rpartition("/")[2],
        "account": "aoai-shop",
        "what": what,
        "before": before,
        "after": after,
        "who": "modified@contoso.example",
        **fields,
    }


def told(events, edits, **ours):
    rows = outside.told(frame(*events), frames.frame(frames.EDITS, edits), ours)
    assert rows.dtypes.astype(str).to_dict() == dict(outside.OUTSIDE)
    return rows.astype(object).where(rows.notna(), None).to_dict("records")


def test_a_difference_has_the_author_of_the_write_before_it():
    write = event(1, request="r-1", app="portal")
    (row,) = told([write], [edit(4)], **{"r-1": 7})
    assert row == {
        "at": pd.Timestamp(NOW + timedelta(minutes=1)),
        "who": "rob@contoso.example",
        "app": "portal",
        "operation": "deployment written",
        "resource": CHAT,
        "subscription": SUB,
        "deployment": "chat",
        "account": "aoai-shop",
        "what": "capacity",
        "before": "10",
        "after": "20",
        "noticed_at": pd.Timestamp(NOW + timedelta(minutes=4)),
        "plan": 7,
    }


def test_one_write_of_two_fields_is_two_rows():
    rows = told([event(1)], [edit(4), edit(4, "tag owner", None, "rob")])
    assert [it["what"] for it in rows] == ["capacity", "tag owner"]
    assert {it["who"] for it in rows} == {"rob@contoso.example"}


def test_of_several_writes_the_last_before_the_look_is_named():
    writes = [
        event(1, who="first", act="1"),
        event(3, who="last", act="2"),
        event(9, who="later", act="3"),
        event(3, who="neighbour", act="4", resource=f"{ACCOUNT}/deployments/other"),
    ]
    rows = {it["who"]: it["what"] for it in told(writes, [edit(4)])}
    assert rows == {"first": None, "last": "capacity", "later": None, "neighbour": None}


def test_what_was_refused_changed_nothing():
    (row,) = told([event(1, status="Failed", who="refused")], [edit(4)])
    assert (row["who"], row["operation"]) == ("modified@contoso.example", None)


def test_a_write_is_not_blamed_for_what_changed_long_after_it():
    rows = told([event(0)], [edit(25 * 60)])
    assert {(it["who"], it["what"]) for it in rows} == {
        ("rob@contoso.example", None),
        ("modified@contoso.example", "capacity"),
    }


def test_clocks_may_differ_a_little():
    (row,) = told([event(4, who="ahead")], [edit(3)])
    assert (row["who"], row["what"]) == ("ahead", "capacity")


def test_a_deletion_gets_the_author_that_no_look_can_tell():
    gone = edit(4, "deployment", "there", "deleted", who=None)
    (row,) = told([event(1, operation="deployment deleted")], [gone])
    assert (row["who"], row["after"]) == ("rob@contoso.example", "deleted")


def test_nothing_is_nothing_and_one_without_the_other_is_told():
    assert told([], []) == []
    (row,) = told([], [edit(4)])
    assert (row["at"], row["operation"]) == (pd.Timestamp(NOW + timedelta(minutes=4)), None)
    policy = event(1, resource=f"{ACCOUNT}/raipolicies/strict", operation="filter policy written")
    (row,) = told([policy], [])
    assert (row["account"], row["deployment"], row["what"]) == (None, None, None)


def test_the_newest_comes_first():
    rows = told([event(1, act="1"), event(7, act="2")], [edit(4)])
    assert [it["at"].minute for it in rows] == [7, 1]
