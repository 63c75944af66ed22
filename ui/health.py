"""What a platform asks: whether to keep this process, and whether to send people to it. Anybody may
ask, so the answers hold a state and nothing else."""

import time
from threading import Lock

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from reads import health
from wiring import Wiring

ALIVE, READY = "/healthz", "/readyz"
PATHS = frozenset({ALIVE, READY})
AGE_S = 2.0
"""For so long an answer holds, so that asking often is asking the database seldom."""
RUNNING, APART = "running", "apart"
UNASKED = {"store": "not asked yet", "jobs": "not asked yet"}


class Health:
    """Of one console; who asks while somebody else does is told the last answer."""

    def __init__(self, console: Wiring) -> None:
        self._console = console
        self._asking = Lock()
        self._at, self._last = float("-inf"), UNASKED

    def routes(self) -> list[Route]:
        return [Route(ALIVE, self.alive), Route(READY, self.ready)]

    def alive(self, _request: Request) -> Response:
        """The process answers; what it needs besides is no reason to end it."""
        return PlainTextResponse("alive")

    def ready(self, _request: Request) -> Response:
        if self._asking.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._asking.release()
        good = self._last["store"] == health.REACHED and self._last["jobs"] in (RUNNING, APART)
        return JSONResponse({"ready": good, **self._last}, 200 if good else 503)

    def _ask(self) -> None:
        if time.monotonic() - self._at > AGE_S:
            self._last = {"store": health.of_store(self._console.store), "jobs": self._jobs()}
            self._at = time.monotonic()

    def _jobs(self) -> str:
        """A job that hangs is named: what it is called is no secret."""
        if self._console.settings.jobs == APART:
            return APART
        loops = self._console.loops
        still = [it.name for it in loops if not it.stands]
        return f"stopped: {', '.join(still)}" if still else RUNNING if loops else "not started"
