"""The simulated time. Nothing else here reads the system's clock, so that moving it moves all."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def system() -> datetime:
    """The real time, in UTC."""
    return datetime.now(UTC)


def stopwatch() -> float:
    """Seconds from an arbitrary moment, for durations only."""
    return time.perf_counter()


def pause(seconds: float) -> None:
    """Let real time pass: artificial latency, hanging answers."""
    if seconds > 0:  # a sleep of nothing gives the processor away
        time.sleep(seconds)


class Clock:
    """A source of time plus the offset that control ordered."""

    def __init__(self, source: Callable[[], datetime] | None = None) -> None:
        self._source = source or system
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return self._source().astimezone(UTC) + self.offset

    def source(self) -> datetime:
        """The time without the offset."""
        return self._source().astimezone(UTC)


def stamp(moment: datetime) -> str:
    """As ARM writes times: seven digits of a second and Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}1Z"


def short(moment: datetime) -> str:
    """As Azure Monitor writes times: whole seconds and Z."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def parsed(text: str) -> datetime:
    """A time from the wire; without a zone it is UTC. Raises ValueError."""
    text = text.strip()
    moment = datetime.fromisoformat(text.replace(" ", "+") if "T" in text else text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
