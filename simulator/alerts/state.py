"""Which alert rules there are: most of production is watched, and some rules help nobody."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from simulator import chance
from simulator.cognitiveservices.records import Account
from simulator.faults import Json

if TYPE_CHECKING:
    from simulator.world import World

TYPE = "Microsoft.CognitiveServices/accounts"
STATIC = "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria"


def of(world: "World", subscription: str) -> list[Json]:
    """The rules of a subscription, by name."""
    below = f"/subscriptions/{subscription.lower()}/"
    accounts = [it for key, it in sorted(world.accounts.accounts.items()) if key.startswith(below)]
    return [rule for it in accounts for rule in _of_account(world, it)]


def _of_account(world: "World", account: Account) -> Iterator[Json]:
    """Watched for refused requests, and sometimes for availability; a rule is off here, tells
    nobody there."""
    if account.created_at > world.anchor.isoformat():
        return
    luck = chance.share(world.seed, "alerts", account.key)
    tags = {key.lower(): it for key, it in (account.tags or {}).items()}
    if luck > (0.8 if tags.get("environment") == "prod" else 0.3):
        return
    refused = {"name": "StatusCode", "operator": "Include", "values": ["429"]}
    yield _rule(
        account,
        "throttled",
        _fixed("AzureOpenAIRequests", "GreaterThan", 10, "Total", [refused]),
        enabled=luck > 0.1,
        told=luck > 0.2,
    )
    if luck < 0.6:
        yield _rule(
            account,
            "available",
            _fixed("AzureOpenAIAvailabilityRate", "LessThan", 99, "Average", []),
        )


def _fixed(metric: str, how: str, threshold: float, sum_: str, dimensions: list[Json]) -> Json:
    return {
        "criterionType": "StaticThresholdCriterion",
        "name": "c1",
        "metricName": metric,
        "metricNamespace": TYPE,
        "operator": how,
        "threshold": threshold,
        "timeAggregation": sum_,
        "dimensions": dimensions,
        "skipMetricValidation": False,
    }


def _rule(
    account: Account, name: str, criterion: Json, *, enabled: bool = True, told: bool = True
) -> Json:
    group = f"/subscriptions/{account.subscription}/resourceGroups/rg-monitoring/providers"
    action = {"actionGroupId": f"{group}/microsoft.insights/actionGroups/platform"}
    named = f"{account.name}-{name}"
    return {
        "id": f"{group}/Microsoft.Insights/metricAlerts/{named}",
        "name": named,
        "type": "Microsoft.Insights/metricAlerts",
        "location": "global",
        "tags": {},
        "properties": {
            "description": "",
            "severity": 2,
            "enabled": enabled,
            "scopes": [account.path],
            "evaluationFrequency": "PT1M",
            "windowSize": "PT5M",
            "targetResourceType": TYPE,
            "targetResourceRegion": account.location,
            "criteria": {"odata.type": STATIC, "allOf": [criterion]},
            "autoMitigate": True,
            "actions": [action | {"webHookProperties": {}}] if told else [],
            "isMigrated": False,
        },
    }
