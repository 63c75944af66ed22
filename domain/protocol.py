"""The protocol of change: given a plan's journal and what was just seen, what is the next step.

Looks are believed, answers only where they are a plain no and no look speaks against it:
a lost answer is not a lost write, and a write without an answer may land, or land again, until
SETTLE has passed. A value alone proves nothing: others may have set it. Whatever gives goes first
and is verified before anything takes; when something cannot be finished, what was done is put back
in the opposite order, with more patience, but only while it is certain that nothing of ours is
still on its way. Whatever is not certain is for a person.

Source: docs of reliability, section 5 (protocol, states, invariants I1 to I14).
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, auto

from domain.plans import GONE, Answer, Leg, Look, Plan, Seen, Standing, State

MOST_TRIES = 12
LEAST_BACK = 3
"""Tries at putting something back before it is given up for the time it takes."""
PATIENCE = timedelta(minutes=10)
"""How long one leg is tried, and how long is waited for room in a pool."""
PAUSE = timedelta(seconds=15)
"""Between two tries at an account that is busy."""
WATCHED = timedelta(minutes=15)
"""An operation that runs longer than this is shown as watched."""
NO_ROOM = "The quota pool has no room for it."
UNREADABLE = "How much room the quota pool has could not be read."
GIVEN_UP = "Azure did not carry it out."
MOVED = "It was changed by others in the meantime."
UNSURE = "Whether it was carried out cannot be told: others have written in the meantime."
MOVED_AFTER = "It was changed by others before the end was verified."


class _Verdict(StrEnum):
    """What a look says of one leg."""

    WAIT = auto()
    WRITE = auto()
    THERE = auto()
    UNDONE = auto()
    """Certain not to be in force, and not worth another try."""
    MOVED = auto()
    """Changed by others, and certain that nothing of ours is in force."""
    UNSURE = auto()


@dataclass(frozen=True)
class Decision:
    """The journal as it is to be from now on, and the leg to write, if one is to be written."""

    plan: Plan
    write: int | None = None


def wanted(plan: Plan) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """What to look at before deciding: numbers of legs, keys of pools."""
    number = current(plan)
    pools = () if number is None else _drawn(plan, number)
    if number is None or not plan.begun:
        return tuple(range(len(plan.legs))), pools
    return (number,), pools


def _drawn(plan: Plan, number: int) -> tuple[str, ...]:
    leg, (_, _, amount) = plan.legs[number], plan.aim(number)
    return (leg.pool,) if leg.pool and amount > 0 else ()


def current(plan: Plan) -> int | None:
    """The number of the leg that is next; None when all are where they are to be."""
    if plan.back:
        there = [at for at, leg in enumerate(plan.legs) if leg.standing is Standing.THERE]
        return there[-1] if there else None
    open_ = (at for at, leg in enumerate(plan.legs) if leg.standing is Standing.OPEN)
    return next(open_, None)


def decide(plan: Plan, look: Look) -> Decision:
    """One step. A plan that comes back unchanged waits for the next look."""
    plan = plan.taken_up(look.at)
    if not plan.begun and (stale := _stale(plan, look)):
        return stale
    number = current(plan)
    if number is None:
        return Decision(_finished(plan, look))
    verdict, said = _judged(plan, number, look)
    seen = look.legs.get(number)
    match verdict:
        case _Verdict.WAIT:
            return Decision(plan)
        case _Verdict.WRITE if seen:
            return Decision(plan.writing(number, look.at, seen.etag), number)
        case _Verdict.THERE if seen:
            return Decision(_further(plan, number, seen, look.at))
    return Decision(_stopped(plan, verdict, said, look.at))


def watched(plan: Plan, now: datetime) -> bool:
    """Whether Azure has been at work on it for so long that somebody should know."""
    sent = [leg.written_at for leg in plan.legs if leg.written_at]
    return not plan.ended_at and bool(sent) and now - max(sent) > WATCHED


def _stale(plan: Plan, look: Look) -> Decision | None:
    """Before the first write all legs must be as they were when it was planned."""
    for number, leg in enumerate(plan.legs):
        seen = look.legs.get(number)
        if seen is None or not seen.settled:
            return Decision(plan)
        if not _as_based(leg, leg.before, seen):
            return Decision(plan.ended(State.ABORTED, look.at, MOVED))
    return None


def _judged(plan: Plan, number: int, look: Look) -> tuple[_Verdict, str]:
    leg, seen = plan.legs[number], look.legs.get(number)
    verdict = _of_leg(plan, number, seen, look.at)
    if verdict is _Verdict.WRITE:
        return _with_room(plan, number, look)
    said = {
        _Verdict.UNDONE: leg.said or GIVEN_UP,
        _Verdict.MOVED: MOVED,
        _Verdict.UNSURE: UNSURE,
    }
    return verdict, said.get(verdict, "")


def _of_leg(plan: Plan, number: int, seen: Seen | None, now: datetime) -> _Verdict:
    leg, (origin, aim, _) = plan.legs[number], plan.aim(number)
    if seen is None or not seen.settled:
        return _Verdict.WAIT
    if _as_based(leg, origin, seen):
        return _untouched(leg, plan.back, now)
    if not leg.tries:
        return _Verdict.MOVED
    if leg.answer is Answer.NONE and leg.may_land(now):
        # Also when it is there: what nobody has answered may be on its way a second time.
        return _Verdict.WAIT
    if _in_force(aim, seen):
        return _Verdict.THERE
    if seen.by_us and seen.failed and seen.value == origin:
        return _again(leg, plan.back, now) if plan.back else _Verdict.UNDONE
    if not (leg.doubt or seen.by_us or seen.value == aim):
        # A no is believed of the write that it answers, not of what a box on the way sent before.
        return _Verdict.MOVED
    # Azure need not look at If-Match: our write may yet land on top of what others did.
    return _Verdict.WAIT if leg.may_land(now) else _Verdict.UNSURE


def _as_based(leg: Leg, origin: str, seen: Seen) -> bool:
    return seen.etag == leg.etag and seen.value == origin


def _in_force(aim: str, seen: Seen) -> bool:
    """What is gone bears nobody's name."""
    return seen.value == aim and not seen.failed and (seen.by_us or aim == GONE)


