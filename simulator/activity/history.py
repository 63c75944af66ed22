"""Who wrote what in the weeks before the simulator was started: the seed's own record of itself."""

from collections.abc import Iterable, Iterator

from simulator.activity.state import Write, as_seed
from simulator.cognitiveservices.records import Account, Deployment, Gone
from simulator.faults import Json


def of(
    subscription: str,
    accounts: Iterable[tuple[Account, list[Deployment]]],
    gone: Iterable[Gone],
    told: Iterable[Json],
) -> list[Write]:
    """The writes to a subscription that its seeded resources tell of, oldest first."""
    above = f"/subscriptions/{subscription}/".lower()
    found = [
        write
        for account, below in accounts
        if account.key.startswith(above)
        for write in _told(account, below)
    ]
    found += [write for it in gone if it.account.key.startswith(above) for write in _buried(it)]
    found += [as_seed(it) for it in told if str(it["path"]).lower().startswith(above)]
    return sorted(found, key=lambda it: it.at)


def _told(account: Account, below: list[Deployment]) -> Iterator[Write]:
    yield _write("PUT", account.path, account.created_at, account.created_by, 201)
    for it in below:
        yield _write("PUT", it.path, it.created_at, it.created_by, 201)
        if it.modified_at != it.created_at:
            yield _write("PATCH", it.path, it.modified_at, it.modified_by, 200)


def _buried(gone: Gone) -> Iterator[Write]:
    yield from _told(gone.account, gone.deployments)
    yield _write("DELETE", gone.account.path, gone.deleted_at, gone.account.modified_by, 200)


def _write(method: str, path: str, at: str, who: str, status: int) -> Write:
    return as_seed({"method": method, "path": path, "at": at, "who": who, "status": status})
