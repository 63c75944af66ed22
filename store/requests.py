"""Requests for more quota, and where each of them stands."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import select, update

from domain.faults import Outdated
from domain.requests import Request, Status
from store.engine import Session
from store.tables import RequestRow

_TOLD = [name for name in Request.__dataclass_fields__ if name != "id"]


def add(session: Session, request: Request) -> int:
    """Keep a new request; returns its number."""
    told = {name: value for name, value in asdict(request).items() if name != "id"}
    by = {"status_at": request.status_at or request.asked_at, "status": str(request.status)}
    row = RequestRow(**told | by)
    session.add(row)
    session.flush()
    return row.id


def find(session: Session, id: int) -> Request | None:
    row = session.get(RequestRow, id, populate_existing=True)
    return _request(row) if row else None


def latest(
    session: Session,
    units: Collection[str] | None = None,
    since: datetime | None = None,
    most: int = 1_000,
) -> list[Request]:
    """Requests, the newest first. units: for these alone, None is all; since: moved on after."""
    wanted = select(RequestRow).order_by(RequestRow.id.desc()).limit(most)
    if units is not None:
        wanted = wanted.where(RequestRow.unit.in_(units))
    if since is not None:
        wanted = wanted.where(RequestRow.status_at > since)
    return [_request(row) for row in session.scalars(wanted)]


def move(
    session: Session, request: Request, status: Status, by: str, at: datetime, note: str
) -> None:
    """Let it stand there from now on; raises Outdated unless it stands where it was seen."""
    here = (RequestRow.id == request.id) & (RequestRow.status == str(request.status))
    told = {"status": str(status), "status_at": at, "status_by": by, "note": note}
    moved = update(RequestRow).where(here).values(told).returning(RequestRow.id)
    if session.execute(moved).first() is None:
        raise Outdated(f"Request {request.id} has moved on.")


def _request(row: RequestRow) -> Request:
    fields = {name: getattr(row, name) for name in _TOLD}
    return Request(id=row.id, **fields | {"status": Status(row.status)})
