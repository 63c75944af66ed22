"""What the verbs about rules share: of two rules about the same, one holds at a time."""

from datetime import date, datetime

from actions import dating
from actions.visit import Visit
from domain import attribution, sharing
from domain import idle as idle_rules
from domain.billing import Body, Rule
from domain.faults import OutOfRange
from store import cost_rules, units
from store.cost_rules import IDLE, MAPPING
from store.engine import Session

LONGEST = 300


def added(
    visit: Visit,
    session: Session,
    kind: str,
    body: Body,
    starts: date,
    note: str,
) -> int:
    """Keep a rule; one about the same thing ends where this begins."""
    if len(note) > LONGEST or not note.isprintable():
        raise OutOfRange(f"A note takes {LONGEST} printable characters.")
    day = dating.day(session, starts, what="a rule")
    ended = _give_way(session, kind, body, day)
    said = (visit.person.key, visit.clock(), note.strip())
    number = cost_rules.add(session, Rule(0, kind, body, day, ended, *said))
    _check_together(session)
    return number


def _check_together(session: Session) -> None:
    """Raise OutOfRange for cycles, overlaps and whatever else rules can only do together."""
    tree = units.tree(session)
    held = [it for it in cost_rules.known(session) if it.ends is None or it.ends > it.starts]
    for checked in (attribution.checked, sharing.checked, idle_rules.checked):
        checked(held, tree)


def about(kind: str, body: Body) -> object:
    """What a rule is about: of two of the same, one holds at a time."""
    if kind == MAPPING:
        return body["by"], body["key"], body["value"]
    return body["pool"] if kind == IDLE else body["source"]


def _give_way(session: Session, kind: str, body: Body, day: datetime) -> datetime | None:
    """End what holds on that day about the same; returns where the new one ends, because a later
    one has been agreed already."""
    same = [
        it for it in cost_rules.known(session, [kind]) if about(kind, it.body) == about(kind, body)
    ]
    same = [it for it in same if it.ends is None or it.ends > it.starts]
    for it in same:
        if it.starts <= day and (it.ends is None or day < it.ends):
            cost_rules.end(session, it, day)
    return min((it.starts for it in same if it.starts > day), default=None)
