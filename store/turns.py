"""Writers of one process in the order in which they came. SQLite lets waiters sleep up to 100 ms at
a time and takes whoever wakes first; a plain lock gives itself back to whoever just had it."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock


class TurnTimeout(Exception):
    """The turn did not come in time."""


class Turns:
    """A lock that is handed on, first come, first served."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    @contextmanager
    def turn(self, timeout_s: float) -> Iterator[None]:
        """Hold the turn; raises TurnTimeout."""
        if not self._taken_by_me(timeout_s):
            raise TurnTimeout
        try:
            yield
        finally:
            self._hand_on()

    def _taken_by_me(self, timeout_s: float) -> bool:
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            call = Lock()
            call.acquire()  # released by whoever hands the turn on
            self._waiting.append(call)
        if call.acquire(timeout=timeout_s):
            return True
        with self._guard:
            if call not in self._waiting:  # the turn came at this very moment
                return True
            self._waiting.remove(call)
            return False

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False
