"""Exempt: excuse one filter of a deployment, or an account from abuse monitoring, for a while; who
asks does not decide."""

from datetime import datetime

from actions import guarding, sight
from actions.visit import Visit
from domain import exemptions as rules
from domain import names
from domain.exemptions import DEVIATION, Exemption, State
from domain.faults import NotAllowed, OutOfRange
from domain.filters import Strength
from domain.readings import ACCOUNTS
from domain.roles import FILTERS, Permission, approvers, may_approve
from store import exemptions, people, units
from store.engine import Session

LONGEST = 300
OPEN = (State.PROPOSED, State.IN_FORCE, State.OVERDUE)


def ask(
    visit: Visit,
    kind: str,
    resource: str,
    *,
    justification: str,
    reviewer: str,
    review_by: datetime,
    category: str = "",
    direction: str = "",
    accepts: Strength = Strength.OFF,
    reference: str = "",
) -> int:
    """Ask that a deviation, or abuse monitoring that is off, be excused until its review; returns
    its number. It excuses nothing until somebody else has approved it. Raises Refused."""
    what = f"ask for an exemption ({kind} {category} {direction}) of {resource}"
    with visit.attempt(Permission.EXEMPT, what[:1_000]) as session:
        at = visit.clock()
        if not isinstance(review_by, datetime) or review_by.tzinfo is None:
            raise OutOfRange("Say by which day it is reviewed.")
        if accepts not in list(Strength):
            raise OutOfRange(f"{accepts!r} is no strength of a filter.")
        told = Exemption(
            kind, names.folded(resource), category, direction, Strength(accepts), justification,
            reference, reviewer, review_by, _unit(visit, session, kind, names.folded(resource)),
            visit.person.key, at,
        )  # fmt: skip
        new = rules.checked(told, at)
        _check_reviewer(visit, session, new.reviewer)
        for it in exemptions.known(session):
            if _place(it) == _place(new) and it.state(at) in OPEN:
                raise OutOfRange(f"Exemption {it.id} of it is {it.state(at)}: end that first.")
        return exemptions.add(session, new)


def decide(visit: Visit, exemption: int, *, approves: bool, comment: str = "") -> None:
    """Approve it or decline it, and why; whoever asked for it does not. Raises Refused."""
    word = "approve" if approves else "decline"
    with visit.attempt(Permission.APPROVE, f"{word} exemption {exemption}") as session:
        found = _found(visit, session, exemption)
        if found.proposer == visit.person.key:
            raise NotAllowed("Nobody decides about an exemption that they have asked for.")
        if not may_approve(visit.person, FILTERS):
            raise NotAllowed(f"An exemption wants {approvers(FILTERS)}.")
        if found.state(visit.clock()) is not State.PROPOSED:
            state = found.state(visit.clock())
            raise OutOfRange(f"Exemption {exemption} waits for nobody: it is {state}.")
        if approves and found.review_by <= visit.clock():
            raise OutOfRange("The day of its review is over: it has to be asked for anew.")
        if not (approves or comment.strip()):
            raise OutOfRange("Say why, for whoever has asked.")
        if len(comment) > LONGEST or not comment.isprintable():
            raise OutOfRange(f"A comment takes {LONGEST} printable characters.")
        said = "approved" if approves else "declined"
        exemptions.decide(session, found.id, said, visit.person.key, visit.clock(), comment.strip())


def end(visit: Visit, exemption: int) -> None:
    """From now on it excuses nothing; raises Refused."""
    with visit.attempt(Permission.EXEMPT, f"end exemption {exemption}") as session:
        found = _found(visit, session, exemption)
        if found.state(visit.clock()) not in OPEN:
            raise OutOfRange(f"Exemption {exemption} is {found.state(visit.clock())} already.")
        exemptions.end(session, found.id, visit.person.key, visit.clock())


def _unit(visit: Visit, session: Session, kind: str, resource: str) -> str:
    """Whose it is; raises NotAllowed in the same words for what does not exist and what is out of
    sight."""
    seen = sight.of(visit, session, [resource])
    if kind == DEVIATION:
        return seen.deployment(resource).unit
    guarding.require_whole(seen)
    accounts = seen.known.parts[ACCOUNTS.name].frame
    if resource not in set(accounts["account_id"]):
        raise NotAllowed("This account is not among those that you may exempt.")
    return ""


def _check_reviewer(visit: Visit, session: Session, reviewer: str) -> None:
    """Raise OutOfRange for a reviewer who is whoever asks, or nobody who is known here."""
    own = {visit.person.key, visit.person.id, visit.person.name}
    if reviewer.casefold() in {it.casefold() for it in own}:
        raise OutOfRange("Somebody else reviews it than whoever asks.")
    tenant, slash, id = reviewer.partition("/")
    if slash and people.find(session, tenant, id).role == "stranger":
        raise OutOfRange(f"Nobody here is called {reviewer}.")


def _found(visit: Visit, session: Session, number: int) -> Exemption:
    found = exemptions.find(session, number)
    tree = units.tree(session)
    hidden = found is not None and found.unit and not visit.person.sees(found.unit, tree)
    if found is None or hidden or not (found.unit or visit.person.units is None):
        raise NotAllowed("This exemption is not among those you may decide about.")
    return found


def _place(it: Exemption) -> tuple[str, str, str, str]:
    return it.kind, it.resource, *it.key
