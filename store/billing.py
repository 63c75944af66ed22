"""All that a month's bill is made from, as it is remembered now, and whether any of it changed."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pandas as pd
from sqlalchemy import func, select

from domain import gateways, months
from domain.billing import Inputs, Reach, Rule
from domain.frames import frame
from domain.readings import GATEWAYS, TENANT
from store import (
    agreed_prices,
    bills,
    booked_days,
    cost_rules,
    estate_days,
    histories,
    invoices,
    meters,
    retail_prices,
    snapshots,
    units,
    usage_days,
    waivers,
)
from store.columns import Row
from store.engine import Session
from store.tables import BookedDayRow, SnapshotRow, UsageDayRow

SETTLES = timedelta(hours=48)
"""How long after its end a day may still be booked in parts."""
CURRENCY = "USD"
"""Of subscriptions of which nothing was ever booked, where no other says otherwise."""
TOPICS = ("ledger", "booked", "gateway", "retail", "reservations")
"""What is collected for bills, by the name of its topic."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Coverage:
    """What is known of one month: whose it is, in which currency, how far."""

    month: str
    currencies: dict[str, str]
    """By subscription; what is not booked is counted in the currency of most others."""
    booked_until: dict[str, datetime]
    """By subscription the last day that counts as booked."""
    found: frozenset[str] = field(default_factory=frozenset)
    """Currencies in which something is booked in this month."""

    @property
    def billed(self) -> list[str]:
        """The currencies in which the month has a bill."""
        return sorted(self.found | set(self.currencies.values()))

    def subscriptions(self, currency: str) -> tuple[str, ...]:
        return tuple(sorted(it for it, own in self.currencies.items() if own == currency))


def first_day(session: Session) -> datetime | None:
    """The first day of which anything is known."""
    found = [session.scalar(select(func.min(it.day))) for it in (UsageDayRow, BookedDayRow)]
    return min((it for it in found if it), default=None)


def unplaced(session: Session, month: str) -> pd.DataFrame:
    """Frame FOUND of what gateways counted and could not place, on the days read last, where the
    last of them is of this month."""
    told = snapshots.kept(session, GATEWAYS, [TENANT])[TENANT]
    read = told.frame if told else frame(GATEWAYS.columns, [])
    return gateways.found(read[read["last_day"].dt.strftime("%Y-%m").eq(month)])


def coverage(session: Session, month: str, now: datetime) -> Coverage:
    """Whose usage and bookings this month has."""
    used = set(_distinct(session, UsageDayRow, "subscription", month))
    booked = set(_distinct(session, BookedDayRow, "subscription", month))
    own = {it: _currency(session, it, month) for it in sorted(used | booked)}
    usual = Counter(it for it in own.values() if it).most_common(1)
    instead = usual[0][0] if usual else _usual(session)
    until = {it: last for it in own if (last := booked_until(session, it, now))}
    found = frozenset(_distinct(session, BookedDayRow, "currency", month))
    return Coverage(month, {it: has or instead for it, has in own.items()}, until, found)


def booked_until(session: Session, subscription: str, now: datetime) -> datetime | None:
    """The last day that counts as booked; the very last only once it has settled."""
    here = BookedDayRow.subscription == subscription
    last = session.scalar(select(func.max(BookedDayRow.day)).where(here))
    if last is None:
        return None
    return last if now >= last + _DAY + SETTLES else last - _DAY


