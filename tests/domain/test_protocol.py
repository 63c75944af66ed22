"""Hostile histories: whatever is lost, late, doubled, busy, killed, refused or done by others, the
end is true, whether Azure honours If-Match or not; and single decisions, by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from domain import plans, protocol
from domain.plans import GONE, SETTLE, Answer, Leg, Look, Plan, Seen, Standing, State
from domain.protocol import PATIENCE, PAUSE, decide
from tests.domain import protocol_histories as histories
from tests.domain.protocol_world import (
    ASKED_FOR,
    NEXT,
    RUNS,
    WRITES,
    Chance,
    Hand,
)

# --- many histories ---------------------------------------------------------------------------

PARTS, EACH = 5, 20_000
"""A hundred thousand in all."""
OFTEN = 100
"""So often at least each end and each trouble occurs in a part: no part passes for want of any."""
ENDS = [str(it) for it in sorted(plans.ENDS)]
TROUBLES = [
    *sorted({*WRITES, *RUNS}), "blind", "lag", "killed", "outdated", "too slow", "not allowed",
    "others", "others touch", "others take", "insufficient", "overwritten",
]  # fmt: skip
RARE = ["resolved", "insufficient", "overwritten"]
"""At least once."""
CALLED = 0.001
"""The share of plans that may need a person where nobody but the console writes."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("part", range(PARTS))
def test_no_history_ends_in_a_lie(part):
    tally = histories.Tally()
    found = histories.run(range(part * EACH, (part + 1) * EACH), tally)
    assert found is None, "\n".join([f"seed {found.seed}: {found.broken}", *found.trace])
    seldom = {it: tally.said[it] for it in ENDS + TROUBLES if tally.said[it] < OFTEN}
    assert {it: many for it, many in seldom.items() if it not in RARE or not many} == {}
    assert tally.alone > EACH / 2
    assert tally.called <= CALLED * tally.alone


def test_the_same_seed_is_the_same_history():
    first, second = ([], [])
    for trace in (first, second):
        histories.lived(Chance(7), histories.kind_of(7), trace)
    assert first
    assert first == second


def test_choices_of_a_history_tell_it_again():
    kept, first, second = Chance(11, keep=True), [], []
    histories.lived(kept, histories.kind_of(11), first)
    histories.lived(Chance(told=kept.taken), histories.kind_of(11), second)
    assert first == second


def test_what_may_follow_what_is_as_the_docs_have_it():
    assert {state: set(after) for state, after in plans.NEXT.items()} == NEXT


# --- the same world, where Hypothesis chooses and shrinks -------------------------------------


