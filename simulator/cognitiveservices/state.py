"""Accounts and deployments as they stand, and the lock that a running write is to its account."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from simulator import clock
from simulator.archive import Archive
from simulator.cognitiveservices import faults, quota
from simulator.cognitiveservices.quota import Quota
from simulator.cognitiveservices.records import Account, Deployment, kept

Scaled = Callable[[Deployment, Account, datetime, int], None]


class Operation(NamedTuple):
    """One long-running write: when it began and ends, and what it was about."""

    id: str
    path: str
    begins: str
    ends: str


class Accounts:
    """Every account by lower-case id, and the deployments below it by lower-case name."""

    def __init__(self, archive: Archive, pools: Quota, scaled: Scaled) -> None:
        self._archive = archive
        self._scaled = scaled
        self.quota = pools
        self.accounts: dict[str, Account] = {}
        self.deployments: dict[str, dict[str, Deployment]] = {}
        self.operations: dict[str, Operation] = {}
        self._settling: dict[str, Deployment] = {}

    def seed(self, account: Account, deployments: Iterable[Deployment]) -> None:
        """Put in an account of the seed."""
        self.accounts[account.key] = account
        below = self.deployments[account.key] = {it.name.lower(): it for it in deployments}
        for deployment in below.values():
            quota.draw(self.quota, account, deployment)

    def restore(self) -> None:
        """Lay over the seed what clients changed."""
        for path, body in self._archive.documents("account"):
            if body is not None:
                self.accounts[path] = Account(**body)
        for name, body in self._archive.documents("operation"):
            self.operations[name] = Operation(**body) if body else self.operations[name]
        for path, body in self._archive.documents("deployment"):
            self._forget(path)
            if body is not None and path.split("/deployments/")[0] in self.accounts:
                self._put(Deployment(**body))

    def begin(self, operation: Operation) -> None:
        """A long-running write has begun."""
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
        """Whether a write is still running below this account."""
        return any(
            it.account == account.key and it.settles and clock.parsed(it.settles) > now
            for it in self._settling.values()
        )

    def settle(self, now: datetime) -> None:
        """End the writes whose time has come."""
        for deployment in list(self._settling.values()):
            ends = clock.parsed(deployment.settles or "")
            if ends <= now:
                self._end(deployment, ends)

    def _end(self, deployment: Deployment, ends: datetime) -> None:
        del self._settling[deployment.key]
        if deployment.state == "Deleting":
            self.remove(deployment, ends)
            return
        deployment.state, deployment.settles = "Succeeded", None
        self.force(deployment, ends)

    def force(self, deployment: Deployment, now: datetime) -> None:
        """What was ordered is in force from now on."""
        deployment.effective = deployment.capacity
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

    def keep(self, record: Account | Deployment) -> None:
        kind = "account" if isinstance(record, Account) else "deployment"
        self._archive.keep(kind, record.key, kept(record))

    def _put(self, deployment: Deployment) -> None:
        self.deployments.setdefault(deployment.account, {})[deployment.name.lower()] = deployment
        quota.draw(self.quota, self.accounts[deployment.account], deployment)
        if deployment.settles:
            self._settling[deployment.key] = deployment

    def _forget(self, path: str) -> None:
        account, _, name = path.rpartition("/deployments/")
        found = self.deployments.get(account, {}).pop(name, None)
        self._settling.pop(path, None)
        if found is not None:
            quota.draw(self.quota, self.accounts[account], found, -1)
