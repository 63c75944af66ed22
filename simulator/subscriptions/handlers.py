"""What discovery answers."""

from simulator import arm, regions
from simulator.arm import Answer, Call
from simulator.faults import Json
from simulator.regions import Region
from simulator.subscriptions.state import Subscription


def subscriptions(call: Call) -> Answer:
    """Everything the caller has any role in, the unreadable one included."""
    found = call.world.subscriptions.all()
    answer = arm.page(call, found, Subscription.as_json)
    answer.body = (answer.body or {}) | {"count": {"type": "Total", "value": len(found)}}
    return answer


def subscription(call: Call) -> Answer:
    return Answer(200, call.world.subscriptions.get(call.names["subscription"]).as_json())


def locations(call: Call) -> Answer:
    found = call.world.subscriptions.get(call.names["subscription"])
    rows = [_location(found, region) for region in regions.REGIONS.values()]
    return Answer(200, {"value": rows})


def tenants(call: Call) -> Answer:
    seen = {it.tenant for it in call.world.subscriptions.all()}
    return Answer(200, {"value": [_tenant(it) for it in sorted(seen)]})


def _location(subscription: Subscription, region: Region) -> Json:
    group = {"EU": "Europe", "US": "US"}.get(region.zone, "Other")
    return {
        "id": f"{subscription.path}/locations/{region.name}",
        "name": region.name,
        "type": "Region",
        "displayName": region.display,
        "regionalDisplayName": f"({group}) {region.display}",
        "metadata": {
            "regionType": "Physical",
            "regionCategory": "Recommended",
            "geography": group,
            "geographyGroup": group,
        },
    }


def _tenant(tenant: str) -> Json:
    return {
        "id": f"/tenants/{tenant}",
        "tenantId": tenant,
        "countryCode": "NL",
        "displayName": "Contoso",
        "domains": ["contoso.com", "contoso.onmicrosoft.com"],
        "tenantCategory": "Home",
        "defaultDomain": "contoso.com",
        "tenantType": "AAD",
    }
