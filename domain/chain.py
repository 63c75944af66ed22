"""The hash chain of the audit trail: each row seals all rows before it."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

GENESIS = "0" * 64
_TEXT = json.JSONEncoder(sort_keys=True, ensure_ascii=False)


@dataclass(frozen=True)
class Entry:
    """One line of the trail, as it is sealed."""

    number: int
    at: datetime
    who: str
    what: str
    came: str
    """asked before the call; done, failed or unknown after it; refused when we said no."""
    detail: str = ""


def seal(before: str, entry: Entry) -> str:
    """Hex SHA-256 over the seal before and every field of this entry."""
    fields = {**vars(entry), "at": entry.at.isoformat(timespec="microseconds")}
    return hashlib.sha256((before + _TEXT.encode(fields)).encode()).hexdigest()


def first_break(sealed: Iterable[tuple[Entry, str]]) -> int | None:
    """Number of the first entry, in order, whose seal or number does not fit; None if all do.

    A tail that was cut off, or a chain that was computed anew, is found only by comparing the
    last seal with one that is kept outside the database.
    """
    before, expected = GENESIS, 1
    for entry, written in sealed:
        if entry.number != expected or written != seal(before, entry):
            return entry.number
        before, expected = written, expected + 1
    return None
