"""A rollout: phases in order, people by phase, a gate between each two, and a way back.

Source: docs of the rollout model, 4.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise

from domain.braking import Safeguard
from domain.criteria import Criterion, Verdict
from domain.faults import OutOfRange


class State(StrEnum):
    """Where a rollout stands, worded for people."""

    DRAFT = "draft"
    READY = "ready"
    RUNNING = "in progress"
    PAUSED = "paused"
    COMPLETED = "completed"
    ABORTED = "aborted"
    ROLLED_BACK = "rolled back"


class Stage(StrEnum):
    """Where a phase stands."""

    WAITING = "not started"
    ACTIVE = "active"
    BAKING = "baking"
    """Its gate passes; what is missing is time."""
    ASKING = "awaiting approval"
    PASSED = "passed"
    SKIPPED = "skipped"
    """Passed by an override, which shows for ever."""
    FAILED = "failed"
    ROLLED_BACK = "rolled back"


class Move(StrEnum):
    """What a person can do to a rollout."""

    PREPARE = "make ready"
    START = "start"
    ADVANCE = "advance"
    OVERRIDE = "override the gate"
    PAUSE = "pause"
    RESUME = "resume"
    ROLL_BACK = "roll back"
    ABORT = "abort"
    ADJUST = "adjust"
    """What is planned or counted, and no step on the way."""


ENDS = frozenset({State.COMPLETED, State.ABORTED, State.ROLLED_BACK})
UNDER_WAY = frozenset({Stage.ACTIVE, Stage.BAKING, Stage.ASKING})
BEHIND = frozenset({Stage.PASSED, Stage.SKIPPED})
MAY: Mapping[State, frozenset[Move]] = {
    State.DRAFT: frozenset({Move.PREPARE, Move.ABORT, Move.ADJUST}),
    State.READY: frozenset({Move.START, Move.ABORT, Move.ADJUST}),
    State.RUNNING: frozenset(set(Move) - {Move.PREPARE, Move.START, Move.RESUME}),
    State.PAUSED: frozenset({Move.RESUME, Move.ROLL_BACK, Move.ABORT, Move.ADJUST}),
}
"""What may be done where; everything else is final."""


class Cohorts(StrEnum):
    """What a cohort is made of."""

    NAMED = "named people"
    GROUP = "directory group"
    UNIT = "business unit"
    SHARE = "share of people"


@dataclass(frozen=True)
class Cohort:
    """Who is exposed in a phase; never a list of persons, only where that is kept."""

    kind: Cohorts
    planned: int
    """People. How much of the traffic they are is another figure."""
    reached: int | None = None
    """None until somebody has said."""
    reference: str = ""
    """Id of the group, name of the unit, address of the list."""
    channel: str = ""
    """Where they say what they think."""


@dataclass(frozen=True)
class Phase:
    key: str
    title: str
    stage: Stage
    cohort: Cohort
    criteria: tuple[Criterion, ...]
    bake_days: int
    """Working days that it has to be watched."""
    approvals: tuple[str, ...] = ()
    """Grants that each have to say yes: product, technical, business, security."""
    features: tuple[str, ...] = ()
    """What is switched on in it."""
    checklist: tuple[str, ...] = ()
    """Keys of readiness items that are mandatory from it on."""
    one_way: bool = False
    """Whether there is no way back without a drilled plan."""
    planned_start: datetime | None = None
    planned_end: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    baked_since: datetime | None = None
    """When the bake last began anew: at its start, or after a change in the middle of it."""


@dataclass(frozen=True)
class Gate:
    """What a person saw of a gate, and what the store finds at the moment of the move."""

    verdict: Verdict
    baked: int
    """Working days so far."""
    approved: frozenset[str] = frozenset()
    """Grants of which somebody, not the proposer, has said yes to this very gate."""
    drilled: bool = False
    """Whether the way back was tried within the time that it has to be."""


@dataclass(frozen=True)
class Rollout:
    title: str
    workload: str
    owner: str
    """Key of the person."""
    sponsor: str
    units: tuple[str, ...]
    deployments: tuple[str, ...]
    """Resource ids."""
    template: str
    template_version: int
    phases: tuple[Phase, ...]
    state: State = State.DRAFT
    id: int = 0
    version: int = 0
    """Grows with every move; whoever has seen another one may not move it."""
    proposer: str = ""
    """Key of who planned it."""
    at: datetime | None = None
    """When it was planned."""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    paired: tuple[tuple[str, str], ...] = ()
    """Deployments that are compared side by side: what is in use, and what is to follow."""
    closed_days: frozenset[date] = frozenset()
    """Holidays and freezes, which are no working days."""
    safeguards: tuple[Safeguard, ...] = ()
    """What holds in every phase, apart from its gate."""

    @property
    def number(self) -> int | None:
        """Of the phase under way, from 0; None before the first and after the last."""
        return next((at for at, it in enumerate(self.phases) if it.stage in UNDER_WAY), None)

    @property
    def phase(self) -> Phase | None:
        return None if self.number is None else self.phases[self.number]

    @property
    def watched(self) -> tuple[Criterion, ...]:
        """All that is read now: the criteria of the gate under way, then what the safeguards ask
        for; nothing where no phase is under way."""
        phase = self.phase
        return (*phase.criteria, *(it.watched for it in self.safeguards)) if phase else ()

    def with_phase(self, number: int, phase: Phase) -> "Rollout":
        return replace(self, phases=(*self.phases[:number], phase, *self.phases[number + 1 :]))


def checked(phases: Sequence[Phase], units: Mapping[str, int] | None = None) -> None:
    """Raises OutOfRange where phases cannot be; units: people by unit, as far as they are known."""
    if not phases:
        raise OutOfRange("A rollout needs at least one phase.")
    keys = [it.key for it in phases]
    if len(set(keys)) < len(keys):
        raise OutOfRange("Two phases have the same name.")
    for it in phases:
        if it.cohort.planned < 1:
            raise OutOfRange(f"{it.title}: a cohort is of at least one person.")
        if it.cohort.reached is not None and it.cohort.reached < 0:
            raise OutOfRange(f"{it.title}: fewer than nobody can't be reached.")
        if it.bake_days < 0:
            raise OutOfRange(f"{it.title}: bake days are counted from 0.")
        if it.planned_start and it.planned_end and it.planned_end <= it.planned_start:
            raise OutOfRange(f"{it.title}: the end has to be after the start.")
        there = (units or {}).get(it.cohort.reference)
        if it.cohort.kind is Cohorts.UNIT and there is not None and it.cohort.planned > there:
            raise OutOfRange(
                f"{it.title}: {it.cohort.planned:,} people are planned, the unit has {there:,}."
            )
    for before, after in pairwise(phases):
        if before.planned_end and after.planned_start and after.planned_start < before.planned_end:
            raise OutOfRange(f"{after.title} starts before {before.title} ends.")
