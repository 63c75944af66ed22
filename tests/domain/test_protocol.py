"""Hostile histories: whatever is lost, late, busy, killed, refused or done by others, the end is
true, whether Azure honours If-Match or not."""

from datetime import UTC, datetime, timedelta

from hypothesis import event, example, given, settings
from hypothesis import strategies as some

from domain.protocol import ENDS, MOST_WRITES, SETTLE, Plan, Seen, Step, decide

START = datetime(2026, 1, 5, tzinfo=UTC)
HOSTILE = [
    "blind",  # the look fails
    "busy",  # Azure is still at work on the resource
    "killed",  # the worker dies between journal and write
    "lost",  # the write never arrives
    "late",  # it arrives just before it can't any more
    "soon",  # it arrives a little later
    "unanswered",  # it is done, but nobody hears of it
    "refused",
    "portal",  # somebody else changes the resource
    "deleted",
    "calm",
]
BEFORE, TARGET, OTHER = '{"a": "1"}', '{"a": "2"}', '{"a": "9"}'


class World:
    """One resource, and the requests that are still on their way to it."""

    def __init__(self, honours):
        self.honours = honours
        self.value, self.etag, self.by_us = BEFORE, 0, False
        self.late, self.sent, self.refusals = [], 0, 0

    def change(self, value, by_us):
        self.value, self.etag, self.by_us = value, self.etag + 1, by_us

    def land(self, etag):
        if self.value is not None and (not self.honours or etag == self.etag):
            assert not (self.honours and self.etag), "a change of somebody else is overwritten"
            self.change(TARGET, by_us=True)

    def pass_time(self, now):
        for due, etag in [it for it in self.late if it[0] <= now]:
            self.late.remove((due, etag))
            self.land(etag)

    def send(self, plan, what, now):
        """What becomes of a write, and what the journal learns of it."""
        assert not self.late, "a second write while the first may still land"
        assert not self.refusals, "a second write after a refusal"
        self.sent += 1
        if what == "refused":
            self.refusals += 1
            return plan.refused("no")
        if what in ("late", "soon"):
            after = SETTLE * 0.99 if what == "late" else timedelta(seconds=45)
            self.late.append((now + after, self.etag))
        elif what not in ("killed", "lost"):
            self.land(self.etag)
        return plan

    def look(self, what, now):
        if what == "blind":
            return None
        settled = what != "busy"
        return Seen(now, self.value, str(self.etag), self.by_us, settled)


def plan_of():
    return Plan("tags", "it", "0", BEFORE, TARGET, "contoso/ada", "", START)


def lived(events, portal, honours, step_s=30):
    """A plan driven through these events, then through calm; and the world at its end."""
    world, plan, now = World(honours), plan_of(), START
    for what in events + ["calm"] * 30:
        now += timedelta(seconds=step_s)
        world.pass_time(now)
        if what == "portal" and world.value is not None:
            world.change(portal, by_us=False)
        if what == "deleted":
            world.value = None
        step = decide(plan, world.look(what, now))
        if step in ENDS:
            assert what not in ("busy", "blind"), "an end that nobody has seen"
            assert not world.late, "an end while a write may still land"
            return plan.ended(step, now), world
        if step is Step.WRITE:
            plan = world.send(plan.writing(now), what, now)
    raise AssertionError("the plan never ended")


@settings(max_examples=2_200, deadline=None)
@example(events=["lost"] * 25, portal=OTHER, honours=True, step_s=30)
@example(events=["late", "portal"], portal=OTHER, honours=False, step_s=30)
@example(events=["late", "portal"], portal=TARGET, honours=False, step_s=30)
@example(events=["late", "deleted"], portal=OTHER, honours=False, step_s=30)
@example(events=["late", "portal", "portal"], portal=BEFORE, honours=True, step_s=30)
@given(
    events=some.lists(some.sampled_from(HOSTILE), max_size=20),
    portal=some.sampled_from([BEFORE, TARGET, OTHER]),
    honours=some.booleans(),
    step_s=some.sampled_from([1, 30, 90]),
)
def test_the_end_tells_the_truth(events, portal, honours, step_s):
    # Seconds between looks: many looks fit between a write and its settling, or hardly one.
    calm = [] if step_s > 1 else ["calm"] * 500
    plan, world = lived([*events, *calm], portal, honours, step_s)
    event(str(plan.state))
    assert world.sent <= plan.writes <= MOST_WRITES
    if plan.state is Step.DONE:
        assert world.by_us
        assert world.value == plan.target
    if plan.state in (Step.FAILED, Step.ABORTED):
        assert not world.by_us
    if plan.state is Step.ABORTED:
        assert world.sent == 0


@settings(max_examples=300, deadline=None)
@given(events=some.lists(some.sampled_from(["blind", "busy", "calm"]), max_size=20))
def test_without_enemies_it_is_done_by_one_write(events):
    plan, _world = lived(events, OTHER, honours=True)
    assert (plan.state, plan.writes) == (Step.DONE, 1)


@settings(max_examples=300, deadline=None)
@given(
    events=some.lists(some.sampled_from(["lost", "killed", "late", "busy", "blind"]), max_size=20),
    honours=some.booleans(),
)
def test_without_others_nobody_is_called(events, honours):
    plan, _world = lived(events, OTHER, honours)
    assert plan.state in (Step.DONE, Step.FAILED)


# --- single decisions -------------------------------------------------------------------------


def seen(**fields):
    told = {"value": BEFORE, "etag": "0", "by_us": False, "settled": True, **fields}
    return Seen(at=told.pop("at", START), **told)


def test_a_failed_look_decides_nothing():
    assert decide(plan_of(), None) is Step.WAIT
    assert decide(plan_of().refused("no"), None) is Step.WAIT


def test_the_first_look_writes():
    assert decide(plan_of(), seen()) is Step.WRITE


def test_what_moved_before_the_first_write_is_left_alone():
    assert decide(plan_of(), seen(etag="1")) is Step.ABORTED
    assert decide(plan_of(), seen(etag="1", value=TARGET, by_us=True)) is Step.ABORTED
    assert decide(plan_of(), seen(value=None)) is Step.ABORTED


def test_an_unanswered_write_may_land_until_it_has_settled():
    plan = plan_of().writing(START)
    almost = START + SETTLE - timedelta(microseconds=1)
    assert decide(plan, seen(at=almost)) is Step.WAIT
    assert decide(plan, seen(at=START + SETTLE)) is Step.WRITE


def test_a_person_is_called_only_when_nothing_of_ours_is_on_its_way():
    plan = plan_of().writing(START)
    for moved in ({"etag": "1", "value": OTHER}, {"etag": "1", "value": TARGET}, {"value": None}):
        assert decide(plan, seen(**moved)) is Step.WAIT
        assert decide(plan, seen(at=START + SETTLE, **moved)) is Step.NEEDS_PERSON


def test_success_needs_no_waiting():
    plan = plan_of().writing(START)
    assert decide(plan, seen(etag="1", value=TARGET, by_us=True)) is Step.DONE


def test_a_refusal_is_final_at_once():
    plan = plan_of().writing(START).refused("no")
    assert decide(plan, seen()) is Step.FAILED
    assert decide(plan, seen(etag="1", value=OTHER)) is Step.NEEDS_PERSON


def test_after_the_last_write_it_is_given_up():
    plan = plan_of()
    for _ in range(MOST_WRITES):
        plan = plan.writing(START)
    assert decide(plan, seen(at=START + SETTLE)) is Step.FAILED
