"""Way back: write down how a phase is taken back, and try it before it is needed."""

from collections.abc import Sequence
from dataclasses import dataclass

from actions import rolling
from actions.visit import Visit
from domain import ways_back
from domain.faults import OutOfRange
from domain.roles import Permission
from domain.rollouts import BEHIND, ENDS, Rollout
from domain.ways_back import MOST_MINUTES, Step
from store import rollback_plans
from store.rollback_plans import FAILED, SLOW, WORKED, Drill, RollbackPlan


@dataclass(frozen=True)
class Way:
    """How a phase is taken back."""

    trigger: str
    """What makes people take it."""
    steps: Sequence[Step]
    """As domain.ways_back has them, in order."""
    owner: str
    most_minutes: int
    words: str
    """What people are told."""


def keep(visit: Visit, id: int, phase: int, way: Way) -> None:
    """Keep the way back of a phase in place of the one before, not drilled yet; raises Refused.
    phase: its number, from 0."""
    with visit.attempt(Permission.ROLL, f"write the way back of rollout {id}") as session:
        it = rolling.visible(visit, session, id)
        _require(it, phase)
        for words in (way.trigger, way.owner, way.words):
            if not words.strip():
                raise OutOfRange("A way back has a trigger, an owner and words for people.")
            rolling.require_words(words)
        ours = {*it.deployments, *(one for pair in it.paired for one in pair)}
        steps = ways_back.checked(way.steps, ours, way.most_minutes)
        told = RollbackPlan(
            id, phase, way.trigger.strip(), way.owner.strip(), way.most_minutes, way.words.strip(),
            visit.person.key, visit.clock(), steps,
        )  # fmt: skip
        rollback_plans.keep(session, told)


def drill(visit: Visit, id: int, phase: int, *, minutes: int, worked: bool, note: str = "") -> None:
    """Keep how a drill went; one that took longer than the way back may is none.
    Raises Refused."""
    with visit.attempt(Permission.ROLL, f"drill the way back of rollout {id}") as session:
        it = rolling.visible(visit, session, id)
        _require(it, phase)
        way = rollback_plans.of(session, id).get(phase)
        if way is None:
            raise OutOfRange(f"There is no way back yet from {it.phases[phase].title}.")
        if not 0 < minutes <= MOST_MINUTES:
            raise OutOfRange(f"A drill takes 1 to {MOST_MINUTES:,} minutes.")
        rolling.require_words(note)
        if not (worked or note.strip()):
            raise OutOfRange("Say what did not work.")
        in_time = WORKED if minutes <= way.most_minutes else SLOW
        result = in_time if worked else FAILED
        told = Drill(visit.clock(), visit.person.key, minutes, result, note.strip())
        rollback_plans.drilled(session, id, phase, told)


def _require(it: Rollout, phase: int) -> None:
    """Raise OutOfRange where nobody will go this way any more."""
    if it.state in ENDS:
        raise OutOfRange(f"{it.title} is {it.state}.")
    if not 0 <= phase < len(it.phases):
        raise OutOfRange("There is no such phase.")
    if it.phases[phase].stage in BEHIND:
        raise OutOfRange(f"{it.phases[phase].title} is {it.phases[phase].stage}.")
