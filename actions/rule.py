"""Rule: say whose a cost is from some day on; nothing that holds is rewritten, only ended."""

from collections.abc import Mapping
from datetime import date, datetime

from actions import dating
from actions.visit import Visit
from domain import attribution, ruling, sharing
from domain import idle as idle_rules
from domain.billing import Rule
from domain.faults import OutOfRange
from domain.roles import Permission
from store import cost_rules, units
from store.cost_rules import IDLE, MAPPING, SHARING
from store.engine import Session

LONGEST = 300


def map_(
    visit: Visit, by: str, value: str, unit: str, starts: date, *, key: str = "", note: str = ""
) -> int:
    """Usage of this product, tag value, group or subscription is this unit's; returns the rule's
    number. Raises Refused."""
    what = f"map {by} {key} {value} to {unit or 'the unit it names'} from {starts}"
    with visit.attempt(Permission.PRICE, what[:1_000]) as session:
        body = ruling.mapping(by, key, value, unit, units.tree(session))
        return added(visit, session, MAPPING, body, starts, note)


def share(visit: Visit, told: Mapping[str, object], starts: date, *, note: str = "") -> int:
    """Share out a cost that is nobody's own; told: the body of a sharing rule as
    domain.billing.Rule describes it. Returns its number; raises Refused."""
    what = f"share {told.get('title')} by {told.get('method')} from {starts}"
    with visit.attempt(Permission.PRICE, what[:1_000]) as session:
        body = ruling.sharing(told, units.tree(session))
        return added(visit, session, SHARING, body, starts, note)


def idle(
    visit: Visit,
    pool: str,
    rule: str,
    starts: date,
    *,
    entitlements: Mapping[str, int] | None = None,
    note: str = "",
) -> int:
    """Say who pays for what a pool of provisioned throughput does not use; returns the rule's
    number. Raises Refused."""
    what = f"idle capacity of {pool}: {rule} from {starts}"
    with visit.attempt(Permission.PRICE, what[:1_000]) as session:
        body = ruling.idle(pool, rule, entitlements or {}, units.tree(session))
        return added(visit, session, IDLE, body, starts, note)


def end(visit: Visit, id: int, ends: date) -> None:
    """Let a rule hold no longer than until that day; raises Refused."""
    with visit.attempt(Permission.PRICE, f"end rule {id} on {ends}"[:300]) as session:
        rule = cost_rules.find(session, id) if isinstance(id, int) else None
        if rule is None:
            raise OutOfRange("This rule is not there.")
        day = dating.day(session, ends, what="a rule")
        if rule.ends and day >= rule.ends:
            raise OutOfRange(f"Rule {id} ends on {rule.ends:%Y-%m-%d} already.")
        cost_rules.end(session, rule, max(day, rule.starts))


def added(
    visit: Visit,
    session: Session,
    kind: str,
    body: dict[str, object],
    starts: date,
    note: str,
) -> int:
    """Keep a rule; one about the same thing ends where this begins."""
    if len(note) > LONGEST or not note.isprintable():
        raise OutOfRange(f"A note takes {LONGEST} printable characters.")
    day = dating.day(session, starts, what="a rule")
    ended = _give_way(session, kind, body, day)
    said = {"said_by": visit.person.key, "at": visit.clock(), "note": note.strip()}
    number = cost_rules.add(session, Rule(0, kind, body, day, ended, **said))  # type: ignore[arg-type]
    _check_together(session)
    return number


def _check_together(session: Session) -> None:
    """Raise OutOfRange for cycles, overlaps and whatever else rules can only do together."""
    tree = units.tree(session)
    held = [it for it in cost_rules.known(session) if it.ends is None or it.ends > it.starts]
    for checked in (attribution.checked, sharing.checked, idle_rules.checked):
        checked(held, tree)


def about(kind: str, body: Mapping[str, object]) -> object:
    """What a rule is about: of two of the same, one holds at a time."""
    if kind == MAPPING:
        return body["by"], body["key"], body["value"]
    return body["pool"] if kind == IDLE else body["source"]


def _give_way(
    session: Session, kind: str, body: dict[str, object], day: datetime
) -> datetime | None:
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
