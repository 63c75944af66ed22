"""From when something holds: never from a day that a closed month has counted already."""

from datetime import date, datetime

from domain import months
from domain.faults import OutOfRange
from store import bills
from store.engine import Session

_EARLIEST, _LATEST = 2020, 2100


def day(session: Session, said: date, currency: str | None = None, what: str = "It") -> datetime:
    """Midnight of that day; raises OutOfRange for one in a month that is closed, in this currency
    or in any."""
    if not isinstance(said, date) or not _EARLIEST <= said.year <= _LATEST:
        raise OutOfRange("Choose a day.")
    if (last := closed_until(session, currency)) and months.of(said) <= last:
        raise OutOfRange(
            f"{last} is closed and does not change: {what[:1].lower()}{what[1:]} can begin or end "
            f"on {months.end(last):%Y-%m-%d} or later."
        )
    return months.midnight(said)


def closed_until(session: Session, currency: str | None = None) -> str | None:
    """The last month that is closed, in this currency or in any."""
    closed = [it for it in bills.heads(session) if not it.is_open]
    return max((it.month for it in closed if currency in (None, it.currency)), default=None)
