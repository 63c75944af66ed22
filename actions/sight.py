"""See: what a verb may know of deployments, for the person who asks; the basis of every plan."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from actions.visit import Visit
from domain import inventory, names, pools, tags
from domain.faults import NotAllowed, OutOfRange
from domain.plans import Plan
from domain.readings import MODELS, USAGES
from domain.roles import FILTERS
from domain.safeguards import Safeguards
from domain.units import Tree
from store import estates, plans
from store.engine import Session

WINDOW = "30d"
"""The peaks that a change is held against."""


@dataclass(frozen=True)
class Known:
    """A deployment as last collected."""

    resource: str
    tags: dict[str, str]
    etag: str
    unit: str
    tree: Tree
    production: bool
    """Whether its environment is one where a change needs a reason."""
    row: "pd.Series[str]"
    """Its row of frame INVENTORY."""


@dataclass(frozen=True, eq=False)
class Sight:
    """What was collected of some subscriptions, joined."""

    rows: pd.DataFrame
    """Frame INVENTORY over 30 days, of what this person may see."""
    known: estates.Estate
    whole: bool
    """Whether this person sees every unit."""
    safeguards: Safeguards | None = None
    """What is known of content filters, whoever may see it, where that was asked for."""

    @cached_property
    def limits(self) -> dict[str, float]:
        """Units by pool, of the pools whose limit is known."""
        usages, models = (self.known.parts[it.name].frame for it in (USAGES, MODELS))
        found = pools.pools(self.rows, usages, models=models).dropna(subset=["limit"])
        return dict(zip(found["pool"], found["limit"].astype(float), strict=True))

    def environments(self, resources: Collection[str]) -> dict[str, str]:
        """By resource, of those that have one."""
        found = self.rows[self.rows["resource"].isin(list(resources))]
        found = found.dropna(subset=["environment"])
        return dict(zip(found["resource"], found["environment"], strict=True))

    def deployment(self, resource: str) -> Known:
        """Raises NotAllowed, in the same words for what does not exist and what is out of
        scope."""
        found = self.rows[self.rows["resource"] == resource]
        if found.empty:
            raise NotAllowed("This deployment is not among those you may change.")
        row = found.iloc[0]
        own, etag = tags.parsed(_text(row["tags"])), _text(row["etag"])
        production = _text(row["environment"]) in tags.PRODUCTION
        return Known(resource, own, etag, row["unit"], self.known.tree, production, row)


def of(visit: Visit, session: Session, resources: Iterable[str], *, filters: bool = False) -> Sight:
    """What is known of the subscriptions of these resources; ids that are none name nothing."""
    return over(visit, session, sorted(set(_subscriptions(resources))), filters=filters)


def of_plan(visit: Visit, session: Session, plan: Plan | None) -> Sight:
    """What is known of what a plan changes; of nothing where there is none."""
    touched = plan is not None and any(leg.lever in FILTERS for leg in plan.legs)
    return of(visit, session, plan.resources if plan else [], filters=touched)


def over(
    visit: Visit, session: Session, subscriptions: Sequence[str], *, filters: bool = False
) -> Sight:
    """What is known of these subscriptions; filters: with what policies and blocklists say."""
    beside = estates.FILTERS if filters else ()
    known = estates.kept(session, subscriptions, visit.clock(), beside)
    parts = {name: part.frame for name, part in known.parts.items()}
    rows = inventory.joined(parts, known.tree, visit.tags, WINDOW, visit.clock())
    scope = visit.person.scope(known.tree)
    seen = rows if scope is None else rows[rows["unit"].isin(scope)]
    guards = Safeguards.of(known.parts, rows) if filters else None
    return Sight(seen, known, scope is None, guards)


def require_reason(known: Known, reason: str) -> None:
    """Raise OutOfRange for a change of production that nobody gives a reason for."""
    if known.production and not reason.strip():
        raise OutOfRange(f"{names.short(known.resource)} is production: say why it is changed.")


def require_rest(session: Session, resources: Sequence[str]) -> None:
    """Raise OutOfRange while another change of one of these is under way."""
    for resource in resources:
        if plans.unfinished(session, resource):
            raise OutOfRange(f"A change of {names.short(resource)} is still under way.")


def _subscriptions(resources: Iterable[str]) -> Iterable[str]:
    for resource in resources:
        try:
            yield names.subscription(resource)
        except ValueError:
            continue


def _text(value: str | None) -> str:
    return "" if pd.isna(value) else str(value)