class Hostile(RuleBasedStateMachine):
    """Two workers, some plans, and everything that may go wrong, in any order."""

    @initialize(
        seed=some.integers(0, 400),
        honours=some.booleans(),
        alone=some.booleans(),
        lag=some.sampled_from([0, 0, 3, 10]),
    )
    def begin(self, seed, honours, alone, lag):
        self.world = histories.estate(Chance(seed), histories.Kind(honours, alone))
        self.world.lag, self.world.lagged = lag, lag > 0
        self.hands = [Hand(self.world, "a"), Hand(self.world, "b")]
        histories.add(self.world)
        self.world.chance = Chance(told=())

    @rule(hand=some.integers(0, 1))
    def work(self, hand):
        self.hands[hand].round()

    @rule(hand=some.integers(0, 1))
    def work_a_little(self, hand):
        self.hands[hand].step()

    @rule(hand=some.integers(0, 1))
    def kill(self, hand):
        self.hands[hand].kill()

    @rule(seconds=some.sampled_from([1, 11, 16, 46, 61, 110, 121, 601, 1_000]))
    def let_time_pass(self, seconds):
        self.world.wait(seconds)

    @rule(fate=some.sampled_from(sorted(set(WRITES) - {"calm"})))
    def spoil_a_write(self, fate):
        self.world.fates.append(fate)

    @rule(fate=some.sampled_from(sorted(set(RUNS) - {"at_once"})))
    def spoil_an_operation(self, fate):
        self.world.operations.append(fate)

    @rule(pause=some.integers(1, len(ASKED_FOR)))
    def ask_for_a_pause(self, pause):
        self.world.fates.append("throttled")
        self.world.chance = Chance(told=(pause,))

    @rule(blind=some.booleans())
    def hide(self, blind):
        self.world.looks = ["blind" if blind else "calm"]

    @rule()
    def heal(self):
        self.world.heal()

    @rule(refusing=some.booleans(), read_only=some.booleans())
    def forbid(self, refusing, read_only):
        self.world.refusing, self.world.read_only = refusing, read_only

    @precondition(lambda self: len(self.world.journal.plans) < 3)
    @rule(seed=some.integers(0, 100))
    def plan(self, seed):
        self.world.chance = Chance(seed)
        histories.add(self.world)
        self.world.chance = Chance(told=())

    @rule(state=some.sampled_from([State.CONFIRMED, State.WITHDRAWN, State.RESOLVED]))
    def decide_as_a_person(self, state):
        for id in self.world.journal.plans:
            self.world.journal.move(id, state)

    @precondition(lambda self: not self.world.alone)
    @rule(which=some.integers(0, 3), units=some.integers(0, 8), touch=some.booleans())
    def interfere(self, which, units, touch):
        slots = list(self.world.slots.values())
        slot = slots[which % len(slots)]
        if touch:
            self.world.others_touch(slot)
        else:
            self.world.others_set(slot, units * slot.step)

    @precondition(lambda self: not self.world.alone)
    @rule(units=some.sampled_from([10, 60, -20]))
    def take_room(self, units):
        self.world.others_take(next(iter(self.world.pools)), units)

    @invariant()
    def holds(self):
        if hasattr(self, "world"):
            self.world.journal.sound()

    def teardown(self):
        if hasattr(self, "world"):
            histories.settle(self.world, self.hands)


Hostile.TestCase.settings = settings(
    max_examples=150, stateful_step_count=40, deadline=None, derandomize=True, database=None
)
TestHostile = Hostile.TestCase


# --- single decisions -------------------------------------------------------------------------

NOW = datetime(2026, 1, 5, tzinfo=UTC)
BEFORE, TARGET, OTHER = "10", "20", "90"
SECOND = timedelta(seconds=1)


def leg(resource="it", before=BEFORE, target=TARGET, amount=0, **fields):
    pool = "p" if amount else ""
    return Leg("capacity", resource, "0", before, target, pool, amount, **fields)


def plan(*legs, **fields):
    return Plan(legs or (leg(),), "t/ada", "", NOW, **fields)


def move():
    """Ten units from one deployment to another."""
    return plan(leg("from", "20", "10", -10), leg("to", "10", "20", 10))


def seen(value=BEFORE, etag="0", *, by_us=False, settled=True, failed=False):
    return Seen(NOW, value, etag, by_us, settled, failed)


OURS = seen(TARGET, "1", by_us=True)


def look(*legs, at=NOW, room=100.0):
    """What is seen of the legs from the first on; None is a look that failed."""
    return Look(at, dict(enumerate(legs)), {"p": room})


def written(after=None, answer=Answer.NONE, **fields):
    """A plan of one leg after its first write."""
    it = plan().taken_up(NOW).writing(0, NOW)
    return it if after is None and answer is Answer.NONE else it.answered(0, answer, **fields)


def outcome(plan, *legs, **by):
    """(state, number of the leg to write) after one look."""
    decision = decide(plan, look(*legs, **by))
    return decision.plan.state, decision.write


WAITS = (State.CONFIRMED, None)
WRITES_ON = (State.CONFIRMED, 0)


def test_the_first_look_writes():
    assert outcome(plan(), seen()) == WRITES_ON
    sent = decide(plan(), look(seen())).plan.legs[0]
    assert (sent.writes, sent.tries, sent.first_at, sent.written_at) == (1, 1, NOW, NOW)
    assert (sent.answer, sent.doubt, sent.etag) == (Answer.NONE, True, "0")


