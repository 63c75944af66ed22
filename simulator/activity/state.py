"""The writes that were tried, each with what it takes to tell its two or three events.

An event can be read only some minutes after it happened; when, is drawn once and never changes."""

from bisect import insort
from collections.abc import Callable
from datetime import datetime, timedelta
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from simulator import arm, chance, clock
from simulator.activity.filters import RETENTION
from simulator.archive import Archive
from simulator.faults import ArmError, Json

if TYPE_CHECKING:
    from simulator.arm import Answer, Call

MOST_BODY = 2000


class Write(NamedTuple):
    """One try to change something; `status` is the answer's, `operation` what then went on."""

    id: str
    at: str
    correlation: str
    who: str
    method: str
    path: str
    action: str
    status: int
    delay: float
    code: str = ""
    message: str = ""
    client_request: str = ""
    operation: str = ""
    body: str = ""

    @property
    def moment(self) -> datetime:
        return clock.parsed(self.at)


Seeded = Callable[[str], list[Write]]


class Log:
    """Every write by subscription, oldest first; the seed's are made when they are asked for."""

    def __init__(self, archive: Archive, seed: int, seeded: Seeded) -> None:
        self._archive = archive
        self._seed = seed
        self._seeded = seeded
        self._past: dict[str, list[Write]] = {}
        self._writes: dict[str, list[Write]] = {}
        self._count = 0

    def restore(self, now: datetime) -> None:
        """What was written before a restart, as far as it is still kept."""
        for _, body in self._archive.documents("activity"):
            write = Write(**body) if body else None
            if write is not None and write.moment >= now - RETENTION:
                self._add(write)

    def took(self, call: "Call", answer: "Answer") -> None:
        """A write was accepted."""
        follow = answer.headers.get("Azure-AsyncOperation", "")
        operation = follow.split("?")[0].rsplit("/", 1)[-1] if follow else ""
        self._note(call, answer.status, "", "", operation)

    def refused(self, call: "Call", error: ArmError) -> None:
        """A write was refused."""
        self._note(call, error.status, error.code, str(error), "")

    def of(self, subscription: str, start: datetime, end: datetime) -> list[Write]:
        """The writes to a subscription that began in this time."""
        key = subscription.lower()
        if key not in self._past:
            self._past[key] = self._seeded(subscription)
        both = (*self._past[key], *self._writes.get(key, ()))
        first, last = clock.stamp(start), clock.stamp(end)
        return [it for it in both if first <= it.at <= last]

    def _note(self, call: "Call", status: int, code: str, message: str, operation: str) -> None:
        self._count += 1
        at = clock.stamp(call.world.now)
        name = chance.guid(self._seed, "write", at, self._count, call.path)
        write = Write(
            id=name,
            at=at,
            correlation=call.correlation or chance.guid(name, "correlation"),
            who=call.who,
            method=call.method,
            path=call.path,
            action=arm.action(call.method, call.path),
            status=status,
            delay=call.world.settings.activity_delay_s,
            code=code,
            message=message,
            client_request=call.headers.get("x-ms-client-request-id", ""),
            operation=operation,
            body=call.data.decode(errors="replace")[:MOST_BODY],
        )
        self._add(write)
        self._archive.keep("activity", write.id, write._asdict())

    def _add(self, write: Write) -> None:
        subscription = write.path.split("/")[2].lower()
        insort(self._writes.setdefault(subscription, []), write, key=attrgetter("at"))


def visible(write: Write, number: int, moment: datetime) -> datetime:
    """When the event of this number, which happened at a moment, can be read."""
    jitter = 0.7 + 0.6 * chance.share("delay", write.id, number)
    return moment + timedelta(seconds=write.delay * jitter)


def as_seed(words: Json) -> Write:
    """A write of the seed's history."""
    path = str(words["path"])
    name = chance.guid("history", path, words["at"], words["method"])
    usual: Json = {
        "id": name,
        "correlation": chance.guid(name, "correlation"),
        "action": arm.action(str(words["method"]), path),
        "status": 200,
        "delay": 180.0,
        "client_request": chance.guid(name, "client"),
    }
    return Write(**(usual | words))
