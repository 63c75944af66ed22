"""Which account of the seed logs what; one that was made later logs nothing until somebody says."""

from typing import TYPE_CHECKING

from simulator import chance
from simulator.cognitiveservices.records import Account
from simulator.faults import Json

if TYPE_CHECKING:
    from simulator.world import World

ALL = ("Audit", "RequestResponse", "AzureOpenAIRequestUsage", "Trace")
KEEPING = {"enabled": False, "days": 0}


def of(world: "World", account: Account) -> list[Json]:
    """Production logs everything to a workspace; the rest some of it, or nothing."""
    if account.created_at > world.anchor.isoformat():
        return []
    luck = chance.share(world.seed, "diagnostics", account.key)
    environment = {key.lower(): it for key, it in (account.tags or {}).items()}.get("environment")
    if environment == "prod" and luck < 0.8:
        return [_setting(account, "to-law", [_group("allLogs")])]
    if luck < 0.5:
        return [_setting(account, "audit-only", [_one(it, it == "Audit") for it in ALL])]
    return []


def _group(name: str) -> Json:
    return {"category": None, "categoryGroup": name, "enabled": True, "retentionPolicy": KEEPING}


def _one(name: str, enabled: bool) -> Json:
    return {"category": name, "categoryGroup": None, "enabled": enabled, "retentionPolicy": KEEPING}


def _setting(account: Account, name: str, logs: list[Json]) -> Json:
    workspace = (
        f"/subscriptions/{account.subscription}/resourceGroups/rg-monitoring/providers"
        "/Microsoft.OperationalInsights/workspaces/law-platform"
    )
    return {
        "id": f"{account.path}/providers/microsoft.insights/diagnosticSettings/{name}",
        "type": "Microsoft.Insights/diagnosticSettings",
        "name": name,
        "properties": {
            "workspaceId": workspace,
            "storageAccountId": None,
            "eventHubAuthorizationRuleId": None,
            "eventHubName": None,
            "marketplacePartnerId": None,
            "logAnalyticsDestinationType": None,
            "logs": logs,
            "metrics": [
                {
                    "category": "AllMetrics",
                    "enabled": True,
                    "timeGrain": None,
                    "retentionPolicy": KEEPING,
                }
            ],
        },
    }
