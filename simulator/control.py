"""/_simulator as Python methods: what a test or a curious person may do to this Azure."""

import json
from datetime import datetime, timedelta
from typing import Any

from simulator import clock, dispatch, scenarios
from simulator.arm import Answer, Call
from simulator.cognitiveservices.versions import LATEST
from simulator.faults import ArmError, Json
from simulator.journal import Journal
from simulator.orders import Orders
from simulator.throttle import Throttle
from simulator.world import World

PORTAL_USER = "portal.user@contoso.com"


class Control:
    """Orders from outside; each takes the world's lock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.orders = Orders()
        self.throttle = Throttle()
        self.journal = Journal()
        self._postponed: list[tuple[datetime, Call, str]] = []

    @property
    def requests(self) -> list[Json]:
        """The last requests, oldest first."""
        return list(self.journal.requests)

    def state(self) -> Json:
        """How the simulator stands."""
        with self.world.lock:
            return {
                "simulator": "ready",
                "scenario": self.world.scenario,
                "scenarios": scenarios.titles(),
                "seed": self.world.seed,
                "anchor": self.world.anchor.date().isoformat(),
                "now": clock.stamp(self.world.now),
                "offset_seconds": self.world.clock.offset.total_seconds(),
                "settings": self.world.settings.as_json(),
                "faults": self.orders.as_json(),
                "requests": self.journal.count,
            }

    def reset(self, scenario: str | None = None, seed: int | None = None) -> Json:
        """The seed again, of this scenario or another; faults cleared, clock straight."""
        with self.world.lock:
            self.world.reset(
                scenario or self.world.scenario, self.world.seed if seed is None else int(seed)
            )
            self.orders.clear()
            self._postponed.clear()
            self.throttle = Throttle()
        return self.state()

    def clock(self, advance_seconds: float | None = None, set: str | None = None) -> Json:
        """Move the simulated time forward, or to a moment."""
        with self.world.lock:
            if set is not None:
                self.world.clock.offset = clock.parsed(set) - self.world.clock.source()
            if advance_seconds is not None:
                self.world.clock.offset += timedelta(seconds=float(advance_seconds))
            self.world.keep()
            self.catch_up()
        return self.state()

    def fault(self, kind: str, **words: Any) -> int:
        """Order a fault; its id."""
        with self.world.lock:
            return self.orders.place(kind, **words)

    def clear(self, number: int | None = None) -> Json:
        """Forget one ordered fault, or all; those that still stand."""
        with self.world.lock:
            self.orders.clear(number)
            return {"faults": self.orders.as_json()}

    def forget_requests(self) -> Json:
        """Empty the journal."""
        self.journal.clear()
        return self.journal.as_json()

    def configure(self, **values: Any) -> Json:
        """Change settings; they survive a restart."""
        with self.world.lock:
            self.world.settings.change(values)
            self.world.keep()
            return self.world.settings.as_json()

    def portal(
        self, method: str, path: str, body: Json | None = None, who: str = PORTAL_USER
    ) -> Json:
        """A portal user writes behind everybody's back; what Azure answered."""
        where, _, query = path.partition("?")
        version = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
        call = Call(
            world=self.world,
            method=method.upper(),
            path=where.rstrip("/"),
            who=who,
            args={"api-version": LATEST} | version,
            data=json.dumps(body or {}).encode(),
        )
        with self.world.lock:
            self.catch_up()
            answer = _tried(call, "management.azure.com")
        return {"status": answer.status, "body": answer.body}

    def postpone(self, call: Call, host: str, seconds: float) -> None:
        """Carry a write out only later, in simulated time."""
        with self.world.lock:
            self._postponed.append((self.world.now + timedelta(seconds=seconds), call, host))

    def catch_up(self) -> None:
        """Carry out what is due, and end what has run its time."""
        now = self.world.now
        self.world.settle()
        ripe = [it for it in self._postponed if it[0] <= now]
        self._postponed = [it for it in self._postponed if it[0] > now]
        for _, call, host in ripe:
            _tried(call, host)


def _tried(call: Call, host: str) -> Answer:
    try:
        return dispatch.answered(call, host)
    except ArmError as error:
        return Answer(error.status, error.body, dict(error.headers))
