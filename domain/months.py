"""Months as text, "2026-10": they sort, they are keys, and they begin at midnight UTC."""

import re
from datetime import UTC, date, datetime

from domain.faults import OutOfRange

_MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


def of(moment: date) -> str:
    """The month of a day or of an aware time in UTC."""
    return f"{moment:%Y-%m}"


def read(text: str) -> str:
    """The month that somebody wrote; raises OutOfRange for what is none."""
    if not isinstance(text, str) or not _MONTH.fullmatch(text):
        raise OutOfRange("A month is written like 2026-10.")
    return text


def first(month: str) -> datetime:
    """Its first day."""
    return datetime(int(month[:4]), int(month[5:]), 1, tzinfo=UTC)


def after(month: str, many: int = 1) -> str:
    """The month so many later, or earlier where it is negative."""
    count = int(month[:4]) * 12 + int(month[5:]) - 1 + many
    return f"{count // 12:04d}-{count % 12 + 1:02d}"


def before(month: str) -> str:
    return after(month, -1)


def end(month: str) -> datetime:
    """The first moment that is not in it."""
    return first(after(month))


def through(start: str, last: str) -> list[str]:
    """All months from one to another, both included."""
    found = []
    while start <= last:
        found.append(start)
        start = after(start)
    return found


def midnight(day: date) -> datetime:
    """The first moment of a day."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
