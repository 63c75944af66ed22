"""What people of a cohort say of a phase, and what that adds up to for its gate.

Of who they are nothing is kept. Source: docs of the rollout model, 4.2.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from domain.faults import OutOfRange
from domain.personal import Known, require_nobody

LONGEST = 300
"""Characters of a text."""
CHANGES = ("model", "prompt", "filter", "interface", "integration", "capacity")
"""What can answer feedback."""


class Severity(StrEnum):
    """How much it matters, from praise to what stops a rollout."""

    PRAISE = "praise"
    MINOR = "minor"
    MAJOR = "major"
    SEVERE = "severe"


class Status(StrEnum):
    """What became of it."""

    NEW = "new"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    DECLINED = "declined"


OPEN = frozenset({Status.NEW, Status.ACCEPTED})
"""What somebody still has to deal with."""


@dataclass(frozen=True)
class Feedback:
    """One thing that was said."""

    rollout: int
    phase: int
    """Number of the phase, from 0."""
    theme: str
    severity: Severity
    words: str
    said_on: date
    entered_by: str
    """Key of the person who entered it, not of who said it."""
    at: datetime
    status: Status = Status.NEW
    change: str = ""
    """What closed it, kind and link or number of a plan."""
    closed_at: datetime | None = None
    id: int = 0


@dataclass(frozen=True)
class Sums:
    """What a gate reads of the feedback of one phase."""

    told: int = 0
    """Things that were said."""
    praised: int = 0
    open_severe: int = 0
    accepted: int = 0
    """Accepted, and not dealt with yet."""
    closed: int = 0
    asked: int | None = None
    """People; None until somebody has counted."""
    answered: int | None = None
    at: datetime | None = None
    """When something of it was entered or counted last."""

    @property
    def response_rate(self) -> float | None:
        """Of 100 who were asked, how many have answered."""
        return (
            100.0 * self.answered / self.asked if self.asked and self.answered is not None else None
        )

    @property
    def closed_share(self) -> float | None:
        """Of 100 that were accepted, how many are dealt with."""
        there = self.accepted + self.closed
        return 100.0 * self.closed / there if there else None

    @property
    def satisfaction(self) -> float | None:
        """Of 100 things that were said, how many are praise."""
        return 100.0 * self.praised / self.told if self.told else None


def severity(word: str) -> Severity:
    """The severity of this name; raises OutOfRange."""
    if word not in set(Severity):
        raise OutOfRange(f"The severity is none of {', '.join(Severity)}.")
    return Severity(word)


def checked(theme: str, words: str, said_on: date, today: date, known: Known) -> None:
    """Raises OutOfRange where nothing is said, or more than is needed; known: people whose names
    are looked for."""
    for text in (theme, words):
        if not text.strip():
            raise OutOfRange("Feedback has a theme and says something.")
        require_text(text, known)
    if said_on > today:
        raise OutOfRange("It was said in the future.")


def change(text: str, known: Known) -> str:
    """The change that answers it: its kind, a colon, and a link, the number of a plan, or what was
    done; raises OutOfRange."""
    require_text(text, known)
    kind, colon, what = text.partition(":")
    if kind.strip().lower() not in CHANGES or not colon or not what.strip():
        raise OutOfRange(f"Say which change answers it: one of {', '.join(CHANGES)}, a colon, and "
                         "a link, the number of a plan, or what was done.")  # fmt: skip
    return f"{kind.strip().lower()}: {what.strip()}"


def require_text(text: str, known: Known) -> None:
    """Raise OutOfRange for a text that cannot be kept, or that says who somebody is."""
    if len(text) > LONGEST or not text.isprintable():
        raise OutOfRange(f"A text takes {LONGEST} printable characters.")
    require_nobody(text, known)
