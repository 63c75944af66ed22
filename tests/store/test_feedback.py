"""What people said, as it is kept and added up, on every engine."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.faults import Outdated
from domain.feedback import Feedback, Severity, Status, Sums
from store import feedback
from store.engine import opened

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def store(url):
    store = opened(url)
    yield store
    store.close()


def said(severity="minor", status="new", rollout=1, phase=0, at=AT, **told):
    day = date(2026, 11, 1)
    it = Feedback(rollout, phase, "Tone", Severity(severity), "Too cheerful", day, "who", at)
    return replace(it, status=Status(status), **told)


def test_what_was_said_adds_up_by_phase_and_comes_back(store):
    those = [
        said("praise"),
        said("severe"),
        said("severe", "accepted", at=AT + HOUR),
        said("severe", "declined", closed_at=AT + 3 * HOUR),
        said("major", "closed", closed_at=AT + 2 * HOUR, change="prompt: 4"),
        said("severe", phase=1),
        said("praise", rollout=2),
    ]
    with store.begin() as session:
        ids = feedback.add(session, those)
    with store.reading() as session:
        assert feedback.sums(session, [1]) == {
            (1, 0): Sums(5, 1, 2, 1, 1, at=AT + 3 * HOUR),
            (1, 1): Sums(1, 0, 1, 0, 0, at=AT),
        }
        assert feedback.sums(session, []) == {}
        newest = [replace(it, id=id) for it, id in zip(those, ids, strict=True)][:6][::-1]
        assert feedback.of(session, 1) == newest
        assert feedback.find(session, ids[4]) == newest[1]
        assert feedback.find(session, 99) is None


def test_the_last_count_is_the_one(store):
    with store.begin() as session:
        feedback.count(session, 1, 0, 20, 3, "who", AT)
        feedback.count(session, 1, 0, 25, 9, "who", AT + HOUR)
        feedback.count(session, 1, 0, 25, 8, "who", AT + HOUR)  # corrected at once
        feedback.count(session, 2, 0, 5, 5, "who", AT)
    with store.reading() as session:
        assert feedback.sums(session, [1]) == {(1, 0): Sums(asked=25, answered=8, at=AT + HOUR)}


def test_it_is_dealt_with_once(store):
    with store.begin() as session:
        (id,) = feedback.add(session, [said()])
        before = feedback.find(session, id)
        after = replace(before, status=Status.CLOSED, change="prompt: 4", closed_at=AT + HOUR)
        feedback.settle(session, before, after)
        assert feedback.find(session, id) == after
        with pytest.raises(Outdated):
            feedback.settle(session, before, after)
