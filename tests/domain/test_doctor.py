"""What the doctor says of a topic, and which role would help."""

from dataclasses import replace
from datetime import timedelta

import pytest

from domain import doctor, frames, readings
from domain.access import NEEDED
from domain.doctor import Head
from domain.readings import ACCOUNTS, DEPLOYMENTS, METRICS, TOPICS, USAGES, Snapshot, Trouble
from tests.domain.rows import NOW, SUB, deployment

FORBIDDEN = Trouble("west", "Forbidden", "No way.", NOW - timedelta(days=1))
LATE = Trouble("east", "Late", "Slow.", NOW)
ROWS = frames.frame(readings.kept_columns(DEPLOYMENTS), [deployment()])
LISTED = Head(1)


def examined(topic=DEPLOYMENTS, rows=ROWS, *troubles, accounts=LISTED):
    kept = None if rows is None else Head(len(rows), troubles)
    return doctor.examined(SUB, "Production", topic, kept, accounts)


@pytest.mark.parametrize(
    ("rows", "troubles", "verdict"),
    [
        (ROWS, (), "ok"),
        (ROWS[:0], (), "ok"),
        (ROWS, (FORBIDDEN,), "partial"),
        (ROWS, (replace(LATE, part=""),), "failing"),
        (ROWS[:0], (FORBIDDEN,), "failing"),
        (None, (), "not collected"),
    ],
)
def test_the_verdict(rows, troubles, verdict):
    assert examined(DEPLOYMENTS, rows, *troubles)["verdict"] == verdict
    assert verdict in doctor.VERDICTS


def test_it_names_the_smallest_role_where_one_is_missing():
    row = examined(USAGES, ROWS, LATE, FORBIDDEN)
    assert row["role"] == "Cognitive Services Usages Reader"
    assert row["scope_words"] == "the subscription Production"
    assert row["since"] == FORBIDDEN.since
    assert row["words"] == "Slow. And 1 more."


def test_no_role_helps_against_slowness():
    row = examined(METRICS, ROWS, LATE)
    assert (row["role"], row["scope_words"], row["since"]) == (None, None, NOW)


def test_nothing_there_and_nothing_asked_are_told_apart():
    empty = examined(DEPLOYMENTS, ROWS[:0])
    assert "Nothing there" in empty["words"]
    sealed = Head(0, (replace(FORBIDDEN, part=""),))
    assert examined(DEPLOYMENTS, ROWS[:0], accounts=sealed)["verdict"] == "not collected"
    assert examined(ACCOUNTS, ROWS[:0], FORBIDDEN, accounts=sealed)["verdict"] == "failing"


def test_every_topic_that_is_asked_has_a_role():
    assert set(NEEDED) == set(TOPICS) - {"series"}


def test_subscriptions_that_are_not_seen_at_all():
    called = Snapshot(frames.frame({}, []), NOW, (replace(FORBIDDEN, part=SUB),))
    (row,) = doctor.invisible(called)
    assert (row["subscription"], row["verdict"], row["role"]) == (SUB, "failing", "Reader")
    (row,) = doctor.invisible(Snapshot(frames.frame({}, []), NOW, (replace(LATE, part=""),)))
    assert (row["subscription"], row["name"]) == (None, "All subscriptions")
