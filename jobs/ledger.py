"""The ledger of usage: what was used by the day, and what each deployment was on that day."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

import pandas as pd

from domain import estate, frames
from domain.costs import ESTATE_DAYS, USAGE_DAYS
from domain.readings import ACCOUNTS, DEPLOYMENTS, LEDGER, Snapshot
from jobs import reach, regions
from jobs.asks import Ask
from jobs.keeping import Gathering
from jobs.reach import DAY
from services import ledger
from store import edits, estate_days, usage_days
from store.engine import Session
from store.rounds import Due

MOST_EDITS = 10_000


def questions(of: regions.Asking, due: Due, at: datetime) -> tuple[Gathering, Mapping[str, Ask]]:
    """By region, and within it by as many accounts as one question may name."""
    return regions.questions(of, LEDGER, due, at, ledger.days)


def keep(session: Session, it: Gathering) -> Snapshot:
    """What was used in the regions that answered, what their deployments were, and then how far
    the ledger reaches; returns the latter."""
    assert it.days
    good = regions.answered(it)
    was = _keep_estate(session, it)
    counted = frames.frame(USAGE_DAYS, it.rows).assign(seen_at=pd.Timestamp(it.at).as_unit("us"))
    own = was[was["account_id"].isin(list(good))]
    usage = frames.fitted(estate.measured(counted, own, it.at, *it.days), USAGE_DAYS)
    account = usage["resource"].str.replace(r"/deployments/.*$", "", regex=True)
    usage = usage[account.isin(list(good))]
    usage_days.replace(session, usage, "metrics", good, *it.days)
    return regions.reached(session, it, partial(usage_days.many, session, source="metrics"))


def _keep_estate(session: Session, it: Gathering) -> pd.DataFrame:
    """What accounts and deployments are today, and are taken to have been on days of which nothing
    is known; returns frame ESTATE_DAYS of the days that were asked."""
    assert it.days
    first, today = it.days[0], reach.midnight(it.at)
    accounts = regions.kept(session, ACCOUNTS, it.scope).frame
    deployments = regions.kept(session, DEPLOYMENTS, it.scope).frame
    known = estate_days.between(session, min(first, today - DAY), today + DAY, [it.scope])
    changed = edits.since(session, today - DAY, [it.scope], MOST_EDITS)
    looked = estate.looked(accounts, deployments, known, changed, first, it.at)
    for new in (looked, estate.homes(accounts, known, first, it.at)):
        estate_days.keep(session, frames.fitted(new, ESTATE_DAYS))
    return estate_days.between(session, *it.days, [it.scope])
