"""One round of the collector: what it claimed, asked and kept."""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from domain.faults import Fault, Unintelligible
from domain.readings import (
    ACCOUNTS,
    AZURE_BUDGETS,
    BOOKED,
    CAPACITIES,
    COSTS,
    GATEWAYS,
    HARMS,
    LEDGER,
    METRICS,
    RESERVATIONS,
    RETAIL,
    SERIES,
    SUBSCRIPTIONS,
    TENANT,
    TENANT_WIDE,
    TOPICS,
    Trouble,
    nothing,
)
from jobs import booked, gateway, harms, keeping, ledger, listings
from jobs.asks import Ask
from jobs.keeping import Gathering
from jobs.questions import BASIS, Key, interleaved, questions_of
from services import accounts, fanout, subscriptions
from services.azure import Azure
from services.fanout import Answer
from store import rounds, snapshots
from store.engine import Session, Store
from store.rounds import Due

log = logging.getLogger(__name__)

DEADLINE_S = 240.0
"""Below the collector's lease, so that nobody else takes over what is still being asked."""
AGAIN = timedelta(minutes=5)
"""When to ask again what did not answer."""
BY_SUBSCRIPTION = tuple(
    it for it in TOPICS.values() if it not in (SUBSCRIPTIONS, SERIES, *TENANT_WIDE, *COSTS)
)
OWN_WAY = {
    GATEWAYS.name: gateway.questions,
    LEDGER.name: ledger.questions,
    BOOKED.name: booked.questions,
    HARMS.name: harms.questions,
    AZURE_BUDGETS.name: listings.of_budgets,
    RETAIL.name: listings.of_prices,
    RESERVATIONS.name: listings.of_reservations,
}
"""Topics that belong to no subscription, or are asked by what they have told so far."""
KEPT_BY = {
    GATEWAYS.name: gateway.keep,
    LEDGER.name: ledger.keep,
    BOOKED.name: booked.keep,
    HARMS.name: harms.keep,
    RETAIL.name: listings.keep_prices,
}
"""Topics whose rows go further than a snapshot."""
LAST = (CAPACITIES.name, GATEWAYS.name, RETAIL.name)
"""What asks about the rest, or is understood by it."""
GRAPH = "graph"
NOTHING_LISTED = (
    "Azure lists no subscription: the console's identity has no role on any, or lost its last one."
)
"""Which Azure says by an empty list, not by a refusal."""
K = TypeVar("K")


class Collecting(Protocol):
    """What a round needs of the collector whose round it is."""

    azure: Azure
    store: Store
    clock: Callable[[], datetime]
    wanted: frozenset[str]
    owner: str
    workspaces: tuple[str, ...]

    def claimed(self) -> list[Due]: ...


