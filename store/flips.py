"""Gates that turned: each time a phase stood elsewhere than before, so that people hear of it."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from store import rows
from store.engine import Session
from store.tables import FlipRow


@dataclass(frozen=True)
class Flip:
    """A phase that stands elsewhere than it did; domain.rollouts.Stage before and after."""

    rollout: int
    phase: int
    at: datetime
    before: str
    after: str


def keep(session: Session, it: Flip) -> None:
    """Keep it; the same moment again replaces what was found then."""
    rows.upsert(session, FlipRow, ["rollout", "phase", "at"], [asdict(it)])


def since(session: Session, at: datetime) -> list[Flip]:
    """Those after this time, the oldest first."""
    wanted = select(FlipRow).where(FlipRow.at > at).order_by(FlipRow.at, FlipRow.rollout)
    found = session.scalars(wanted.execution_options(populate_existing=True))
    return [Flip(**{name: getattr(it, name) for name in Flip.__dataclass_fields__}) for it in found]


def last(
    session: Session, rollouts: Collection[int], after: str
) -> dict[tuple[int, int], datetime]:
    """When each phase of these last came to stand there."""
    if not rollouts:
        return {}
    wanted = select(FlipRow.rollout, FlipRow.phase, func.max(FlipRow.at))
    wanted = wanted.where(FlipRow.rollout.in_(rollouts), FlipRow.after == after)
    found = session.execute(wanted.group_by(FlipRow.rollout, FlipRow.phase))
    return {(rollout, phase): at for rollout, phase, at in found}


def prune(session: Session, before: datetime) -> int:
    """Forget those that are older."""
    return rows.delete(session, delete(FlipRow).where(FlipRow.at < before))
