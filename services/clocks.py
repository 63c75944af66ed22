"""What time it is: that of the machine, or the simulator's."""

import logging
import time
from datetime import UTC, datetime, timedelta
from threading import Lock

from domain.faults import Fault
from services.local import Control

log = logging.getLogger(__name__)


def utc() -> datetime:
    return datetime.now(UTC)


class SimulatedClock:
    """The simulator's clock, so that moving it moves leases, periods and metrics together."""

    AGE_S = 1.0

    def __init__(self, control: Control) -> None:
        self._control = control
        self._lock = Lock()
        self._asked, self._offset = 0.0, timedelta()

    def __call__(self) -> datetime:
        with self._lock:
            if time.monotonic() - self._asked > self.AGE_S:
                self._ask()
            return utc() + self._offset

    def _ask(self) -> None:
        """A simulator that does not answer leaves the time where it was."""
        try:
            self._offset = timedelta(seconds=float(self._control.state()["offset_seconds"]))
        except Fault:
            log.debug("The simulator did not tell its time.")
        self._asked = time.monotonic()
