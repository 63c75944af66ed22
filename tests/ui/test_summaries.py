"""A page's frames, summed."""

from datetime import UTC, datetime, timedelta

import pandas as pd

from ui import summaries

NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


def duties(*backlogs):
    rows = [
        {"topic": topic, "backlog": days, "last_at": NOON, "due_at": NOON + timedelta(minutes=5)}
        for topic, days in backlogs
    ]
    return pd.DataFrame(rows).astype({"backlog": "Int64"})


def test_history_that_is_left_is_told_topic_by_topic():
    told = summaries.done_by(duties(("metrics", 14), ("metrics", 7), ("gateway", 91)), NOON)
    assert told == (
        "up to 14 days of metrics still to read in 2 subscriptions; about 2026-11-18 12:20 UTC; "
        "up to 91 days of gateway logs still to read"
    )
    assert summaries.done_by(duties(("gateway", 1)), NOON) == (
        "up to 1 day of gateway logs still to read"
    )


def test_nothing_left_is_nothing_told():
    assert summaries.done_by(duties(("metrics", 0), ("gateway", None)), NOON) == ""
