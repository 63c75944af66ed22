"""The audit trail: appended to, sealed entry by entry, and never rewritten."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import bindparam, insert, select, update

from domain import chain
from domain.chain import Entry, Line
from store.columns import storable
from store.engine import Session
from store.tables import AuditHeadRow, AuditRow

_AT_A_TIME = 2_000
_ASKED = 500
_FIELDS = (
    AuditRow.number,
    AuditRow.at,
    AuditRow.who,
    AuditRow.what,
    AuditRow.came,
    AuditRow.detail,
)


# Tables, not classes: every verb and every step of a plan waits for this, one after the other.
_LAST = select(AuditHeadRow.number, AuditHeadRow.seal).with_for_update()
_LINE = insert(AuditRow.__table__)  # type: ignore[arg-type]
_HEAD = update(AuditHeadRow.__table__).values(  # type: ignore[arg-type]
    number=bindparam("to"), seal=bindparam("sealed")
)


def add(session: Session, at: datetime, who: str, what: str, came: str, detail: str = "") -> int:
    """Append one line; returns its number. Writers queue at the head, so no number is left out."""
    number, before = session.execute(_LAST).one()
    # Sealed as it will be read back: the same zone, and only text that can be kept.
    words = [storable(it) for it in (who, what, came, detail)]
    entry = Entry(number + 1, at.astimezone(UTC), *words)
    seal = chain.seal(before, entry)
    session.execute(_LINE, {**vars(entry), "seal": seal})
    session.execute(_HEAD, {"to": entry.number, "sealed": seal})
    return entry.number


def trail(session: Session, most: int = 1_000) -> list[Entry]:
    """The last lines, the newest first."""
    newest = select(*_FIELDS).order_by(AuditRow.number.desc()).limit(most)
    return [Entry(*row) for row in session.execute(newest)]


def head(session: Session) -> tuple[int, str]:
    """Number and seal of the last line, to be kept outside the database too."""
    last = session.scalars(select(AuditHeadRow)).one()
    return last.number, last.seal


def seals(session: Session, numbers: Sequence[int]) -> dict[int, str]:
    """By number, of those lines that are there."""
    found: dict[int, str] = {}
    for first in range(0, len(numbers), _ASKED):
        some = numbers[first : first + _ASKED]
        wanted = select(AuditRow.number, AuditRow.seal).where(AuditRow.number.in_(some))
        found |= {it.number: it.seal for it in session.execute(wanted)}
    return found


def first_break(session: Session) -> int | None:
    """Number of the first line that is not as it was written; None when all are.

    Wants a reading session, which sees one moment. A tail that was cut off is found by the head;
    somebody who forged both is found by comparing head() with one that was kept elsewhere.
    """
    end = (0, chain.GENESIS)

    def lines() -> Iterator[Line]:
        nonlocal end
        for some in session.execute(every).partitions():
            yield from some
            end = (some[-1].number, some[-1].seal)

    every = select(*_FIELDS, AuditRow.seal).order_by(AuditRow.number)
    every = every.execution_options(yield_per=_AT_A_TIME)
    broken = chain.first_torn(lines())
    if broken is not None or end == (last := head(session)):
        return broken
    return end[0] if end[0] == last[0] else min(end[0], last[0]) + 1
