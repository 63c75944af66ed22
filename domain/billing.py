"""A bill: what it is made from, what comes out, and the proof that it adds up."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TypedDict

import pandas as pd

from domain.costs import CHARGES, MonthState
from domain.frames import frame
from domain.units import Tree


class Body(TypedDict, total=False):
    """What a rule says; which keys there are depends on its kind."""

    # mapping
    by: str  # product, deployment_tag, account_tag, group or subscription
    key: str  # the tag's name, or ""
    value: str  # folded; "*": the tag's own value names the unit
    unit: str  # its id, or ""
    # sharing
    title: str
    method: str
    source: dict[str, str]  # one of resource, group, service, subscription, line, and its text
    shares: dict[str, str]  # decimal text by unit
    driver: str  # a bucket, or tokens
    fallback: str  # even or unallocated
    cap_e8: int
    sponsor: str  # a unit
    # idle
    pool: str  # regional:swedencentral
    rule: str  # platform, use, entitlement or even
    entitlements: dict[str, int]  # PTU by unit


@dataclass(frozen=True)
class Rule:
    """One effective-dated rule of a kind: mapping, sharing or idle."""

    id: int
    kind: str
    body: Body
    starts: datetime
    ends: datetime | None = None
    said_by: str = ""
    at: datetime | None = None
    note: str = ""

    def holds(self, day: datetime) -> bool:
        return self.starts <= day and (self.ends is None or day < self.ends)


@dataclass(frozen=True)
class Invoice:
    """What Microsoft or finance says a month cost; credits are negative."""

    number: str
    amount_e8: int
    tax_e8: int = 0
    credit_e8: int = 0


@dataclass(frozen=True)
class Reach:
    """The first day of which a subscription's usage is known, and its bookings; None where there
    is nothing that could be."""

    usage: datetime | None
    booked: datetime | None

    @property
    def first(self) -> datetime | None:
        """Since when both are."""
        return max((it for it in (self.usage, self.booked) if it), default=None)


@dataclass(frozen=True, eq=False)
class Inputs:
    """All that a bill is made from; the same inputs make the same bill."""

    month: str
    currency: str
    now: datetime
    subscriptions: tuple[str, ...]
    """Those that are billed in this currency."""
    booked: pd.DataFrame
    """BOOKED_DAYS of the month."""
    booked_until: dict[str, datetime]
    """By subscription the last day that counts as booked."""
    usage: pd.DataFrame
    """USAGE_DAYS of the month."""
    estate: pd.DataFrame
    """ESTATE_DAYS of the month."""
    meters: pd.DataFrame
    prices: pd.DataFrame
    """PRICED in this currency."""
    agreed: pd.DataFrame
    """AGREED in this currency."""
    rules: tuple[Rule, ...]
    tree: Tree
    tag: str
    """The tag that names the unit."""
    invoices: tuple[Invoice, ...] = ()
    late: pd.DataFrame = field(default_factory=lambda: frame(CHARGES, []))
    """CHARGES of closed months that came after their close, with their of_month."""
    begins: dict[str, Reach] = field(default_factory=dict)
    """Since when subscriptions are known, of those that are not known from its first day on."""
    months: dict[str, str] = field(default_factory=dict)
    """What else the hash has to know: versions of code and rules."""


@dataclass(frozen=True)
class Check:
    """One invariant, held against the numbers of this bill."""

    name: str
    holds: bool
    words: str


@dataclass(frozen=True)
class Proof:
    """shares + kept + unallocated + unused + adjustments = invoice, in cents."""

    shares: int
    """Of units, idle included by its rule."""
    kept: int
    """Idle that the platform keeps, and shared cost that it keeps."""
    unallocated: int
    unused: int
    """Reserved and not deployed."""
    adjustments: int
    invoice: int
    """Entered, or where nobody has entered one: booked and estimated."""
    entered: bool
    checks: tuple[Check, ...] = ()

    @property
    def difference(self) -> int:
        parts = self.shares + self.kept + self.unallocated + self.unused + self.adjustments
        return self.invoice - parts

    @property
    def holds(self) -> bool:
        return self.difference == 0 and all(it.holds for it in self.checks)


@dataclass(frozen=True, eq=False)
class Bill:
    """One month in one currency, allocated and proven."""

    month: str
    currency: str
    charges: pd.DataFrame
    sums: pd.DataFrame
    reconciled: pd.DataFrame
    gaps: pd.DataFrame
    found: pd.DataFrame
    proof: Proof
    inputs_hash: str
    cutoff: dict[str, str]
    """By subscription the last booked day, as ISO date."""
    state: MonthState = MonthState.OPEN
    generation: int = 0
    made_at: datetime | None = None
