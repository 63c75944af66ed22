"""Each day of a bake, and why it does not count."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain import bake_days, baking
from domain.rollouts import Move
from tests.rolled import PHASES

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
PHASE = replace(PHASES[0], started_at=MONDAY, baked_since=MONDAY)


def told(phase=PHASE, seen=(), pauses=(), closed=(), now=MONDAY + 8 * DAY):
    days = {(MONDAY + it * DAY).date() for it in seen}
    return bake_days.told(phase, days, pauses, closed, now)


def whys(*args, **named):
    return [it.why.split(":")[0] for it in told(*args, **named)]


def test_days_are_told_from_the_first_to_today():
    found = told(seen=(0, 1, 2))
    assert [it.day.day for it in found] == [*range(2, 11)]
    assert [it.counts for it in found] == [True] * 3 + [False] * 6
    assert whys(seen=(0, 1, 2))[3] == "not seen, or what blocks was not read from fresh data"
    assert whys()[5] == whys()[6] == "no working day"
    assert whys()[8] == "not yet"


def test_a_weekend_never_counts_though_it_was_seen():
    assert [it.counts for it in told(seen=range(7))] == [True] * 5 + [False] * 4


def test_what_counts_here_counts_in_the_bake():
    closed = {(MONDAY + DAY).date()}
    phase = replace(PHASE, baked_since=MONDAY + 2 * DAY)
    found = told(phase, seen=range(9), closed=closed)
    seen = {(MONDAY + it * DAY).date() for it in range(9)}
    assert sum(it.counts for it in found) == baking.baked(seen, phase.baked_since.date(), closed)
    assert [it.why for it in found[:2]] == ["before the bake began anew"] * 2


def test_a_closed_day_and_a_pause_say_so():
    pause = (MONDAY + DAY, MONDAY + 3 * DAY)
    assert whys(pauses=[pause], closed={MONDAY.date()})[:5] == [
        "a closed day", "paused", "paused", "paused",
        "not seen, or what blocks was not read from fresh data",
    ]  # fmt: skip
    assert whys(pauses=[(MONDAY, None)])[:3] == ["paused"] * 3


def test_a_day_of_a_pause_that_was_seen_before_it_counts():
    assert told(seen=(1,), pauses=[(MONDAY + DAY, None)])[1].counts


def test_a_phase_that_has_ended_ends_there_and_one_that_has_not_begun_has_no_days():
    assert len(told(replace(PHASE, ended_at=MONDAY + 2 * DAY))) == 3
    assert told(replace(PHASE, started_at=None)) == ()


def test_a_long_bake_is_told_from_its_end():
    found = told(now=MONDAY + 400 * DAY)
    assert len(found) == bake_days.MOST
    assert found[-1].day == (MONDAY + 400 * DAY).date()


def test_pauses_are_read_from_moves():
    moves = [
        (Move.START, MONDAY),
        (Move.PAUSE, MONDAY + DAY),
        (Move.ADJUST, MONDAY + 2 * DAY),
        (Move.RESUME, MONDAY + 3 * DAY),
        (Move.PAUSE, MONDAY + 4 * DAY),
    ]
    assert bake_days.pauses(moves) == [
        (MONDAY + DAY, MONDAY + 3 * DAY),
        (MONDAY + 4 * DAY, None),
    ]
    assert bake_days.pauses([]) == []
