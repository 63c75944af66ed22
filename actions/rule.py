"""Rule: say whose a cost is from some day on; nothing that holds is rewritten, only ended."""

from collections.abc import Mapping
from datetime import date

from actions import dating, ruled
from actions.visit import Visit
from domain import ruling
from domain.faults import OutOfRange
from domain.roles import Permission
from store import cost_rules, units
from store.cost_rules import IDLE, MAPPING, SHARING


def map_(
    visit: Visit, by: str, value: str, unit: str, starts: date, *, key: str = "", note: str = ""
) -> int:
    """Usage of this product, tag value, group or subscription is this unit's; returns the rule's
    number. Raises Refused."""
    what = f"map {by} {key} {value} to {unit or 'the unit it names'} from {starts}"
    with visit.attempt(Permission.PRICE, what[:1_000]) as session:
        body = ruling.mapping(by, key, value, unit, units.tree(session))
        return ruled.added(visit, session, MAPPING, body, starts, note)


def share(visit: Visit, told: Mapping[str, object], starts: date, *, note: str = "") -> int:
    """Share out a cost that is nobody's own; told: the body of a sharing rule as
    domain.billing.Rule describes it. Returns its number; raises Refused."""
    what = f"share {told.get('title')} by {told.get('method')} from {starts}"
    with visit.attempt(Permission.PRICE, what[:1_000]) as session:
        body = ruling.sharing(told, units.tree(session))
        return ruled.added(visit, session, SHARING, body, starts, note)


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
        return ruled.added(visit, session, IDLE, body, starts, note)


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
