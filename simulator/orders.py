"""Faults on order: which request they meet, how often, and what they do before or after it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from simulator.faults import ArmError, Json

EARLY = ("fail", "forbid", "throttle", "hang", "drop", "late", "html", "page_fails", "conflict")
AFTER = ("lost", "null_value", "loop", "truncated")
KINDS = ("delay", *EARLY, *AFTER)
ON_WRITES = frozenset({"late", "lost", "conflict"})
ON_LISTS = frozenset({"null_value", "loop"})

_FITS: dict[str, Any] = {
    **dict.fromkeys(("method", "host", "path", "code", "message"), str),
    **dict.fromkeys(("times", "status", "retry_after"), int),
    "seconds": int | float,
}


@dataclass(slots=True)
class Order:
    """One ordered fault; `times` counts down, -1 stands until it is cleared."""

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

    def meets(self, method: str, host: str, path: str, *, writes: bool, pages: bool) -> bool:
        """Whether such a request is meant."""
        if self.times == 0 or (self.kind in ON_WRITES and not writes):
            return False
        if self.kind == "page_fails" and not pages:
            return False
        return (
            (not self.method or self.method.upper() == method.upper())
            and self.host.lower() in host.lower()
            and self.path.lower() in path.lower()
        )

    def as_json(self) -> Json:
        return {name: getattr(self, name) for name in self.__slots__}


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
            if not isinstance(it, _FITS.get(name, object)) or isinstance(it, bool):
                raise ArmError(400, "BadOrder", f"{it!r} does not fit '{name}'.")
        try:
            order = Order(next(self._numbers), kind, **words)  # type: ignore[arg-type]
        except TypeError as error:
            raise ArmError(400, "BadOrder", f"A fault does not know: {error}.") from error
        self._all[order.id] = order
        return order.id

    def clear(self, number: int | None = None) -> None:
        """Forget one fault, or all."""
        if number is None:
            self._all.clear()
        elif self._all.pop(number, None) is None:
            raise ArmError(404, "NoSuchFault", f"There is no fault {number}.")

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
        if order.times == 0:
            self._all.pop(order.id, None)
