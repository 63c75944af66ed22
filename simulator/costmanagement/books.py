"""What a day cost a subscription: pure functions of usage, prices and the terms of a scenario."""

import calendar
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal

from simulator import chance
from simulator.costmanagement import usage as counted
from simulator.costmanagement.rows import ACTUAL, AMORTIZED, E8, Row
from simulator.costmanagement.terms import Service, Terms
from simulator.insights.state import Pick, Usage
from simulator.reservations.state import DAY, Reservation, Reservations
from simulator.retail import tariff
from simulator.retail.tariff import Meter

OK = Pick("ok")
HOUR = Decimal(60)
LATE = timedelta(days=6)


class Books:
    """Every row of every day; a day that is over never changes, so it is remembered."""

    def __init__(
        self, usage: Usage, reservations: Reservations, terms: Terms, anchor: datetime
    ) -> None:
        self._usage = usage
        self._anchor = anchor
        self.reservations = reservations
        self.terms = terms
        self.charges: list[Row] = []
        """What control put in behind everybody's back."""

    def day(self, subscription: str, day: datetime) -> list[Row]:
        """All rows of one UTC day, complete; late ones among them."""
        key = subscription.lower()
        found = list[Row]()
        found += self._tokens(key, day)
        found += self._provisioned(key, day)
        found += self._services(key, day)
        found += self._others(key, day)
        return found

    def late(self, subscription: str, day: datetime) -> list[Row]:
        """The rows that control put in for this day."""
        return [
            it for it in self.charges if it.day == day and it.subscription == subscription.lower()
        ]

    def _tokens(self, subscription: str, day: datetime) -> Iterator[Row]:
        above = f"/subscriptions/{subscription}/"
        for account in self._usage.accounts():
            if not account.startswith(above):
                continue
            whole: dict[Meter, Decimal] = defaultdict(Decimal)
            for profile in self._usage.of(account):
                for meter, quantity in counted.of(self._usage, profile, day):
                    whole[meter] += quantity
            for meter, quantity in whole.items():
                if quantity:
                    place = _saas(account, meter) if meter.marketplace else account
                    yield self._row(subscription, day, place, meter, quantity / meter.per)

    def _row(
        self, subscription: str, day: datetime, resource: str, meter: Meter, quantity: Decimal
    ) -> Row:
        currency = self.terms.currency(subscription)
        cost = quantity * tariff.price(meter, day, self._anchor, currency)
        cost *= self.terms.after_discount(meter, currency)
        units = quantity.quantize(E8)
        return Row(day, subscription, resource, meter, "Usage", units, cost.quantize(E8), currency)

    def _provisioned(self, subscription: str, day: datetime) -> Iterator[Row]:
        above, used = f"/subscriptions/{subscription}/", defaultdict[str, int](int)
        held = self.reservations.held(self._usage, day)
        paid: dict[str, Decimal] = defaultdict(Decimal)
        active = {it.id: it for it in self.reservations.active(day)}
        for it in held:
            ours = it.account.startswith(above)
            if not it.reservation:
                if ours:
                    hours = Decimal(it.minutes) / HOUR
                    yield self._row(subscription, day, it.account, it.meter, hours)
                continue
            found = active[it.reservation]
            used[found.id] += it.minutes
            cost = self._share(found, day, it.minutes, paid[found.id], used[found.id])
            paid[found.id] += cost
            if ours:
                covered = self._row(subscription, day, it.account, it.meter, it.minutes / HOUR)
                covered = covered._replace(pricing="Reservation", reservation=found.path)
                yield covered._replace(cost=cost, view=AMORTIZED)
                yield covered._replace(cost=Decimal(0), view=ACTUAL)
        for found in active.values():
            if found.subscription.lower() == subscription:
                yield from self._fees(found, day, used[found.id], paid[found.id])

    def _share(
        self, found: Reservation, day: datetime, minutes: int, paid: Decimal, used: int
    ) -> Decimal:
        """The day's fee by minutes; where all is used, the last share is what is left of it."""
        fee = self._fee(found, day)
        if used == found.quantity * DAY:
            return fee - paid
        return (fee * minutes / (found.quantity * DAY)).quantize(E8)

    def _fee(self, found: Reservation, day: datetime) -> Decimal:
        return found.daily(day, self.terms.currency(found.subscription.lower())).quantize(E8)

    def _fees(self, found: Reservation, day: datetime, used: int, paid: Decimal) -> Iterator[Row]:
        """What was reserved and not deployed, and the instalment on its day."""
        subscription = found.subscription.lower()
        currency = self.terms.currency(subscription)
        sku = next(it for it, scope in tariff.PTU.items() if scope == found.scope)
        meter = tariff.provisioned(sku, found.region)
        usual = Row(day, subscription, "", meter, "", Decimal(0), Decimal(0), currency)
        usual = usual._replace(pricing="Reservation", reservation=found.path)
        left = found.quantity * DAY - used
        if left:
            yield usual._replace(
                charge="UnusedReservation",
                quantity=(left / HOUR).quantize(E8),
                cost=self._fee(found, day) - paid,
                view=AMORTIZED,
            )
        if found.due(day):
            yield usual._replace(
                charge="Purchase",
                quantity=Decimal(found.quantity),
                cost=found.instalment(currency).quantize(E8),
                view=ACTUAL,
            )

    def _services(self, subscription: str, day: datetime) -> Iterator[Row]:
        for it in self.terms.services:
            if it.subscription == subscription:
                meter = tariff.service(it.service)
                quantity = self._volume(it, day)
                yield self._row(subscription, day, it.path, meter, quantity / meter.per)

    def _volume(self, service: Service, day: datetime) -> Decimal:
        """Hours of units, or gigabytes in proportion to requests."""
        if not service.bytes_per_request:
            return Decimal(24 * service.units)
        above, number = f"/subscriptions/{service.subscription}/", counted.number(day)
        requests = sum(
            self._usage.days(profile, number, number + 1, OK)[0]
            for account in self._usage.accounts()
            if account.startswith(above)
            for profile in self._usage.of(account)
            if profile.shape != "none"
        )
        return Decimal(requests * service.bytes_per_request) / 1_000_000_000

    def _others(self, subscription: str, day: datetime) -> Iterator[Row]:
        """A credit in the middle of each month, and a charge that comes when the month is over."""
        currency = self.terms.currency(subscription)
        for it in self.terms.credits:
            if it["subscription"] == subscription and day.day == it["day"]:
                luck = Decimal(str(round(0.6 + 0.8 * chance.share("credit", day.isoformat()), 4)))
                row = Row(day, subscription, "", None, "Refund", Decimal(1), Decimal(0), currency)
                cost = (Decimal(it["amount"]) * luck).quantize(E8)
                yield row._replace(cost=cost, pricing="", words="Service credit")
        for it in self.terms.late:
            if it["subscription"] == subscription and day.day == it["day"]:
                meter = tariff.tokens(*it["meter"])
                if meter is not None:
                    row = self._row(subscription, day, it["resource"], meter, it["quantity"])
                    yield row._replace(seen=month_end(day) + LATE)


def month_end(day: datetime) -> datetime:
    """The first moment of the next month."""
    last = calendar.monthrange(day.year, day.month)[1]
    return day.replace(day=last, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _saas(account: str, meter: Meter) -> str:
    """What a marketplace sells is a resource of its own in the account's group."""
    above = account.split("/providers/")[0]
    return f"{above}/providers/microsoft.saas/resources/{meter.model.lower()}"


def total(rows: Iterable[Row]) -> Decimal:
    """The cost of rows together."""
    return sum((it.cost for it in rows), Decimal(0))