@pytest.mark.parametrize("shown", [None, seen(settled=False), seen(OTHER, "1", settled=False)])
@pytest.mark.parametrize("told", [plan(), written(), written(answer=Answer.NO)])
def test_a_look_that_failed_or_sees_azure_at_work_decides_nothing(told, shown):
    late = NOW + 2 * PATIENCE
    assert decide(told.taken_up(NOW), look(shown, at=late)).plan == told.taken_up(NOW)


@pytest.mark.parametrize(
    "shown", [seen(etag="1"), seen(OTHER), seen(TARGET, "1", by_us=True), seen(GONE, "")]
)
def test_what_moved_before_the_first_write_is_left_alone(shown):
    assert outcome(plan(), shown) == (State.ABORTED, None)


def test_all_legs_are_as_planned_before_the_first_write():
    still, moved = seen("20"), seen("10", "1")
    assert outcome(move(), still, seen("10")) == WRITES_ON
    assert outcome(move(), still, moved) == (State.ABORTED, None)
    assert outcome(move(), still, None) == WAITS


@pytest.mark.parametrize(
    ("answer", "shown", "early", "late"),
    [
        # what was heard, what is seen, at once and when it has settled
        (Answer.NONE, seen(), WAITS, WRITES_ON),
        (Answer.NONE, OURS, WAITS, (State.DONE, None)),
        (Answer.NONE, seen(OTHER, "1"), WAITS, (State.NEEDS_PERSON, None)),
        (Answer.NONE, seen(TARGET, "1"), WAITS, (State.NEEDS_PERSON, None)),
        (Answer.NONE, seen(GONE, ""), WAITS, (State.NEEDS_PERSON, None)),
        (Answer.NONE, seen(BEFORE, "1", by_us=True, failed=True), WAITS, (State.REFUSED, None)),
        (Answer.NONE, seen(BEFORE, "1", by_us=True), WAITS, (State.NEEDS_PERSON, None)),
        (Answer.TAKEN, seen(), WAITS, WRITES_ON),
        (Answer.TAKEN, OURS, (State.DONE, None), (State.DONE, None)),
        (Answer.TAKEN, seen(TARGET, "1"), WAITS, (State.NEEDS_PERSON, None)),
        (Answer.TAKEN, seen(OTHER, "1"), WAITS, (State.NEEDS_PERSON, None)),
        (
            Answer.TAKEN,
            seen(BEFORE, "1", by_us=True, failed=True),
            (State.REFUSED, None),
            (State.REFUSED, None),
        ),
        (
            Answer.TAKEN,
            seen(TARGET, "1", by_us=True, failed=True),
            WAITS,
            (State.NEEDS_PERSON, None),
        ),
        (Answer.TAKEN, seen(BEFORE, "1", failed=True), WAITS, (State.NEEDS_PERSON, None)),
        (Answer.LATER, seen(), WAITS, WRITES_ON),
        (Answer.LATER, OURS, (State.DONE, None), (State.DONE, None)),  # the first of two copies
        (Answer.LATER, seen(OTHER, "1"), (State.ABORTED, None), (State.ABORTED, None)),
        (Answer.LATER, seen(GONE, ""), (State.ABORTED, None), (State.ABORTED, None)),
        (
            Answer.LATER,
            seen(TARGET, "1"),
            (State.NEEDS_PERSON, None),
            (State.NEEDS_PERSON, None),
        ),
        (Answer.NO, seen(), (State.REFUSED, None), (State.REFUSED, None)),
        (Answer.NO, OURS, (State.DONE, None), (State.DONE, None)),
        (Answer.NO, seen(OTHER, "1"), (State.ABORTED, None), (State.ABORTED, None)),
    ],
)
def test_after_one_write(answer, shown, early, late):
    told = written(answer=answer)
    almost = NOW + SETTLE - timedelta(microseconds=1)
    assert outcome(told, shown, at=NOW + SECOND) == early
    if early == WAITS and answer is not Answer.LATER:
        assert outcome(told, shown, at=almost) == WAITS
    assert outcome(told, shown, at=NOW + SETTLE) == late


