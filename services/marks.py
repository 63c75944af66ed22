"""A name of our own on a request, by which it is found again in Azure's activity log."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

HEADER = "x-ms-client-request-id"
_MARK: ContextVar[str] = ContextVar("mark", default="")


@contextmanager
def marked(name: str) -> Iterator[None]:
    """Whatever this thread sends meanwhile bears this name; a GUID, as Azure wants it."""
    token = _MARK.set(name)
    try:
        yield
    finally:
        _MARK.reset(token)


def mark() -> str:
    """The name that a request is to bear; "" for any."""
    return _MARK.get()
