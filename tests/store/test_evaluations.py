"""Evaluations as they are kept, the newest first, on every engine."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain.evaluations import Evaluation, newest
from store import evaluations
from store.engine import opened

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
RUN = Evaluation(1, "", "golden", "groundedness", 4.25, None, 120, "", AT, "who", AT + DAY)


@pytest.fixture
def store(url):
    store = opened(url)
    yield store
    store.close()


def test_the_newest_run_comes_first_and_of_one_run_what_was_said_last(store):
    those = [
        RUN,
        replace(RUN, value=4.5),  # corrected
        replace(RUN, ran_at=AT - DAY, threshold=4.0, link="https://runs/7", pairs=99),
        replace(RUN, deployment="/d/1", ran_at=AT + DAY / 2),
        replace(RUN, rollout=2, ran_at=AT + DAY),
    ]
    with store.begin() as session:
        ids = [evaluations.add(session, it) for it in those]
    kept = [replace(it, id=id) for it, id in zip(those, ids, strict=True)]
    with store.reading() as session:
        found = evaluations.of(session, [1])
        assert found == [kept[3], kept[1], kept[0], kept[2]]
        assert [it.rollout for it in evaluations.of(session, [1, 2])] == [2, 1, 1, 1, 1]
        assert evaluations.of(session, []) == []
    assert newest(found) == [kept[3], kept[1]]