def test_what_is_to_be_gone_bears_nobodys_name():
    told = plan(leg(target=GONE)).writing(0, NOW).answered(0, Answer.TAKEN)
    assert outcome(told, seen(GONE, "")) == (State.DONE, None)
    assert outcome(told.answered(0, Answer.NO), seen(GONE, "")) == (State.DONE, None)


def test_a_busy_account_is_left_alone_for_a_while():
    told = written(answer=Answer.LATER)
    assert outcome(told, seen(), at=NOW + PAUSE - SECOND) == WAITS
    assert outcome(told, seen(), at=NOW + PAUSE) == WRITES_ON
    asked = written(answer=Answer.LATER, again_at=NOW + 5 * PAUSE)
    assert outcome(asked, seen(), at=NOW + 5 * PAUSE - SECOND) == WAITS
    assert outcome(asked, seen(), at=NOW + 5 * PAUSE) == WRITES_ON


def test_a_pause_of_a_day_is_a_no():
    asked = written(answer=Answer.LATER, said="In a day.", again_at=NOW + timedelta(days=1))
    decision = decide(asked, look(seen(), at=NOW + SECOND))
    assert (decision.plan.state, decision.plan.said) == (State.REFUSED, "In a day.")


def test_it_is_given_up_after_so_many_writes_or_so_long():
    told = plan().taken_up(NOW)
    for _ in range(protocol.MOST_TRIES):
        told = told.writing(0, NOW).answered(0, Answer.LATER)
    assert outcome(told, seen(), at=NOW + PAUSE) == (State.REFUSED, None)
    assert outcome(written(), seen(), at=NOW + PATIENCE) == WRITES_ON
    assert outcome(written(), seen(), at=NOW + PATIENCE + SECOND) == (State.REFUSED, None)


# --- legs -------------------------------------------------------------------------------------


def halfway():
    """A move whose source has given its ten units."""
    return replace(
        move().taken_up(NOW).writing(0, NOW).reached(0, Standing.THERE, "1", NOW),
        state=State.SOURCE_DOWN,
    )


def back(tries=0, answer=Answer.LATER):
    """The same move, on its way back, after so many writes."""
    told = halfway().turned("No.", NOW)
    for _ in range(tries):
        told = told.writing(0, NOW).answered(0, answer)
    return told


FROM = seen("10", "1", by_us=True)


def test_what_gives_goes_first_and_is_seen_to_have_given():
    told = move().taken_up(NOW).writing(0, NOW).answered(0, Answer.TAKEN)
    assert protocol.wanted(told) == ((0,), ())
    decision = decide(told, look(FROM))
    assert decision.plan == replace(
        told.reached(0, Standing.THERE, "1", NOW), state=State.SOURCE_DOWN
    )
    assert protocol.wanted(decision.plan) == ((1,), ("p",))
    assert outcome(decision.plan, None, seen()) == (State.SOURCE_DOWN, 1)


@pytest.mark.parametrize(
    ("room", "waited", "found"),
    [
        (10.0, 0 * SECOND, (State.SOURCE_DOWN, 1)),
        (9.0, 0 * SECOND, (State.SOURCE_DOWN, None)),
        (9.0, PATIENCE, (State.SOURCE_DOWN, None)),
        (9.0, PATIENCE + SECOND, (State.COMPENSATING, None)),
        (None, PATIENCE, (State.SOURCE_DOWN, None)),
        (None, PATIENCE + SECOND, (State.COMPENSATING, None)),
    ],
)
def test_nothing_takes_without_room(room, waited, found):
    assert outcome(halfway(), None, seen(), room=room, at=NOW + waited) == found


def test_before_anything_is_written_no_room_is_a_no():
    told = plan(leg(amount=10))
    assert outcome(told, seen(), room=9.0) == (State.REFUSED, None)
    assert outcome(told, seen(), room=None) == WAITS
    assert protocol.wanted(told) == ((0,), ("p",))


