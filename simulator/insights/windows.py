"""The time that a metrics question covers: 93 days back, nothing of the last minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from simulator import clock
from simulator.insights import faults

INTERVALS = {
    "PT1M": 1,
    "PT5M": 5,
    "PT15M": 15,
    "PT30M": 30,
    "PT1H": 60,
    "PT6H": 360,
    "PT12H": 720,
    "P1D": 1440,
}
RETENTION = timedelta(days=93)
DELAY = 3
LONGEST = 50_000


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes from 1970: first and last of the buckets, and where data ends."""

    first: int
    last: int
    step: int
    seen: int
    interval: str
    starts: str
    ends: str

    @property
    def stamps(self) -> list[str]:
        """The start of each bucket, as the wire writes it."""
        marks = range(self.first, self.last, self.step)
        return [clock.short(datetime.fromtimestamp(it * 60, UTC)) for it in marks]


def asked(args: Mapping[str, str], now: datetime, *, flat: bool = False) -> Window:
    """The window of a question. Raises 400."""
    try:
        start, end = _span(args, now)
    except (ValueError, OverflowError) as error:
        raise faults.bad(f"Invalid time input: {error}.", flat=flat) from error
    interval = args.get("interval", "PT1M").upper()
    if interval == "FULL":
        interval = "P1D"
    if interval not in INTERVALS:
        words = f"Detected invalid time grain input: {interval}, supported ones are: "
        raise faults.bad(words + ",".join(INTERVALS), flat=flat)
    if end <= start:
        raise faults.bad("The start time must be before the end time.", flat=flat)
    return _window(start, end, interval, now, flat)


def _window(start: datetime, end: datetime, interval: str, now: datetime, flat: bool) -> Window:
    step = INTERVALS[interval]
    oldest = max(start, now - RETENTION)
    first = _minute(oldest) // step * step
    last = max(first, -(-_minute(min(end, now)) // step) * step)
    if (last - first) // step > LONGEST:
        raise faults.bad("The query covers too many data points.", flat=flat)
    seen = min(_minute(now) - DELAY, last)
    return Window(first, last, step, seen, interval, clock.short(start), clock.short(end))


def _span(args: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    if "timespan" in args:
        first, _, last = args["timespan"].partition("/")
        return clock.parsed(first), clock.parsed(last)
    end = clock.parsed(args["endtime"]) if "endtime" in args else now
    start = clock.parsed(args["starttime"]) if "starttime" in args else end - timedelta(hours=1)
    return start, end


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)
