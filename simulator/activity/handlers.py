"""What the activity log is asked and answers."""

from datetime import timedelta
from urllib.parse import urlsplit

from simulator.activity import filters, wire
from simulator.activity.filters import Asked
from simulator.activity.wire import Event
from simulator.arm import Answer, Call, page
from simulator.faults import Json

SLACK = timedelta(days=2)
TIMES_A_PAGE = 2


def events(call: Call) -> Answer:
    """The events of a subscription that can be read by now, newest first, in pages."""
    args = {key.lower().lstrip("$"): it for key, it in call.args.items()}
    asked = filters.parsed(args.get("filter", ""), call.world.now)
    chosen = {it.strip().lower() for it in args.get("select", "").split(",") if it.strip()}
    subscription = call.world.subscriptions.get(call.names["subscription"])
    host = urlsplit(call.root).netloc
    rows = sorted(_found(call, asked), key=lambda it: (it.moment, it.number), reverse=True)
    return page(
        call,
        rows,
        lambda it: _selected(wire.worded(it, subscription.tenant, host), chosen),
        times=TIMES_A_PAGE,
        token="$skipToken",
    )


def _found(call: Call, asked: Asked) -> list[Event]:
    """A write may end long after it began, so look at those that began before as well."""
    world, name = call.world, call.names["subscription"]
    return [
        event
        for write in world.activity.of(name, asked.start - SLACK, asked.end)
        if asked.lets(write.path, write.correlation)
        for event in wire.events(write, world.accounts.operations, world.now)
        if asked.start <= event.moment <= asked.end and event.visible <= world.now
    ]


def _selected(body: Json, chosen: set[str]) -> Json:
    return {key: it for key, it in body.items() if not chosen or key.lower() in chosen}
