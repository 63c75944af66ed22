"""Rollouts side by side: where each stands, what blocks it in words, when its gate can open."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from domain import baking
from domain.criteria import Judged, Severity, Verdict
from domain.frames import TEXT, TIME, WHOLE, Columns
from domain.gates import Found
from domain.rollouts import Rollout, Stage, State

BOARD: Columns = {
    "rollout": WHOLE,  # its number
    "title": TEXT,
    "workload": TEXT,
    "state": TEXT,
    "steps": TEXT,  # one sign for each phase
    "phase": TEXT,  # 2 of 4, Expansion; missing before the first and after the last
    "stage": TEXT,
    "days": WHOLE,  # since the phase began
    "blocked": TEXT,  # what stands in the way, in words
    "failing": WHOLE,  # blocking criteria that fail; missing where no gate is under way
    "untold": WHOLE,  # blocking criteria that cannot be told
    "gate_on": TIME,  # the earliest day on which the gate can open, if all passes
    "owner": TEXT,  # key of the person
    "who": TEXT,  # their name
    "sponsor": TEXT,  # name
    "units": TEXT,  # ids, separated by ", "
    "reached": WHOLE,  # people of the phase under way; missing until somebody has said
    "planned": WHOLE,
    "started_at": TIME,
}
SIGNS = {
    Stage.WAITING: "\u25cb",
    Stage.ACTIVE: "\u25d4",
    Stage.BAKING: "\u25d1",
    Stage.ASKING: "\u25d5",
    Stage.PASSED: "\u25cf",
    Stage.SKIPPED: "\u2298",
    Stage.FAILED: "\u2716",
    Stage.ROLLED_BACK: "\u21b6",
}
"""One for each stage; the word stands beside it."""
FAILS, UNTOLD = (Verdict.FAIL,), (Verdict.INCONCLUSIVE, Verdict.ERROR)
NAMED = 2
"""Criteria that a line names; the others are counted."""


@dataclass(frozen=True)
class Halt:
    """Why a rollout does not go on: the move that ended or paused it."""

    person: str
    """Name."""
    reason: str
    at: datetime


def steps(rollout: Rollout) -> str:
    """A sign for each phase, in order."""
    return " ".join(SIGNS[it.stage] for it in rollout.phases)


def place(rollout: Rollout) -> str | None:
    """Which phase it is in, and of how many."""
    number = rollout.number
    if number is None:
        return None
    return f"{number + 1} of {len(rollout.phases)}, {rollout.phases[number].title}"


def blocking(found: Found, *verdicts: Verdict) -> list[Judged]:
    """The criteria that block with one of these verdicts."""
    blocks = [it for it in found.judged if it.criterion.severity is Severity.BLOCKING]
    return [it for it in blocks if it.verdict in verdicts]


def blocked(rollout: Rollout, found: Found, ways: Collection[int], halt: Halt | None) -> str:
    """What stands in the way of the next step; ways: phases that have a way back."""
    match rollout.state:
        case State.DRAFT:
            return _draft(rollout, ways)
        case State.READY:
            return "Nothing: it can be started."
        case State.RUNNING:
            return _running(found)
        case State.COMPLETED:
            return "Nothing: every phase is behind it."
    said = (
        f"{str(rollout.state).capitalize()} on {halt.at:%Y-%m-%d} by {halt.person}" if halt else ""
    )
    return f"{said}: {halt.reason}" if halt and halt.reason else said or str(rollout.state)


def gate_on(rollout: Rollout, found: Found, days: Collection[date], now: datetime) -> date | None:
    """The first day on which the gate can open, if all that it asks for passes; None without a
    phase under way, and while it is paused."""
    phase = rollout.phase
    if phase is None or rollout.state is not State.RUNNING:
        return None
    today = baking.seen(now)
    left = max(0, phase.bake_days - found.gate.baked)
    if left == 0:
        return today
    yesterday = today - baking.DAY
    return baking.ready_on(left, today if today in days else yesterday, rollout.closed_days)


def midnight(day: date | None) -> datetime | None:
    """A day as the moment with which it begins, in UTC."""
    return None if day is None else datetime.combine(day, time(), UTC)


def next_step(rollout: Rollout, found: Found, ways: Collection[int], on: date | None) -> str:
    """In one sentence: what has to come for it to go on."""
    match rollout.state:
        case State.DRAFT:
            lacks = len(ways) < len(rollout.phases)
            return _draft(rollout, ways) if lacks else "Next: make it ready, then start it."
        case State.READY:
            return f"Next: start {rollout.phases[0].title}."
        case State.PAUSED:
            return "Next: resume it; until then no day counts."
        case State.RUNNING if rollout.phase is not None and on is not None:
            return _opens(rollout, found, on)
    return "It has ended; nothing comes next."


def _draft(rollout: Rollout, ways: Collection[int]) -> str:
    lacking = [it.title for at, it in enumerate(rollout.phases) if at not in ways]
    return (
        f"No way back yet from {_listed(lacking)}." if lacking else "Nothing: it can be made ready."
    )


def _running(found: Found) -> str:
    if not found.missing:
        return "Nothing: it can advance."
    told = []
    if failing := blocking(found, *FAILS):
        told.append(f"fails: {_named(failing)}")
    if untold := blocking(found, *UNTOLD):
        told.append(f"can't be told: {_named(untold)}")
    told += [it for it in found.missing if not it.startswith("a criterion")]
    words = "; ".join(told)
    return f"{words[0].upper()}{words[1:]}."


def _opens(rollout: Rollout, found: Found, on: date) -> str:
    left = (rollout.phase.bake_days if rollout.phase else 0) - found.gate.baked
    if not found.missing:
        after = rollout.phases[(rollout.number or 0) + 1 :]
        what = f"{after[0].title} can begin" if after else "the rollout can be completed"
        return f"The gate is open: {what}."
    when = "today" if left <= 0 else f"on {on:%a %-d %b %Y} at the earliest"
    return f"{_running(found)} The gate can open {when}."


def _named(those: Sequence[Judged]) -> str:
    return _listed([it.criterion.title for it in those])


def _listed(words: Sequence[str]) -> str:
    if len(words) <= NAMED:
        return " and ".join(words)
    return f"{', '.join(words[:NAMED])} and {len(words) - NAMED} more"
