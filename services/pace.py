"""Manners: how fast Azure may be asked, so that the console never eats what others need."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Lock


class Bucket:
    """Tokens that refill steadily: a burst goes through at once, what follows is spread out.

    A caller who finds no token takes one on credit and sleeps until it would have been there, so
    that callers are served in the order in which they came.
    """

    def __init__(
        self,
        burst: float,
        per_second: float,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = self._left = burst
        self._per_second = per_second
        self._sleep = sleep
        self._now = now
        self._then = now()
        self._lock = Lock()

    def take(self) -> None:
        """Return when one more question may be asked."""
        if wait := self._reserved():
            self._sleep(wait)

    def _reserved(self) -> float:
        with self._lock:
            now = self._now()
            gained = (now - self._then) * self._per_second
            self._left = min(self._burst, self._left + gained) - 1
            self._then = now
            return max(0.0, -self._left / self._per_second)


# Azure's buckets are 250 + 25/s (ARM reads of one principal in one subscription), 15 in 5 s
# (Resource Graph) and 200 in 30 s (Log Analytics); we stay below them, since the console is not
# alone under its identity.


def of_arm(sleep: Callable[[float], None]) -> Bucket:
    """For the reads of one subscription."""
    return Bucket(200, 20, sleep)


def of_graph(sleep: Callable[[float], None]) -> Bucket:
    """For Resource Graph, which counts per person."""
    return Bucket(12, 2.5, sleep)


def of_logs(sleep: Callable[[float], None]) -> Bucket:
    """For Log Analytics, which counts per person."""
    return Bucket(50, 4, sleep)


def of_cost(sleep: Callable[[float], None], pause: timedelta) -> Bucket:
    """For Cost Management, of which four questions a minute about one scope are the measure."""
    return Bucket(4, 1 / pause.total_seconds(), sleep)
