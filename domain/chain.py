"""The hash chain of the audit trail: each row seals all rows before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from json.encoder import encode_basestring as quoted

GENESIS = "0" * 64

Line = tuple[int, datetime, str, str, str, str, str]
"""The fields of an entry in their order, and its seal."""


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


@dataclass(frozen=True)
class Anchor:
    """Number and seal of the trail's last line at this time, kept outside the database."""

    at: datetime
    number: int
    seal: str


def first_lost(anchors: Iterable[Anchor], seals: Mapping[int, str]) -> Anchor | None:
    """The lowest anchor that the trail, given by its seals, no longer holds: it was cut off before
    it, or computed anew. None when it holds them all."""
    lost = [it for it in anchors if seals.get(it.number) != it.seal]
    return min(lost, key=lambda it: it.number, default=None)


def seal(before: str, entry: Entry) -> str:
    """Hex SHA-256 over the seal before and every field of this entry."""
    return _seal(before, entry.number, entry.at, entry.who, entry.what, entry.came, entry.detail)


def _seal(
    before: str, number: int, at: datetime, who: str, what: str, came: str, detail: str
) -> str:
    """The fields as JSON with sorted keys, as json.dumps() writes it, at a fifth of its time: a
    trail of millions of lines is read whole."""
    told = (
        f'{before}{{"at": "{at.isoformat(timespec="microseconds")}", "came": {quoted(came)}, '
        f'"detail": {quoted(detail)}, "number": {number}, "what": {quoted(what)}, '
        f'"who": {quoted(who)}}}'
    )
    return sha256(told.encode()).hexdigest()


def first_break(sealed: Iterable[tuple[Entry, str]]) -> int | None:
    """Number of the first entry, in order, whose seal or number does not fit; None if all do.

    A tail that was cut off, or a chain that was computed anew, is found only by comparing the
    last seal with one that is kept outside the database.
    """
    lines = ((it.number, it.at, it.who, it.what, it.came, it.detail, seal) for it, seal in sealed)
    return first_torn(lines)


def first_torn(lines: Iterable[Line]) -> int | None:
    """The same for lines as they lie in the database."""
    before, expected = GENESIS, 1
    for number, at, who, what, came, detail, written in lines:
        if number != expected or written != _seal(before, number, at, who, what, came, detail):
            return number
        before, expected = written, expected + 1
    return None
