"""What is other than a baseline demands, and since when it has been so without a break."""

from collections.abc import Collection, Sequence

import pandas as pd
from sqlalchemy import bindparam, delete, select

from domain.baselines import DEVIATIONS
from store import rows
from store.engine import Session
from store.tables import DeviationRow

_KEY = ("resource", "category", "direction", "way")


def keep(
    session: Session,
    found: pd.DataFrame,
    subscriptions: Sequence[str],
    unjudged: Collection[str] = (),
) -> None:
    """Make these, frame DEVIATIONS, the ones that are so in these subscriptions; one that is still
    there keeps its time. unjudged: deployments of which nothing can be told now, whose rows stay.
    """
    told = rows.of_frame(found.drop_duplicates(list(_KEY)), DEVIATIONS)
    there = {tuple(it[name] for name in _KEY) for it in told}
    known = select(*(getattr(DeviationRow, name) for name in _KEY)).where(
        DeviationRow.subscription.in_(list(subscriptions))
    )
    old = {tuple(it) for it in session.execute(known)}
    gone = sorted(it for it in old - there if it[0] not in unjudged)
    if gone:
        here = (getattr(DeviationRow, name) == bindparam(f"gone_{name}") for name in _KEY)
        keys = [{f"gone_{name}": it for name, it in zip(_KEY, row, strict=True)} for row in gone]
        session.connection().execute(delete(DeviationRow).where(*here), keys)
    new = [it for it in told if tuple(it[name] for name in _KEY) not in old]
    if new:
        added = rows.insert(session, DeviationRow).on_conflict_do_nothing()
        session.execute(added, sorted(new, key=lambda it: tuple(it[name] for name in _KEY)))


def of(session: Session, subscriptions: Sequence[str]) -> pd.DataFrame:
    """Frame DEVIATIONS of these subscriptions."""
    wanted = select(*(getattr(DeviationRow, name) for name in DEVIATIONS)).where(
        DeviationRow.subscription.in_(list(subscriptions))
    )
    return rows.many(
        session, wanted.order_by(*(getattr(DeviationRow, name) for name in _KEY)), DEVIATIONS
    )
