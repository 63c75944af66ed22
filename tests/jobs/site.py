"""Where schedules and kills take place: one database, one simulator and one way between them, laid
out anew for each; a store that dies with its worker; a collector that is in a hurry."""

from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import event

from domain.faults import StoreDown
from domain.readings import ACCOUNTS
from domain.roles import Person
from jobs.collector import Collector
from store import people, plans
from tests.wire import InProcess
from tests.world import NOON, SMALL, WEU, console_at, reaching

VERSION = "?api-version=2025-09-01"
MODEL = {"format": "OpenAI", "name": "gpt-4o", "version": "2024-11-20"}
NEAR = f"{WEU}-2"
"""A second account of the same pool, which has room for 100 units."""
START = {
    f"{WEU}/deployments/chat": 30,
    f"{WEU}/deployments/other": 20,
    f"{NEAR}/deployments/near": 20,
}
POOL = f"{SMALL}|westeurope|openai.standard.gpt-4o"


class Killed(BaseException):
    """kill -9: nothing that is written for the way out gets through."""


@dataclass
class Frail:
    """The store as one worker has it: gone when that is killed, and down when it is to be."""

    store: object
    dead: bool = False
    down_in: int = 0
    """The how manieth transaction from here fails."""
    how: str = "never"

    @contextmanager
    def begin(self):
        self.down_in -= 1
        down = self.down_in == 0
        if self.dead:
            raise Killed
        if down and self.how == "never":
            raise StoreDown("The database cannot be reached.")
        with self.store.begin() as session:
            yield session
            if self.dead:
                raise Killed
            if down and self.how == "undone":
                raise StoreDown("The database cannot be reached.")
        if down:
            raise StoreDown("The database cannot be reached.")

    @contextmanager
    def reading(self):
        if self.dead:
            raise Killed
        with self.store.reading() as session:
            yield session


class Cursory(Collector):
    """What readers are shown afterwards is no part of a schedule, but of every twentieth."""

    thorough = False
    known = None

    def look_again(self, resource, *, quota=False, filters=False):
        if self.thorough:
            super().look_again(resource, quota=quota, filters=filters)

    def remembered(self, topic, scope):
        return super().remembered(topic, scope) if self.thorough else self.known


class Watched(InProcess):
    """Tells whoever looks on, before and after a request."""

    stage = None

    def answer(self, request, asked):
        if self.stage is None:
            return super().answer(request, asked)
        self.stage.asks(asked)
        answer = super().answer(request, asked)
        self.stage.answered(asked)
        return answer


class Site:
    """What all schedules of a process share: one database, one simulator, one way between."""

    def __init__(self, url):
        self.console = console_at(url)
        self.store, self.small = self.console.store, self.console.small
        self.clock, self.control = self.console.clock, self.console.small.control
        self.honours = self.rough = False
        self.adapter = Watched(self.small)
        self.azure = reaching(self.adapter)
        self._hasten()
        self.lay_out()
        self.console.collected()
        self.accounts = self.console.collector.remembered(ACCOUNTS, SMALL)

    def lay_out(self):
        """The seed again, with three deployments of two accounts in one pool."""
        self.clock.now = NOON
        self.control.configure(async_writes=False)
        self.control.reset()
        self.portal("PUT", NEAR, location="westeurope", kind="OpenAI", sku={"name": "S0"})
        for resource, units in START.items():
            sku = {"name": "Standard", "capacity": units}
            self.portal("PUT", resource, sku=sku, properties={"model": MODEL})

    def _hasten(self):
        """No power cut is part of a schedule: without waiting for the disk it is half as long."""
        engine = self.store._engine
        event.listen(engine, "connect", lambda it, _: it.execute("PRAGMA synchronous = OFF"))
        engine.dispose()

    def portal(self, method, resource, **body):
        return self.control.portal(method, resource + VERSION, body)

    def plan(self, id):
        with self.store.reading() as session:
            return plans.find(session, id)

    def give(self, role):
        with self.store.begin() as session:
            people.enrol(session, Person("contoso", "ada", "Ada Byron", role))

    def close(self):
        self.console.close()
