"""The tables of Resource Graph, made from the world and trimmed silently to what may be read."""

from simulator import chance, regions
from simulator.cognitiveservices import wire
from simulator.cognitiveservices.records import Account
from simulator.faults import Json
from simulator.subscriptions.state import Subscription
from simulator.world import World


def resources(world: World, subscriptions: list[str]) -> list[Json]:
    """Accounts of the readable subscriptions among these, or of all."""
    readable = {it.id.lower(): it for it in world.subscriptions.readable(subscriptions)}
    return [
        _resource(it, readable[it.subscription.lower()])
        for it in world.accounts.accounts.values()
        if it.subscription.lower() in readable
    ]


def _resource(account: Account, subscription: Subscription) -> Json:
    body = wire.account(account)
    return {
        "id": account.path,
        "name": account.name,
        "type": wire.TYPE.lower(),
        "tenantId": subscription.tenant,
        "kind": account.kind,
        "location": regions.plain(account.location),
        "resourceGroup": account.group.lower(),
        "subscriptionId": subscription.id,
        "managedBy": "",
        "sku": account.sku,
        "plan": None,
        "properties": body["properties"],
        "tags": account.tags,
        "identity": account.identity,
        "zones": None,
        "extendedLocation": None,
    }


def containers(world: World, subscriptions: list[str]) -> list[Json]:
    """Subscriptions as resource containers, with their management group."""
    return [_container(it) for it in world.subscriptions.readable(subscriptions)]


def _container(subscription: Subscription) -> Json:
    group = chance.guid("management-group", subscription.tenant)
    return {
        "id": subscription.path,
        "name": subscription.name,
        "type": "microsoft.resources/subscriptions",
        "tenantId": subscription.tenant,
        "subscriptionId": subscription.id,
        "location": "",
        "resourceGroup": "",
        "tags": subscription.tags,
        "properties": {
            "state": subscription.state,
            "subscriptionPolicies": subscription.as_json()["subscriptionPolicies"],
            "managementGroupAncestorsChain": [
                {"name": "contoso-ai", "displayName": "Contoso AI"},
                {"name": group, "displayName": "Tenant Root Group"},
            ],
        },
    }
