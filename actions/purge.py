"""Purge: end a deleted account for good, so that its name and its quota are free."""

from datetime import datetime

import pandas as pd

from actions import proposing, sight
from actions.proposing import Terms
from actions.visit import Visit
from domain import capacity, names
from domain.faults import NotAllowed, OutOfRange
from domain.plans import GONE, Leg
from domain.readings import DELETED, nothing
from domain.roles import Permission, require_writes
from store import snapshots
from store.engine import Session

NOW = Terms()


def account(visit: Visit, deleted: str, *, named: str, terms: Terms = NOW) -> int:
    """Record a plan that purges it and return its number; raises Refused. deleted: the id by which
    it is purged; named: its name, typed. Nothing brings it back, so a second person approves."""
    with visit.attempt(Permission.ALLOCATE, f"purge {deleted}"[:1_000]) as session:
        require_writes(visit.writes)
        found = _known(session, deleted)
        seen = sight.over(visit, session, [names.subscription(deleted)])
        if not seen.whole:
            raise NotAllowed("Accounts are purged by people who see every unit.")
        if named.strip() != str(found["account"]):
            raise OutOfRange("The name does not match; nothing is purged.")
        if not terms.reason.strip():
            raise OutOfRange("Say why it is purged.")
        since: datetime | None = None
        if not pd.isna(found["deleted_at"]):
            since = found["deleted_at"].to_pydatetime()
        leg = Leg("purge", deleted, "", capacity.held(since), GONE)
        title = f"Purge {names.short(deleted)}"
        return proposing.propose(visit, session, seen, [leg], title, terms)


def _known(session: Session, deleted: str) -> "pd.Series[pd.Timestamp]":
    """Its row of frame DELETED; raises NotAllowed for what is none."""
    refusal = NotAllowed("This account is not among those you may purge.")
    if not names.is_deleted(deleted):
        raise refusal
    scope = names.subscription(deleted)
    kept = snapshots.kept(session, DELETED, [scope])[scope] or nothing(DELETED)
    found = kept.frame[kept.frame["deleted_resource"] == deleted]
    if found.empty:
        raise refusal
    return found.iloc[0]
