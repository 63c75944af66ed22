"""A criterion of a gate, what was read for it, and what follows: pass, fail, or not to be told.

Too small a sample, too old data, or nothing at all is never a pass: a gate that promotes on what it
does not know is no gate. Source: docs of the rollout model, 4.2 and 4.3 (rules 2 and 3).
"""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.faults import OutOfRange

LEAST_PAIRS = 100
"""Golden pairs below which an evaluation says nothing (docs of the rollout model, 4.4)."""


class Kind(StrEnum):
    """What a criterion reads; each is read by a reader of its own."""

    METRIC = "metric"
    EVALUATION = "evaluation"
    FEEDBACK = "feedback"
    CHECKLIST = "checklist"
    BUDGET = "budget"
    CAPACITY = "capacity"
    FILTER = "content filter"
    RETIREMENT = "retirement"
    MANUAL = "manual"


class Severity(StrEnum):
    """What a criterion may stop."""

    BLOCKING = "blocking"
    ADVISORY = "advisory"
    OBSERVE = "observed only"
    """New: shown, and stops nothing until somebody trusts it."""


class Verdict(StrEnum):
    """What a reading means, from the best to the worst; a gate takes the worst."""

    PASS = "pass"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"
    """It could not be read at all; promotes no more than an inconclusive one."""
    FAIL = "fail"


ORDER: Mapping[Verdict, int] = {it: at for at, it in enumerate(Verdict)}
COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "at least": operator.ge,
    "at most": operator.le,
    "above": operator.gt,
    "below": operator.lt,
}


@dataclass(frozen=True)
class Criterion:
    """One condition of a gate, as the template of the rollout has it."""

    key: str
    """Unique within its phase."""
    title: str
    kind: Kind
    reads: str
    """What is read, by the name that its reader knows: "throttled_share", "response_rate" ..."""
    compares: str = "at least"
    """A key of COMPARED."""
    threshold: float = 0.0
    unit: str = ""
    """In words, for people: "percent", "ms", "days"."""
    window_days: int = 7
    least_sample: int = 0
    """Readings of fewer are inconclusive."""
    oldest: timedelta = timedelta(days=1)
    """Data that is older is inconclusive."""
    passes: int = 1
    """How many readings in a row have to pass."""
    severity: Severity = Severity.BLOCKING


@dataclass(frozen=True)
class Reading:
    """What was read for a criterion at one time, before it is judged."""

    at: datetime
    value: float | None
    """None where there is none: an error where said tells why, else inconclusive."""
    sample: int = 0
    data_at: datetime | None = None
    """Time of the newest data in it."""
    said: str = ""
    """Why it could not be read, in our words; "" where it could."""


@dataclass(frozen=True)
class Judged:
    """A criterion with its last reading and what that means."""

    criterion: Criterion
    reading: Reading | None
    verdict: Verdict
    words: str
    """Why, for people: the value against its threshold, or what is missing."""
    run: int = 0
    """How many readings in a row have passed, up to now."""


def judged(criterion: Criterion, readings: Sequence[Reading], now: datetime) -> Judged:
    """What the readings of a criterion, oldest first, mean now."""
    if not readings:
        return Judged(criterion, None, Verdict.INCONCLUSIVE, "Not read yet.")
    last = readings[-1]
    verdict, words = _of(criterion, last, now)
    run = run_of(criterion, readings, Verdict.PASS)
    if verdict is Verdict.PASS and run < criterion.passes:
        words = f"{words} Passed {run} of {criterion.passes} times in a row."
        return Judged(criterion, last, Verdict.INCONCLUSIVE, words, run)
    return Judged(criterion, last, verdict, words, run)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Fail beats what could not be told, that beats pass; nothing at all is a pass."""
    return max(verdicts, key=ORDER.__getitem__, default=Verdict.PASS)


def gate(those: Iterable[Judged]) -> Verdict:
    """The verdict of a gate: the worst of its blocking criteria."""
    return worst(it.verdict for it in those if it.criterion.severity is Severity.BLOCKING)


def fresh(those: Iterable[Judged], now: datetime) -> bool:
    """Whether all that blocks was read, and from data that is not too old: only then time counts
    towards a bake."""
    return all(
        it.reading is not None and it.reading.value is not None and not _stale(it, now)
        for it in those
        if it.criterion.severity is Severity.BLOCKING
    )


def checked(those: Sequence[Criterion]) -> None:
    """Raises OutOfRange where a criterion cannot be, or is there twice."""
    seen: set[str] = set()
    for it in those:
        if it.key in seen:
            raise OutOfRange(f"The criterion {it.title!r} is there twice.")
        seen.add(it.key)
        if not it.title.strip() or not it.reads.strip():
            raise OutOfRange("A criterion needs a title, and something to read.")
        if it.compares not in COMPARED:
            raise OutOfRange(f"{it.title}: compare by {', '.join(COMPARED)}.")
        if it.threshold != it.threshold or it.threshold in (float("inf"), float("-inf")):
            raise OutOfRange(f"{it.title}: the threshold is a number.")
        if it.passes < 1 or it.window_days < 1 or it.least_sample < 0 or it.oldest <= timedelta(0):
            raise OutOfRange(f"{it.title}: window, sample, age and passes are counted from 1.")


def _of(criterion: Criterion, reading: Reading, now: datetime) -> tuple[Verdict, str]:
    if reading.value is None:
        verdict = Verdict.ERROR if reading.said else Verdict.INCONCLUSIVE
        return verdict, reading.said or "There is no data."
    if _old(criterion, reading, now):
        return Verdict.INCONCLUSIVE, f"Its data is older than {_aged(criterion.oldest)}."
    least = _least(criterion)
    if reading.sample < least:
        return Verdict.INCONCLUSIVE, f"Only {reading.sample:,} of at least {least:,} samples."
    told = f"{figure(reading.value)} {criterion.unit}".strip()
    holds = COMPARED[criterion.compares](reading.value, criterion.threshold)
    wanted = f"{criterion.compares} {figure(criterion.threshold)}"
    return (Verdict.PASS if holds else Verdict.FAIL), f"{told}, wanted {wanted}."


def figure(value: float) -> str:
    """A number as people write it: no more digits than it has."""
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def _least(criterion: Criterion) -> int:
    """An evaluation over a handful of pairs proves nothing, whatever the template says."""
    own = criterion.least_sample
    return max(own, LEAST_PAIRS) if criterion.kind is Kind.EVALUATION else own


def _old(criterion: Criterion, reading: Reading, now: datetime) -> bool:
    return reading.data_at is None or now - reading.data_at > criterion.oldest


def _stale(it: Judged, now: datetime) -> bool:
    return it.reading is None or _old(it.criterion, it.reading, now)


def _aged(age: timedelta) -> str:
    hours = age / timedelta(hours=1)
    return f"{hours / 24:,.0f} days" if hours >= 48 else f"{hours:,.0f} hours"


def run_of(criterion: Criterion, readings: Sequence[Reading], verdict: Verdict) -> int:
    """Readings in a row of this verdict, counted from the last; each judged at its own time."""
    run = 0
    for it in reversed(readings):
        if _of(criterion, it, it.at)[0] is not verdict:
            break
        run += 1
    return run
