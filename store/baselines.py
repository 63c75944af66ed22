"""Baselines of content filters, every version of each: nothing that was ever demanded is lost."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Update, func, select, update

from domain.baselines import Baseline, parsed, text
from domain.faults import Outdated
from store.engine import Session
from store.tables import BaselineRow

_PLAIN = (
    "key", "version", "title", "audience", "environment", "starts", "ends", "proposer", "at",
    "approver", "approved_at", "note",
)  # fmt: skip


def known(session: Session) -> list[Baseline]:
    """Every version of every baseline; what waits and what has ended is among it."""
    wanted = select(BaselineRow).order_by(BaselineRow.key, BaselineRow.version)
    return [_read(it) for it in session.scalars(wanted)]


def find(session: Session, key: str, version: int) -> Baseline | None:
    row = session.get(BaselineRow, (key, version), populate_existing=True)
    return _read(row) if row else None


def add(session: Session, it: Baseline) -> None:
    """Keep a new version; raises Outdated unless it is the one after the newest."""
    newest = session.scalar(select(func.max(BaselineRow.version)).where(BaselineRow.key == it.key))
    if it.version != (newest or 0) + 1:
        raise Outdated(f"Baseline {it.title} has another version since.")
    told = {name: getattr(it, name) for name in _PLAIN}
    told["at"] = it.at or it.starts
    session.add(BaselineRow(**told, body=text(it.least, it.mode)))
    session.flush()


def enrol(session: Session, first: Iterable[Baseline]) -> None:
    """Keep what a console starts with, unless there are baselines already: they are people's from
    then on."""
    if session.scalar(select(BaselineRow.key).limit(1)) is None:
        for it in first:
            add(session, it)


def approve(session: Session, key: str, version: int, by: str, at: datetime) -> None:
    """Let a version be in force; raises Outdated unless it still waits."""
    open_ = BaselineRow.ends.is_(None) | (BaselineRow.ends > at)
    waits = BaselineRow.approved_at.is_(None) & open_
    change = update(BaselineRow).where(waits).values(approver=by, approved_at=at)
    _changed(session, key, version, change)


def end(session: Session, key: str, version: int, seen: datetime | None, ends: datetime) -> None:
    """Let a version end then; raises Outdated unless its end is still the one that was seen."""
    same = BaselineRow.ends.is_not_distinct_from(seen)
    _changed(session, key, version, update(BaselineRow).where(same).values(ends=ends))


def _changed(session: Session, key: str, version: int, change: Update) -> None:
    here = (BaselineRow.key == key) & (BaselineRow.version == version)
    if session.execute(change.where(here).returning(BaselineRow.key)).first() is None:
        raise Outdated(f"Baseline {key}, version {version}, has changed since.")


def _read(row: BaselineRow) -> Baseline:
    least, mode = parsed(row.body)
    return Baseline(**{name: getattr(row, name) for name in _PLAIN}, least=least, mode=mode)
