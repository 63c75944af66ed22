"""What is remembered of accounts and deployments: the writable part, and who wrote it when."""

from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import NamedTuple

from simulator.faults import Json

PROVIDER = "providers/Microsoft.CognitiveServices"
FOREVER = "9999-12-31T00:00:00.0000000Z"
RECOVERABLE = timedelta(hours=48)
"""How long a deleted account can be had back."""


class Operation(NamedTuple):
    """One long-running write: when it began and ends, what it was about, and how it ends."""

    id: str
    path: str
    begins: str
    ends: str
    outcome: str = "Succeeded"
    code: str = ""
    message: str = ""


@dataclass(slots=True)
class Account:
    """One account; `path` is its id as Azure spells it."""

    path: str
    name: str
    kind: str
    location: str
    etag: str
    created_at: str
    created_by: str
    modified_at: str
    modified_by: str
    sku: Json = field(default_factory=lambda: {"name": "S0"})
    tags: dict[str, str] | None = None
    identity: Json | None = None
    properties: Json = field(default_factory=dict)
    state: str = "Succeeded"
    settles: str | None = None
    operation: str = ""
    revision: int = 0

    @property
    def key(self) -> str:
        return self.path.lower()

    @property
    def subscription(self) -> str:
        return self.path.split("/")[2]

    @property
    def group(self) -> str:
        return self.path.split("/")[4]


@dataclass(slots=True)
class Deployment:
    """One deployment; while it settles, `effective` units are in force instead of the ordered."""

    account: str
    path: str
    name: str
    sku: Json
    properties: Json
    etag: str
    created_at: str
    created_by: str
    modified_at: str
    modified_by: str
    effective: int
    tags: dict[str, str] | None = None
    state: str = "Succeeded"
    running: str = "Running"
    settles: str | None = None
    operation: str = ""
    revision: int = 0
    before: Json | None = None
    """As it was, while a write is under way that will fail."""

    @property
    def key(self) -> str:
        return self.path.lower()

    @property
    def capacity(self) -> int:
        return int(self.sku.get("capacity") or 0)

    @property
    def model(self) -> Json:
        found: Json = self.properties["model"]
        return found


@dataclass(slots=True)
class Gone:
    """A soft-deleted account; its deployments cannot be seen and still hold their quota."""

    account: Account
    deployments: list[Deployment]
    deleted_at: str
    purges_at: str
    state: str = "Succeeded"
    settles: str | None = None
    operation: str = ""

    @property
    def key(self) -> str:
        return self.account.key


def kept(record: Account | Deployment | Gone) -> Json:
    """A record as it is written to the archive."""
    return asdict(record)


def account_of(body: Json) -> Account:
    """An account from the archive; files of older worlds name policies in it."""
    return Account(**{key: it for key, it in body.items() if key != "policies"})


def unearthed(body: Json) -> Gone:
    """A soft-deleted account from the archive."""
    account = account_of(body["account"])
    below = [Deployment(**it) for it in body["deployments"]]
    return Gone(**(body | {"account": account, "deployments": below}))
