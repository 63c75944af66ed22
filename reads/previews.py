"""What if a rule were another: the last month that is over, as it is and as it would be."""

from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from domain import bill, frames, months, provisioned, ruling, unallocated
from domain.billing import Body, Inputs, Rule
from domain.costs import MonthState
from store import billing, bills, estate_days
from store.engine import Store

NEW = 2**31
"""The number of a rule that nobody has kept yet: of two about the same, the later one counts."""


def month(store: Store, currency: str, now: datetime) -> str:
    """The month to look at: the last that is closed, else the last that is over; "" for none."""
    with store.reading() as session:
        heads = [it for it in bills.heads(session) if it.currency == currency]
    over = [it for it in heads if it.month < months.of(now)]
    closed = [it.month for it in over if it.state != MonthState.OPEN]
    return max(closed or [it.month for it in over], default="")


def inputs(store: Store, month: str, currency: str, now: datetime, tag: str) -> Inputs:
    """What the bill of that month is made from, as it is known now."""
    with store.reading() as session:
        known = billing.coverage(session, month, now)
        return billing.inputs(session, month, currency, now, tag, known)


def sharing(told: Inputs, body: Mapping[str, object]) -> pd.DataFrame:
    """Frame bill.PREVIEW with this rule in place of any about the same; raises Refused."""
    checked = ruling.sharing(body, told.tree)
    others = [
        it
        for it in told.rules
        if it.kind != "sharing" or it.body.get("source") != checked["source"]
    ]
    return bill.preview(told, [*others, _new(told, "sharing", checked)])


def idle(told: Inputs, pool: str, rule: str, held: Mapping[str, int]) -> pd.DataFrame:
    """Frame provisioned.PREVIEW of one pool by this rule; raises Refused."""
    body = ruling.idle(pool, rule, held, told.tree)
    return provisioned.preview(told, pool, _new(told, "idle", body))


def pools(told: Inputs) -> pd.DataFrame:
    """Frame provisioned.POOLS of that month."""
    return provisioned.pools(told)


def things(store: Store, month: str, currency: str, now: datetime, tag: str) -> pd.DataFrame:
    """Frame unallocated.THINGS of a month: what nobody pays for."""
    with store.reading() as session:
        known = billing.coverage(session, month, now)
        charges = bills.charges(session, month, currency)
        estate = estate_days.of_month(session, month, list(known.currencies))
    if charges.empty:
        return frames.frame(unallocated.THINGS, [])
    return unallocated.things(charges, estate, tag)


def _new(told: Inputs, kind: str, body: Body) -> Rule:
    return Rule(NEW, kind, body, months.first(told.month))
