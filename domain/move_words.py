"""What each move of a rollout is called, and what happens when somebody makes it."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.rollouts import MAY, Move, Rollout


@dataclass(frozen=True)
class Spoken:
    key: str
    """Of widgets, stable."""
    label: str
    """Of the button that opens the dialog."""
    icon: str
    reason: str = ""
    """Label of the box for the reason; "" where none is asked for."""
    needs_reason: bool = False


SPOKEN: Mapping[Move, Spoken] = {
    Move.PREPARE: Spoken("prepare", "Make ready", "flag"),
    Move.START: Spoken("start", "Start", "play_arrow"),
    Move.ADVANCE: Spoken("advance", "Advance", "skip_next", "Note"),
    Move.RESUME: Spoken("resume", "Resume", "play_arrow", "Note"),
    Move.PAUSE: Spoken("pause", "Pause", "pause", "Why", needs_reason=True),
    Move.ROLL_BACK: Spoken("roll-back", "Roll back", "undo", "Why", needs_reason=True),
    Move.ABORT: Spoken("abort", "Abort", "cancel", "Why", needs_reason=True),
    Move.OVERRIDE: Spoken("override", "Override the gate", "warning", "Why", needs_reason=True),
}
"""In the order of the buttons; ADJUST has a dialog of its own."""


def offered(rollout: Rollout) -> list[Move]:
    """What may be done where it stands."""
    may = MAY.get(rollout.state, frozenset())
    return [it for it in SPOKEN if it in may]


def question(rollout: Rollout, move: Move) -> str:
    """The title of its dialog, about the act."""
    here = rollout.phase.title if rollout.phase else ""
    match move:
        case Move.PREPARE:
            return f"Make {rollout.title} ready?"
        case Move.START:
            return f"Start {rollout.phases[0].title}?"
        case Move.ADVANCE:
            return f"Advance from {here}?"
        case Move.OVERRIDE:
            return f"Override the gate of {here}?"
        case Move.ROLL_BACK:
            return f"Roll back from {here}?"
    return f"{SPOKEN[move].label} {rollout.title}?"


def happens(rollout: Rollout, move: Move) -> str:
    """What follows from it, in a sentence or two."""
    match move:
        case Move.PREPARE:
            return "It can be started from then on. Each phase needs a way back, one a checklist."
        case Move.START:
            first = rollout.phases[0]
            return (
                f"{first.title} begins with {first.cohort.planned:,} people planned. Its gate is "
                f"read from now on, and days count towards its {first.bake_days} days of bake."
            )
        case Move.ADVANCE:
            return f"{_passed(rollout)} The move keeps all that the gate knows now."
        case Move.OVERRIDE:
            return (
                f"{_passed(rollout)} The gate is not open: that you passed it, and why, shows on "
                "this rollout for ever."
            )
        case Move.PAUSE:
            return "Nothing is taken back. No day counts, and nobody advances it until it resumes."
        case Move.RESUME:
            return "It goes on where it was; the days of the pause do not count."
        case Move.ROLL_BACK:
            return "It ends, and the way back from this phase is taken. It can't be started again."
    return "It ends where it is; nothing is taken back. It can't be started again."


def act(rollout: Rollout, move: Move) -> str:
    """The label of the button that does it."""
    after = following(rollout)
    if move is Move.ADVANCE:
        return f"Advance to {after}" if after else "Complete the rollout"
    if move is Move.START:
        return f"Start {rollout.phases[0].title}"
    return SPOKEN[move].label


def following(rollout: Rollout) -> str:
    """Title of the phase after the one under way; "" after the last."""
    number = rollout.number
    after = rollout.phases[number + 1 : number + 2] if number is not None else ()
    return after[0].title if after else ""


def outcome(rollout: Rollout, move: Move) -> str:
    """What is said once it is done."""
    words = {
        Move.PREPARE: f"{rollout.title} is ready.",
        Move.START: f"{rollout.phases[0].title} has begun.",
        Move.PAUSE: f"{rollout.title} is paused.",
        Move.RESUME: f"{rollout.title} goes on.",
        Move.ROLL_BACK: f"{rollout.title} is rolled back; what is left to do is under Tasks.",
        Move.ABORT: f"{rollout.title} is aborted.",
    }
    after = following(rollout)
    return words.get(move, f"{after} has begun." if after else f"{rollout.title} is complete.")


def _passed(rollout: Rollout) -> str:
    here = rollout.phase.title if rollout.phase else ""
    number = rollout.number or 0
    after = rollout.phases[number + 1 : number + 2]
    if not after:
        return f"{here} is behind it, and the rollout is complete."
    door = " There is no way through this door again." if after[0].one_way else ""
    return (
        f"{here} is behind it, and {after[0].title} begins with {after[0].cohort.planned:,} people "
        f"planned.{door}"
    )
