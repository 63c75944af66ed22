"""The subscriptions of the tenant, and which of them the caller may read or change."""

from dataclasses import dataclass, field

from simulator.faults import Json
from simulator.subscriptions.faults import no_subscription


@dataclass(slots=True)
class Subscription:
    """One subscription; an unreadable one is listed and refuses everything else."""

    id: str
    name: str
    tenant: str
    state: str = "Enabled"
    readable: bool = True
    groups: list[str] = field(default_factory=list)
    tags: dict[str, str] | None = None

    @property
    def path(self) -> str:
        return f"/subscriptions/{self.id}"

    def as_json(self) -> Json:
        """As GET /subscriptions words it."""
        body: Json = {
            "id": self.path,
            "authorizationSource": "RoleBased",
            "managedByTenants": [],
            "subscriptionId": self.id,
            "tenantId": self.tenant,
            "displayName": self.name,
            "state": self.state,
            "subscriptionPolicies": {
                "locationPlacementId": "Public_2014-09-01",
                "quotaId": "EnterpriseAgreement_2014-09-01",
                "spendingLimit": "Off",
            },
        }
        return body | ({"tags": self.tags} if self.tags else {})


class Subscriptions:
    """All subscriptions of the world by lower-case id."""

    def __init__(self, found: list[Subscription]) -> None:
        self._all = {it.id.lower(): it for it in found}

    def get(self, name: str) -> Subscription:
        """One subscription. Raises 404 where there is none."""
        if name.lower() not in self._all:
            raise no_subscription(name)
        return self._all[name.lower()]

    def readable(self, among: list[str] | None = None) -> list[Subscription]:
        """Those that may be read, of these ids or of all."""
        wanted = None if not among else {it.lower() for it in among}
        return [
            it for key, it in self._all.items() if it.readable and (wanted is None or key in wanted)
        ]

    def all(self) -> list[Subscription]:
        return list(self._all.values())
