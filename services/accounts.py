"""Accounts: what holds deployments, where it stands, and whether it is being punished."""

import json
from collections.abc import Iterable, Sequence

from domain import names
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, flag, moment, part, real, tags_text, text
from services.pipeline import ASKING_BY_POST

KINDS = {"openai": "OpenAI", "aiservices": "AIServices"}
"""The kinds that hold model deployments; a list of accounts has many others."""
STATE = "privateLinkServiceConnectionState"
GRAPH_VERSION = "2021-03-01"
PAGE = 1000
QUERY = (
    "resources | where type =~ 'microsoft.cognitiveservices/accounts'"
    " | where kind in~ ('OpenAI', 'AIServices')"
    " | project id, name, kind, location, tags, identity, properties"
    " | order by id asc"  # without an order, pages overlap
)


def in_graph(azure: Azure, subscriptions: Sequence[str]) -> list[Row]:
    """Frame ACCOUNTS of these subscriptions, asked of Resource Graph in few calls.

    Resource Graph lags some minutes behind, and leaves out in silence what this identity may not
    read. None of no subscriptions, where Resource Graph would answer for all.
    """
    if not subscriptions:
        return []
    with translated("Listing the accounts"):
        return _rows(_in_graph(azure, subscriptions))


def everywhere(azure: Azure) -> list[Row]:
    """The same of every subscription that this identity may read, before they are known."""
    with translated("Listing the accounts"):
        return _rows(_in_graph(azure, ()))


def in_subscription(azure: Azure, subscription: str) -> list[Row]:
    """Frame ACCOUNTS of one subscription, asked of Resource Manager: what is so now."""
    path = f"/subscriptions/{subscription}/providers/Microsoft.CognitiveServices/accounts"
    with translated(f"Listing the accounts of subscription {subscription}"):
        return _rows(arm.every(azure, subscription, path, "accounts"))


def _in_graph(azure: Azure, subscriptions: Sequence[str]) -> list[Json]:
    send = azure.graph()._send_request  # public as send_request in later versions
    manager = azure.cloud.manager
    url = f"{manager}/providers/Microsoft.ResourceGraph/resources?api-version={GRAPH_VERSION}"

    def page(token: str | None = None) -> Json:
        options = {"$top": PAGE, "resultFormat": "objectArray"}
        body = {
            "subscriptions": list(subscriptions),
            "query": QUERY,
            "options": {**options, "$skipToken": token} if token else options,
        }
        answer = arm.posted(send, url, body, retry_on_methods=ASKING_BY_POST)
        if answer.get("resultTruncated") == "true" and not answer.get("$skipToken"):
            raise ValueError("truncated, and no token to go on with")
        return answer

    return arm.collected(page(), page, "data", "$skipToken")


def _rows(items: Iterable[Json]) -> list[Row]:
    return [_row(it) for it in items if (it.get("kind") or "").lower() in KINDS]


def _row(it: Json) -> Row:
    account_id = names.folded(it["id"])
    subscription, group, account, _ = names.parts(account_id)
    properties = part(it, "properties")
    penalty = part(properties, "abusePenalty")
    return {
        "account_id": account_id,
        "subscription": subscription,
        "group": group,
        "account": text(it.get("name")) or account,
        "kind": KINDS[it["kind"].lower()],
        "region": names.region(it.get("location")),
        "account_state": text(properties.get("provisioningState")),
        "endpoint": text(properties.get("endpoint")),
        "penalty": text(penalty.get("action")),
        "penalty_percent": real(penalty.get("rateLimitPercentage")),
        "penalty_until": moment(penalty.get("expiration")),
        "content_logging": _capability(properties, "ContentLogging"),
        "tags": tags_text(it.get("tags")),
        **_posture(it, properties),
    }


def _posture(it: Json, properties: Json) -> Row:
    """Columns POSTURE; what was never set is not sent."""
    return {
        "keys_off": flag(properties.get("disableLocalAuth")),
        "public_network": text(properties.get("publicNetworkAccess")),
        "network_default": text(part(properties, "networkAcls").get("defaultAction")),
        "ip_rules": _let_in(part(properties, "networkAcls")),
        "private_endpoints": _approved(properties.get("privateEndpointConnections")),
        "key_source": text(part(properties, "encryption").get("keySource")),
        "outbound_restricted": flag(properties.get("restrictOutboundNetworkAccess")),
        "identity": text(part(it, "identity").get("type")),
        "account_made_at": moment(text(properties.get("dateCreated"))),
    }


def _let_in(rules: Json) -> str | None:
    """The addresses that network rules name; missing where there are no rules."""
    if not rules:
        return None
    each = rules.get("ipRules")
    named = (
        [text(it.get("value")) for it in each if isinstance(it, dict)]
        if isinstance(each, list)
        else []
    )
    return json.dumps([it for it in named if it])


def _approved(connections: object) -> int | None:
    """How many private endpoints are let in."""
    if not isinstance(connections, list):
        return None
    states = [part(part(it, "properties"), STATE).get("status") for it in connections]
    return states.count("Approved")


def _capability(properties: Json, name: str) -> str | None:
    """What the account says of a capability, in lower case; missing where it says nothing."""
    listed = properties.get("capabilities")
    for it in listed if isinstance(listed, list) else []:
        if isinstance(it, dict) and str(it.get("name")).lower() == name.lower():
            value = text(it.get("value"))
            return value and value.lower()
    return None