def inputs(
    session: Session, month: str, currency: str, now: datetime, tag: str, known: Coverage
) -> Inputs:
    """What the bill of a month in a currency is made from, by the clock of that day; tag: the one
    that names the unit."""
    own = known.subscriptions(currency)
    booked = booked_days.of_month(session, month, list(known.currencies))
    booked = booked[booked["currency"] == currency].reset_index(drop=True)
    # One that was billed in two currencies is in the bill of either, its usage in the last one's.
    ours = tuple(sorted({*own, *booked["subscription"]}))
    return Inputs(
        month=month,
        currency=currency,
        now=months.midnight(now),
        subscriptions=ours,
        booked=booked,
        booked_until={it: day for it, day in known.booked_until.items() if it in ours},
        usage=usage_days.of_month(session, month, own),
        estate=_estate(session, month, own),
        meters=meters.known(session),
        prices=retail_prices.listed(session, [currency]),
        agreed=agreed_prices.known(session, currency),
        rules=tuple(rules_of(session, month)),
        tree=units.tree(session),
        tag=tag,
        invoices=invoices.of_month(session, month, currency),
        begins=_begins(session, month, currency, known),
    )


def _estate(session: Session, month: str, own: Sequence[str]) -> pd.DataFrame:
    """ESTATE_DAYS of a month; an account that was not looked at in it is taken to have been as at
    the first look after it."""
    looked = estate_days.of_month(session, month, own)
    later = estate_days.homes_after(session, months.end(month), own)
    later = later[~later["account_id"].isin(looked["account_id"])]
    if later.empty:
        return looked
    then = later.assign(day=pd.Timestamp(months.first(month)).as_unit("us"), assumed=True)
    return pd.concat([looked, then], ignore_index=True)


def _begins(session: Session, month: str, currency: str, known: Coverage) -> dict[str, Reach]:
    """Since when the subscriptions of a currency are known, where that is later than the month
    begins; one of which nothing is known in the month counts in the currency that it has since."""
    first = months.first(month)
    every = histories.begins(session, known.currencies, first)
    late = {it: at for it, at in every.items() if at.first and at.first > first}
    own = {it: known.currencies.get(it) or _currency(session, it, month) for it in late}
    return {it: at for it, at in late.items() if (own[it] or _usual(session)) == currency}


def rules_of(session: Session, month: str) -> Iterator[Rule]:
    """The rules that hold on any day of the month."""
    start, over = months.first(month), months.end(month)
    for rule in cost_rules.known(session):
        if rule.starts < over and (rule.ends is None or rule.ends > max(start, rule.starts)):
            yield rule


def mark(session: Session, now: datetime) -> str:
    """Another text whenever anything changed that a bill is made from; cheap to ask for."""
    newest = select(func.max(SnapshotRow.generation)).where(SnapshotRow.topic.in_(TOPICS))
    parts = (
        f"{now:%Y-%m-%d}",
        session.scalar(newest),
        [(it.id, it.starts, it.ends) for it in cost_rules.known(session)],
        agreed_prices.known(session)[["id", "approver", "ends"]].to_csv(index=False),
        meters.known(session)[["meter_id", "at"]].to_csv(index=False),
        invoices.known(session)[["number", "amount_e8", "at"]].to_csv(index=False),
        waivers.mark(session),
        sorted(map(repr, units.tree(session).units.values())),
        [(it.month, it.currency, it.state) for it in bills.heads(session)],
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _distinct(session: Session, table: type[Row], column: str, month: str) -> list[str]:
    day = table.day  # type: ignore[attr-defined]
    here = (day >= months.first(month)) & (day < months.end(month))
    return list(session.scalars(select(getattr(table, column)).where(here).distinct()))


def _currency(session: Session, subscription: str, month: str) -> str | None:
    """The currency last booked by the end of the month, or else the first after it."""
    here = select(BookedDayRow.currency).where(BookedDayRow.subscription == subscription)
    over = months.end(month)
    last = here.where(BookedDayRow.day < over).order_by(BookedDayRow.day.desc()).limit(1)
    next_ = here.where(BookedDayRow.day >= over).order_by(BookedDayRow.day).limit(1)
    return session.scalar(last) or session.scalar(next_)


def _usual(session: Session) -> str:
    newest = select(BookedDayRow.currency).order_by(BookedDayRow.day.desc()).limit(1)
    return session.scalar(newest) or CURRENCY
