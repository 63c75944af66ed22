"""Accounts and deployments as they stand, and the lock that a running write is to its account."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from simulator import chance, clock
from simulator.archive import Archive
from simulator.cognitiveservices import faults, quota
from simulator.cognitiveservices.quota import Quota
from simulator.cognitiveservices.records import (
    FOREVER,
    RECOVERABLE,
    Account,
    Deployment,
    Gone,
    Operation,
    account_of,
    kept,
    unearthed,
)
from simulator.moderation.records import Record

Watched = Deployment | Account | Gone | Record
Scaled = Callable[[Deployment, Account, datetime, int], None]


class Accounts:
    """Every account by lower-case id, and the deployments below it by lower-case name."""

    def __init__(
        self,
        archive: Archive,
        pools: Quota,
        scaled: Scaled,
        ended: Callable[[Record, datetime, bool], None],
    ) -> None:
        self._archive = archive
        self._scaled = scaled
        self._ended = ended
        self.quota = pools
        self.accounts: dict[str, Account] = {}
        self.deployments: dict[str, dict[str, Deployment]] = {}
        self.gone: dict[str, Gone] = {}
        self.operations: dict[str, Operation] = {}
        self._settling: dict[str, Watched] = {}
        self._holds: dict[int, tuple[str, datetime | None]] = {}

    def seed(self, account: Account, deployments: Iterable[Deployment]) -> None:
        """Put in an account of the seed."""
        self.accounts[account.key] = account
        below = self.deployments[account.key] = {it.name.lower(): it for it in deployments}
        for deployment in below.values():
            quota.draw(self.quota, account, deployment)

    def bury(self, gone: Gone) -> None:
        """Put in a soft-deleted account, which holds its quota."""
        self.gone[gone.key] = gone
        for deployment in gone.deployments:
            quota.draw(self.quota, gone.account, deployment)

    def restore(self) -> None:
        """Lay over the seed what clients changed."""
        for path, body in self._archive.documents("account"):
            if body is None:
                self._leave(path)
            else:
                self.accounts[path] = account_of(body)
                self.watch(self.accounts[path])
        for path, body in self._archive.documents("gone"):
            self._unbury(path)
            if body is not None:
                self.bury(unearthed(body))
                self.watch(self.gone[path])
        for name, body in self._archive.documents("operation"):
            self.operations[name] = Operation(**body) if body else self.operations[name]
        for path, body in self._archive.documents("deployment"):
            self._forget(path)
            if body is not None and path.split("/deployments/")[0] in self.accounts:
                self._put(Deployment(**body))
        self.quota.freeze_history()

    def begin(self, operation: Operation) -> None:
        """A long-running write has begun, or ends otherwise than it was going to."""
        self.operations[operation.id] = operation
        self._archive.keep("operation", operation.id, operation._asdict())

    def account(self, path: str) -> Account:
        """One account. Raises 404."""
        if path.lower() not in self.accounts:
            raise faults.not_found(path)
        return self.accounts[path.lower()]

    def of(self, prefix: str) -> list[Account]:
        """The accounts under a subscription or resource group."""
        start = prefix.lower().rstrip("/") + "/"
        return [it for key, it in self.accounts.items() if key.startswith(start)]

    def below(self, account: Account) -> list[Deployment]:
        """The deployments of an account, by name as Azure lists them."""
        found = self.deployments.get(account.key, {})
        return [found[name] for name in sorted(found)]

    def find(self, account: Account, name: str) -> Deployment | None:
        return self.deployments.get(account.key, {}).get(name.lower())

    def deployment(self, account: Account, name: str) -> Deployment:
        """One deployment. Raises 404."""
        found = self.find(account, name)
        if found is None:
            raise faults.not_found(f"{account.path}/deployments/{name}")
        return found

    def busy(self, account: Account, now: datetime) -> bool:
        """Whether a write is still running below this account, or it is held by an order."""
        held = any(
            part in account.key and (ends is None or now < ends)
            for part, ends in self._holds.values()
        )
        return held or any(
            isinstance(it, Deployment | Record)
            and it.account == account.key
            and it.settles is not None
            and clock.parsed(it.settles) > now
            for it in self._settling.values()
        )

    def hold(self, number: int, part: str, ends: datetime | None) -> None:
        """Every account whose id has this part is busy until then, or until it is released."""
        self._holds[number] = (part.lower().split("/deployments")[0], ends)

    def release(self, number: int) -> None:
        self._holds.pop(number, None)

    def expired(self, now: datetime) -> list[int]:
        """The holds that have run their time, let go."""
        over = [number for number, (_, ends) in self._holds.items() if ends and ends <= now]
        for number in over:
            self.release(number)
        return over

    def heal(self, names: Sequence[str] | None, now: datetime) -> None:
        """What is stuck ends now and well: these operations, or all of them."""
        for record in list(self._settling.values()):
            chosen = names is None or record.operation in names
            if record.settles == FOREVER and chosen:
                record.settles = clock.stamp(now)
                self.begin(self.operations[record.operation]._replace(ends=record.settles))
        self.settle(now)

    def settle(self, now: datetime) -> None:
        """End the writes whose time has come, in their order, and purge what was kept long
        enough."""
        due = [it for it in self._settling.values() if clock.parsed(it.settles or FOREVER) <= now]
        for record in sorted(due, key=lambda it: it.settles or FOREVER):
            del self._settling[record.key]
            ends = clock.parsed(record.settles or FOREVER)
            match record:
                case Deployment():
                    self._end(record, ends)
                case Account():
                    self._end_account(record, ends)
                case Gone():
                    self._end_purge(record)
                case Record():
                    self._ended(record, ends, self._well(record))
        for gone in list(self.gone.values()):
            if clock.parsed(gone.purges_at) <= now:
                self.purge(gone)

    def _end(self, deployment: Deployment, ends: datetime) -> None:
        operation = self.operations.get(deployment.operation)
        if operation is not None and operation.outcome != "Succeeded":
            self._undo(deployment, operation, ends)
        elif deployment.state == "Deleting":
            self.remove(deployment, ends)
        else:
            deployment.state, deployment.settles = "Succeeded", None
            self.force(deployment, ends)

    def _undo(self, deployment: Deployment, operation: Operation, ends: datetime) -> None:
        """What was in force stays so; that it was written to shows in the etag."""
        after = Deployment(**(deployment.before or kept(deployment)))
        after.state, after.settles, after.before = operation.outcome, None, None
        after.revision = deployment.revision + 1
        after.etag = f'"{chance.guid("undone", operation.id)}"'
        after.modified_at, after.modified_by = clock.stamp(ends), deployment.modified_by
        self.put(after)

    def _end_account(self, account: Account, ends: datetime) -> None:
        well = self._well(account)
        deleting, account.settles = account.state == "Deleting", None
        if deleting and well:
            self.delete(account, ends)
            return
        account.state = "Succeeded" if well or deleting else "Failed"
        self.keep(account)

    def _well(self, record: Watched) -> bool:
        operation = self.operations.get(record.operation)
        return operation is None or operation.outcome == "Succeeded"

    def _end_purge(self, gone: Gone) -> None:
        if self._well(gone):
            self.purge(gone)
            return
        gone.state, gone.settles = "Succeeded", None
        self.keep(gone)

    def force(self, deployment: Deployment, now: datetime) -> None:
        """What was ordered is in force from now on."""
        deployment.effective, deployment.before = deployment.capacity, None
        units = deployment.capacity if deployment.running == "Running" else 0
        self._scaled(deployment, self.accounts[deployment.account], now, units)
        self.keep(deployment)

    def put(self, deployment: Deployment) -> None:
        """A new or changed deployment, booked into its pool and kept."""
        self._forget(deployment.key)
        self._put(deployment)
        self.keep(deployment)

    def remove(self, deployment: Deployment, now: datetime) -> None:
        """A deployment is gone; its past usage stays."""
        self._forget(deployment.key)
        self._scaled(deployment, self.accounts[deployment.account], now, 0)
        self._archive.keep("deployment", deployment.key, None)

    def enter(self, record: Account | Gone) -> None:
        """A new or changed account, or a soft-deleted one on which a write is running."""
        if isinstance(record, Account):
            self.accounts[record.key] = record
        self.watch(record)
        self.keep(record)

    def delete(self, account: Account, now: datetime) -> Gone:
        """An account is soft-deleted with all that is below it."""
        below = self.below(account)
        for it in below:
            it.settles = None
            self.remove(it, now)
        self._leave(account.key)
        self._archive.keep("account", account.key, None)
        account.state, account.operation = "Succeeded", ""
        until = clock.stamp(now + RECOVERABLE)
        found = Gone(account, below, clock.stamp(now), until)
        self.bury(found)
        self.keep(found)
        return found

    def revive(self, gone: Gone, now: datetime) -> Account:
        """A soft-deleted account is there again, its deployments too."""
        self.purge(gone)
        self.enter(gone.account)
        for it in gone.deployments:
            self.put(it)
            self.force(it, now)
        return gone.account

    def purge(self, gone: Gone) -> None:
        """A soft-deleted account is no more, and its quota free."""
        self._unbury(gone.key)
        self._archive.keep("gone", gone.key, None)

    def keep(self, record: Account | Deployment | Gone) -> None:
        kind = type(record).__name__.lower()
        self._archive.keep(kind, record.key, kept(record))

    def _put(self, deployment: Deployment) -> None:
        self.deployments.setdefault(deployment.account, {})[deployment.name.lower()] = deployment
        quota.draw(self.quota, self.accounts[deployment.account], deployment)
        self.watch(deployment)

    def watch(self, record: Watched) -> None:
        """A write is running on this one, if it says so."""
        if record.settles:
            self._settling[record.key] = record

    def _forget(self, path: str) -> None:
        account, _, name = path.rpartition("/deployments/")
        found = self.deployments.get(account, {}).pop(name, None)
        self._settling.pop(path, None)
        if found is not None:
            quota.draw(self.quota, self.accounts[account], found, -1)

    def _leave(self, path: str) -> None:
        """An account goes, and what is below it gives its quota back."""
        for name in list(self.deployments.get(path, {})):
            self._forget(f"{path}/deployments/{name}")
        self.deployments.pop(path, None)
        self.accounts.pop(path, None)
        self._settling.pop(path, None)

    def _unbury(self, path: str) -> None:
        found = self.gone.pop(path, None)
        self._settling.pop(path, None)
        for deployment in found.deployments if found else ():
            quota.draw(self.quota, found.account, deployment, -1)  # type: ignore[union-attr]
