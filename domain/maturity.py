"""GenAIOps maturity: a score from 0 to 28, the level that it means, and what speaks against it.

The questionnaire is Microsoft's and is filled in there; here its result is kept, and held against
what the console itself can see. Source: docs of features, 2.10; bands as published.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain.faults import OutOfRange

MOST = 28
QUESTIONNAIRE = (
    "https://learn.microsoft.com/azure/machine-learning/prompt-flow/concept-llmops-maturity"
)
"""Where the questions are; we keep only the result."""


@dataclass(frozen=True)
class Level:
    """One of the four levels."""

    number: int
    name: str
    first: int
    last: int

    @property
    def words(self) -> str:
        return f"Level {self.number}, {self.name}"


LEVELS = (
    Level(1, "initial", 0, 9),
    Level(2, "defined", 10, 14),
    Level(3, "managed", 15, 19),
    Level(4, "optimised", 20, MOST),
)


@dataclass(frozen=True)
class Assessment:
    """A score as somebody came to it."""

    unit: str
    """Business unit; "" for the whole organisation."""
    score: int
    target: int | None
    assessed_on: date
    assessor: str
    note: str
    said_by: str
    """Key of the person who entered it."""
    at: datetime
    id: int = 0


@dataclass(frozen=True)
class Seen:
    """What the console sees of how a part of the organisation works; None where it cannot tell."""

    drilled_at: datetime | None = None
    """When a way back was last drilled."""
    evaluations: int | None = None
    """That were recorded in the last year."""
    blocked_moves: int | None = None
    """Gates that ever kept somebody from advancing, in the last year."""
    overrides: int | None = None
    """Gates that were overridden in the last quarter."""
    alerted: float | None = None
    """Share of accounts with an alert rule that is on, 0 to 1."""
    diagnosed: float | None = None
    """Share of accounts that send logs anywhere, 0 to 1."""
    below_baseline: int | None = None
    """Deployments whose filters are below their baseline without an exemption."""
    unowned: int | None = None
    """Deployments without a business unit."""


@dataclass(frozen=True)
class Contradiction:
    """What a level claims, and what the console sees instead."""

    claim: str
    seen: str
    level: int
    """The lowest level that claims it."""


YEAR, QUARTER = timedelta(days=365), timedelta(days=91)
COVERED = 0.8
"""The share of accounts from which on something counts as usual."""


def level(score: int) -> Level:
    """The level of a score; raises OutOfRange for what is none."""
    if not isinstance(score, int) or isinstance(score, bool) or not 0 <= score <= MOST:
        raise OutOfRange(f"A score is a whole number from 0 to {MOST}.")
    return next(it for it in LEVELS if it.first <= score <= it.last)


def gap(score: int) -> int | None:
    """Points that are missing to the next level; None at the highest."""
    after = level(score).number
    return None if after == len(LEVELS) else LEVELS[after].first - score


def checked(it: Assessment, today: date) -> None:
    """Raises OutOfRange where an assessment cannot be."""
    level(it.score)
    if it.target is not None:
        level(it.target)
        if it.target < it.score:
            raise OutOfRange("The target lies below the score.")
    if it.assessed_on > today:
        raise OutOfRange("It was assessed in the future.")
    if not it.assessor.strip():
        raise OutOfRange("Say who assessed it.")
    for words in (it.assessor, it.note):
        if len(words) > 300 or not words.isprintable():
            raise OutOfRange("Assessor and note take 300 printable characters.")


def contradictions(score: int, seen: Seen, now: datetime) -> list[Contradiction]:
    """Where the level that was reached claims more than the console sees; what it cannot tell
    contradicts nothing."""
    reached = level(score).number
    return [it for it in _all(seen, now) if it.level <= reached]


def _all(seen: Seen, now: datetime) -> Iterable[Contradiction]:
    if seen.unowned:
        yield Contradiction(
            "Usage belongs to somebody", f"{_many(seen.unowned, 'deployment')} without a unit.", 2
        )
    if seen.below_baseline:
        yield Contradiction(
            "Content safety is in place",
            f"{_many(seen.below_baseline, 'deployment')} below the filter baseline.",
            2,
        )
    if seen.evaluations == 0:
        yield Contradiction(
            "Answers are evaluated", "No evaluation was recorded in the last year.", 2
        )
    for share, what in ((seen.alerted, "an alert rule"), (seen.diagnosed, "logs")):
        if share is not None and share < COVERED:
            yield Contradiction(
                "Everything is monitored", f"Only {share:.0%} of the accounts have {what}.", 3
            )
    if seen.drilled_at is None or now - seen.drilled_at > YEAR:
        yield Contradiction(
            "There is a way back", "No way back was drilled in the last 12 months.", 3
        )
    if seen.overrides:
        yield Contradiction(
            "Gates decide", f"{_many(seen.overrides, 'gate')} overridden in the last quarter.", 3
        )
    if seen.blocked_moves == 0:
        yield Contradiction("Gates decide", "No gate has blocked anybody in the last year.", 4)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
