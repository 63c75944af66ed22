"""The one world of record: every service answers from it, and control changes it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock

from sqlalchemy.exc import DatabaseError

from simulator import demand, estate, scenarios
from simulator.activity import history
from simulator.activity.state import Log
from simulator.archive import Archive
from simulator.clock import Clock
from simulator.cognitiveservices.quota import Quota
from simulator.cognitiveservices.records import Account, Deployment
from simulator.cognitiveservices.state import Accounts
from simulator.cognitiveservices.tiers import Tiers
from simulator.costmanagement import ordered
from simulator.costmanagement.books import Books
from simulator.costmanagement.ordered import Charge
from simulator.costmanagement.state import Ledger
from simulator.faults import Json
from simulator.insights.state import Usage, minute_of
from simulator.loganalytics import gateway
from simulator.loganalytics.gateway import Gateway
from simulator.moderation.records import Record
from simulator.moderation.state import Moderation
from simulator.reservations.state import Reservations
from simulator.settings import Settings
from simulator.subscriptions.state import Subscriptions

_MOMENT = ContextVar[datetime | None]("moment", default=None)
"""When that happens which is only now carried out, because nobody asked in between."""


class World:
    """Estate, usage, clock and settings; whoever reads or writes holds the lock."""

    subscriptions: Subscriptions
    accounts: Accounts
    usage: Usage
    activity: Log
    tiers: Tiers
    gateway: Gateway
    books: Books
    ledger: Ledger
    moderation: Moderation

    def __init__(
        self, file: Path | None, scenario: str, seed: int, source: Callable[[], datetime] | None
    ) -> None:
        self.lock = RLock()
        self.clock = Clock(source)
        self.settings = Settings()
        try:
            self._archive = Archive(file)
            marks = self._archive.marks()
        except DatabaseError as error:
            raise ValueError(
                f"The file '{file}' does not hold a world of this simulator."
            ) from error
        if not marks:
            self.reset(scenario, seed)
            return
        self.scenario, self.seed = str(marks["scenario"]), int(marks["seed"])
        self.anchor = datetime.fromisoformat(marks["anchor"])
        self.clock.offset = timedelta(seconds=marks["offset"])
        self.settings.change(marks["settings"])
        self._build()
        self.accounts.restore()
        for record in self.moderation.restore():
            self.accounts.watch(record)
        for path, minute, units in self._archive.capacities():
            self._restored(path, minute, units)
        self.activity.restore(self.now)
        for _, body in self._archive.documents("charge"):
            self._book(Charge(**(body or {})))

    @property
    def now(self) -> datetime:
        return _MOMENT.get() or self.clock()

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """What is done in here happened at this moment of the past."""
        before = _MOMENT.set(moment)
        try:
            yield
        finally:
            _MOMENT.reset(before)

    def reset(self, scenario: str, seed: int) -> None:
        """The seed again, as of today."""
        scenarios.load(scenario)
        self.scenario, self.seed = scenario, seed
        self.clock.offset = timedelta()
        self.anchor = self.now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC)
        self._archive.clear(
            scenario=scenario,
            seed=seed,
            anchor=self.anchor.isoformat(),
            offset=0.0,
            settings=self.settings.as_json(),
        )
        self._build()

    def keep(self) -> None:
        """Keep offset and settings."""
        seconds = self.clock.offset.total_seconds()
        self._archive.mark(offset=seconds, settings=self.settings.as_json())

    def charge(self, words: Json) -> Json:
        """Book a charge that nobody expected. Raises 400 and 404."""
        found = ordered.checked(self, words)
        name = f"{len(self.books.charges):06}"
        self._archive.keep("charge", name, found.as_json())
        self._book(found)
        return found.as_json()

    def _book(self, charge: Charge) -> None:
        currency = self.books.terms.currency(charge.subscription)
        self.books.charges.append(ordered.row(charge, currency))

    def settle(self) -> None:
        """End what has run its time."""
        self.accounts.settle(self.now)

    def close(self) -> None:
        self._archive.close()

    def _build(self) -> None:
        scenario = scenarios.load(self.scenario)
        made = estate.build(scenario, self.seed, self.anchor)
        self.gateway = gateway.built(scenario, self.seed)
        self.title = made.title
        self.subscriptions = Subscriptions(made.subscriptions)
        self.moderation = Moderation(self._archive, self.seed, made.moderation)
        self.usage = Usage(made.profiles, self.moderation.history)
        pools = Quota(self.seed, made.limits, lambda: self.now, lambda: self.settings.usages_lag_s)
        self.accounts = Accounts(self._archive, pools, self._scaled, self._unfiltered)
        for account, below in made.accounts:
            self.accounts.seed(account, below)
        for gone in made.gone:
            self.accounts.bury(gone)
        self.accounts.quota.freeze()
        self.tiers = Tiers(self._archive, made.tiers, self.seed, self.anchor)
        reserved = Reservations(made.reservations)
        self.books = Books(self.usage, reserved, made.terms, self.anchor)
        self.ledger = Ledger(self.books)
        self.activity = Log(
            self._archive,
            self.seed,
            lambda who: history.of(who, made.accounts, made.gone, made.history),
        )

    def _scaled(
        self, deployment: Deployment, account: Account, moment: datetime, units: int
    ) -> None:
        """Usage learns of another capacity; what began before keeps the old one. So do filters."""
        self._know(account, deployment)
        self.moderation.assign(deployment, moment)
        minute = minute_of(moment)
        if self.usage.units(account.key, deployment.name) == units:
            return
        self.usage.scaled(deployment.key, minute, units)
        self.ledger.forget(moment)
        self._archive.scaled(deployment.key, minute, units)

    def _unfiltered(self, record: Record, moment: datetime, well: bool) -> None:
        self.moderation.ended(record, moment, well=well)

    def _know(self, account: Account, deployment: Deployment) -> None:
        nothing = {"traffic": {"shape": "none"}}
        made = demand.profile(account, deployment, nothing, {}, self.seed, self.anchor)
        self.usage.add(replace(made, units=0))

    def _restored(self, path: str, minute: int, units: int) -> None:
        above, _, name = path.rpartition("/deployments/")
        account = self.accounts.accounts.get(above)
        found = self.accounts.find(account, name) if account else None
        if account and found:
            self._know(account, found)
        self.usage.scaled(path, minute, units)