class Round:
    """One claim, asked and kept: the subscriptions, then the accounts, then the rest at once, and
    last what asks about the rest."""

    def __init__(self, collector: Collecting, due: list[Due]) -> None:
        self.of = collector
        self.due: dict[str, list[Due]] = defaultdict(list)
        for it in due:
            self.due[it.topic].append(it)
        self.at = collector.clock()
        self.asked = self.answered = 0
        self.told = 0.0
        self.graph: Answer[str] | None = None
        with collector.store.begin() as session:
            self.id = rounds.begun(session, collector.owner, self.at, 0)

    def run(self) -> None:
        for it in self.due.pop(SUBSCRIPTIONS.name, []):
            self._subscriptions(it)
        if those := self.due.pop(ACCOUNTS.name, []):
            self._accounts([it.scope for it in those])
        last = [it for name in LAST for it in self.due.pop(name, [])]
        self._rest([it for those in self.due.values() for it in those])
        self._rest(last)
        with self.of.store.begin() as session:
            rounds.answered(session, self.id, self.answered, self.asked)
            rounds.ended(session, self.id, self.of.clock())

    def _subscriptions(self, due: Due) -> None:
        gathering = Gathering(SUBSCRIPTIONS, due.scope, self.at, {""})
        questions: dict[str, Ask] = {"": lambda: subscriptions.listed(self.of.azure)}
        if self._newcomer():
            questions[GRAPH] = lambda: accounts.everywhere(self.of.azure)
        for answer in self._ask(questions):
            if answer.key == GRAPH:
                self.graph = answer
            else:
                gathering.answered("", answer.rows, answer.fault, answer.calls)
        gathering.rows = [it for it in gathering.rows if self._wanted(str(it["subscription"]))]
        seen = {str(it["subscription"]) for it in gathering.rows}
        if not gathering.troubles:
            gathering.troubles += [self._invisible(it) for it in sorted(self.of.wanted - seen)]
            if known := seen | self.of.wanted:
                self._enrol(known)
            else:
                gathering.troubles.append(Trouble("", "Forbidden", NOTHING_LISTED, self.at))
        self._keep(gathering)

    def _newcomer(self) -> bool:
        """Nothing is known yet: the first two questions need not wait for each other."""
        with self.of.store.reading() as session:
            return not snapshots.scopes(session, ACCOUNTS)

    def _wanted(self, subscription: str) -> bool:
        return not self.of.wanted or subscription in self.of.wanted

    def _invisible(self, subscription: str) -> Trouble:
        words = (
            f"Subscription {subscription} is in CONSOLE_AZURE__SUBSCRIPTIONS, but the console's "
            "identity can't see it: it lacks a role on it, or the id is of another tenant."
        )
        return Trouble(subscription, "Forbidden", words, self.at)

    def _enrol(self, known: Collection[str]) -> None:
        """Every topic of every subscription there is, at once when it is new; nothing of one that
        is there no more."""
        with self.of.store.begin() as session:
            gone = sorted(set(snapshots.scopes(session, ACCOUNTS)) - set(known))
            for topic in (*BY_SUBSCRIPTION, SERIES):
                snapshots.drop(session, topic, gone)
            for topic in BY_SUBSCRIPTION:  # after all snapshots: the order of store/engine.py
                rounds.enrol(session, topic, sorted(known), self.at)
                rounds.retire(session, topic, gone)
            self._enrol_widely(session)
        for name, those in self.due.items():
            self.due[name] = [it for it in those if it.scope not in gone]
        for it in self.of.claimed():
            self.due[it.topic].append(it)

    def _enrol_widely(self, session: Session) -> None:
        """What belongs to no subscription, where the console was told of it."""
        for topic in TENANT_WIDE:
            if topic is GATEWAYS and not self.of.workspaces:
                rounds.retire(session, topic, [TENANT])
            elif topic not in COSTS:
                rounds.enrol(session, topic, [TENANT], self.at)

    def _accounts(self, scopes: list[str]) -> None:
        """All subscriptions in one question to Resource Graph. What it leaves out, it leaves out
        in silence, so a subscription without accounts is asked again plainly."""
        gathered = {it: Gathering(ACCOUNTS, it, self.at, {""}) for it in scopes}
        graph = {GRAPH: lambda: accounts.in_graph(self.of.azure, scopes)}
        for answer in [self.graph] if self.graph else self._ask(graph):
            gathered[scopes[0]].calls += answer.calls
            for row in answer.rows:
                if found := gathered.get(str(row["subscription"])):
                    found.rows.append(row)
        doubtful = [it for it in scopes if not gathered[it].rows]
        plain = {it: self._plainly(it) for it in doubtful}
        for answer in self._ask(plain):
            gathered[answer.key].answered("", answer.rows, answer.fault, answer.calls)
        self._keep(*gathered.values())

    def _plainly(self, subscription: str) -> Ask:
        return lambda: accounts.in_subscription(self.of.azure, subscription)

    def _rest(self, due: list[Due]) -> None:
        """Everything else of all subscriptions through one pool; each scope kept when complete."""
        gathered, questions = self._questions(due)
        self._keep(*(it for it in gathered.values() if not it.left))
        for answer in self._ask(interleaved(questions)):
            topic, scope, part = answer.key
            gathering = gathered[topic, scope]
            gathering.answered(part, answer.rows, answer.fault, answer.calls)
            if not gathering.left:
                self._keep(gathered.pop((topic, scope)))

    def _questions(self, due: list[Due]) -> tuple[dict[tuple[str, str], Gathering], dict[Key, Ask]]:
        scopes = sorted({it.scope for it in due})
        with self.of.store.reading() as session:
            found = snapshots.kept(session, ACCOUNTS, scopes)
            bases = {BASIS.get(TOPICS[it.topic]) for it in due}
            before = {it: snapshots.kept(session, it, scopes) for it in bases if it}
        gathered: dict[tuple[str, str], Gathering] = {}
        questions: dict[Key, Ask] = {}
        for it in due:
            if it.topic in OWN_WAY:
                gathering, wide = OWN_WAY[it.topic](self.of, it, self.at)
                gathered[it.topic, it.scope] = gathering
                questions |= {(it.topic, it.scope, part): ask for part, ask in wide.items()}
                continue
            listed = (found[it.scope] or nothing(ACCOUNTS)).frame
            own = BASIS.get(TOPICS[it.topic], METRICS)
            known = before.get(own, {}).get(it.scope) or nothing(own)
            gathering, those = questions_of(self.of.azure, it, listed, known, self.at)
            gathered[it.topic, it.scope] = gathering
            questions |= {(it.topic, it.scope, part): ask for part, ask in those.items()}
        return gathered, questions

    def _ask(self, questions: Mapping[K, Ask]) -> Iterable[Answer[K]]:
        self.asked += len(questions)
        for answer in fanout.asked(questions, deadline_s=DEADLINE_S):
            self.answered += 1
            self._tell()
            yield answer

    def _tell(self) -> None:
        """Progress for whoever watches, twice a second at the most."""
        if time.monotonic() - self.told > 0.5:
            self.told = time.monotonic()
            with self.of.store.begin() as session:
                rounds.answered(session, self.id, self.answered, self.asked)

    def _keep(self, *those: Gathering) -> None:
        """In one transaction. A mistake of ours about one scope must not have all others asked
        again and again, so it costs that scope alone."""
        try:
            self._kept(those)
        except Fault:
            raise
        except Exception:
            log.exception("A bug in keeping %s", [(it.topic.name, it.scope) for it in those])
            if len(those) > 1:
                for it in those:
                    self._keep(it)
                return
            for it in those:
                it.failed(Unintelligible(f"{it.topic.title} of {it.scope} could not be kept."))
            self._kept(those)

    def _kept(self, those: Collection[Gathering]) -> None:
        if not those:
            return
        with self.of.store.begin() as session:
            kept = [(it, KEPT_BY.get(it.topic.name, keeping.keep)(session, it)) for it in those]
            now = self.of.clock()
            for it, snapshot in kept:
                rounds.finish(
                    session,
                    it.topic.name,
                    it.scope,
                    self.of.owner,
                    now,
                    now + self._pause(it),
                    took_ms=it.took_ms,
                    calls=it.calls,
                    rows=len(snapshot.frame),
                    troubles=len(snapshot.troubles),
                    data_at=snapshot.at,
                    backlog=it.backlog_left,
                )

    def _pause(self, it: Gathering) -> timedelta:
        if it.backlog_left and not (it.troubles and it.topic in COSTS):
            return self.of.azure.cloud.metrics_pause
        again = min(it.topic.cadence, AGAIN) if it.troubles else it.topic.cadence
        return max(again, it.pause)
