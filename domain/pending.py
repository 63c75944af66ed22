"""What could wait for somebody: gates, tasks, feedback, evidence, exemptions, months, each told in
as little as it takes to say so."""

from dataclasses import dataclass
from datetime import datetime

from domain.demands import Baseline
from domain.exemptions import Exemption


@dataclass(frozen=True)
class Of:
    """The rollout that something is about."""

    id: int
    title: str
    units: tuple[str, ...]
    owner: str
    proposer: str


@dataclass(frozen=True)
class Asking:
    """A phase that asks for approvals."""

    of: Of
    phase: str
    lacking: tuple[str, ...]
    """Words of grants that nobody has said yes for."""
    said: frozenset[tuple[str, str]] = frozenset()
    """Grant and person of whoever has spoken."""
    since: datetime | None = None
    """When it last came to ask, as a sweep found it."""


@dataclass(frozen=True)
class Turned:
    """A gate that stands elsewhere than at the last look."""

    of: Of
    phase: str
    before: str
    after: str
    at: datetime


@dataclass(frozen=True)
class Braked:
    """A rollout that a safeguard has paused, and that nobody has resumed or ended."""

    of: Of
    words: str
    at: datetime


@dataclass(frozen=True)
class Task:
    of: Of
    id: int
    title: str
    owner: str
    due_at: datetime


@dataclass(frozen=True)
class Unanswered:
    """Feedback that nobody has accepted, closed or declined."""

    of: Of
    many: int
    severe: int
    since: datetime


@dataclass(frozen=True)
class Ending:
    """Evidence or a waiver with an end."""

    of: Of
    item: str
    waived: bool
    owner: str
    expires_at: datetime


@dataclass(frozen=True)
class Waiver:
    """A waiver that somebody has asked for and nobody approved."""

    of: Of
    item: str
    said_by: str


@dataclass(frozen=True)
class Step:
    """A next step of maturity that is in somebody's hands."""

    unit: str
    title: str
    owner: str


@dataclass(frozen=True)
class Facts:
    """All that could wait for anybody, besides plans, which every page tells of."""

    asking: tuple[Asking, ...] = ()
    turned: tuple[Turned, ...] = ()
    braked: tuple[Braked, ...] = ()
    tasks: tuple[Task, ...] = ()
    feedback: tuple[Unanswered, ...] = ()
    ending: tuple[Ending, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    exemptions: tuple[Exemption, ...] = ()
    baselines: tuple[Baseline, ...] = ()
    months: tuple[tuple[str, str], ...] = ()
    """Month and currency."""
    steps: tuple[Step, ...] = ()
