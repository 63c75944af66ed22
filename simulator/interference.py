"""What an ordered fault does to one request: before it is carried out, or to its answer."""

import json
from typing import TYPE_CHECKING

from simulator import arm, clock, dispatch, faults, throttle
from simulator.arm import Answer, Call
from simulator.cognitiveservices.faults import conflict, no_operation
from simulator.faults import ArmError, Dropped
from simulator.loganalytics.faults import in_part, no_access
from simulator.orders import AFTER, EARLY, ON_LISTS, ON_TABLES, Order

if TYPE_CHECKING:
    from simulator.control import Control

HANG = 60.0
LOGGED = frozenset({"fail", "forbid", "conflict"})
PROXY = (
    "<html><head><title>Sign in</title></head><body>Your network requires a sign-in.</body></html>"
)


class Interference:
    """The orders that meet one request."""

    def __init__(self, control: "Control", call: Call, host: str) -> None:
        self._control = control
        self._call = call
        self._host = host
        self._metrics = ".metrics.monitor." in host

    def before(self) -> Answer | None:
        """Wait, refuse, or answer in Azure's place. Raises ArmError or Dropped."""
        while (order := self._take(("delay",))) is not None:
            clock.pause(order.seconds or 0)
        order = self._take(EARLY)
        try:
            return None if order is None else self._obey(order)
        except ArmError as error:
            self._told(order, error)
            raise

    def _told(self, order: Order | None, error: ArmError) -> None:
        """What Azure itself refuses is in its log; what never arrived, or arrives late, is not."""
        call = self._call
        if order is not None and order.kind in LOGGED and call.writes and _known(call):
            with call.world.lock:
                call.world.activity.refused(call, error)

    def _obey(self, order: Order) -> Answer | None:
        call = self._call
        match order.kind:
            case "drop":
                raise Dropped("The connection was dropped, as ordered.")
            case "hang":
                clock.pause(HANG if order.seconds is None else order.seconds)
                return None
            case "html":
                return Answer(200, None, {"Content-Type": "text/html"}, text=PROXY)
            case "late":
                self._control.postpone(call, self._host, order.seconds or 0)
                words = "The gateway did not receive a response within the specified time period."
                raise ArmError(504, "GatewayTimeout", words)
            case "forbid" if self._verb() == "logs":
                raise no_access()
            case "forbid":
                action = arm.action(call.method, call.path)
                raise faults.forbidden(call.who, call.object_id, action, call.path)
            case "throttle":
                told = int(order.seconds or 5) if order.retry_after is None else order.retry_after
                raise throttle.ordered(self._verb(), max(0, told))
            case "conflict":
                raise conflict(call.path.split("/deployments/")[0])
            case "gone":
                raise no_operation(call.last)
            case _:
                headers = (
                    {} if order.retry_after is None else {"Retry-After": str(order.retry_after)}
                )
                raise ArmError(order.status, order.code, order.message, headers=headers)

    def throttled(self) -> dict[str, str]:
        """What the buckets say, as headers. Raises 429 or 529 while throttling is on."""
        call, world = self._call, self._call.world
        if dispatch.public(call):
            return {}
        parts = call.path.split("/")
        scope = parts[2].lower() if len(parts) > 2 and parts[1].lower() == "subscriptions" else ""
        verb = self._verb()
        scope = call.who if verb in ("graph", "logs") else scope
        return self._control.throttle.take(scope, verb, world.now, strict=world.settings.throttling)

    def _verb(self) -> str:
        """By which bucket this request is counted."""
        call = self._call
        if call.path.lower().endswith("/providers/microsoft.resourcegraph/resources"):
            return "graph"
        if self._metrics or call.path.lower().endswith("metrics:getbatch"):
            return "metrics"
        if call.path.startswith("/v1/"):
            return "logs"
        if throttle.of_cost(call.path):
            return "cost"
        return "deletes" if call.method == "DELETE" else "writes" if call.writes else "reads"

    def after(self, answer: Answer) -> Answer:
        """The answer as an ordered fault leaves it. Raises Dropped."""
        listed = answer.status == 200 and answer.body is not None and "value" in answer.body
        tables = answer.body is not None and "tables" in answer.body
        unfit = (frozenset() if listed else ON_LISTS) | (frozenset() if tables else ON_TABLES)
        kinds = tuple(it for it in AFTER if it not in unfit)
        order = self._take(kinds)
        if order is None or answer.body is None:
            return answer if order is None or order.kind != "lost" else self._lost()
        match order.kind:
            case "lost":
                return self._lost()
            case "null_value":
                answer.body = {**answer.body, "value": None}
            case "loop":
                here = self._call.url(self._call.path, **dict(self._call.args))
                answer.body = {**answer.body, "nextLink": here}
            case "partial":
                answer.body = in_part(answer.body)
            case "truncated":
                answer.text = _torn(answer)
        return answer

    def _lost(self) -> Answer:
        raise Dropped("The answer was lost, as ordered.")

    def _take(self, kinds: tuple[str, ...]) -> Order | None:
        call = self._call
        pages = any(key.lower() == "$skiptoken" for key in call.args)
        with call.world.lock:
            return self._control.orders.take(
                kinds, call.method, self._host, call.path, writes=call.writes, pages=pages
            )


def _known(call: Call) -> bool:
    parts = call.path.lower().split("/")
    return len(parts) > 2 and parts[1] == "subscriptions"


def _torn(answer: Answer) -> str:
    text = json.dumps(answer.body)
    return text[: max(1, len(text) * 2 // 3)]
