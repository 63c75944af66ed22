"""What is asked about reservations; without a role on them the list is empty, not refused."""

import re
from datetime import datetime, timedelta

from simulator import clock
from simulator.arm import Answer, Call, page
from simulator.reservations import wire
from simulator.reservations.faults import bad_grain, no_order
from simulator.reservations.state import Reservation

DATES = re.compile(r"usagedate\s+(ge|le)\s+'?(\d{4}-\d\d-\d\d)", re.IGNORECASE)
LAG = timedelta(days=1)


def reservations(call: Call) -> Answer:
    """All that the caller may see."""
    world = call.world
    return page(call, _seen(call), lambda it: wire.reservation(world, it))


def summaries(call: Call) -> Answer:
    """Daily use of the reservations of one order; the dates have to be said."""
    found = [it for it in _seen(call) if it.order == call.names["order"].lower()]
    if not found:
        raise no_order(call.names["order"])
    args = {key.lower().lstrip("$"): it for key, it in call.args.items()}
    if args.get("grain", "").lower() != "daily":
        raise bad_grain("Only the daily grain is simulated.")
    dates = {how.lower(): day for how, day in DATES.findall(args.get("filter", ""))}
    if set(dates) != {"ge", "le"}:
        raise bad_grain("A filter on properties/usageDate is required for the daily grain.")
    days = _days(clock.parsed(dates["ge"]), clock.parsed(dates["le"]), call.world.now)
    rows = [(it, day) for it in found for day in days if it.active(day)]
    return page(call, rows, lambda it: wire.summary(call.world, *it))


def _days(first: datetime, last: datetime, now: datetime) -> list[datetime]:
    """Whole days that are over, a day late."""
    count = max(0, (min(last, now - LAG - timedelta(days=1)) - first) // timedelta(days=1) + 1)
    return [first + timedelta(days=it) for it in range(count)]


def _seen(call: Call) -> list[Reservation]:
    """An order that begins only later is not there yet."""
    if call.world.settings.reservations_hidden:
        return []
    return [it for it in call.world.books.reservations.all() if it.starts <= call.world.now]
