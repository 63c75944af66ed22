"""What a driver raises, in our words. A driver's text can hold addresses, statements and people's
data: it goes to the log and nowhere else."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from domain.faults import StoreDown
from store.turns import TurnTimeout

log = logging.getLogger(__name__)

_UNREACHABLE = "The database cannot be reached."
_UNREADABLE = "The database file is damaged or is not a database."
_READ_ONLY = "The database is read-only."
_FULL = "The database has no room left on its disk."
_LOCKED = "The database is locked: another writer held it for too long."
_IN_DOUBT = "Whether the last change was saved is not known; look before trying again."

# sqlite.org/rescode.html: the low byte is the primary code. SQLITE_ERROR (1), which is what a wrong
# statement gives, is not here: that is a bug and has to look like one.
_SQLITE = {
    3: _UNREACHABLE,  # PERM
    5: _LOCKED,  # BUSY
    6: _LOCKED,  # LOCKED
    7: "The database has no memory left.",  # NOMEM
    8: _READ_ONLY,  # READONLY
    9: "The database was interrupted.",  # INTERRUPT
    10: "The database's disk cannot be read or written.",  # IOERR
    11: _UNREADABLE,  # CORRUPT
    13: _FULL,  # FULL
    14: _UNREACHABLE,  # CANTOPEN
    15: _LOCKED,  # PROTOCOL
    26: _UNREADABLE,  # NOTADB
}
# postgresql.org, appendix A of the manual.
_POSTGRESQL = {
    "25006": _READ_ONLY,
    "53100": _FULL,
    "55P03": _LOCKED,
    "40P01": _LOCKED,
    "40001": _LOCKED,
    "57014": "The database took too long.",
}


@contextmanager
def translated(*, committing: bool = False) -> Iterator[None]:
    """Raises StoreDown for what the database, its disk or the way to it did; a bug stays a bug."""
    try:
        yield
    except TurnTimeout as exc:
        raise StoreDown(_LOCKED) from exc
    except PoolTimeout as exc:
        log.warning("no connection became free: %s", exc)
        raise StoreDown("All connections to the database are busy.") from exc
    except DBAPIError as exc:
        if not (sentence := sentence_of(exc)):
            raise
        log.warning("database: %s: %s", type(exc.orig).__name__, exc.orig)
        raise _down(sentence, committing and exc.connection_invalidated) from exc


def sentence_of(exc: DBAPIError) -> str | None:
    """What happened in one sentence; None where it is a mistake of ours."""
    if code := getattr(exc.orig, "sqlite_errorcode", None):
        return _SQLITE.get(code & 0xFF)
    if known := _POSTGRESQL.get(getattr(exc.orig, "sqlstate", None) or ""):
        return known
    lost = exc.connection_invalidated or isinstance(exc, OperationalError | InterfaceError)
    return _UNREACHABLE if lost else None


def _down(sentence: str, in_doubt: bool) -> StoreDown:
    fault = StoreDown(sentence)
    if in_doubt:  # the answer to COMMIT was lost, and COMMIT may not have been
        fault.hint = _IN_DOUBT
    return fault
