"""The register of exemptions from content filters and from abuse monitoring."""

from datetime import datetime

from sqlalchemy import Update, select, update

from domain.exemptions import Exemption
from domain.faults import Outdated
from domain.filters import Strength
from store.engine import Session
from store.tables import ExemptionRow

_FIELDS = tuple(Exemption.__dataclass_fields__)


def known(session: Session) -> list[Exemption]:
    """Every entry, in the order in which they were asked for."""
    wanted = select(ExemptionRow).order_by(ExemptionRow.id)
    return [_read(it) for it in session.scalars(wanted)]


def find(session: Session, id: int) -> Exemption | None:
    row = session.get(ExemptionRow, id, populate_existing=True)
    return _read(row) if row else None


def add(session: Session, it: Exemption) -> int:
    """Keep a new entry; returns its number."""
    told = {name: getattr(it, name) for name in _FIELDS if name != "id"}
    row = ExemptionRow(**told | {"accepts": int(it.accepts)})
    session.add(row)
    session.flush()
    return row.id


def decide(session: Session, id: int, decision: str, by: str, at: datetime, note: str = "") -> None:
    """Approve or decline it; raises Outdated unless nobody has decided and it has not ended."""
    told = {"decision": decision, "approver": by, "decided_at": at, "note": note}
    waits = (ExemptionRow.decision == "") & ExemptionRow.ended_at.is_(None)
    _changed(session, id, update(ExemptionRow).where(waits).values(**told))


def end(session: Session, id: int, by: str, at: datetime) -> None:
    """End it now; raises Outdated where it has ended already."""
    open_ = ExemptionRow.ended_at.is_(None)
    _changed(session, id, update(ExemptionRow).where(open_).values(ended_at=at, ended_by=by))


def _changed(session: Session, id: int, change: Update) -> None:
    here = change.where(ExemptionRow.id == id).returning(ExemptionRow.id)
    if session.execute(here).first() is None:
        raise Outdated(f"Exemption {id} has changed since.")


def _read(row: ExemptionRow) -> Exemption:
    told = {name: getattr(row, name) for name in _FIELDS}
    return Exemption(**told | {"accepts": Strength(row.accepts)})
