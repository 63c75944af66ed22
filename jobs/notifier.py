"""The notifier: tells people by mail or webhook what they would not look for, once, at least."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from domain import notices
from domain.announcing import announced
from domain.faults import Untold
from domain.frames import records
from domain.notices import Kind, Notice
from domain.requests import Request
from reads import today
from services.notices import send as by_address
from store import agreed_prices, budgets, people, plans, requests, units
from store import notices as outbox
from store.engine import Session, Store
from store.notices import Outgoing

LEASE = timedelta(minutes=5)
"""How long one message may take before another replica tries it."""
BUSY_S = 10.0
"""How long one round goes on to the next message, so that a console can be stopped."""
KEPT = timedelta(days=90)
MOST_PLANS = 2_000

Send = Callable[[str, str, str, str], None]
"""Address, what to call it, title, words; raises Untold."""


class Notifier:
    """Reads plans and requests, and keeps what there is to tell in the store before telling it."""

    def __init__(
        self,
        store: Store,
        clock: Callable[[], datetime],
        addresses: Sequence[str],
        link: str,
        send: Send = by_address,
    ) -> None:
        self.store, self.clock, self.link, self._send = store, clock, link, send
        self._addresses = {f"Address {at}": it for at, it in enumerate(addresses, start=1)}
        self._reached: dict[str, set[str]] = {}
        """By key of a message: who has taken it, so that they are not told again because somebody
        else was not. Forgotten at a restart; a message twice is better than none."""

    def run_once(self) -> None:
        if self._gathered():
            began = time.monotonic()
            while self._told_one() and time.monotonic() - began < BUSY_S:
                pass

    def _gathered(self) -> bool:
        """Keep what is new, drop what has passed; whether anything is due."""
        now = self.clock()
        with self.store.reading() as session:
            there = {it.key: it for it in self._so(session, now)}
            unsent = outbox.unsent(session)
            new = there.keys() - outbox.known(session, there)
        if not self._addresses:
            self._drop([it.key for it in unsent], notices.NOBODY)
            return False
        self._drop(
            [it.key for it in unsent if it.kind != Kind.TEST and it.key not in there],
            notices.PASSED,
        )
        if new:
            with self.store.begin() as session:
                outbox.add(session, [self._outgoing(there[it], now) for it in new])
                outbox.prune(session, now - KEPT)
        return bool(new) or any(it.next_at and it.next_at <= now for it in unsent)

    def _so(self, session: Session, now: datetime) -> list[Notice]:
        """All that there is to tell now."""
        lately = now - notices.GIVEN_UP
        going_on = plans.latest(session, MOST_PLANS, open_only=True)
        found = [it for plan in going_on for it in notices.of_plan(plan, now)]
        found += [notices.overdue(it) for it in plans.returning(session, now - notices.GRACE)]
        found += [notices.unreturned(it) for it in outbox.unreturned(session, lately)]
        found += self._of_budgets(session, lately)
        found += [notices.of_price(it) for it in records(agreed_prices.waiting(session))]
        facts = today.gathered(session, lately, now)
        found += [notices.of_month(*it) for it in facts.months]
        found += announced(facts, now)
        asked = requests.latest(session, since=lately)
        return found + [self._of_request(session, it) for it in asked]

    def _of_budgets(self, session: Session, since: datetime) -> list[Notice]:
        tree = units.tree(session)
        unit_of = {it["id"]: it["unit"] for it in records(budgets.known(session))}
        crossed = records(budgets.crossings(session, since))
        return [
            notices.of_crossing(it, tree.name(unit_of[it["budget"]]))
            for it in crossed
            if it["budget"] in unit_of
        ]

    def _of_request(self, session: Session, request: Request) -> Notice:
        tenant, _, id = request.requester.partition("/")
        requester = people.find(session, tenant, id).name
        return notices.of_request(request, requester, units.tree(session).name(request.unit))

    def _outgoing(self, notice: Notice, now: datetime) -> Outgoing:
        words = notices.body(notice, self.link, now)
        return Outgoing(notice.key, notice.kind, notice.title, words, now, now)

    def _drop(self, keys: Sequence[str], said: str) -> None:
        if keys:
            with self.store.begin() as session:
                outbox.drop(session, keys, said)
        for key in keys:
            self._reached.pop(key, None)

    def _told_one(self) -> bool:
        """Tell the message that is due first; whether there was one."""
        with self.store.begin() as session:
            it = outbox.claim(session, self.clock(), LEASE)
        if it is None:
            return False
        said = self._tell(it)
        now = self.clock()
        next_at = notices.again(it.kind, it.tries, it.made_at, now) if said else None
        with self.store.begin() as session:
            if said:
                outbox.failed(session, it, said, next_at)
            else:
                outbox.sent(session, it, now)
        if next_at is None:
            self._reached.pop(it.key, None)
        return True

    def _tell(self, it: Outgoing) -> str:
        """Why it was not taken, in sentences; "" when all have taken it."""
        reached = self._reached.setdefault(it.key, set())
        said = []
        for name, address in self._addresses.items():
            if name in reached:
                continue
            try:
                self._send(address, name, it.title, it.words)
                reached.add(name)
            except Untold as fault:
                said.append(fault.words)
        return " ".join(said)
