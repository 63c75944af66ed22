"""What this console was asked to change, and what became of it."""

from collections.abc import Sequence
from dataclasses import asdict

import pandas as pd

from domain import capacity, frames, names, protocol, records, tags
from domain.plans import Leg, Plan
from store import plans as kept
from store.engine import Store

NONE = frames.frame(records.PLANS, [])


def plans(
    store: Store, units: frozenset[str] | None = None, *, open_only: bool = False
) -> pd.DataFrame:
    """Frame PLANS, the newest first: all, or those that have not ended or need a person. units:
    the plans about these alone; None is every unit."""
    with store.reading() as session:
        found = kept.latest(session, open_only=open_only)
        seen = [it for it in found if units is None or units.intersection(it.units)]
        if not seen:
            return NONE
        said = kept.approvals(session, [it.id for it in seen])
        back = {it.undoes: it.id for it in reversed(found) if it.undoes}
    rows = [_row(it, [a for a in said if a.plan == it.id], back.get(it.id)) for it in seen]
    return frames.frame(records.PLANS, rows)


def legs(store: Store, number: int) -> pd.DataFrame:
    """Frame LEGS of one plan."""
    with store.reading() as session:
        found = kept.find(session, number)
    rows = [_leg(found, at, leg) for at, leg in enumerate(found.legs)] if found else []
    return frames.frame(records.LEGS, rows)


def holds(store: Store) -> dict[str, int]:
    """Accounts and pools in use, and the plan that uses each."""
    with store.reading() as session:
        return {it.thing: it.plan for it in kept.holds(session)}


def _row(plan: Plan, said: Sequence[kept.Approval], undone_by: int | None) -> frames.Row:
    first = plan.legs[0]
    _, _, account, deployment = names.parts(first.resource)
    many = len(plan.legs)
    return {
        **asdict(plan),
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
    return capacity.words(leg.before, leg.target)


def _leg(plan: Plan, number: int, leg: Leg) -> frames.Row:
    _, _, account, deployment = names.parts(leg.resource)
    now = not plan.ended_at and protocol.current(plan) == number
    return {
        **asdict(leg),
        "plan": plan.id,
        "number": number + 1,
        "deployment": deployment,
        "account": account,
        "pool": leg.pool or None,
        "change": words(leg),
        "standing": str(leg.standing),
        "answer": str(leg.answer) or None,
        "said": leg.said or None,
        "now": now,
    }
