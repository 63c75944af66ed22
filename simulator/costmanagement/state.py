"""The books as far as they can be read by now: a day comes in parts, and late charges later."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from simulator import chance
from simulator.costmanagement.books import Books
from simulator.costmanagement.rows import ACTUAL, AMORTIZED, BOTH, Row, visible

KEPT = timedelta(days=396)
MOST_DAYS = 2000
FIRST = timedelta(hours=34)
"""A day's rows can first be seen ten hours after its end."""
VIEWS = {
    "actualcost": (BOTH, ACTUAL),
    "usage": (BOTH, ACTUAL),
    "amortizedcost": (BOTH, AMORTIZED),
}


class Ledger:
    """The rows of all subscriptions; a day is made once, when it is first asked for."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self._days: dict[tuple[str, datetime], list[Row]] = {}

    def rows(
        self, subscription: str, first: datetime, last: datetime, now: datetime, kind: str
    ) -> Iterator[Row]:
        """What was booked by now for the days from first to last, both included."""
        day = max(_midnight(first), _midnight(now - KEPT))
        while day <= min(last, now - FIRST):
            share = self._share(subscription, day)
            for row in (*self._day(subscription, day), *self.books.late(subscription, day)):
                if row.view in VIEWS[kind] and (found := visible(row, now, share)):
                    yield found
            day += timedelta(days=1)

    def _day(self, subscription: str, day: datetime) -> list[Row]:
        key = subscription.lower(), day
        found = self._days.get(key)
        if found is None:
            if len(self._days) >= MOST_DAYS:
                self._days.clear()
            found = self._days[key] = self.books.day(subscription, day)
        return found

    def forget(self, moment: datetime) -> None:
        """What was made of days from here on, which are over only if the clock was set back."""
        first = _midnight(moment)
        for key in [it for it in self._days if it[1] >= first]:
            del self._days[key]

    @staticmethod
    def _share(subscription: str, day: datetime) -> Decimal:
        """How much of a day is there when its first rows are."""
        luck = chance.share("booked", subscription.lower(), day.date())
        return Decimal(str(round(0.4 + 0.35 * luck, 2)))


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
