"""What may be adjusted of a rollout that goes on: people that a phase has reached, what is switched
on in it, and when it is to be. Its gates stay what the template made them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from domain import moving, rollouts
from domain.faults import OutOfRange
from domain.rollouts import UNDER_WAY, Move, Phase, Rollout, Stage

MOST = 50
"""Features of a phase."""
LONGEST = 80
"""Characters of one."""


@dataclass(frozen=True)
class Change:
    """None for what stays."""

    reached: int | None = None
    """People of the cohort that it has come to."""
    features: tuple[str, ...] | None = None
    dates: tuple[datetime, datetime] | None = None
    """First and last day."""


def adjusted(rollout: Rollout, number: int, change: Change, at: datetime) -> Rollout:
    """The rollout with this phase changed; raises OutOfRange where that can't be. Another set of
    features in the phase under way is another thing to watch: its bake begins anew."""
    moving.require(rollout, Move.ADJUST)
    if not 0 <= number < len(rollout.phases):
        raise OutOfRange("There is no such phase.")
    before = rollout.phases[number]
    after = _planned(_switched(_counted(before, change.reached), change.features), change.dates)
    if after == before:
        raise OutOfRange("Nothing would change.")
    found = rollout.with_phase(number, after)
    rollouts.checked(found.phases)
    if after.features != before.features and before.stage in UNDER_WAY:
        return moving.rebaked(found, at)
    return found


def told(before: Phase, after: Phase) -> dict[str, Any]:
    """What differs, for the timeline: values before and after by name."""
    values: dict[str, list[Any]] = {
        "reached": [it.cohort.reached for it in (before, after)],
        "features": [list(it.features) for it in (before, after)],
        "dates": [_dates(it) for it in (before, after)],
    }
    return {"phase": before.title, **{k: pair for k, pair in values.items() if pair[0] != pair[1]}}


def _counted(phase: Phase, reached: int | None) -> Phase:
    if reached is None:
        return phase
    if phase.stage is Stage.WAITING:
        raise OutOfRange(f"{phase.title} has not begun: it has reached nobody yet.")
    return replace(phase, cohort=replace(phase.cohort, reached=reached))


def _switched(phase: Phase, features: tuple[str, ...] | None) -> Phase:
    if features is None:
        return phase
    if phase.stage is not Stage.WAITING and phase.stage not in UNDER_WAY:
        raise OutOfRange(f"{phase.title} is {phase.stage}: what was switched on stays written.")
    named = tuple(dict.fromkeys(it.strip() for it in features))
    if len(named) > MOST or not all(it and len(it) <= LONGEST and it.isprintable() for it in named):
        raise OutOfRange(
            f"A phase has {MOST} features at the most, each of 1 to {LONGEST} letters."
        )
    return replace(phase, features=named)


def _planned(phase: Phase, dates: tuple[datetime, datetime] | None) -> Phase:
    if dates is None:
        return phase
    if phase.stage is not Stage.WAITING:
        raise OutOfRange(f"{phase.title} is {phase.stage}: only what is to come is planned.")
    return replace(phase, planned_start=dates[0], planned_end=dates[1])


def _dates(phase: Phase) -> list[str | None]:
    return [it.isoformat() if it else None for it in (phase.planned_start, phase.planned_end)]
