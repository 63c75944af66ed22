"""Which provisioned throughput is reserved, and how much of what is deployed it covers."""

import calendar
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from simulator import chance, clock, regions
from simulator.faults import Json
from simulator.insights.state import Usage
from simulator.insights.traffic import MINUTES, Profile
from simulator.retail import tariff
from simulator.retail.tariff import Meter

DAY = 24 * MINUTES
YEAR = 365


@dataclass(frozen=True, slots=True)
class Reservation:
    """So many PTU of one kind (and, where regional, region) for a month or a year."""

    order: str
    id: str
    name: str
    scope: str
    region: str
    quantity: int
    term: str
    subscription: str
    """Whose bill has the fee."""
    single: str
    """The only subscription that it applies to; "" where it is shared."""
    starts: datetime
    ends: datetime
    renews: bool

    @property
    def path(self) -> str:
        return (
            f"/providers/microsoft.capacity/reservationOrders/{self.order}/reservations/{self.id}"
        )

    @property
    def pool(self) -> tuple[str, str]:
        return self.scope, self.region if self.scope == "regional" else ""

    def active(self, day: datetime) -> bool:
        return self.starts <= day < self.ends

    def covers(self, account: str) -> bool:
        return not self.single or account.startswith(f"/subscriptions/{self.single}/")

    def daily(self, day: datetime, currency: str) -> Decimal:
        """The fee of one day: a month's by the days of that month, a year's by 365."""
        whole = tariff.fee(self.scope, self.term, currency) * self.quantity
        days = calendar.monthrange(day.year, day.month)[1] if self.term == "P1M" else YEAR
        return whole / days

    def instalment(self, currency: str) -> Decimal:
        """What is paid each month."""
        whole = tariff.fee(self.scope, self.term, currency) * self.quantity
        return whole if self.term == "P1M" else whole / 12

    def due(self, day: datetime) -> bool:
        """Whether an instalment is charged on this day."""
        last = calendar.monthrange(day.year, day.month)[1]
        return self.active(day) and day.day == min(self.starts.day, last)


class Held(NamedTuple):
    """PTU-minutes of one account on one meter on a day; "" as reservation: by the hour."""

    account: str
    meter: Meter
    reservation: str
    minutes: int


class Reservations:
    """All reservations of the tenant, and what they cover day by day."""

    def __init__(self, found: Iterable[Reservation]) -> None:
        self._all = sorted(found, key=lambda it: it.id)

    def all(self) -> list[Reservation]:
        return list(self._all)

    def active(self, day: datetime) -> list[Reservation]:
        return [it for it in self._all if it.active(day)]

    def held(self, usage: Usage, day: datetime) -> list[Held]:
        """Deployed PTU-minutes of a UTC day, each under a reservation or by the hour."""
        pools: dict[tuple[str, str], list[Profile]] = defaultdict(list)
        for account in usage.accounts():
            for profile in usage.of(account):
                if profile.sku in tariff.PTU:
                    pools[_pool(profile)].append(profile)
        number = int(day.timestamp() // 86400)
        found = list[Held]()
        for pool, profiles in sorted(pools.items()):
            reserved = [it for it in self.active(day) if it.pool == pool]
            found += _covered(usage, profiles, reserved, number)
        return found


def _pool(profile: Profile) -> tuple[str, str]:
    scope = tariff.PTU[profile.sku]
    return scope, _region(profile) if scope == "regional" else ""


def _region(profile: Profile) -> str:
    return regions.plain(profile.dimensions["region"])


def _covered(
    usage: Usage, profiles: list[Profile], reserved: list[Reservation], day: int
) -> list[Held]:
    """Hour by hour: up to its quantity, a reservation covers what it applies to."""
    found: dict[tuple[str, Meter, str], int] = defaultdict(int)
    hours = {it: usage.unit_minutes(it, day) for it in profiles}
    for hour in range(24):
        left = {it.id: it.quantity * MINUTES for it in reserved}
        for profile in profiles:
            open_ = hours[profile][hour]
            meter = tariff.provisioned(profile.sku, _region(profile))
            for it in (it for it in reserved if it.covers(profile.account)):
                taken = min(open_, left[it.id])
                left[it.id] -= taken
                open_ -= taken
                found[profile.account, meter, it.id] += taken
            found[profile.account, meter, ""] += open_
    return [Held(*key, minutes) for key, minutes in sorted(found.items()) if minutes]


def built(rows: Iterable[Json], ids: dict[str, str], anchor: datetime) -> list[Reservation]:
    """The reservations of a scenario; days are counted from the anchor."""
    return [_built(row, ids, anchor) for row in rows]


def _built(row: Json, ids: dict[str, str], anchor: datetime) -> Reservation:
    starts = anchor + timedelta(days=row["days"])
    length = 30 if row["term"] == "P1M" else YEAR
    ends = starts + timedelta(days=row.get("length", length))
    renews = bool(row.get("renews", False))
    return Reservation(
        chance.guid("order", row["name"], ids[row["subscription"]]),
        chance.guid("reservation", row["name"], ids[row["subscription"]]),
        row["name"],
        row["scope"],
        row["region"],
        row["quantity"],
        row["term"],
        ids[row["subscription"]],
        ids[row["single"]].lower() if "single" in row else "",
        starts,
        datetime.max.replace(tzinfo=starts.tzinfo) if renews else ends,
        renews,
    )


def percent(
    reservations: Reservations, usage: Usage, found: Reservation, now: datetime, days: int
) -> float:
    """How much of a reservation was used on the last so many whole days."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    used = reserved = 0
    for back in range(1, days + 1):
        day = today - timedelta(days=back)
        if found.active(day):
            reserved += found.quantity * DAY
            used += used_minutes(reservations, usage, found, day)
    return round(100 * used / reserved, 2) if reserved else 0.0


def used_minutes(
    reservations: Reservations, usage: Usage, found: Reservation, day: datetime
) -> int:
    """PTU-minutes that were deployed under a reservation on a day."""
    return sum(it.minutes for it in reservations.held(usage, day) if it.reservation == found.id)


def expires(found: Reservation, now: datetime) -> datetime:
    """When the term ends that runs now; one that renews begins another then."""
    if not found.renews:
        return found.ends
    length = timedelta(days=30 if found.term == "P1M" else YEAR)
    terms = max(0, (now - found.starts) // length)
    return found.starts + (terms + 1) * length


def stamped(moment: datetime) -> str:
    return clock.stamp(moment)
