"""Readiness: what has to be so before a phase may end, whoever or whatever vouches for it.

What the console sees itself goes before what a person says, and what nobody can tell is never
counted as met. Source: docs of features, 2.6, and of the source rows, S1-01 to S1-20.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from domain.criteria import Kind
from domain.rollouts import Rollout

GATE = "Asked by a gate"
"""The section of what criteria of a template ask for by hand."""
GATE_VALID_DAYS = 180


class Status(StrEnum):
    """Where an item stands, worded for people."""

    MET = "met"
    NOT_MET = "not met"
    UNKNOWN = "unknown"
    """Nobody said, or the console may not see it or has not collected it."""
    EXPIRED = "expired"
    """It was vouched for, but that is too long ago."""
    NOT_REQUIRED = "not required"
    WAIVED = "waived"


class Says(StrEnum):
    """What a person can say of an item."""

    MET = "met"
    OPEN = "open"
    NOT_REQUIRED = "not required"
    WAIVED = "waived"


CLOSED = frozenset({Status.MET, Status.NOT_REQUIRED, Status.WAIVED})
"""What holds nobody up."""
EXCUSES = frozenset({Says.NOT_REQUIRED, Says.WAIVED})
"""What needs the yes of a second person before it counts."""
ALWAYS, EXTERNAL, NEVER = "always", "external", "never"
"""For whom an item is mandatory: every audience, people outside only, or nobody."""
INSIDE, OUTSIDE, UNSAID = "internal", "external", ""
SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True)
class Item:
    """One thing that has to be so."""

    key: str
    """With the list that it is of before the first dot."""
    of: str
    """What templates name in a phase from which on it is mandatory: "critical", "deployment"."""
    section: str
    title: str
    words: str
    """How to tell, and what to show as evidence."""
    severity: str
    source: str
    """Row of the list of sources."""
    valid_days: int
    """How long evidence of a person holds."""
    check: str = ""
    """Name of the automatic check; "" where only people can tell."""
    mandatory: str = ALWAYS
    by_check_only: bool = False
    """Whether no word of a person can make it met."""


@dataclass(frozen=True)
class Seen:
    """What an automatic check found."""

    status: Status
    """MET, NOT_MET, UNKNOWN or NOT_REQUIRED."""
    words: str
    data_at: datetime | None = None
    """Time of the oldest data that it looked at."""
    resource: str = ""
    """What to look at: the id of the first deployment or account that falls short."""


@dataclass(frozen=True)
class Answer:
    """What a person says of an item of a rollout."""

    rollout: int
    item: str
    status: str
    owner: str
    evidence: str
    note: str
    expires_at: datetime | None
    said_by: str
    at: datetime
    approver: str = ""
    approved_at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether it is an excuse that nobody else has agreed to."""
        return self.status in EXCUSES and not self.approver


@dataclass(frozen=True)
class Standing:
    """Where an item of a rollout stands, and why."""

    item: Item
    status: Status
    words: str
    mandatory: bool
    """For the audience that the rollout has."""
    seen: Seen | None = None
    answer: Answer | None = None

    @property
    def holds(self) -> bool:
        """Whether it holds nobody up."""
        return self.status in CLOSED

    @property
    def data_at(self) -> datetime | None:
        """Of what was seen, where that decides; what people say has no age but its end."""
        return self.seen.data_at if self.seen and self.seen.status is self.status else None


def of_reference(told: Iterable[Mapping[str, Any]]) -> tuple[Item, ...]:
    """The items of the reference table; raises ValueError where one cannot be."""
    items = tuple(Item(**it) for it in told)
    twice = [key for key, many in Counter(it.key for it in items).items() if many > 1]
    if twice:
        raise ValueError(f"there twice: {twice}")
    for it in items:
        if it.severity not in SEVERITIES or it.mandatory not in (ALWAYS, EXTERNAL, NEVER):
            raise ValueError(f"{it.key}: {it.severity}, {it.mandatory}")
    return items


def items_for(items: Sequence[Item], rollout: Rollout) -> tuple[Item, ...]:
    """The items of a rollout: those of the reference, and what its gates ask for by hand."""
    known = {it.key for it in items}
    asked = {
        it.reads: Item(
            it.reads, GATE.lower(), GATE, it.title, "Say how it was shown, and where to see that.",
            "high", "", GATE_VALID_DAYS, mandatory=NEVER,
        )
        for phase in rollout.phases
        for it in phase.criteria
        if it.kind is Kind.MANUAL and it.reads not in known
    }  # fmt: skip
    return (*items, *asked.values())


