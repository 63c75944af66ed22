"""What blocks a rollout, and when its gate can open, in words that are worked by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from domain import boarding, gates, moving
from domain.boarding import Halt
from domain.criteria import Reading
from domain.gates import Yes
from domain.rollouts import Rollout, Stage, State
from tests.rolled import PHASES, QUALITY

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
DRAFT = Rollout("Shop", "shop", "o", "s", ("retail",), ("/d/1",), "t", 1, PHASES, id=1)
RUNNING = moving.started(moving.prepared(DRAFT), MONDAY)
WAYS = {0, 1, 2}


def found(it=RUNNING, value=1.0, days=(), yes=(), at=MONDAY):
    readings = {c.key: [Reading(at, value, 50, at)] for c in PHASES[0].criteria}
    return gates.found(it, readings, set(days), [Yes(g, g) for g in yes], True, at)


def blocked(it=RUNNING, ways=WAYS, halt=None, **told):
    return boarding.blocked(it, found(it, **told), ways, halt)


BAKED = (date(2026, 11, 2), date(2026, 11, 3))


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"value": 0.5, "days": BAKED, "yes": ("product", "technical")}, "Fails: It is good."),
        ({"value": None, "days": BAKED, "yes": ("product", "technical")},
         "Can't be told: It is good."),
        ({"days": BAKED}, "The product and the technical approval are missing."),
        ({"days": BAKED, "yes": ("product",)}, "The technical approval is missing."),
        ({"days": BAKED[:1], "yes": ("product", "technical")},
         "1 working day of bake is left."),
        ({"days": BAKED, "yes": ("product", "technical")}, "Nothing: it can advance."),
    ],
)  # fmt: skip
def test_a_gate_says_all_that_is_missing(told, words):
    assert blocked(**told) == words


def test_two_criteria_are_named_and_more_are_counted():
    many = tuple(replace(QUALITY, key=str(it), title=f"C{it}") for it in range(4))
    it = RUNNING.with_phase(0, replace(RUNNING.phases[0], criteria=many))
    readings = {c.key: [Reading(MONDAY, 0.0, 50, MONDAY)] for c in many}
    gate = gates.found(it, readings, BAKED, [Yes("product", "p"), Yes("technical", "t")], True,
                       MONDAY)  # fmt: skip
    assert boarding.blocked(it, gate, WAYS, None) == "Fails: C0, C1 and 2 more."


def test_what_has_not_begun_says_what_it_lacks():
    assert blocked(DRAFT, ways={0}) == "No way back yet from Growth and Everyone."
    assert blocked(DRAFT) == "Nothing: it can be made ready."
    assert blocked(moving.prepared(DRAFT)) == "Nothing: it can be started."


def test_what_halts_says_who_and_why():
    halt = Halt("Cora Diaz", "freeze", MONDAY)
    assert blocked(moving.paused(RUNNING), halt=halt) == (
        "Paused on 2026-11-02 by Cora Diaz: freeze"
    )
    ended = moving.rolled_back(RUNNING, MONDAY)
    assert blocked(ended, halt=replace(halt, reason="")) == "Rolled back on 2026-11-02 by Cora Diaz"
    assert blocked(replace(ended, state=State.ABORTED)) == "aborted"
    assert blocked(replace(ended, state=State.COMPLETED)) == ("Nothing: every phase is behind it.")


@pytest.mark.parametrize(
    ("at", "days", "on"),
    [
        (MONDAY, (), date(2026, 11, 3)),  # today and tomorrow
        (MONDAY, BAKED[:1], date(2026, 11, 3)),  # today is seen: one more
        (MONDAY + 4 * DAY, (), date(2026, 11, 9)),  # Friday, then Monday
        (MONDAY + 5 * DAY, BAKED[:1], date(2026, 11, 9)),  # Saturday waits for Monday
        (MONDAY + 5 * DAY, BAKED, date(2026, 11, 7)),  # all is baked: it can open at once
    ],
)
def test_the_gate_can_open_once_so_many_days_can_have_been_seen(at, days, on):
    gate = found(days=days, at=at)
    assert boarding.gate_on(RUNNING, gate, days, at) == on


def test_a_closed_day_puts_the_gate_off():
    it = replace(RUNNING, closed_days=frozenset({date(2026, 11, 3)}))
    assert boarding.gate_on(it, found(it), (), MONDAY) == date(2026, 11, 4)


def test_nothing_opens_while_it_is_paused_or_not_under_way():
    for it in (DRAFT, moving.paused(RUNNING), moving.aborted(RUNNING, MONDAY)):
        assert boarding.gate_on(it, found(it), (), MONDAY) is None


def test_the_next_step_is_one_sentence():
    def step(it, ways=WAYS, **told):
        gate = found(it, **told)
        return boarding.next_step(it, gate, ways, boarding.gate_on(it, gate, (), MONDAY))

    assert step(DRAFT) == "Next: make it ready, then start it."
    assert step(DRAFT, ways={0, 1}) == "No way back yet from Everyone."
    assert step(moving.prepared(DRAFT)) == "Next: start Pilot."
    assert step(moving.paused(RUNNING)) == "Next: resume it; until then no day counts."
    assert step(moving.aborted(RUNNING, MONDAY)) == "It has ended; nothing comes next."
    both = ("product", "technical")
    assert step(RUNNING, days=BAKED, yes=both) == "The gate is open: Growth can begin."
    assert step(RUNNING, days=BAKED).endswith("The gate can open today.")
    assert step(RUNNING).endswith("The gate can open on Tue 3 Nov 2026 at the earliest.")
    late = RUNNING
    for _ in range(2):
        late = moving.overridden(late, found(late).gate, MONDAY)
    gate = gates.Found(gates.Gate("pass", 2), (), True, (), "")
    assert boarding.next_step(late, gate, WAYS, MONDAY.date()) == (
        "The gate is open: the rollout can be completed."
    )


def test_each_phase_has_a_sign_of_its_own_and_each_stage_another():
    assert boarding.steps(RUNNING) == "\u25d4 \u25cb \u25cb"
    assert len({*boarding.SIGNS.values()}) == len(Stage)
    assert boarding.place(RUNNING) == "1 of 3, Pilot"
    assert boarding.place(DRAFT) is None
