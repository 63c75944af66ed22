"""How many HTTP calls a piece of work cost, so that the collector can say what its manners are."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Tally:
    """Calls that were sent, retries included, tokens not."""

    calls: int = 0


_open: ContextVar[tuple[Tally, ...]] = ContextVar("tallies", default=())


@contextmanager
def counted() -> Iterator[Tally]:
    """Count the calls that this thread makes inside; a tally inside a tally counts for both."""
    tally = Tally()
    token = _open.set((*_open.get(), tally))
    try:
        yield tally
    finally:
        _open.reset(token)


def one_more() -> None:
    """A call goes out now."""
    for tally in _open.get():
        tally.calls += 1
