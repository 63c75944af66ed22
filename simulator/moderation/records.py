"""What is remembered of a policy, a blocklist or a term of one: they differ in properties alone."""

from dataclasses import dataclass

from simulator.faults import Json

POLICIES, LISTS, ITEMS = "raiPolicies", "raiBlocklists", "raiBlocklistItems"


@dataclass(slots=True)
class Record:
    """One policy, blocklist or term; `path` is its id as Azure spells it, `system` says that it
    is Microsoft's own."""

    account: str
    path: str
    properties: Json
    etag: str
    created_at: str
    created_by: str
    modified_at: str
    modified_by: str
    tags: dict[str, str] | None = None
    settles: str | None = None
    operation: str = ""
    revision: int = 0
    system: bool = False

    @property
    def key(self) -> str:
        return self.path.lower()

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]

    @property
    def kind(self) -> str:
        return self.path.rsplit("/", 2)[-2]

    @property
    def shelf(self) -> str:
        """The lower-case path of the list in which it stands."""
        return self.key.rsplit("/", 1)[0]
