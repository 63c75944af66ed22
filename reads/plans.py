"""What this console was asked to change, and what became of it."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import pandas as pd

from domain import capacity, consent, filter_legs, frames, journal, protocol, records, tags
from domain.plans import WITHOUT_EFFECT, Leg, Plan, State
from domain.roles import FILTERS
from store import plans as kept
from store.engine import Store

NONE = frames.frame(records.PLANS, [])
_OWN = [it for it in records.PLANS if it in Plan.__dataclass_fields__ and it != "legs"]
Units = frozenset[str] | None
"""Business units that somebody may see; None is every one."""


@dataclass(frozen=True, eq=False)
class Journal:
    """One plan and all that is known of it."""

    plan: Plan
    row: pd.DataFrame
    """Frame PLANS, one row."""
    legs: pd.DataFrame
    """Frame LEGS, of the units that may be seen."""
    hidden: int
    """Legs that may not be."""
    approvals: pd.DataFrame
    """Frame APPROVALS, the oldest first."""
    holds: pd.DataFrame
    """Frame HOLDS of what this plan needs, whoever has it."""


def plans(
    store: Store,
    units: Units = None,
    *,
    open_only: bool = False,
    about: str = "",
    standing: Collection[State] = (),
) -> pd.DataFrame:
    """Frame PLANS, the newest first: all, or those that have not ended or need a person, that are
    about one resource, that stand at one of these. units: the plans about these alone."""
    with store.reading() as session:
        found = kept.latest(session, open_only=open_only, about=about, standing=standing)
        seen = [it for it in found if _visible(it, units)]
        if not seen:
            return NONE
        said = kept.approvals(session, [it.id for it in seen])
    back = {
        it.undoes: it.id for it in reversed(found) if it.undoes and it.state not in WITHOUT_EFFECT
    }
    by_plan: dict[int, list[kept.Approval]] = defaultdict(list)
    for it in said:
        by_plan[it.plan].append(it)
    return frames.frame(records.PLANS, [_row(it, by_plan[it.id], back.get(it.id)) for it in seen])


def one(store: Store, number: int, units: Units = None) -> Journal | None:
    """One plan; None where it does not exist or is about other units alone."""
    with store.reading() as session:
        plan = kept.find(session, number)
        if plan is None or not _visible(plan, units):
            return None
        said = kept.approvals(session, [number])
        holds = kept.holds(session)
        back = kept.undone_by(session, number)
    legs = [_leg(plan, at, leg) for at, leg in enumerate(plan.legs)]
    seen = [it for it in legs if units is None or it["unit"] in units]
    needed = kept.things(plan)
    return Journal(
        plan,
        frames.frame(records.PLANS, [_row(plan, said, back)]),
        frames.frame(records.LEGS, seen),
        len(legs) - len(seen),
        frames.frame(records.APPROVALS, [asdict(it) for it in said]),
        frames.frame(records.HOLDS, [asdict(it) for it in holds if it.thing in needed]),
    )


def alone(store: Store, person: str, now: datetime) -> tuple[Leg, ...]:
    """What this person has changed lately that nobody else has looked at."""
    with store.reading() as session:
        return consent.alone(kept.of_person(session, person, now - consent.WITHIN), now)


def holds(store: Store) -> dict[str, int]:
    """Accounts and pools in use, and the plan that uses each."""
    with store.reading() as session:
        return {it.thing: it.plan for it in kept.holds(session)}


def _visible(plan: Plan, units: Units) -> bool:
    return units is None or bool(units.intersection(plan.units))


def _row(plan: Plan, said: Sequence[kept.Approval], undone_by: int | None) -> frames.Row:
    first = plan.legs[0]
    _, _, account, deployment = journal.parts(first.resource)
    many = len(plan.legs)
    return {
        **{name: getattr(plan, name) for name in _OWN},
        "plan": plan.id,
        "lever": first.lever,
        "resource": first.resource,
        "account": account if many == 1 else f"{account} and others",
        "deployment": deployment if many == 1 else f"{many} deployments",
        "unit": ", ".join(plan.units) or None,
        "change": change(plan),
        "state": str(plan.state),
        "approvers": ", ".join(it.person for it in said if it.approves) or None,
        "ticket": plan.ticket or None,
        "policy": plan.policy or None,
        "parked": sum(plan.parked.values()) or None,
        "parked_words": journal.parked_words(plan.parked) or None,
        "undone_by": undone_by,
        "legs": many,
        "fingerprint": plan.fingerprint,
    }


def change(plan: Plan) -> str:
    """What it changes, for people; of several the title, which says it better."""
    return words(plan.legs[0]) if len(plan.legs) == 1 else plan.title


def words(leg: Leg) -> str:
    """What one leg changes, for people."""
    if leg.lever == "tags":
        return tags.words(tags.parsed(leg.before), tags.parsed(leg.target))
    if leg.lever in FILTERS:
        return filter_legs.words(leg)
    return capacity.words(leg.before, leg.target)


def _leg(plan: Plan, number: int, leg: Leg) -> frames.Row:
    _, _, account, deployment = journal.parts(leg.resource)
    now = not plan.ended_at and protocol.current(plan) == number
    return {
        **{name: getattr(leg, name) for name in records.LEGS if hasattr(leg, name)},
        "plan": plan.id,
        "number": number + 1,
        "deployment": deployment or None,
        "account": account,
        "pool": leg.pool or None,
        "change": words(leg),
        "standing": journal.standing(plan, number),
        "answer": journal.answer(leg) or None,
        "now": now,
    }
