"""A plan of change and its journal: what is to be changed, on what state that was based, and what
has become of it so far. Plain values; what to do next is for domain/protocol.py to say."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

SETTLE = timedelta(seconds=120)
"""How long after a write without an answer that write may still land (twice its deadline)."""

GONE = ""
"""The value of what does not exist; everything that exists has a text of its own."""


class State(StrEnum):
    """Where a plan stands, worded for people."""

    PROPOSED = "waiting for approval"
    CONFIRMED = "waiting"
    """Confirmed, and nothing of it is verified to be in force yet."""
    SOURCE_DOWN = "halfway"
    """All that gives capacity is verified to have given it; nothing has taken it yet."""
    COMPENSATING = "putting back"
    DONE = "done"
    REFUSED = "refused"
    """Azure said no, or it was given up; nothing was changed."""
    ABORTED = "aborted"
    """Others had changed it before the first write; nothing was changed."""
    REVERTED = "put back"
    """Begun, not finished, and taken back: as before."""
    NEEDS_PERSON = "needs a person"
    RESOLVED = "resolved"
    """A person has looked at what was left, and decided."""
    WITHDRAWN = "withdrawn"
    """Declined by an approver or withdrawn before the first write."""


ENDS = frozenset(
    {
        State.DONE,
        State.REFUSED,
        State.ABORTED,
        State.REVERTED,
        State.NEEDS_PERSON,
        State.RESOLVED,
        State.WITHDRAWN,
    }
)
FINAL = ENDS - {State.NEEDS_PERSON}
WITHOUT_EFFECT = frozenset({State.REFUSED, State.ABORTED, State.REVERTED, State.WITHDRAWN})
"""Ends after which everything is as it was."""
NEXT: Mapping[State, frozenset[State]] = {
    State.PROPOSED: frozenset({State.CONFIRMED, State.WITHDRAWN}),
    State.CONFIRMED: frozenset(
        {
            State.SOURCE_DOWN,
            State.COMPENSATING,
            State.DONE,
            State.REFUSED,
            State.ABORTED,
            State.NEEDS_PERSON,
            State.WITHDRAWN,
        }
    ),
    State.SOURCE_DOWN: frozenset({State.DONE, State.COMPENSATING, State.NEEDS_PERSON}),
    State.COMPENSATING: frozenset({State.REVERTED, State.NEEDS_PERSON}),
    State.NEEDS_PERSON: frozenset({State.RESOLVED}),
}
"""What may follow what; everything else is final (docs of reliability, 5.2)."""


class Answer(StrEnum):
    """What was heard of the last write; an answer says what was not done, never what was."""

    NONE = ""
    """Nothing yet: it may be on its way, or whoever sent it is gone."""
    TAKEN = "taken"
    LATER = "later"
    """Refused for now (busy, throttled): not done, worth another try."""
    NO = "no"
    """Refused for good: not done."""


class Standing(StrEnum):
    """Where one leg stands; each is verified by a look."""

    OPEN = "open"
    THERE = "there"
    BACK = "back"


@dataclass(frozen=True)
class Leg:
    """One resource of a plan, and its part of the journal."""

    lever: str
    """The kind of thing that is changed: a module of jobs/levers."""
    resource: str
    etag: str
    """The state of the resource that the next write is based on."""
    before: str
    target: str
    pool: str = ""
    """Key of the quota pool that it draws on; "" for what needs no quota."""
    amount: int = 0
    """Units that it takes from the pool; negative for what it gives back."""
    unit: str = ""
    """The business unit that the resource is of."""
    standing: Standing = Standing.OPEN
    writes: int = 0
    """Writes sent, both ways; the number of the last one."""
    tries: int = 0
    """Writes sent towards the present aim."""
    first_at: datetime | None = None
    """When the first write towards the present aim was sent."""
    written_at: datetime | None = None
    """When the last one was."""
    answer: Answer = Answer.NONE
    doubt: bool = False
    """Whether any write towards the present aim went without a plain no."""
    again_at: datetime | None = None
    """Before when not to try again, as far as the last answer said."""
    said: str = ""
    """Why Azure refused it, in our words."""

    def may_land(self, now: datetime) -> bool:
        """Whether a write of this leg may still be on its way; a refused one is not."""
        return (
            self.written_at is not None
            and self.answer in (Answer.NONE, Answer.TAKEN)
            and now < self.written_at + SETTLE
        )

    def turned(self) -> "Leg":
        """The leg on its way back: what was the target is where it comes from."""
        return replace(
            self, tries=0, first_at=None, written_at=None, answer=Answer.NONE, doubt=False,
            again_at=None,
        )  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """An intent, immutable but for its journal; each method below is one line of that."""

    legs: tuple[Leg, ...]
    """In the order of going: whatever gives before whatever takes."""
    proposer: str
    """Key of the person, tenant/object id."""
    reason: str
    asked_at: datetime
    title: str = ""
    """What it does, in one line for people."""
    ticket: str = ""
    policy: str = ""
    """Why a second person has to approve it; "" when nobody needs to."""
    starts_at: datetime | None = None
    """Not before; None for as soon as it may."""
    until: datetime | None = None
    """When it is to be taken back by itself; None for never."""
    undoes: int | None = None
    """The plan that this one takes back."""
    id: int = 0
    state: State = State.CONFIRMED
    since: datetime | None = None
    """When a look last brought it further, it was first taken up, or its way back began."""
    said: str = ""
    """Why it was refused or given up, in our words; empty unless it was."""
    ended_at: datetime | None = None

    @property
    def back(self) -> bool:
        """Whether it is on its way back."""
        return self.state is State.COMPENSATING

    @property
    def begun(self) -> bool:
        """Whether anything was ever sent to Azure for it."""
        return any(leg.writes for leg in self.legs)

    @property
    def resources(self) -> tuple[str, ...]:
        return tuple(leg.resource for leg in self.legs)

    @property
    def units(self) -> tuple[str, ...]:
        """Business units that it is about, sorted."""
        return tuple(sorted({leg.unit for leg in self.legs if leg.unit}))

    @property
    def pools(self) -> tuple[str, ...]:
        """Keys of the quota pools that it moves, sorted."""
        return tuple(sorted({leg.pool for leg in self.legs if leg.pool}))

    @property
    def parked(self) -> dict[str, int]:
        """Units by pool that it has given back and nobody has taken: negative for too much."""
        net: dict[str, int] = {}
        for leg in self.legs:
            if leg.standing is Standing.THERE and leg.pool:
                net[leg.pool] = net.get(leg.pool, 0) - leg.amount
        return {pool: units for pool, units in net.items() if units}

    @property
    def fingerprint(self) -> str:
        """What a person confirms: the same text for the same changes of the same state."""
        told = [[leg.lever, leg.resource, leg.etag, leg.before, leg.target] for leg in self.legs]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]

    def aim(self, number: int) -> tuple[str, str, int]:
        """Of a leg in the present direction: where it comes from, where it goes, and the units
        that this takes from its pool."""
        leg = self.legs[number]
        if self.back:
            return leg.target, leg.before, -leg.amount
        return leg.before, leg.target, leg.amount

    def taken_up(self, at: datetime) -> "Plan":
        return self if self.since else replace(self, since=at)

    def writing(self, number: int, at: datetime, etag: str | None = None) -> "Plan":
        """The intent, journaled before the call; etag: the state that it is now based on."""
        leg = self.legs[number]
        sent = replace(
            leg, writes=leg.writes + 1, tries=leg.tries + 1, first_at=leg.first_at or at,
            written_at=at, answer=Answer.NONE, doubt=True, again_at=None, said="",
            etag=leg.etag if etag is None else etag,
        )  # fmt: skip
        return self.with_leg(number, sent)

    def sending(self, number: int, at: datetime) -> "Plan":
        """The moment of the intent: what was looked at before may be seconds older."""
        leg = self.legs[number]
        first = at if leg.tries == 1 else leg.first_at
        return self.with_leg(number, replace(leg, written_at=at, first_at=first))

    def answered(
        self, number: int, answer: Answer, said: str = "", again_at: datetime | None = None
    ) -> "Plan":
        """What was heard of the last write. A plain no leaves no doubt: a write is only followed by
        another when it is certain that it did nothing."""
        leg = self.legs[number]
        doubt = answer not in (Answer.NO, Answer.LATER)
        return self.with_leg(
            number, replace(leg, answer=answer, said=said, again_at=again_at, doubt=doubt)
        )

    def reached(self, number: int, standing: Standing, etag: str, at: datetime) -> "Plan":
        """A look has verified that the leg is where it was to go."""
        leg = replace(self.legs[number], standing=standing, etag=etag)
        return replace(self.with_leg(number, leg), since=self.since if self.back else at)

    def turned(self, said: str, at: datetime) -> "Plan":
        """From here on it is put back."""
        legs = tuple(leg.turned() if leg.standing is Standing.THERE else leg for leg in self.legs)
        return replace(self, legs=legs, state=State.COMPENSATING, said=said, since=at)

    def ended(self, end: State, at: datetime, said: str = "") -> "Plan":
        return replace(self, state=end, ended_at=at, said=said or self.said)

    def with_leg(self, number: int, leg: Leg) -> "Plan":
        legs = (*self.legs[:number], leg, *self.legs[number + 1 :])
        return replace(self, legs=legs)


@dataclass(frozen=True)
class Seen:
    """One look at one resource."""

    at: datetime
    value: str
    """What the lever reads there; GONE when there is nothing."""
    etag: str
    by_us: bool
    """Whether the last modification bears the console's own name."""
    settled: bool
    """Whether Azure is at rest: no operation runs on the resource."""
    failed: bool = False
    """Whether the last operation on it ended without being carried out."""


@dataclass(frozen=True)
class Look:
    """What was seen at one time of all that a plan asked to see."""

    at: datetime
    legs: Mapping[int, Seen | None] = field(default_factory=dict)
    """By number of the leg; None where the look failed."""
    room: Mapping[str, float | None] = field(default_factory=dict)
    """Units free by pool; None where that could not be read."""
