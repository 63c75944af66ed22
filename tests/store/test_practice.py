"""What a claim of maturity is held against is counted from what rollouts really did."""

from datetime import timedelta

import pytest

from actions import rollout
from domain.faults import OutOfRange
from domain.maturity import QUARTER, YEAR, Seen
from store import practice
from store.tables import EvaluationRow
from tests.rolled import MONDAY, Desk


@pytest.fixture
def desk(store):
    return Desk(store)


def seen(desk, units=None, later=timedelta()):
    with desk.store.reading() as session:
        return practice.of(session, units, desk.clock() + later)


def evaluate(desk, id, at):
    with desk.store.begin() as session:
        session.add(
            EvaluationRow(
                rollout=id, deployment="/d/1", dataset="golden", metric="groundedness", value=0.9,
                threshold=0.8, pairs=120, link="", ran_at=at, said_by="contoso/cora", at=at,
            )
        )  # fmt: skip


def test_nothing_was_practised_where_nothing_was(desk):
    assert seen(desk) == Seen(None, 0, 0, 0)


def test_a_gate_that_says_no_counts_and_one_that_was_overridden(desk):
    id = desk.running()
    with pytest.raises(OutOfRange, match="can't advance"):
        rollout.advance(desk.visit("cora"), id, desk.shown(id))
    rollout.override(desk.visit("ada"), id, desk.shown(id), reason="The board wants it by then")
    assert (seen(desk).blocked_moves, seen(desk).overrides) == (1, 1)
    assert seen(desk, later=QUARTER).overrides == 0
    assert seen(desk, later=YEAR).blocked_moves == 0


def test_a_drill_counts_when_it_worked_and_an_evaluation_for_a_year(desk):
    id = desk.running()
    desk.drill(id, 1, worked=False, note="The group was not closed")
    assert seen(desk).drilled_at is None
    desk.drill(id, 0)
    evaluate(desk, id, MONDAY)
    assert (seen(desk).drilled_at, seen(desk).evaluations) == (MONDAY, 1)
    assert seen(desk, later=YEAR).evaluations == 0


def test_only_rollouts_for_these_units_count(desk):
    id = desk.running()
    desk.drill(id, 0)
    evaluate(desk, id, MONDAY)
    with pytest.raises(OutOfRange):
        rollout.advance(desk.visit("cora"), id, desk.shown(id))
    assert seen(desk, {"retail", "finance"}) == seen(desk) == Seen(MONDAY, 1, 1, 0)
    assert seen(desk, {"finance"}) == Seen(None, 0, 0, 0)
