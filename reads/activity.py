"""Who changed what in Azure, by this console or past it, and who got in a plan's way."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from domain import activity, outside
from domain.readings import ACTIVITY, Snapshot, together
from store import contests, edits, plans, snapshots
from store.engine import Store


def generation(store: Store, subscriptions: Sequence[str]) -> int:
    """Grows whenever the activity log was read anew."""
    with store.reading() as session:
        return snapshots.generation(session, [ACTIVITY], subscriptions)


def log(store: Store, subscriptions: Sequence[str], now: datetime) -> Snapshot:
    """Frame ACTIVITY: 90 days at the most; troubles where it cannot be read."""
    with store.reading() as session:
        return together(ACTIVITY, snapshots.kept(session, ACTIVITY, subscriptions), now)


def changes_outside(
    store: Store, subscriptions: Sequence[str], since: datetime | None, now: datetime
) -> pd.DataFrame:
    """Frame OUTSIDE after this time, the newest first: what was seen to change and who wrote it,
    with the plan where that was this console."""
    with store.reading() as session:
        whole = together(ACTIVITY, snapshots.kept(session, ACTIVITY, subscriptions), now).frame
        seen = edits.since(session, since, subscriptions)
        ours = activity.requests(plans.latest(session))
    recent = whole if since is None else whole[whole["at"] > pd.Timestamp(since)]
    return outside.told(recent, seen, ours)


def contested(store: Store, plan: int | None = None) -> pd.DataFrame:
    """Frame CONTESTS, the newest first: of one plan, or of all."""
    with store.reading() as session:
        return contests.listed(session, plan=plan)
