"""The board judges each gate as the move does, from fewer readings."""

from dataclasses import replace

import pytest

from domain.criteria import Reading
from store import boards, gatehouse, gates, people, rollouts
from store.engine import opened
from tests.rolled import PHASES, QUALITY, SPEED, Desk
from tests.world import person

OFTEN = replace(QUALITY, passes=3)


@pytest.fixture
def desk(url):
    store = opened(url)
    yield Desk(store)
    store.close()


def both(desk, id):
    """The gate as the board has it, and as a move has it."""
    with desk.store.reading() as session:
        it = rollouts.find(session, id)
        beside = boards.beside(session, [it], desk.clock())
        return beside.found[id], gatehouse.found(session, it, desk.clock())


def same(desk, id):
    board, move = both(desk, id)
    assert board.mark == move.mark
    assert board.missing == move.missing
    assert [it.words for it in board.judged] == [it.words for it in move.judged]
    return board


def test_every_step_of_a_gate_is_judged_alike(desk):
    id = desk.draft()
    same(desk, id)
    id = desk.running()
    assert same(desk, id).missing
    desk.sweep(id, value=0.5)
    assert "a criterion fails" in same(desk, id).missing
    desk.bake(id)
    same(desk, id)
    desk.say(id, "paul", "product")
    assert same(desk, id).gate.approved == {"product"}
    desk.say(id, "tess", "technical", approves=False, comment="too slow")
    assert same(desk, id).gate.approved == {"product"}
    desk.drill(id, 1)
    assert same(desk, id).gate.drilled
    desk.clock.move(days=91)
    assert not same(desk, id).gate.drilled


def test_a_yes_of_somebody_who_has_lost_the_grant_counts_on_neither(desk):
    id = desk.asking()
    desk.say(id, "paul", "product")
    with desk.store.begin() as session:
        people.enrol(session, replace(person("paul"), grants=frozenset()))
    assert same(desk, id).gate.approved == frozenset()


def test_passes_in_a_row_are_counted_alike(desk):
    phases = (replace(PHASES[0], criteria=(OFTEN, SPEED)), *PHASES[1:])
    id = desk.running(phases=phases)
    for value in (1.0, 0.5, 1.0, 1.0, 1.0, 1.0):
        desk.sweep(id, value)
        desk.clock.move(minutes=5)
        same(desk, id)
    assert "a criterion can't be told" not in same(desk, id).missing


def test_a_criterion_that_was_read_less_often_is_not_lost(desk):
    phases = (replace(PHASES[0], criteria=(SPEED, OFTEN)), *PHASES[1:])
    id = desk.running(phases=phases)
    for _ in range(3):
        desk.sweep(id)
        desk.clock.move(minutes=5)
    with desk.store.begin() as session:
        alone = {SPEED.key: Reading(desk.clock(), 1.0, 50, desk.clock())}
        gates.read(session, id, 0, alone)
    assert [it.verdict for it in same(desk, id).judged] == ["pass", "pass"]


def test_the_mark_is_another_one_after_everything_that_shows(desk):
    def mark():
        with desk.store.reading() as session:
            return boards.mark(session)

    seen = [mark()]

    def moved():
        seen.append(mark())
        assert seen[-1] not in seen[:-1]

    id = desk.draft()
    moved()
    desk.clock.move(minutes=5)
    desk.drill(id, 0)
    moved()
    id = desk.running()
    moved()
    desk.bake(id)
    moved()
    desk.say(id, "paul", "product")
    moved()
    with desk.store.begin() as session:
        gates.void(session, id, 0, desk.clock(), "another gate")
    moved()
    assert mark() == mark()