def _untouched(leg: Leg, back: bool, now: datetime) -> _Verdict:
    """What is to be put back is not given up at the first no: the next one may be a yes."""
    if leg.answer is Answer.NO and not back:
        return _Verdict.UNDONE
    return _Verdict.WAIT if leg.may_land(now) else _again(leg, back, now)


def _again(leg: Leg, back: bool, now: datetime) -> _Verdict:
    """For a write of which nothing is in force, and nothing on its way."""
    if leg.tries >= MOST_TRIES or _too_late(leg, back, now):
        return _Verdict.UNDONE
    pause = leg.written_at and leg.written_at + PAUSE
    if any(until and now < until for until in (pause, leg.again_at)):
        return _Verdict.WAIT
    return _Verdict.WRITE


def _too_late(leg: Leg, back: bool, now: datetime) -> bool:
    """Also when Azure wants a pause that is longer than anybody waits. What is to be put back is
    tried a few times, however long Azure or the console was away meanwhile."""
    if leg.again_at is not None and leg.again_at - now > PATIENCE:
        return True
    tried = leg.tries >= (LEAST_BACK if back else 1)
    return tried and leg.first_at is not None and now - leg.first_at > PATIENCE


def _with_room(plan: Plan, number: int, look: Look) -> tuple[_Verdict, str]:
    """What takes is not even sent unless the pool is known to have room. What the pool says may
    lag behind what this plan has just given, so that is waited for."""
    leg, (_, _, amount) = plan.legs[number], plan.aim(number)
    if not leg.pool or amount <= 0:
        return _Verdict.WRITE, ""
    room = look.room.get(leg.pool)
    if room is not None and room >= amount:
        return _Verdict.WRITE, ""
    waited = plan.since is not None and look.at - plan.since > _patience(plan, room)
    if not waited and (room is None or plan.begun):
        return _Verdict.WAIT, ""
    return _Verdict.UNDONE, UNREADABLE if room is None else NO_ROOM


def _patience(plan: Plan, room: float | None) -> timedelta:
    """How long is waited for room. On the way back whatever lags has had its time already; but
    what cannot be read says nothing, and nobody is helped by leaving it halfway for that."""
    if not plan.back:
        return PATIENCE
    return PATIENCE * 2 if room is None else PATIENCE / 2


def _further(plan: Plan, number: int, seen: Seen, at: datetime) -> Plan:
    standing = Standing.BACK if plan.back else Standing.THERE
    plan = plan.reached(number, standing, seen.etag, at)
    if plan.back:
        return plan.ended(State.REVERTED, at) if current(plan) is None else plan
    if len(plan.legs) == 1:
        return plan.ended(State.DONE, at)
    gave = any(leg.amount < 0 for leg in plan.legs)
    takes = [leg.amount > 0 for leg in plan.legs if leg.standing is Standing.OPEN]
    if gave and takes and all(takes) and plan.state is State.CONFIRMED:
        return replace(plan, state=State.SOURCE_DOWN)
    return plan


def _finished(plan: Plan, look: Look) -> Plan:
    """All legs are there; the end is said only when one last look sees them all so."""
    for number, leg in enumerate(plan.legs):
        seen = look.legs.get(number)
        if seen is None or not seen.settled:
            return plan
        if not _as_based(leg, leg.target, seen):
            return plan.ended(State.NEEDS_PERSON, look.at, MOVED_AFTER)
    return plan.ended(State.DONE, look.at)


def stopped(plan: Plan, said: str, at: datetime) -> Plan:
    """The plan that must not go further, asked when nothing of it is on its way: for want of a
    right, say."""
    return _stopped(plan, _Verdict.UNDONE, said, at)


def _stopped(plan: Plan, verdict: _Verdict, said: str, at: datetime) -> Plan:
    if verdict is _Verdict.UNSURE or plan.back:
        return plan.ended(State.NEEDS_PERSON, at, said)
    if any(leg.standing is Standing.THERE for leg in plan.legs):
        return plan.turned(said, at)
    end = State.ABORTED if verdict is _Verdict.MOVED else State.REFUSED
    return plan.ended(end, at, said)
