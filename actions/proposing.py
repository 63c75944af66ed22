"""Propose: keep a plan that a person has confirmed, or that somebody else has to approve first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from actions import sight
from actions.sight import Sight
from actions.visit import Visit
from domain import consent, names, tags
from domain.faults import Outdated, OutOfRange
from domain.plans import Leg, Plan, State
from domain.roles import FILTERS
from domain.safeguards import weakened
from store import plans
from store.engine import Session

LONGEST = 300
"""Characters of a reason or a ticket."""


@dataclass(frozen=True)
class Terms:
    """Under what terms a change is proposed."""

    reason: str = ""
    ticket: str = ""
    starts_at: datetime | None = None
    """Not before; None for as soon as it may."""
    until: datetime | None = None
    """When it is to be taken back by itself."""
    confirmed: str = ""
    """Fingerprint of the plan that the person saw; "" where nothing was shown."""


def propose(
    visit: Visit,
    session: Session,
    seen: Sight,
    legs: Sequence[Leg],
    title: str,
    terms: Terms,
    environments: Mapping[str, str] | None = None,
) -> int:
    """Keep the plan and return its number; raises OutOfRange and, when it is not the plan that
    the person saw, Outdated. environments: by resource, of what is not there yet."""
    _check(visit, legs, terms)
    where = {**seen.environments([leg.resource for leg in legs]), **(environments or {})}
    live = [it for it, name in where.items() if name.lower() in tags.PRODUCTION]
    if live and not terms.reason.strip():
        raise OutOfRange(f"{names.short(live[0])} is production: say why it is changed.")
    sight.require_rest(session, [leg.resource for leg in legs])
    why = why_two(visit, session, seen, legs, where) or _of_end(seen, legs, terms)
    plan = Plan(
        tuple(legs),
        visit.person.key,
        terms.reason.strip(),
        visit.clock(),
        title,
        terms.ticket.strip(),
        why,
        terms.starts_at,
        terms.until,
        state=State.PROPOSED if why else State.CONFIRMED,
    )
    if terms.confirmed and terms.confirmed != plan.fingerprint:
        raise Outdated("What is deployed has changed since this was shown.")
    return plans.add(session, plan)


def why_two(
    visit: Visit,
    session: Session,
    seen: Sight,
    legs: Sequence[Leg],
    environments: Mapping[str, str] | None = None,
) -> str:
    """Why a second person must approve these legs; "" when nobody needs to. One at a time: two
    halves of a large change that come at once would not know of each other."""
    where = {**seen.environments([leg.resource for leg in legs]), **(environments or {})}
    if not any(it.pool for it in legs):
        return consent.needed(legs, where, {}, known=seen.safeguards)
    plans.one_at_a_time(session)
    now = visit.clock()
    own = plans.of_person(session, visit.person.key, now - consent.WITHIN)
    return consent.needed(legs, where, seen.limits, consent.alone(own, now), seen.safeguards)


def _of_end(seen: Sight, legs: Sequence[Leg], terms: Terms) -> str:
    """Why a second person must approve what takes them back by itself at an agreed hour: nobody is
    asked then."""
    if terms.until is None or seen.safeguards is None:
        return ""
    back = [replace(leg, before=leg.target, target=leg.before) for leg in legs]
    back = [leg for leg in back if leg.lever in FILTERS]
    why = weakened(back, seen.safeguards.after(legs))
    return f"when it goes back, {'; '.join(dict.fromkeys(why))}" if why else ""


def _check(visit: Visit, legs: Sequence[Leg], terms: Terms) -> None:
    if not legs:
        raise OutOfRange("Nothing would change.")
    for words in (terms.reason, terms.ticket):
        if len(words) > LONGEST or not words.isprintable():
            raise OutOfRange(f"Reason and ticket take {LONGEST} printable characters.")
    starts = terms.starts_at or visit.clock()
    if terms.starts_at and terms.starts_at < visit.clock():
        raise OutOfRange("The beginning lies in the past.")
    if terms.until and terms.until <= starts:
        raise OutOfRange("The end has to be after the beginning.")
