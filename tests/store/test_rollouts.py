"""Rollouts in the store: one path each, whoever clicks how often, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from domain import moving
from domain.criteria import Reading, Verdict
from domain.faults import Outdated
from domain.rollouts import Gate, Move, Stage, State
from store import gates, rollouts
from store.gates import Approval
from store.rollouts import Moved
from tests.domain.test_rollouts import GOOD, rollout
from tests.store.conftest import NOW

HOUR = timedelta(hours=1)


def kept(store, **told):
    with store.begin() as session:
        id = rollouts.add(session, replace(rollout(), proposer="contoso/cora", at=NOW, **told))
        found = rollouts.find(session, id)
        assert found
        return found


def record(before, after, click, move=Move.START):
    return Moved(
        before.id,
        0,
        move,
        before.number,
        before.state,
        after.state,
        "{}",
        "contoso/cora",
        "",
        click,
        NOW,
    )


def move(store, before, after, click, kind=Move.START):
    with store.begin() as session:
        return rollouts.moved(session, before, after, record(before, after, click, kind))


def running(store):
    first = kept(store)
    ready = move(store, first, moving.prepared(first), "1", Move.PREPARE)
    return move(store, ready, moving.started(ready, NOW), "2")


def test_a_rollout_comes_back_as_it_was_kept(store):
    closed = frozenset({date(2026, 12, 25)})
    it = kept(store, closed_days=closed, paired=(("/d/1", "/d/2"),))
    assert it == replace(
        rollout(), proposer="contoso/cora", at=NOW, closed_days=closed,
        paired=(("/d/1", "/d/2"),), id=it.id,
    )  # fmt: skip


def test_moves_are_one_path(store):
    it = running(store)
    assert (it.version, it.state) == (2, State.RUNNING)
    with store.reading() as session:
        assert rollouts.find(session, it.id) == it
        told = [(m.version, m.before, m.after) for m in rollouts.moves(session, it.id)]
        assert told == [(1, "draft", "ready"), (2, "ready", "in progress")]
        assert [found.id for found in rollouts.known(session, [State.RUNNING])] == [it.id]
        assert rollouts.known(session, [State.PAUSED]) == []


def test_fifty_clicks_at_once_move_it_once(store):
    it = running(store)

    def click(number):
        try:
            return move(store, it, moving.advanced(it, GOOD, NOW), f"click {number}", Move.ADVANCE)
        except Outdated:
            return None

    with ThreadPoolExecutor(16) as threads:
        came = list(threads.map(click, range(50)))
    assert len([found for found in came if found]) == 1
    with store.reading() as session:
        assert [m.move for m in rollouts.moves(session, it.id)].count(Move.ADVANCE) == 1
        found = rollouts.find(session, it.id)
        assert [p.stage for p in found.phases] == [Stage.PASSED, Stage.ACTIVE, Stage.WAITING]


def test_the_same_click_twice_is_one_move(store):
    it = running(store)
    after = moving.advanced(it, GOOD, NOW)
    first = move(store, it, after, "same", Move.ADVANCE)
    assert move(store, it, after, "same", Move.ADVANCE) == first


def test_readings_days_and_approvals_are_kept_for_the_gate(store):
    it = running(store)
    told = [Reading(NOW - at * HOUR, float(at), 9, NOW - at * HOUR) for at in (2, 1)]
    broken = Reading(NOW, None, said="Azure did not answer.")
    with store.begin() as session:
        for reading in told:
            gates.read(session, it.id, 0, {"latency": reading})
        gates.read(session, it.id, 0, {"budget": broken})
        gates.read(session, it.id, 0, {"budget": broken})
        for _ in range(2):
            gates.watched(session, it.id, 0, NOW.date(), NOW)
        gates.say(session, Approval(it.id, 0, "product", "contoso/paul", False, "no", NOW))
        gates.say(session, Approval(it.id, 0, "product", "contoso/paul", True, "yes", NOW))
        gates.say(session, Approval(it.id, 1, "product", "contoso/paul", True, "next", NOW))
    with store.begin() as session:
        assert gates.readings(session, it.id, 0) == {"budget": [broken], "latency": told}
        assert gates.readings(session, it.id, 0, NOW - HOUR)["latency"] == told[1:]
        assert gates.days(session, it.id, 0) == {NOW.date()}
        valid = [a.comment for a in gates.approvals(session, [it.id]) if a.void_at is None]
        assert valid == ["yes", "next"]
        gates.void(session, it.id, 0, NOW, "a criterion flipped")
        said = {a.comment: a.void_why for a in gates.approvals(session, [it.id])}
        assert said == {"no": "said again", "yes": "a criterion flipped", "next": ""}
        assert gates.prune(session, NOW) == 2


def test_what_a_sweep_found_is_kept_without_a_move(store):
    it = running(store)
    with store.begin() as session:
        locked = rollouts.lock(session, it.id)
        rollouts.assessed(session, moving.assessed(locked, Gate(Verdict.PASS, 0)))
    with store.reading() as session:
        found = rollouts.find(session, it.id)
        assert (found.phase.stage, found.version) == (Stage.BAKING, it.version)


def test_a_rollout_that_is_not_there_is_none(store):
    with store.begin() as session:
        assert rollouts.lock(session, 99) is None


@pytest.mark.parametrize("click", ["a", "b"])
def test_a_move_from_an_old_version_is_refused(store, click):
    it = running(store)
    move(store, it, moving.paused(it), "pause", Move.PAUSE)
    with pytest.raises(Outdated, match="moved on"):
        move(store, it, moving.advanced(it, GOOD, NOW), click, Move.ADVANCE)
