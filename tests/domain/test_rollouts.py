"""Rollouts: what may follow what, whatever is clicked, and what a gate lets through."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain import adjusting, baking, moving, rollouts
from domain.adjusting import Change
from domain.criteria import Verdict
from domain.faults import OutOfRange
from domain.rollouts import (
    BEHIND,
    ENDS,
    MAY,
    UNDER_WAY,
    Cohort,
    Cohorts,
    Gate,
    Move,
    Phase,
    Rollout,
    Stage,
    State,
)

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)  # a Monday
GOOD = Gate(Verdict.PASS, 99, frozenset({"product", "technical", "business", "security"}), True)


def phase(key, **told):
    named = {"bake_days": 2, "approvals": ("product",), **told}
    cohort = Cohort(Cohorts.NAMED, 20)
    return Phase(key, key.title(), Stage.WAITING, cohort, (), **named)


def rollout(*phases, **told):
    those = phases or (phase("pilot"), phase("growth"), phase("all", one_way=True))
    named = {"owner": "contoso/cora", "sponsor": "contoso/maria", "units": ("retail",), **told}
    return Rollout(
        "Shop chat", "shop-chat", deployments=("/d/1",), template="four", template_version=1,
        phases=those, **named,
    )  # fmt: skip


def running(*phases):
    return moving.started(moving.prepared(rollout(*phases)), NOW)


def stages(it):
    return [phase.stage for phase in it.phases]


def test_a_rollout_goes_through_its_phases_one_by_one():
    it = running()
    assert stages(it) == [Stage.ACTIVE, Stage.WAITING, Stage.WAITING]
    it = moving.advanced(it, GOOD, NOW)
    assert stages(it) == [Stage.PASSED, Stage.ACTIVE, Stage.WAITING]
    it = moving.advanced(moving.advanced(it, GOOD, NOW), GOOD, NOW)
    assert (it.state, stages(it)) == (State.COMPLETED, [Stage.PASSED] * 3)
    assert it.ended_at == NOW


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        (replace(GOOD, verdict=Verdict.FAIL), "a criterion fails"),
        (replace(GOOD, verdict=Verdict.INCONCLUSIVE), "a criterion can't be told"),
        (replace(GOOD, verdict=Verdict.ERROR), "a criterion can't be told"),
        (replace(GOOD, baked=1), "1 working day of bake is left"),
        (replace(GOOD, approved=frozenset({"technical"})), "the product approval is missing"),
    ],
)
def test_a_gate_says_what_is_missing_and_lets_nobody_through(gate, said):
    it = running()
    with pytest.raises(OutOfRange, match=said.replace("are left", "(is|are) left")):
        moving.advanced(it, gate, NOW)
    assert moving.missing(it, GOOD) == []


def test_a_one_way_door_wants_a_drill_even_from_who_overrides():
    it = moving.advanced(running(), GOOD, NOW)
    undrilled = replace(GOOD, drilled=False)
    with pytest.raises(OutOfRange, match="90 days"):
        moving.advanced(it, undrilled, NOW)
    with pytest.raises(OutOfRange, match="drilled"):
        moving.overridden(it, undrilled, NOW)
    assert stages(moving.overridden(it, GOOD, NOW))[1] is Stage.SKIPPED


def test_approval_is_asked_for_last_and_void_when_the_gate_flips():
    it = running()
    it = moving.assessed(it, replace(GOOD, baked=1))
    assert stages(it)[0] is Stage.BAKING
    it = moving.assessed(it, replace(GOOD, baked=2))
    assert stages(it)[0] is Stage.ASKING
    it = moving.assessed(it, replace(GOOD, verdict=Verdict.INCONCLUSIVE))
    assert stages(it)[0] is Stage.ACTIVE


def test_what_is_paused_is_not_assessed_and_goes_on_where_it_was():
    it = moving.paused(running())
    assert moving.assessed(it, GOOD) is it
    with pytest.raises(OutOfRange, match="paused"):
        moving.advanced(it, GOOD, NOW)
    assert moving.resumed(it).state is State.RUNNING


def test_a_change_in_the_middle_starts_the_bake_anew():
    later = NOW + timedelta(days=3)
    it = moving.rebaked(moving.assessed(running(), GOOD), later)
    assert it.phase.baked_since == later
    assert it.phase.stage is Stage.ACTIVE


@pytest.mark.parametrize(
    ("phases", "said"),
    [
        ((), "at least one phase"),
        ((phase("a"), phase("a")), "same name"),
        ((replace(phase("a"), cohort=Cohort(Cohorts.NAMED, 0)),), "at least one person"),
        ((replace(phase("a"), cohort=Cohort(Cohorts.UNIT, 51, reference="retail")),), "has 50"),
        ((replace(phase("a"), planned_start=NOW, planned_end=NOW),), "after the start"),
        (
            (
                replace(phase("a"), planned_end=NOW),
                replace(phase("b"), planned_start=NOW - timedelta(days=1)),
            ),
            "starts before",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(phases, said):
    with pytest.raises(OutOfRange, match=said):
        rollouts.checked(phases, {"retail": 50})


class Clicks(RuleBasedStateMachine):
    """Whatever people click, in whatever order: one path, forward, and nothing after the end."""

    @initialize()
    def begin(self):
        self.it = rollout()
        self.path = [self.it.state]

    @rule(
        move=st.sampled_from(Move),
        verdict=st.sampled_from(Verdict),
        baked=st.integers(0, 3),
        approved=st.sets(st.sampled_from(["product", "technical"])),
        drilled=st.booleans(),
    )
    def click(self, move, verdict, baked, approved, drilled):
        before, gate = self.it, Gate(verdict, baked, frozenset(approved), drilled)
        made = {
            Move.PREPARE: lambda: moving.prepared(before),
            Move.START: lambda: moving.started(before, NOW),
            Move.ADVANCE: lambda: moving.advanced(before, gate, NOW),
            Move.OVERRIDE: lambda: moving.overridden(before, gate, NOW),
            Move.PAUSE: lambda: moving.paused(before),
            Move.RESUME: lambda: moving.resumed(before),
            Move.ROLL_BACK: lambda: moving.rolled_back(before, NOW),
            Move.ABORT: lambda: moving.aborted(before, NOW),
            Move.ADJUST: lambda: adjusting.adjusted(before, 0, Change(reached=baked), NOW),
        }[move]
        try:
            self.it = made()
        except OutOfRange:
            assert self.it is before
            return
        assert move in MAY[before.state]
        assert before.state not in ENDS
        if move is Move.ADVANCE:
            assert (verdict, baked >= 2, "product" in approved) == (Verdict.PASS, True, True)
        self.path.append(self.it.state)

    @rule(verdict=st.sampled_from(Verdict), baked=st.integers(0, 3))
    def sweep(self, verdict, baked):
        before = self.it
        self.it = moving.assessed(before, Gate(verdict, baked))
        assert self.it.number == before.number
        assert self.it.state is before.state

    @invariant()
    def one_phase_at_a_time_and_in_order(self):
        marks = [
            0 if it.stage in BEHIND else 2 if it.stage is Stage.WAITING else 1
            for it in self.it.phases
        ]
        assert marks == sorted(marks)
        assert marks.count(1) <= 1
        if self.it.state in (State.RUNNING, State.PAUSED):
            assert [it.stage for it in self.it.phases if it.stage in UNDER_WAY]
        if self.it.state is State.COMPLETED:
            assert all(it.stage in BEHIND for it in self.it.phases)


Clicks.TestCase.settings = settings(max_examples=150, stateful_step_count=25, deadline=None)
TestClicks = Clicks.TestCase


def test_a_weekend_and_a_holiday_do_not_count_towards_a_bake():
    friday, saturday, monday, tuesday = (date(2026, 11, it) for it in (6, 7, 9, 10))
    days = [friday, saturday, monday, monday, tuesday]
    assert baking.baked(days, None) == 3
    assert baking.baked(days, monday) == 2
    assert baking.baked(days, None, closed={monday}) == 2
    assert baking.ready_on(2, friday) == tuesday
    assert baking.ready_on(0, friday) == friday


@given(
    days=st.sets(st.dates(date(2026, 1, 1), date(2026, 3, 31))),
    since=st.dates(date(2026, 1, 1), date(2026, 3, 31)),
)
def test_a_bake_never_counts_more_than_was_seen(days, since):
    counted = baking.baked(days, since)
    assert counted <= len(days)
    assert counted <= baking.baked(days, None)
    assert baking.baked(days | {since + timedelta(days=200)}, since) - counted in (0, 1)
