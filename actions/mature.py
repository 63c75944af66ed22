"""Mature: enter what an assessment of maturity came to, and say who sees to a next step."""

from datetime import date

from actions.visit import Visit
from domain import maturity
from domain.faults import NotAllowed, OutOfRange
from domain.maturity import Assessment
from domain.roles import Permission, require_sight
from store import maturity as kept
from store import people, reference, units
from store.engine import Session
from store.maturity import Step


def score(
    visit: Visit,
    unit: str,
    score: int,
    *,
    assessed_on: date,
    assessor: str,
    target: int | None = None,
    note: str = "",
) -> int:
    """Keep a score of 0 to 28 for a business unit, or for "", the whole organisation; returns its
    number. Raises Refused."""
    with visit.attempt(Permission.ASSESS, f"enter maturity {score} of {unit or 'all'}") as session:
        _require_part(visit, session, unit)
        told = Assessment(
            unit, score, target, assessed_on, assessor.strip(), note.strip(),
            visit.person.key, visit.clock(),
        )  # fmt: skip
        maturity.checked(told, visit.clock().date())
        return kept.add(session, told)


def step(visit: Visit, unit: str, step: str, *, owner: str, done: bool = False) -> None:
    """Say who sees to a next step of a unit, or that it is done. Raises Refused. owner: key of a
    person, or "" for nobody."""
    what = f"{'finish' if done else 'give'} maturity step {step} of {unit or 'all'}"
    with visit.attempt(Permission.ASSESS, what[:500]) as session:
        _require_part(visit, session, unit)
        if step not in {it.key for it in reference.actions()}:
            raise OutOfRange("Choose a step of the list.")
        if owner and owner not in {it.key for it in people.everyone(session)}:
            raise OutOfRange("A step is seen to by somebody whom this console knows.")
        at = visit.clock()
        kept.take(session, Step(unit, step, owner, at if done else None, visit.person.key, at))


def _require_part(visit: Visit, session: Session, unit: str) -> None:
    """Raise Refused for a part of the organisation that is not this person's to assess."""
    if not unit:
        if visit.person.units is not None:
            raise NotAllowed("The whole organisation is assessed by somebody who sees all of it.")
        return
    tree = units.tree(session)
    require_sight(visit.person, unit, tree)
    if unit not in tree.units:
        raise OutOfRange("Choose a business unit of the list.")
