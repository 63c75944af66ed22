"""The reconciler: holds what plans did against Azure's own log, for nobody else can tell whether
somebody wrote between a look of ours and our write."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from domain import activity, names
from domain import contests as rules
from domain.contests import LATE
from domain.readings import ACTIVITY
from jobs.worker import AUTOMATON
from store import audit, contests, snapshots
from store.contests import Due
from store.engine import Session, Store

NAME = "reconciler"
GIVEN_UP = timedelta(days=1)
"""How long the log is waited for."""
UNREAD = "The activity log could not be read: whether somebody else wrote meanwhile is not known."


@dataclass(frozen=True)
class Reconciler:
    store: Store
    clock: Callable[[], datetime]
    us: str
    """Under whose name the console writes."""

    def run_once(self) -> None:
        """Every plan that is due, each in a transaction of its own."""
        now = self.clock()
        with self.store.reading() as session:
            waiting = contests.due(session, now)
        for it in waiting:
            with self.store.begin() as session:
                self._hold(session, it, now)

    def _hold(self, session: Session, it: Due, now: datetime) -> None:
        """Against the log as it was collected, once that reaches far enough beyond the end."""
        log = self._log(session, it, it.until + LATE if not it.checks else rules.second(it.until))
        if log is None and now < it.until + GIVEN_UP:
            return
        words = [UNREAD] if log is None else self._found(session, it, log)
        contests.checked(session, it, now, 2 if log is None else it.checks + 1)
        for line in words:
            came = "unknown" if log is None else "failed"
            audit.add(session, now, NAME, f"plan {it.plan.id}: held against the log", came, line)

    def _found(self, session: Session, it: Due, log: pd.DataFrame) -> list[str]:
        """The words of what is found for the first time."""
        plan = it.plan
        began = contests.began(session, plan.id, AUTOMATON) or plan.asked_at
        ours = activity.requests(contests.others(session, plan.resources))
        return contests.keep(session, rules.found(plan, began, it.until, log, ours, self.us))

    def _log(self, session: Session, it: Due, least: datetime) -> pd.DataFrame | None:
        """The log of the plan's subscriptions; None while one was not read until then."""
        scopes = sorted({names.subscription(resource) for resource in it.plan.resources})
        kept = list(snapshots.kept(session, ACTIVITY, scopes).values())
        if not all(part and part.at and part.at >= least for part in kept):
            return None
        return pd.concat([part.frame for part in kept if part], ignore_index=True)
