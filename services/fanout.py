"""Ask many scopes at once; keep answers and faults apart."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Generic, TypeVar

from domain.faults import Fault, Late, Unintelligible
from domain.frames import Row
from services.tally import counted

log = logging.getLogger(__name__)

Key = TypeVar("Key")
Ask = Callable[[], list[Row]]


@dataclass(frozen=True)
class Answer(Generic[Key]):
    """What came of one ask: rows, or a fault and no rows."""

    key: Key
    rows: list[Row] = field(default_factory=list)
    fault: Fault | None = None
    calls: int = 0
    """HTTP calls, retries included; 0 for one that was not waited for."""
    took_ms: float = 0.0


def asked(
    asks: Mapping[Key, Ask], *, workers: int = 32, deadline_s: float = 60.0
) -> Iterator[Answer[Key]]:
    """An answer for every key, as they come.

    One deadline holds for all: what has not ended by then is a Late fault and is not waited for.
    A bug in an ask is logged and costs that key only.
    """
    ends = time.monotonic() + deadline_s
    todo: SimpleQueue[Key] = SimpleQueue()
    done: SimpleQueue[Answer[Key]] = SimpleQueue()
    for key in asks:
        todo.put(key)
    over = Event()
    # Daemons, not a pool: one that hangs must not hold up the next round, nor the exit.
    for _ in range(min(workers, len(asks))):
        Thread(target=_work, args=(asks, todo, done, over), daemon=True).start()
    try:
        yield from _until(ends, dict.fromkeys(asks), done, deadline_s)
    finally:
        over.set()


def _until(
    ends: float, open_: dict[Key, None], done: "SimpleQueue[Answer[Key]]", deadline_s: float
) -> Iterator[Answer[Key]]:
    while open_:
        try:
            answer = done.get(timeout=max(0.0, ends - time.monotonic()))
        except Empty:
            break
        del open_[answer.key]
        yield answer
    for key in open_:
        late = Late(f"Asked for {deadline_s:.3g} seconds.")
        yield Answer(key, fault=late, took_ms=deadline_s * 1000)


def _work(
    asks: Mapping[Key, Ask],
    todo: "SimpleQueue[Key]",
    done: "SimpleQueue[Answer[Key]]",
    over: Event,
) -> None:
    while not over.is_set():
        try:
            key = todo.get_nowait()
        except Empty:
            return
        done.put(_answer(key, asks[key]))


def _answer(key: Key, ask: Ask) -> Answer[Key]:
    began = time.monotonic()
    rows: list[Row] = []
    fault: Fault | None = None
    with counted() as tally:
        try:
            rows = ask()
        except Fault as known:
            fault = known
        except Exception:
            log.exception("A bug in asking for %r", key)
            fault = Unintelligible("Our reading of the answer failed.")
    return Answer(key, rows, fault, tally.calls, (time.monotonic() - began) * 1000)
