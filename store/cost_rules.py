"""Rules that say whose a cost is: effective-dated, never rewritten, only ended."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from domain.billing import Rule
from domain.faults import Outdated
from store.engine import Session
from store.tables import CostRuleRow

MAPPING, SHARING, IDLE = "mapping", "sharing", "idle"
KINDS = (MAPPING, SHARING, IDLE)


def add(session: Session, rule: Rule) -> int:
    """Keep a new rule; returns its number."""
    row = CostRuleRow(
        kind=rule.kind,
        body=json.dumps(rule.body, sort_keys=True, ensure_ascii=False),
        starts=rule.starts,
        ends=rule.ends,
        said_by=rule.said_by,
        at=rule.at or rule.starts,
        note=rule.note,
    )
    session.add(row)
    session.flush()
    return row.id


def end(session: Session, seen: Rule, ends: datetime) -> None:
    """Let it hold until then; raises Outdated unless its end is still the one that was seen."""
    here = (CostRuleRow.id == seen.id) & CostRuleRow.ends.is_not_distinct_from(seen.ends)
    change = update(CostRuleRow).where(here).values(ends=ends).returning(CostRuleRow.id)
    if session.execute(change).first() is None:
        raise Outdated(f"Rule {seen.id} has changed since.")


def find(session: Session, id: int) -> Rule | None:
    row = session.get(CostRuleRow, id, populate_existing=True)
    return _rule(row) if row else None


def known(session: Session, kinds: Sequence[str] = KINDS) -> list[Rule]:
    """All rules of these kinds, those that have ended too, in the order in which they came."""
    wanted = select(CostRuleRow).where(CostRuleRow.kind.in_(kinds)).order_by(CostRuleRow.id)
    found = session.scalars(wanted.execution_options(populate_existing=True))
    return [_rule(row) for row in found]


def _rule(row: CostRuleRow) -> Rule:
    body = json.loads(row.body)
    return Rule(row.id, row.kind, body, row.starts, row.ends, row.said_by, row.at, row.note)
