"""Faults on order: which request they meet, how often, and what they do before or after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from simulator.faults import ArmError, Json

EARLY = (
    "fail",
    "forbid",
    "throttle",
    "hang",
    "drop",
    "late",
    "html",
    "page_fails",
    "conflict",
    "gone",
)
AFTER = ("lost", "null_value", "loop", "truncated", "partial")
FATES = ("stuck", "fails")
PORTAL = ("portal_before", "portal_after")
KINDS = ("delay", *EARLY, *AFTER, *FATES, "busy")
ON_WRITES = frozenset({"late", "lost", "conflict", *FATES})
ON_LISTS = frozenset({"null_value", "loop"})
ON_TABLES = frozenset({"partial"})
ON_OPERATIONS = ("/operations/", "/operationresults/")
OUTCOMES = ("Failed", "Canceled")

_FITS: dict[str, Any] = {
    **dict.fromkeys(("method", "host", "path", "code", "message", "outcome"), str),
    **dict.fromkeys(("times", "status", "retry_after"), int),
    "seconds": int | float,
}


@dataclass(slots=True)
class Order:
    """One ordered fault; `times` counts down, -1 stands until it is cleared. `write` is what
    somebody else writes then, `held` what is under way until the order is cleared."""

    id: int
    kind: str
    method: str = ""
    host: str = ""
    path: str = ""
    times: int = 1
    status: int = 500
    code: str = "InternalServerError"
    message: str = "Ordered by the simulator's control."
    seconds: float | None = None
    retry_after: int | None = None
    outcome: str = "Failed"
    write: Json | None = None
    held: tuple[str, ...] = ()

    def meets(self, method: str, host: str, path: str, *, writes: bool, pages: bool) -> bool:
        """Whether such a request is meant."""
        if self.times == 0 or (self.kind in ON_WRITES and not writes):
            return False
        if self.kind in PORTAL and not (writes or self.method):
            return False
        if self.kind == "page_fails" and not pages:
            return False
        if self.kind == "gone" and not any(it in path.lower() for it in ON_OPERATIONS):
            return False
        return (
            (not self.method or self.method.upper() == method.upper())
            and self.host.lower() in host.lower()
            and self.path.lower() in path.lower()
        )

    def as_json(self) -> Json:
        hidden = ("write", "held", "outcome")
        found = {name: getattr(self, name) for name in self.__slots__ if name not in hidden}
        return found | ({"write": self.write} if self.write else {})


class Orders:
    """All ordered faults, oldest first."""

    def __init__(self) -> None:
        self._all: dict[int, Order] = {}
        self._numbers = count(1)

    def place(self, kind: str, **words: object) -> int:
        """Order a fault; its id. Raises 400 for an unknown kind or word."""
        if not isinstance(kind, str) or kind not in KINDS:
            raise ArmError(400, "BadOrder", f"There is no fault '{kind}', only {', '.join(KINDS)}.")
        words = {key: it for key, it in words.items() if it is not None}
        for name, it in words.items():
            if not isinstance(it, _FITS.get(name, ())) or isinstance(it, bool):
                raise ArmError(400, "BadOrder", f"{it!r} does not fit '{name}'.")
        if words.get("outcome", "Failed") not in OUTCOMES:
            raise ArmError(400, "BadOrder", f"An operation ends {' or '.join(OUTCOMES)}.")
        return self.add(kind, **words).id

    def add(self, kind: str, **words: Any) -> Order:
        """The same for an order that control itself has put together."""
        order = Order(next(self._numbers), kind, **words)
        self._all[order.id] = order
        return order

    def get(self, number: int) -> Order | None:
        return self._all.get(number)

    def clear(self, number: int | None = None) -> list[Order]:
        """Forget one fault, or all; what was forgotten."""
        if number is None:
            found = list(self._all.values())
            self._all.clear()
            return found
        order = self._all.pop(number, None)
        if order is None:
            raise ArmError(404, "NoSuchFault", f"There is no fault {number}.")
        return [order]

    def as_json(self) -> list[Json]:
        return [it.as_json() for it in self._all.values()]

    def take(
        self, kinds: Iterable[str], method: str, host: str, path: str, *, writes: bool, pages: bool
    ) -> Order | None:
        """The oldest order of these kinds that such a request meets, used up once."""
        for order in list(self._all.values()):
            if order.kind in kinds and order.meets(method, host, path, writes=writes, pages=pages):
                self.use(order)
                return order
        return None

    def use(self, order: Order) -> None:
        if order.times > 0:
            order.times -= 1
        if order.times == 0 and order.kind != "stuck":
            self._all.pop(order.id, None)
