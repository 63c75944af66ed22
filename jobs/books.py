"""The collector of what costs: it waits between its questions, and nobody waits for it."""

from domain.readings import ACCOUNTS, COSTS, DEPLOYMENTS, TENANT, TENANT_WIDE
from jobs.collector import Collector
from jobs.round import Round
from store import rounds, snapshots
from store.engine import Session


class Books(Collector):
    """Asks about money: usage by the day, what is booked, prices, reservations, budgets."""

    topics = tuple(it.name for it in COSTS)

    def run_once(self) -> None:
        """Ask what is due, of subscriptions whose deployments are known."""
        with self.store.begin() as session:
            self._enrol(session)
        try:
            if due := self.claimed():
                Round(self, due).run()
        except BaseException:
            self.release()
            raise

    def _enrol(self, session: Session) -> None:
        now, known = self.clock(), snapshots.scopes(session, DEPLOYMENTS)
        there = set(snapshots.scopes(session, ACCOUNTS))
        for topic in COSTS:
            if topic in TENANT_WIDE:
                rounds.enrol(session, topic, [TENANT] if known else [], now)
                continue
            gone = sorted(set(snapshots.scopes(session, topic)) - there)
            snapshots.drop(session, topic, gone)
            rounds.enrol(session, topic, known, now)
            rounds.retire(session, topic, gone)
