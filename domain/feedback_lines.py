"""Feedback from a survey as a CSV, read row by row: what is good, and what is wrong with the rest.

What looks like a formula stays the text that it is. Nothing that was kept before is kept twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from domain import personal, sheets
from domain.faults import OutOfRange
from domain.feedback import Feedback, Severity, checked, severity
from domain.personal import Known
from domain.sheets import Wrong

COLUMNS = ("theme", "severity", "words", "date")
Key = tuple[str, str, date]


@dataclass(frozen=True)
class Line:
    """One thing that was said."""

    row: int
    """Line of the text, from 1."""
    theme: str
    severity: Severity
    words: str
    said_on: date


@dataclass(frozen=True)
class Lines:
    good: tuple[Line, ...] = ()
    wrong: tuple[Wrong, ...] = ()


def read(text: str, phase: int, before: Iterable[Feedback], today: date, known: Known) -> Lines:
    """What a CSV holds about a phase; before: what is kept of the rollout already; known: people
    whose names are looked for."""
    try:
        heading, rows, _ = sheets.table(text, COLUMNS)
    except OutOfRange as refused:
        return Lines(wrong=(Wrong(0, refused.words),))
    kept = {_key(it.theme, it.words, it.said_on) for it in before if it.phase == phase}
    seen: dict[Key, int] = {}
    good: list[Line] = []
    wrong: list[Wrong] = []
    for at, cells in rows:
        try:
            it = _line(at, sheets.row(heading, cells), today, known)
            key = _key(it.theme, it.words, it.said_on)
            if key in seen:
                raise OutOfRange(f"This is in row {seen[key]} already.")
            if key in kept:
                raise OutOfRange("This is entered already.")
        except OutOfRange as refused:
            wrong.append(Wrong(at, refused.words, _quote(cells, known)))
        else:
            seen[key] = at
            good.append(it)
    if not rows:
        wrong.append(Wrong(0, "There are no rows below the headings."))
    return Lines(tuple(good), tuple(wrong))


def _line(at: int, row: Mapping[str, str], today: date, known: Known) -> Line:
    try:
        day = date.fromisoformat(row["date"]) if len(row["date"]) == 10 else None
    except ValueError:
        day = None
    if day is None:
        raise OutOfRange("The date is none such as 2026-11-26.")
    checked(row["theme"], row["words"], day, today, known)
    return Line(at, row["theme"], severity(row["severity"].lower()), row["words"], day)


def _quote(cells: Iterable[str], known: Known) -> str:
    found = (personal.found(it, known) for it in cells)
    return next((it.quote for it in found if it), "")


def _key(theme: str, words: str, day: date) -> Key:
    """The same for what reads the same."""
    theme, words = (" ".join(it.casefold().split()) for it in (theme, words))
    return theme, words, day
