"""Assign usage: take to a unit what nobody pays for yet, from some day on."""

from datetime import date

from actions import ruled
from actions.visit import Visit
from domain import ruling, unallocated
from domain.billing import Body
from domain.faults import NotAllowed
from domain.frames import records
from domain.roles import Permission, require_sight
from store import billing, bills, cost_rules, estate_days, units
from store.cost_rules import MAPPING
from store.engine import Session


def to_unit(
    visit: Visit, by: str, value: str, unit: str, starts: date, *, key: str = "", note: str = ""
) -> int:
    """This product, tag value, group or subscription is this unit's from that day on; returns the
    rule's number. A manager takes to own units only, and only what nobody pays for.
    Raises Refused."""
    what = f"assign usage of {by} {key} {value} to {unit} from {starts}"
    with visit.attempt(Permission.MAP, what[:1_000]) as session:
        tree = units.tree(session)
        require_sight(visit.person, unit, tree)
        body = ruling.mapping(by, key, value, unit, tree)
        if body["value"] == ruling.ANY:
            raise NotAllowed("That a tag's own value names the unit is for an admin's rule to say.")
        if visit.person.scope(tree) is not None:
            _require_free(visit, session, body)
            _require_unsaid(visit, session, body, starts)
        return ruled.added(visit, session, MAPPING, body, starts, note)


def _require_free(visit: Visit, session: Session, body: Body) -> None:
    """Raise NotAllowed, in the same words for what does not exist and what others pay for."""
    newest = bills.heads(session)[:1]
    for head in (it for it in bills.heads(session) if it.month == newest[0].month):
        known = billing.coverage(session, head.month, visit.clock())
        charges = bills.charges(session, head.month, head.currency)
        estate = estate_days.of_month(session, head.month, list(known.currencies))
        free = unallocated.things(charges, estate, visit.tags.unit)
        wanted = {"by": body["by"], "value": body["value"], "others": 0}
        named = body["key"] in ("", visit.tags.unit)
        if named and any(wanted.items() <= it.items() for it in records(free)):
            return
    raise NotAllowed("This is not among what nobody pays for.")


def _require_unsaid(visit: Visit, session: Session, body: Body, starts: date) -> None:
    """Raise NotAllowed where a rule gives the same to another unit on that day or later: keeping
    this one would end it."""
    tree = units.tree(session)
    mine = visit.person.scope(tree) or frozenset()
    for it in cost_rules.known(session, [MAPPING]):
        over = it.ends is not None and (it.ends <= it.starts or it.ends.date() <= starts)
        theirs = it.body["unit"] in tree.units and it.body["unit"] not in mine
        if theirs and not over and ruled.about(MAPPING, it.body) == ruled.about(MAPPING, body):
            raise NotAllowed("This is not among what nobody pays for.")
