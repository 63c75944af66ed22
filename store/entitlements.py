"""What business units are guaranteed of quota pools, by agreement; Azure knows nothing of it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select

from store import rows
from store.engine import Session
from store.tables import EntitlementRow


@dataclass(frozen=True)
class Entitlement:
    pool: str
    unit: str
    guaranteed: int
    """Units of the pool; none kept where it is 0."""
    said_by: str
    at: datetime


def keep(session: Session, it: Entitlement) -> None:
    """Replace what this unit is guaranteed of this pool."""
    if it.guaranteed:
        rows.upsert(session, EntitlementRow, ["pool", "unit"], [asdict(it)])
        return
    here = (EntitlementRow.pool == it.pool) & (EntitlementRow.unit == it.unit)
    session.execute(delete(EntitlementRow).where(here))


def of(session: Session, pools: Collection[str] | None = None) -> list[Entitlement]:
    """What is guaranteed of these pools, or of all, by pool and unit."""
    columns = [getattr(EntitlementRow, name) for name in Entitlement.__dataclass_fields__]
    wanted = select(*columns).order_by(EntitlementRow.pool, EntitlementRow.unit)
    if pools is not None:
        wanted = wanted.where(EntitlementRow.pool.in_(pools))
    return [Entitlement(*row) for row in session.execute(wanted)]
