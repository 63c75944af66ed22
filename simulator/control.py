"""/_simulator as Python methods: what a test or a curious person may do to this Azure."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from simulator import clock, dispatch, scenarios
from simulator.arm import Answer, Call
from simulator.cognitiveservices.versions import LATEST
from simulator.costmanagement import invoices
from simulator.faults import ArmError, Json
from simulator.journal import Journal
from simulator.moderation import loosening
from simulator.moderation.built_in import DEFAULT_V2
from simulator.orders import FATES, Order, Orders
from simulator.routing import Route
from simulator.throttle import Throttle
from simulator.world import World

PORTAL_USER = "portal.user@contoso.com"
ARM = "management.azure.com"


class Due(NamedTuple):
    """A write that is carried out at a moment; with an order, unless that was cleared."""

    at: datetime
    call: Call
    host: str
    order: int | None = None


class Control:
    """Orders from outside; each takes the world's lock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.orders = Orders()
        self.throttle = Throttle()
        self.journal = Journal()
        self._postponed: list[Due] = []

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
            number = self.orders.place(kind, **words)
            order = self.orders.get(number)
            if order is not None and kind == "busy":
                seconds = None if order.seconds is None else timedelta(seconds=order.seconds)
                ends = None if seconds is None else self.world.now + seconds
                self.world.accounts.hold(number, order.path, ends)
            return number

    def clear(self, number: int | None = None) -> Json:
        """Forget one ordered fault, or all; those that still stand."""
        with self.world.lock:
            cleared = self.orders.clear(number)
            self._freed(cleared, everything=number is None)
            return {"faults": self.orders.as_json()}

    def _freed(self, cleared: list[Order], *, everything: bool) -> None:
        """What a cleared order held up goes on."""
        accounts, now = self.world.accounts, self.world.now
        for order in cleared:
            accounts.release(order.id)
            accounts.heal(order.held, now)
        if everything:
            accounts.heal(None, now)

    def forget_requests(self) -> Json:
        """Empty the journal."""
        self.journal.clear()
        return self.journal.as_json()

    def invoices(self, month: str) -> Json:
        """What Microsoft invoices for a month that is over."""
        with self.world.lock:
            return invoices.of(self.world, month)

    def charge(self, **words: Any) -> Json:
        """Book a charge late, as Azure sometimes does."""
        with self.world.lock:
            return self.world.charge(words)

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
        call = self._foreign(method, path, body, who)
        with self.world.lock:
            self.catch_up()
            answer = _tried(call, ARM)
        return {"status": answer.status, "body": answer.body}

    def weaken(self, path: str = "", who: str = PORTAL_USER) -> Json:
        """A portal user weakens a filter policy: this one, or the strictest in use; which it was,
        and what Azure answered. Raises 404."""
        with self.world.lock:
            found = loosening.chosen(self.world, path)
            body: Json = {"properties": loosening.loosened(found.properties)}
            return self.portal("PUT", found.path, body, who) | {"policy": found.path}

    def default(self, policy: str = DEFAULT_V2, **change: Any) -> Json:
        """Microsoft changes a filter of a policy of its own: name, source and word (off, annotate,
        block, or the lowest severity blocked); its properties since. Nobody is told."""
        with self.world.lock:
            self.catch_up()
            return self.world.moderation.change_default(policy, change, self.world.now)

    def meddle(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        who: str = PORTAL_USER,
        *,
        seconds: float | None = None,
        before: str | None = None,
        after: str | None = None,
        on: str = "",
    ) -> int:
        """Let a portal user write later: after so many simulated seconds, or right before or right
        after the next request whose path has this part; a write, or of the method `on`. The id of
        the order. Raises 400 unless exactly one moment is said."""
        told = [it for it in (seconds, before, after) if it is not None]
        part = before if after is None else after
        if len(told) != 1 or not isinstance(part or "", str) or not isinstance(on, str):
            words = "Say one of seconds, before and after; the last two are parts of a path."
            raise ArmError(400, "BadOrder", words)
        call = self._foreign(method, path, body, who)
        write = {"method": call.method, "path": path, "body": body, "who": who}
        with self.world.lock:
            if seconds is None:
                kind = "portal_before" if after is None else "portal_after"
                return self.orders.add(kind, path=part, method=on, write=write).id
            due = self.world.now + timedelta(seconds=float(seconds))
            order = self.orders.add("portal_later", path=path, seconds=seconds, write=write)
            self._postponed.append(Due(due, call, ARM, order.id))
            return order.id

    def _foreign(self, method: str, path: str, body: Json | None, who: str) -> Call:
        where, _, query = path.partition("?")
        version = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
        return Call(
            world=self.world,
            method=method.upper(),
            path=where.rstrip("/"),
            who=who,
            args={"api-version": LATEST} | version,
            data=json.dumps(body or {}).encode(),
        )

    def carried_out(self, call: Call, host: str, route: Route) -> Answer:
        """The answer to a call, with whatever others do right before and right after it."""
        self._meddled("portal_before", call, host)
        if call.writes:
            call.fate = self._ordered(FATES, call, host)
        try:
            return dispatch.done(call, route)
        finally:
            self._meddled("portal_after", call, host)

    def _meddled(self, kind: str, call: Call, host: str) -> None:
        while (order := self._ordered((kind,), call, host)) is not None:
            write: Mapping[str, Any] = order.write or {}
            foreign = self._foreign(write["method"], write["path"], write["body"], write["who"])
            _tried(foreign, ARM)

    def _ordered(self, kinds: tuple[str, ...], call: Call, host: str) -> Order | None:
        return self.orders.take(
            kinds, call.method, host, call.path, writes=call.writes, pages=False
        )

    def postpone(self, call: Call, host: str, seconds: float) -> None:
        """Carry a write out only later, in simulated time."""
        with self.world.lock:
            self._postponed.append(Due(self.world.now + timedelta(seconds=seconds), call, host))

    def catch_up(self) -> None:
        """Carry out what is due at its own time and in its order, and end what has run its time."""
        now = self.world.now
        for due in sorted((it for it in self._postponed if it.at <= now), key=lambda it: it.at):
            self._postponed.remove(due)
            if due.order is not None and not self._still(due.order):
                continue
            with self.world.at(due.at):
                self.world.settle()
                _tried(due.call, due.host)
        self.world.settle()
        for number in self.world.accounts.expired(now):
            self.orders.clear(number)

    def _still(self, number: int) -> bool:
        """Whether an order stands; it is used up by asking."""
        found = self.orders.get(number) is not None
        if found:
            self.orders.clear(number)
        return found


def _tried(call: Call, host: str) -> Answer:
    try:
        return dispatch.answered(call, host)
    except ArmError as error:
        return Answer(error.status, error.body, dict(error.headers))
