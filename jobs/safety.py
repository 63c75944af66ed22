"""What the jobs know of content filters, so that they decide again what a verb has decided."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from domain import consent, inventory, names
from domain.faults import NotAllowed
from domain.plans import Plan
from domain.roles import FILTERS
from domain.safeguards import Safeguards
from domain.tags import TagNames
from store import estates, plans
from store.engine import Session

WINDOW = "30d"


def touched(plan: Plan) -> bool:
    """Whether it changes content filters."""
    return any(leg.lever in FILTERS for leg in plan.legs)


def known(
    session: Session, plan: Plan, tags: TagNames, now: datetime
) -> tuple[pd.DataFrame, Safeguards | None]:
    """Frame INVENTORY of the subscriptions of a plan, and what is known of filters where it
    changes some."""
    beside = estates.FILTERS if touched(plan) else ()
    kept = estates.kept(session, _subscriptions(plan.resources), now, beside)
    parts = {name: part.frame for name, part in kept.parts.items()}
    rows = inventory.joined(parts, kept.tree, tags, WINDOW, now)
    return rows, Safeguards.of(kept.parts, rows) if beside else None


def agreed(session: Session, plan: Plan, tags: TagNames, now: datetime) -> int | None:
    """The plan whose approval lets this one go on; None where it needs none. What goes back at its
    agreed hour was approved with what it takes back.

    Raises NotAllowed where it weakens a filter, as far as is known now, and nobody was asked.
    """
    if plan.policy:
        return plan.id
    if not touched(plan):
        return None
    _, guards = known(session, plan, tags, now)
    legs = [leg for leg in plan.legs if leg.lever in FILTERS]
    why = consent.needed(legs, {}, {}, known=guards)
    if not why:
        return None
    begun = plans.find(session, plan.undoes) if plan.undoes else None
    if begun and begun.policy and begun.until and begun.until <= now:
        return begun.id
    raise NotAllowed(f"It needs a second person, because {why}.")


def _subscriptions(resources: Sequence[str]) -> list[str]:
    return sorted({names.subscription(it) for it in resources})
