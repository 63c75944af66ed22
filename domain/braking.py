"""The safeguards of a rollout: criteria that hold in every phase, apart from any gate, and what is
done when one of them falls.

One falls when as many readings in a row have failed as it says, and is acted on once: until it
passes again it is the same fall, whatever people decide meanwhile. What cannot be told is said, and
never acted on. Source: docs of the rollout model, 4.2.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain import criteria
from domain.criteria import Criterion, Judged, Kind, Reading, Verdict
from domain.faults import OutOfRange

GUARDED = (Kind.METRIC, Kind.FEEDBACK, Kind.BUDGET, Kind.FILTER)
"""What can be read in every phase; the others are of a gate."""
MOST, MOST_READINGS = 10, 6
"""Of a template; and in a row, since readings of one hour count once and older ones are thinned."""
WATCHER = "watcher"
"""Who acts, where people are named."""
PREFIX = "safeguard:"
"""Before its key, where its readings are kept beside those of the gate."""


class Action(StrEnum):
    """What is done when it falls, worded for people."""

    PAUSE = "pause"
    PREPARE = "prepare rollback"


@dataclass(frozen=True)
class Safeguard:
    criterion: Criterion
    """Its passes are the readings in a row that have to fail."""
    action: Action = Action.PAUSE

    @property
    def key(self) -> str:
        return self.criterion.key

    @property
    def watched(self) -> Criterion:
        """What is read for it, under a key that no criterion of a gate has."""
        return replace(self.criterion, key=PREFIX + self.key)


@dataclass(frozen=True)
class Held:
    """A safeguard with its last reading, and how often in a row it has failed."""

    safeguard: Safeguard
    judged: Judged
    failed: int

    @property
    def fallen(self) -> bool:
        enough = self.failed >= self.safeguard.criterion.passes
        return enough and self.judged.verdict is Verdict.FAIL


def held(it: Safeguard, readings: Sequence[Reading], now: datetime) -> Held:
    """What its readings, oldest first, mean now."""
    once = replace(it.criterion, passes=1)
    failed = criteria.run_of(once, readings, Verdict.FAIL)
    return Held(it, criteria.judged(once, readings, now), failed)


def falling(those: Iterable[Held], acted: Collection[str]) -> list[Held]:
    """Those that ask to be acted on. acted: keys of those whose fall was acted on already."""
    return [it for it in those if it.fallen and it.safeguard.key not in acted]


def recovered(those: Iterable[Held], acted: Collection[str]) -> list[str]:
    """Keys of those that were acted on and hold again."""
    passing = {it.safeguard.key for it in those if it.judged.verdict is Verdict.PASS}
    return [key for key in acted if key in passing]


def words(it: Held) -> str:
    """Why it was acted on, with the value and its threshold."""
    many = f"{it.failed} readings in a row" if it.failed > 1 else "one reading"
    return f"{it.safeguard.criterion.title}: {it.judged.words.rstrip('.')}, in {many}."


def checked(those: Sequence[Safeguard]) -> None:
    """Raises OutOfRange where one cannot be, or is there twice."""
    criteria.checked([it.criterion for it in those])
    if len(those) > MOST:
        raise OutOfRange(f"A rollout has {MOST} safeguards at the most.")
    for it in those:
        title = it.criterion.title
        if it.criterion.kind not in GUARDED:
            raise OutOfRange(f"{title}: a safeguard is read from {' or '.join(GUARDED)}.")
        if it.criterion.passes > MOST_READINGS:
            raise OutOfRange(f"{title}: {MOST_READINGS} readings in a row at the most.")
