"""Request: ask for more quota, say what has become of it, take it back."""

from datetime import UTC, date, datetime, time

from actions import sight
from actions.visit import Visit
from domain.faults import NotAllowed, OutOfRange
from domain.requests import EXPLAINED, LONGEST, MOST, Request, Status, require_next
from domain.roles import Permission, require_sight
from store import requests, units
from store.engine import Session


def quota(
    visit: Visit,
    pool: str,
    unit: str,
    amount: int,
    reason: str,
    needed_by: date | None = None,
) -> int:
    """Ask for so many units of a quota pool on top, for a business unit; returns the request's
    number. Raises Refused."""
    with visit.attempt(
        Permission.REQUEST, f"ask for {amount} of {pool} for {unit}"[:500]
    ) as session:
        tree = units.tree(session)
        require_sight(visit.person, unit, tree)
        if unit not in tree.units:
            raise OutOfRange("Choose a business unit of the list.")
        _check(visit, amount, reason, needed_by)
        _require_pool(visit, session, pool)
        day = datetime.combine(needed_by, time(), UTC) if needed_by else None
        asked = Request(
            unit, pool, amount, reason.strip(), visit.person.key, visit.clock(), day,
            status_by=visit.person.key,
        )  # fmt: skip
        return requests.add(session, asked)


def decide(visit: Visit, id: int, status: Status, note: str = "") -> None:
    """Say what has become of a request; raises Refused."""
    with visit.attempt(Permission.DECIDE, f"decide request {id}: {status}") as session:
        request = _visible(visit, session, id)
        if status is Status.WITHDRAWN:
            raise OutOfRange("A request is withdrawn by whoever asked.")
        require_next(request, status)
        _require_words(note, "A note")
        if status in EXPLAINED and not note.strip():
            raise OutOfRange(f"Say in a note what {status} means: how much, or why not.")
        requests.move(session, request, status, visit.person.key, visit.clock(), note.strip())


def withdraw(visit: Visit, id: int) -> None:
    """Take one's own request back; raises Refused."""
    with visit.attempt(Permission.REQUEST, f"withdraw request {id}") as session:
        request = _visible(visit, session, id)
        if request.requester != visit.person.key:
            raise NotAllowed("Only whoever asked takes a request back.")
        require_next(request, Status.WITHDRAWN)
        requests.move(session, request, Status.WITHDRAWN, visit.person.key, visit.clock(), "")


def _check(visit: Visit, amount: int, reason: str, needed_by: date | None) -> None:
    if isinstance(amount, bool) or not isinstance(amount, int) or not 0 < amount <= MOST:
        raise OutOfRange(f"Ask for a whole number of units, from 1 to {MOST:,}.")
    if not reason.strip():
        raise OutOfRange("Say what it is needed for.")
    _require_words(reason, "A reason")
    if needed_by and needed_by < visit.clock().date():
        raise OutOfRange("The day by which it is needed lies in the past.")


def _require_words(words: str, what: str) -> None:
    if len(words) > LONGEST or not words.isprintable():
        raise OutOfRange(f"{what} takes {LONGEST} printable characters.")


def _require_pool(visit: Visit, session: Session, pool: str) -> None:
    """In the same words for a pool that does not exist and one that is out of sight."""
    seen = sight.over(visit, session, [pool.partition("|")[0]])
    if pool not in set(seen.rows["pool"].dropna()):
        raise NotAllowed("This quota pool is not among those you see.")


def _visible(visit: Visit, session: Session, id: int) -> Request:
    """In the same words for what does not exist and what is out of scope."""
    request = requests.find(session, id)
    if request is None or not visit.person.sees(request.unit, units.tree(session)):
        raise NotAllowed("This request is not among those you see.")
    return request