def standings(
    items: Sequence[Item],
    seen: Mapping[str, Seen],
    answers: Mapping[str, Answer],
    audience: str,
    now: datetime,
) -> tuple[Standing, ...]:
    """Where each item stands. seen: by name of the check; answers: by item; audience: INSIDE,
    OUTSIDE, or UNSAID, which is taken for OUTSIDE until somebody says."""
    return tuple(_standing(it, seen.get(it.check), answers.get(it.key), audience, now)
                 for it in items)  # fmt: skip


def required(those: Iterable[Standing], lists: Iterable[str]) -> tuple[Standing, ...]:
    """Those that are mandatory where a phase names these lists, sections or items."""
    named = set(lists)
    return tuple(
        it for it in those if it.mandatory and named & {it.item.of, it.item.section, it.item.key}
    )


def open_items(
    those: Iterable[Standing], lists: Iterable[str], now: datetime
) -> tuple[int, int, datetime | None]:
    """How many mandatory items of these lists hold a phase up, of how many, and the time of the
    oldest data by which one of the others is known to be met; None where nothing is mandatory."""
    asked = required(those, lists)
    times = [it.data_at for it in asked if it.holds and it.data_at]
    return sum(not it.holds for it in asked), len(asked), min([now, *times]) if asked else None


def score(those: Iterable[Standing]) -> dict[Status, int]:
    """How many stand where, each status apart, the empty ones too."""
    counted = Counter(it.status for it in those)
    return {it: counted[it] for it in Status}


def share(those: Sequence[Standing]) -> float | None:
    """The share, 0 to 1, that is known to be met of all that has to be; what is unknown counts
    among what has to be. None where nothing has to be."""
    due = [it for it in those if it.status not in (Status.NOT_REQUIRED, Status.WAIVED)]
    return sum(it.status is Status.MET for it in due) / len(due) if due else None


def longest(item: Item, now: datetime) -> datetime:
    """How long evidence of this item, given now, holds at the most."""
    return now + timedelta(days=item.valid_days)


def _standing(
    item: Item, seen: Seen | None, answer: Answer | None, audience: str, now: datetime
) -> Standing:
    if item.check and seen is None:
        seen = Seen(Status.UNKNOWN, "Not collected yet.")
    status, words = _of(item, seen, answer, now)
    due = item.mandatory == ALWAYS or (item.mandatory == EXTERNAL and audience != INSIDE)
    return Standing(item, status, words, due, seen, answer)


def _of(item: Item, seen: Seen | None, answer: Answer | None, now: datetime) -> tuple[Status, str]:
    """What is seen decides, unless it can't be told; an excuse that is agreed to beats all but
    what is met anyway."""
    if seen and seen.status in (Status.MET, Status.NOT_REQUIRED):
        return seen.status, seen.words
    plain = _plain(item, seen, answer, now)
    if answer is None or answer.status not in EXCUSES:
        return plain
    said = f"{answer.status}, since {answer.note.rstrip('.')}"
    if answer.waits:
        return plain[0], f"{plain[1]} That it is {said}, waits for a second person's yes."
    if answer.expires_at is not None and answer.expires_at <= now:
        return plain[0], f"{plain[1]} It was {answer.status} until {answer.expires_at:%d %b %Y}."
    until = f" until {answer.expires_at:%d %b %Y}" if answer.expires_at else ""
    excuse = f"{answer.status.capitalize()}{until}, since {answer.note.rstrip('.')}."
    return Status(answer.status), f"{excuse} Without that it is {plain[0]}: {plain[1]}"


def _plain(
    item: Item, seen: Seen | None, answer: Answer | None, now: datetime
) -> tuple[Status, str]:
    """Without excuses."""
    if seen and (seen.status is Status.NOT_MET or item.by_check_only):
        return seen.status, seen.words
    unseen = seen.words if seen else "Nobody has said."
    if answer is None or answer.status in EXCUSES:
        return Status.UNKNOWN, unseen
    if answer.status == Says.OPEN:
        return Status.NOT_MET, answer.note or "Said to be open."
    if not answer.evidence.strip():
        return Status.NOT_MET, "Said to be met, without evidence."
    if answer.expires_at is None or answer.expires_at <= now:
        ended = f" on {answer.expires_at:%d %b %Y}" if answer.expires_at else ""
        return Status.EXPIRED, f"Its evidence expired{ended}."
    return Status.MET, f"Vouched for until {answer.expires_at:%d %b %Y}."


def approved(answer: Answer, by: str, at: datetime) -> Answer:
    """An excuse that a second person has agreed to."""
    return replace(answer, approver=by, approved_at=at)
