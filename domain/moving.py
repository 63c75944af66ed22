"""The moves of a rollout, each a function from it to the next.

The store keeps what comes out only if nobody else has moved it meanwhile. Source: docs of the
rollout model, 4.3.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from domain.criteria import Verdict
from domain.faults import OutOfRange
from domain.rollouts import MAY, Gate, Move, Rollout, Stage, State

DRILLED = timedelta(days=90)
"""How old the last drill of a way back may be before a one-way door."""


def require(rollout: Rollout, move: Move) -> None:
    """Raise OutOfRange unless this may be done where the rollout stands."""
    if move not in MAY.get(rollout.state, frozenset()):
        raise OutOfRange(f"{rollout.title} is {rollout.state}: it can't {_verb(move)}.")


def prepared(rollout: Rollout) -> Rollout:
    """Ready to be started; raises OutOfRange where something is missing."""
    require(rollout, Move.PREPARE)
    if not rollout.phases:
        raise OutOfRange("A rollout needs at least one phase.")
    if not rollout.deployments:
        raise OutOfRange("A rollout is of at least one deployment.")
    return replace(rollout, state=State.READY)


def started(rollout: Rollout, at: datetime) -> Rollout:
    require(rollout, Move.START)
    running = replace(rollout, state=State.RUNNING, started_at=at)
    return _begun(running, 0, at)


def assessed(rollout: Rollout, gate: Gate) -> Rollout:
    """The phase under way as its gate now has it. Approvals are asked for once all else is there,
    and are void as soon as it no longer is: they were given to what is no more."""
    number = rollout.number
    if rollout.state is not State.RUNNING or number is None:
        return rollout
    phase = rollout.phases[number]
    stage = Stage.ACTIVE
    if gate.verdict is Verdict.PASS:
        stage = Stage.ASKING if gate.baked >= phase.bake_days else Stage.BAKING
    if stage is phase.stage:
        return rollout
    return rollout.with_phase(number, replace(phase, stage=stage))


def missing(rollout: Rollout, gate: Gate) -> list[str]:
    """What speaks against advancing, in words; nothing when it may."""
    phase = rollout.phase
    if phase is None:
        return ["No phase is under way."]
    why = []
    if gate.verdict is Verdict.FAIL:
        why.append("a criterion fails")
    elif gate.verdict is not Verdict.PASS:
        why.append("a criterion can't be told")
    if (left := phase.bake_days - gate.baked) > 0:
        why.append(f"{left} working {'day of bake is' if left == 1 else 'days of bake are'} left")
    if lacking := [it for it in phase.approvals if it not in gate.approved]:
        why.append(f"the {' and the '.join(lacking)} approval {_are(lacking)} missing")
    if not gate.drilled and _one_way_next(rollout):
        why.append(
            "the way back was not drilled in the last 90 days, and what follows is a one-way door"
        )
    return why


def advanced(rollout: Rollout, gate: Gate, at: datetime) -> Rollout:
    """The phase is passed and the next one begins, or the rollout is complete; raises OutOfRange
    with all that is missing."""
    require(rollout, Move.ADVANCE)
    if why := missing(rollout, gate):
        raise OutOfRange(f"{rollout.title} can't advance: {'; '.join(why)}.")
    return _past(rollout, Stage.PASSED, at)


def overridden(rollout: Rollout, gate: Gate, at: datetime) -> Rollout:
    """The same, whatever the gate says; only a door of no return asks for its drill all the same.
    That it was overridden shows for ever."""
    require(rollout, Move.OVERRIDE)
    if rollout.phase is None:
        raise OutOfRange("No phase is under way.")
    if not gate.drilled and _one_way_next(rollout):
        raise OutOfRange("The way back has to be drilled before a one-way door, override or not.")
    return _past(rollout, Stage.SKIPPED, at)


def paused(rollout: Rollout) -> Rollout:
    require(rollout, Move.PAUSE)
    return replace(rollout, state=State.PAUSED)


def resumed(rollout: Rollout) -> Rollout:
    """Where it was; what was approved before the pause is for the gate to say."""
    require(rollout, Move.RESUME)
    return replace(rollout, state=State.RUNNING)


def rolled_back(rollout: Rollout, at: datetime) -> Rollout:
    require(rollout, Move.ROLL_BACK)
    return _ended(rollout, State.ROLLED_BACK, Stage.ROLLED_BACK, at)


def aborted(rollout: Rollout, at: datetime) -> Rollout:
    require(rollout, Move.ABORT)
    return _ended(rollout, State.ABORTED, Stage.FAILED, at)


def rebaked(rollout: Rollout, at: datetime) -> Rollout:
    """Its bake begins anew: model, filter, prompt or capacity was changed in the middle of it."""
    number = rollout.number
    if number is None:
        return rollout
    phase = replace(rollout.phases[number], baked_since=at, stage=Stage.ACTIVE)
    return rollout.with_phase(number, phase)


def _begun(rollout: Rollout, number: int, at: datetime) -> Rollout:
    phase = replace(
        rollout.phases[number], stage=Stage.ACTIVE, started_at=at, ended_at=None, baked_since=at
    )
    return rollout.with_phase(number, phase)


def _past(rollout: Rollout, stage: Stage, at: datetime) -> Rollout:
    number = rollout.number
    assert number is not None
    behind = rollout.with_phase(number, replace(rollout.phases[number], stage=stage, ended_at=at))
    if number + 1 < len(rollout.phases):
        return _begun(behind, number + 1, at)
    return replace(behind, state=State.COMPLETED, ended_at=at)


def _ended(rollout: Rollout, state: State, stage: Stage, at: datetime) -> Rollout:
    number = rollout.number
    if number is not None:
        phase = replace(rollout.phases[number], stage=stage, ended_at=at)
        rollout = rollout.with_phase(number, phase)
    return replace(rollout, state=state, ended_at=at)


def _one_way_next(rollout: Rollout) -> bool:
    """Whether advancing goes through a door of no return."""
    number = rollout.number
    after = rollout.phases[number + 1 : number + 2] if number is not None else ()
    return any(it.one_way for it in after)


def _are(those: Sequence[str]) -> str:
    return "is" if len(those) == 1 else "are"


def _verb(move: Move) -> str:
    passive = {Move.PREPARE: "be made ready", Move.START: "be started", Move.ABORT: "be aborted"}
    also = {Move.PAUSE: "be paused", Move.RESUME: "be resumed", Move.ROLL_BACK: "be rolled back"}
    return {**passive, **also, Move.ADJUST: "be adjusted"}.get(move, str(move))
