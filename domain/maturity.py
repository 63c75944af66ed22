"""GenAIOps maturity: a score from 0 to 28, the level that it means, and what speaks against it.

The questionnaire is Microsoft's and is filled in there; here its result is kept, and held against
what the console itself can see. Source: docs of features, 2.10; bands as published.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

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
class Sign:
    """What a level claims, and what the console sees of it."""

    key: str
    claim: str
    level: int
    """The lowest level that claims it."""
    seen: str
    holds: bool | None
    """None where the console cannot tell: then it is self-declared."""


@dataclass(frozen=True)
class Action:
    """What a level is advised to do next; in our words, after the source."""

    key: str
    level: int
    title: str
    sources: tuple[tuple[str, str], ...]
    """Title and address of each."""


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


def contradictions(score: int, seen: Seen, now: datetime) -> list[Sign]:
    """Where the level that was reached claims more than the console sees; what it cannot tell
    contradicts nothing."""
    reached = level(score).number
    return [it for it in signs(seen, now) if it.holds is False and it.level <= reached]


def signs(seen: Seen, now: datetime) -> list[Sign]:
    """Every claim that the console could speak to, those of the lowest level first."""
    drilled = seen.drilled_at is not None and now - seen.drilled_at <= YEAR
    drill = (
        f"Last drilled on {seen.drilled_at:%Y-%m-%d}."
        if drilled
        else "No way back was drilled in the last 12 months."
    )
    return [
        _none("owned", "Usage belongs to somebody", 2, seen.unowned, "deployment",
              "without a unit", "Every deployment has a unit."),
        _none("safe", "Content safety is in place", 2, seen.below_baseline, "deployment",
              "below the filter baseline", "Every deployment meets its filter baseline."),
        _some("evaluated", "Answers are evaluated", 2, seen.evaluations, "evaluation",
              "recorded in the last year", "No evaluation was recorded in the last year."),
        _share("alerted", "Alerts come before people do", seen.alerted, "an alert rule"),
        _share("diagnosed", "What happens is logged", seen.diagnosed, "logs"),
        Sign("drilled", "There is a way back", 3, drill, drilled),
        _none("kept", "Gates decide", 3, seen.overrides, "gate",
              "overridden in the last quarter", "No gate was overridden in the last quarter."),
        _some("blocked", "Gates decide", 4, seen.blocked_moves, "move", "stopped by a gate in the "
              "last year", "No gate has blocked anybody in the last year."),
    ]  # fmt: skip


def of_reference(told: Iterable[Mapping[str, Any]]) -> tuple[Action, ...]:
    """The actions of the reference table."""
    return tuple(
        Action(
            str(it["key"]),
            int(it["level"]),
            str(it["title"]),
            tuple((str(each["title"]), str(each["url"])) for each in it["sources"]),
        )
        for it in told
    )


def _none(
    key: str, claim: str, level: int, many: int | None, noun: str, worded: str, good: str
) -> Sign:
    """A claim that each one speaks against."""
    seen = good if not many else f"{_many(many, noun)} {worded}."
    return _told(key, claim, level, many, seen, not many)


def _some(
    key: str, claim: str, level: int, many: int | None, noun: str, worded: str, bad: str
) -> Sign:
    """A claim that is empty without any."""
    seen = f"{_many(many, noun)} {worded}." if many else bad
    return _told(key, claim, level, many, seen, bool(many))


def _share(key: str, claim: str, share: float | None, what: str) -> Sign:
    enough = share is not None and share >= COVERED
    seen = f"{'' if enough else 'Only '}{share or 0:.0%} of the accounts have {what}."
    return _told(key, claim, 3, share, seen, enough)


def _told(key: str, claim: str, level: int, figure: float | None, seen: str, holds: bool) -> Sign:
    if figure is None:
        return Sign(key, claim, level, "Not seen here: self-declared.", None)
    return Sign(key, claim, level, seen, holds)


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
