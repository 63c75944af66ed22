"""Baseline: say what content filters must do at the least; what demands less needs a second
person, and until then what held before holds."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from actions.visit import Visit
from domain import baselines as rules
from domain.baselines import Baseline
from domain.demands import AUDIENCES
from domain.faults import NotAllowed, OutOfRange
from domain.filters import Key, Strength
from domain.roles import FILTERS, Permission, approvers, may_approve
from store import baselines
from store.engine import Session

LONGEST = 300


def set_(
    visit: Visit,
    key: str,
    *,
    title: str,
    audience: str,
    environment: str,
    least: Mapping[Key, Strength],
    mode: str,
    starts: datetime | None = None,
    ends: datetime | None = None,
    note: str = "",
) -> Baseline:
    """Record a new version of a baseline, or its first, and return it as it is kept: it waits for
    a second person when it has no approved_at. Raises Refused."""
    with visit.attempt(Permission.BASELINE, f"set baseline {key} for {audience}"[:1_000]) as on:
        at = visit.clock()
        told = Baseline(
            key, 1, title, audience, environment, least, mode, starts or at, ends,
            visit.person.key, at, note=note,
        )  # fmt: skip
        _check_dates(told, at)
        return _added(visit, on, told)


def end(visit: Visit, key: str, ends: datetime, *, note: str) -> Baseline:
    """Record a version of a baseline that ends then, which a second person has to approve; returns
    it. Raises Refused."""
    with visit.attempt(Permission.BASELINE, f"end baseline {key} at {ends}"[:1_000]) as session:
        at = visit.clock()
        known = rules.in_force(baselines.known(session), at)
        found = next((it for it in known if it.key == key.strip().lower()), None)
        if found is None:
            raise OutOfRange("No such baseline is in force.")
        if not note.strip():
            raise OutOfRange("Say why it ends.")
        told = replace(
            found, ends=ends, starts=at, proposer=visit.person.key, at=at, approver=None,
            approved_at=None, note=note,
        )  # fmt: skip
        _check_dates(told, at)
        return _added(visit, session, told)


def approve(visit: Visit, key: str, version: int) -> None:
    """Let a version that demands less be in force, as a second person; raises Refused."""
    with visit.attempt(Permission.APPROVE, f"approve baseline {key} v{version}"[:300]) as session:
        found = _waiting(visit, session, key, version)
        newest = [it.version for it in baselines.known(session) if it.key == found.key]
        if max(newest) > found.version:
            raise OutOfRange("There is a newer version of it: approve that one.")
        if found.ends is not None and found.ends <= visit.clock():
            raise OutOfRange("Its end is over already: it has to be proposed anew.")
        baselines.approve(session, found.key, version, visit.person.key, visit.clock())


def decline(visit: Visit, key: str, version: int) -> None:
    """Say no to a version that waits; raises Refused."""
    with visit.attempt(Permission.APPROVE, f"decline baseline {key} v{version}"[:300]) as session:
        found = _waiting(visit, session, key, version)
        baselines.end(session, found.key, version, found.ends, visit.clock())


def _added(visit: Visit, session: Session, told: Baseline) -> Baseline:
    known, at = baselines.known(session), visit.clock()
    open_ = [it for it in known if it.approved_at is not None]
    new = rules.checked(told, open_)
    versions = [it.version for it in known if it.key == new.key]
    new = replace(new, version=max(versions, default=0) + 1)
    if not any(rules.loosens(it, new) for it in _before(known, new)):
        new = replace(new, approver=visit.person.key, approved_at=at)
    baselines.add(session, new)
    return new


def _before(known: list[Baseline], new: Baseline) -> list[Baseline]:
    """What holds, when it begins, for those that it is for: an own version, one that was agreed
    for later and that it would stand in for, or that of others."""
    whom = [new.audience] if new.audience else list(AUDIENCES)
    held = [rules.chosen(known, it, new.environment, new.starts) for it in whom]
    own = [it for it in rules.in_force(known, new.starts) if it.key == new.key]
    to_come = [
        it
        for it in known
        if it.key == new.key and it.approved_at is not None and it.starts > new.starts
    ]
    return [*own, *to_come, *(it for it in held if it is not None)]


def _check_dates(told: Baseline, at: datetime) -> None:
    for moment in (told.starts, told.ends):
        if moment is not None and (not isinstance(moment, datetime) or moment.tzinfo is None):
            raise OutOfRange("A date is told with its hour and its zone.")
    if told.starts < at:
        raise OutOfRange("A baseline begins now or on a day to come.")
    if told.ends is not None and told.ends <= at:
        raise OutOfRange("A baseline ends on a day to come.")
    if len(told.note) > LONGEST:
        raise OutOfRange(f"A note takes {LONGEST} printable characters.")


def _waiting(visit: Visit, session: Session, key: str, version: int) -> Baseline:
    found = baselines.find(session, str(key).strip().lower(), version)
    if found is None:
        raise OutOfRange("There is no such version of a baseline.")
    if found.proposer == visit.person.key:
        raise NotAllowed("Nobody approves what they propose themselves.")
    if not may_approve(visit.person, FILTERS):
        raise NotAllowed(f"A baseline wants {approvers(FILTERS)}.")
    declined = found.ends is not None and found.ends <= visit.clock()
    if found.approved_at is not None or declined:
        raise OutOfRange("This version waits for nobody.")
    return found
