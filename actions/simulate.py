"""Simulate: steer the small Azure of the local cloud."""

from datetime import UTC, datetime
from typing import Any

from actions.visit import Simulator, Visit
from domain import frames
from domain.faults import NotAllowed, OutOfRange
from domain.readings import ACCOUNTS, FINDINGS, TENANT, TOPICS
from domain.roles import Permission
from store import findings, hours, rounds, snapshots
from store.engine import Session

MOST_HOURS = 24 * 60
KINDS = (
    "fail",
    "forbid",
    "delay",
    "throttle",
    "hang",
    "drop",
    "late",
    "lost",
    "html",
    "null_value",
    "loop",
    "page_fails",
    "partial",
    "conflict",
    "truncated",
    "gone",
    "stuck",
    "fails",
    "busy",
)
DEFAULTS = {
    "stricter": ("Indirect Attack", "Prompt", "block"),
    "looser": ("Jailbreak", "Prompt", "annotate"),
}
"""What Microsoft does to its default policy: a filter, its direction, what it does since."""
MOMENTS = ("now", "later", "before", "after", "read")
"""When somebody else writes: now, after some seconds, right before or right after the next change
of the same deployment, or right after it is next read."""


def reset(visit: Visit, scenario: str) -> None:
    """Make the world anew from a scenario; everything is collected again. Raises Refused."""
    with visit.attempt(Permission.SIMULATE, f"reset the simulator to {scenario}") as session:
        simulator = _simulator(visit)
        if scenario not in {it["name"] for it in simulator.state()["scenarios"]}:
            raise OutOfRange(f"There is no scenario {scenario}.")
        simulator.reset(scenario)
        _forget(session, visit.clock())


def _forget(session: Session, now: datetime) -> None:
    """What was collected of the old world, whose clock may have been ahead of the new one's; in
    the order of store/engine.py."""
    scopes = snapshots.scopes(session, ACCOUNTS)
    hours.prune(session, datetime.max.replace(tzinfo=UTC))
    for topic in TOPICS.values():
        snapshots.drop(session, topic, [*scopes, TENANT])
    findings.keep(session, frames.frame(frames.FINDINGS, []), scopes, now)
    snapshots.drop(session, FINDINGS, [TENANT])
    rounds.hasten(session, now)


def move_clock(visit: Visit, hours: float) -> None:
    """Let time pass; it never goes back. Raises Refused."""
    with visit.attempt(Permission.SIMULATE, f"move the clock by {hours:g} hours"):
        if not 0 < hours <= MOST_HOURS:
            raise OutOfRange(f"The clock moves forward, by {MOST_HOURS:,} hours at the most.")
        _simulator(visit).clock(hours * 3_600)


def fault(
    visit: Visit,
    kind: str,
    *,
    path: str = "",
    method: str = "",
    times: int = 1,
    seconds: float | None = None,
) -> None:
    """Let the next requests like this one go wrong in this way. Raises Refused."""
    with visit.attempt(Permission.SIMULATE, f"order the fault {kind} for {path or 'any path'}"):
        if kind not in KINDS or times == 0:
            raise OutOfRange(f"There is no fault {kind} to order {times} times.")
        told: dict[str, Any] = {"kind": kind, "path": path, "method": method, "seconds": seconds}
        _simulator(visit).fault(times=times, **{key: it for key, it in told.items() if it})


def interfere(
    visit: Visit, resource: str, capacity: int | None, moment: str, seconds: float = 0
) -> None:
    """Let a portal user set a deployment's capacity at this moment, or delete it where none is
    given. Raises Refused."""
    what = "delete it" if capacity is None else f"set its capacity to {capacity}"
    with visit.attempt(Permission.SIMULATE, f"let a portal user {what}: {resource}, {moment}"):
        if moment not in MOMENTS or (capacity is not None and capacity < 1):
            raise OutOfRange(f"A portal user cannot {what} at the moment {moment}.")
        method = "DELETE" if capacity is None else "PATCH"
        body = None if capacity is None else {"sku": {"capacity": capacity}}
        simulator = _simulator(visit)
        if moment == "now":
            simulator.portal(method, resource, body)
            return
        when: dict[str, dict[str, Any]] = {
            "later": {"seconds": seconds},
            "before": {"before": resource},
            "after": {"after": resource},
            "read": {"after": resource, "on": "GET"},
        }
        simulator.meddle(method, resource, body, **when[moment])


def weaken(visit: Visit, policy: str = "") -> None:
    """Let a portal user weaken a filter policy: this one, or the strictest in use.
    Raises Refused."""
    with visit.attempt(Permission.SIMULATE, f"let a portal user weaken {policy or 'a policy'}"):
        _simulator(visit).weaken(policy)


def change_default(visit: Visit, change: str) -> None:
    """Let Microsoft change what its default filter policy does. Raises Refused."""
    with visit.attempt(Permission.SIMULATE, f"let Microsoft change its default: {change}"):
        if change not in DEFAULTS:
            raise OutOfRange(f"There is no change of the default policy called {change}.")
        name, source, word = DEFAULTS[change]
        _simulator(visit).default(name=name, source=source, word=word)


def clear(visit: Visit) -> None:
    """Take back every fault that was ordered. Raises Refused."""
    with visit.attempt(Permission.SIMULATE, "clear the faults"):
        _simulator(visit).clear()


def _simulator(visit: Visit) -> Simulator:
    if visit.simulator is None:
        raise NotAllowed("Only the local cloud can be steered.")
    return visit.simulator