@pytest.mark.parametrize(
    ("room", "waited", "found"),
    [
        (10.0, 0 * SECOND, (State.COMPENSATING, 0)),
        (9.0, PATIENCE / 2, (State.COMPENSATING, None)),
        (9.0, PATIENCE / 2 + SECOND, (State.NEEDS_PERSON, None)),
        (None, PATIENCE * 2, (State.COMPENSATING, None)),
        (None, PATIENCE * 2 + SECOND, (State.NEEDS_PERSON, None)),
    ],
)
def test_what_is_put_back_needs_room_too(room, waited, found):
    assert outcome(back(), FROM, room=room, at=NOW + waited) == found


@pytest.mark.parametrize(
    ("answer", "shown", "found"),
    [
        (Answer.NO, FROM, (State.COMPENSATING, 0)),
        (Answer.LATER, FROM, (State.COMPENSATING, 0)),
        (Answer.TAKEN, FROM, (State.COMPENSATING, None)),
        (Answer.TAKEN, seen("20", "2", by_us=True), (State.REVERTED, None)),
        (Answer.TAKEN, seen("10", "2", by_us=True, failed=True), (State.COMPENSATING, 0)),
        (Answer.LATER, seen("90", "2"), (State.NEEDS_PERSON, None)),
    ],
)
def test_what_is_put_back_is_tried_again_unless_others_have_moved_it(answer, shown, found):
    assert outcome(back(1, answer), shown, at=NOW + PAUSE) == found


def test_what_failed_on_the_way_back_is_written_anew_from_what_it_left():
    left = seen("10", "2", by_us=True, failed=True)
    decision = decide(back(1, Answer.TAKEN), look(left, at=NOW + PAUSE))
    assert decision.plan.legs[0].etag == "2"


def test_what_is_put_back_is_not_given_up_after_a_single_try():
    late = NOW + PATIENCE + SECOND
    assert outcome(back(1), FROM, at=late) == (State.COMPENSATING, 0)
    assert outcome(back(protocol.LEAST_BACK), FROM, at=late) == (State.NEEDS_PERSON, None)


def test_legs_come_back_in_the_opposite_order():
    legs = [leg(it, "10", "5", -5) for it in "abc"]
    told = plan(*legs, leg("d", amount=15)).taken_up(NOW)
    for number in range(3):
        told = told.writing(number, NOW).reached(number, Standing.THERE, "1", NOW)
    told = told.turned("No.", NOW)
    order = []
    while (number := protocol.current(told)) is not None:
        order.append(number)
        told = told.reached(number, Standing.BACK, "2", NOW)
    assert order == [2, 1, 0]


def test_the_end_is_said_when_one_look_sees_all():
    told = halfway().writing(1, NOW).reached(1, Standing.THERE, "1", NOW)
    good, moved = seen(TARGET, "1", by_us=True), seen(OTHER, "2")
    assert protocol.wanted(told) == ((0, 1), ())
    assert outcome(told, FROM, good) == (State.DONE, None)
    assert outcome(told, FROM, None) == (State.SOURCE_DOWN, None)
    decision = decide(told, look(FROM, moved))
    assert (decision.plan.state, decision.plan.said) == (
        State.NEEDS_PERSON,
        protocol.MOVED_AFTER,
    )


@pytest.mark.parametrize(
    ("told", "end"),
    [
        (plan(), State.REFUSED),
        (halfway(), State.COMPENSATING),
        (back(), State.NEEDS_PERSON),
    ],
)
def test_what_must_not_go_on(told, end):
    stopped = protocol.stopped(told, "No right.", NOW)
    assert (stopped.state, stopped.said) == (end, "No right.")


def test_a_long_operation_is_watched():
    told = written()
    assert not protocol.watched(told, NOW + protocol.WATCHED)
    assert protocol.watched(told, NOW + protocol.WATCHED + SECOND)
    assert not protocol.watched(told.ended(State.DONE, NOW), NOW + timedelta(days=1))
    assert not protocol.watched(plan(), NOW + timedelta(days=1))
