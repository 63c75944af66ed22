"""What content filters found and blocked, by the day: history from the newest day back."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

import pandas as pd

from domain import frames
from domain.moderation import HARM_DAYS
from domain.readings import HARMS, Snapshot
from jobs import regions
from jobs.asks import Ask
from jobs.keeping import Gathering
from services import harms
from store import harm_days, snapshots
from store.engine import Session
from store.rounds import Due


def questions(of: regions.Asking, due: Due, at: datetime) -> tuple[Gathering, Mapping[str, Ask]]:
    """By region, and within it by as many accounts as one question may name."""
    return regions.questions(of, HARMS, due, at, harms.days)


def keep(session: Session, it: Gathering) -> Snapshot:
    """The days that were asked, of the regions that answered, and then how far they reach; returns
    the latter."""
    assert it.days
    snapshots.lock(session)
    told = frames.frame(HARM_DAYS, it.rows).assign(seen_at=pd.Timestamp(it.at).as_unit("us"))
    good = regions.answered(it)
    account = told["resource"].str.replace(r"/deployments/.*$", "", regex=True)
    harm_days.replace(session, told[account.isin(list(good))], good, *it.days)
    return regions.reached(session, it, partial(harm_days.many, session))
