"""The protocol of change: given a plan's journal and what was just seen, what is the next step.

Looks are believed, answers are not: a lost answer is not a lost write, and a write that was not
answered may land until SETTLE has passed. A value alone proves nothing: others may have set it.
What is changed is a lever's business; here a value is a text that can be compared.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

SETTLE = timedelta(seconds=120)
"""How long after a write without an answer that write may still land."""
MOST_WRITES = 3


class Step(StrEnum):
    WAIT = "waiting"
    WRITE = "writing"
    DONE = "done"
    FAILED = "failed"
    ABORTED = "aborted"
    NEEDS_PERSON = "needs a person"


ENDS = frozenset({Step.DONE, Step.FAILED, Step.ABORTED, Step.NEEDS_PERSON})


@dataclass(frozen=True)
class Plan:
    """An immutable intent with its journal; each method below is one line of it."""

    lever: str
    """The kind of thing that is changed: a module of jobs/levers."""
    resource: str
    etag: str
    """The state of the resource that the intent is based on."""
    before: str
    target: str
    proposer: str
    """Key of the person, tenant/object id."""
    reason: str
    asked_at: datetime
    undoes: int | None = None
    """The plan that this one takes back."""
    id: int = 0
    state: Step = Step.WAIT
    writes: int = 0
    written_at: datetime | None = None
    said: str = ""
    """Why it was refused or given up, in our words; empty unless it was."""
    ended_at: datetime | None = None

    def writing(self, at: datetime) -> "Plan":
        return replace(self, state=Step.WRITE, writes=self.writes + 1, written_at=at)

    def may_land(self, now: datetime) -> bool:
        """Whether a write of this plan may still be on its way; a refused one is not."""
        return not self.said and self.written_at is not None and now < self.written_at + SETTLE

    def refused(self, words: str) -> "Plan":
        return replace(self, said=words)

    def ended(self, end: Step, at: datetime) -> "Plan":
        return replace(self, state=end, ended_at=at)


@dataclass(frozen=True)
class Seen:
    """One look at the resource."""

    at: datetime
    value: str | None
    """What the lever reads there; None when the resource is gone."""
    etag: str
    by_us: bool
    """Whether the last modification bears the console's own name."""
    settled: bool
    """Whether Azure is at rest: no operation runs on the resource."""


def decide(plan: Plan, seen: Seen | None) -> Step:
    """The next step; None means that the look failed."""
    if seen is None or not seen.settled:
        return Step.WAIT
    if seen.value is not None and seen.etag == plan.etag:
        return _untouched(plan, seen.at)
    if not plan.writes:
        return Step.ABORTED
    if seen.by_us and seen.value == plan.target:
        return Step.DONE
    # Azure need not look at If-Match: our write may yet land on top of what others did.
    return Step.WAIT if plan.may_land(seen.at) else Step.NEEDS_PERSON


def _untouched(plan: Plan, now: datetime) -> Step:
    if plan.said:
        return Step.FAILED
    if plan.may_land(now):
        return Step.WAIT
    return Step.WRITE if plan.writes < MOST_WRITES else Step.FAILED
