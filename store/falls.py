"""Safeguards that fell and were acted on: one row a fall, open until the safeguard holds again."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select, update

from store import rows
from store.engine import Session
from store.tables import FallRow


@dataclass(frozen=True)
class Fall:
    rollout: int
    safeguard: str
    """Its key."""
    at: datetime
    """When it was acted on."""
    phase: int
    action: str
    """domain.braking.Action."""
    words: str
    over_at: datetime | None = None
    """When it held again."""


def keep(session: Session, it: Fall) -> None:
    """Keep it; only under the lock of the rollout."""
    rows.upsert(session, FallRow, ["rollout", "safeguard", "at"], [asdict(it)])


def over(session: Session, rollout: int, keys: Collection[str], at: datetime) -> None:
    """These hold again."""
    here = (FallRow.rollout == rollout) & FallRow.safeguard.in_(list(keys))
    session.execute(update(FallRow).where(here, FallRow.over_at.is_(None)).values(over_at=at))


def of(session: Session, rollout: int) -> list[Fall]:
    """All of a rollout, the newest first."""
    wanted = select(FallRow).where(FallRow.rollout == rollout)
    wanted = wanted.order_by(FallRow.at.desc(), FallRow.safeguard)
    found = session.scalars(wanted.execution_options(populate_existing=True))
    return [Fall(**{name: getattr(it, name) for name in Fall.__dataclass_fields__}) for it in found]


def acted(session: Session, rollout: int) -> set[str]:
    """Keys of those that were acted on and do not hold again yet."""
    wanted = select(FallRow.safeguard).where(FallRow.rollout == rollout, FallRow.over_at.is_(None))
    return set(session.scalars(wanted))
