"""Model deployments: what runs in an account, how much of it, and what may be changed on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain import names
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import (
    Json,
    flag,
    moment,
    needed,
    part,
    per_minute,
    tags,
    tags_text,
    text,
    whole,
)

AT_REST = frozenset({"succeeded", "failed", "canceled", "disabled"})
"""Of provisioningState; every other word, unknown ones too, means that something still runs."""


@dataclass(frozen=True)
class Deployment:
    """One deployment as one look found it."""

    resource: str
    tags: dict[str, str]
    sku: str | None
    capacity: int | None
    etag: str
    """With the quotes that belong to it; "" where Azure sent none."""
    modified_by: str | None
    state: str | None
    """provisioningState as Azure writes it."""
    settled: bool
    raw: Json
    """The whole answer, for a PUT that must keep what we do not know."""


def of_account(azure: Azure, account_id: str) -> list[Row]:
    """Frame DEPLOYMENTS of one account."""
    account_id = names.folded(account_id)
    subscription, _, account, _ = names.parts(account_id)
    with translated(f"Listing the deployments of {account}"):
        path = f"{account_id}/deployments"
        items = arm.every(azure, subscription, path, "deployments")
        return [_row(account_id, it) for it in items]


def seen(azure: Azure, resource: str) -> Deployment:
    """One deployment as it is now; raises NotFound when it is gone."""
    resource = names.folded(resource)
    with translated(f"Looking at {names.short(resource)}"):
        it = arm.one(azure, names.subscription(resource), resource, "deployments")
        state = text(part(it, "properties").get("provisioningState"))
        sku = part(it, "sku")
        return Deployment(
            resource,
            tags(it.get("tags")),
            text(sku.get("name")),
            whole(sku.get("capacity")),
            text(it.get("etag")) or "",
            text(part(it, "systemData").get("lastModifiedBy")),
            state,
            (state or "").lower() in AT_REST,
            it,
        )


def set_tags(azure: Azure, resource: str, tags: Mapping[str, str], etag: str) -> None:
    """PATCH of the tags alone, sent once; returns when Azure has taken it, not when it is done.

    The tags replace all that are there. Without an etag, If-Match says that it must exist.
    Raises Busy when another change of the account runs or, where Azure looks at it, the etag is
    old; Unreachable when the answer was lost, after which the write may still have landed.
    """
    from azure.mgmt.cognitiveservices.models import PatchResourceTagsAndSku

    subscription, group, account, name = names.parts(names.folded(resource))
    with translated(f"Changing the tags of {account}/{name}"):
        azure.cognitive(subscription).deployments.begin_update(
            group,
            account,
            name,
            PatchResourceTagsAndSku(tags=dict(tags)),
            headers={"If-Match": etag or "*"},
            polling=False,
            retry_total=0,
        )


def _row(account_id: str, it: Json) -> Row:
    properties, sku, history = part(it, "properties"), part(it, "sku"), part(it, "systemData")
    limits = properties.get("rateLimits")
    return {
        "resource": names.folded(it["id"]),
        "account_id": account_id,
        "deployment": needed(it["name"]),
        "sku": text(sku.get("name")),
        "capacity": whole(sku.get("capacity")),
        **_model(properties),
        "limit_tpm": per_minute(limits, "token"),
        "limit_rpm": per_minute(limits, "request"),
        "tags": tags_text(it.get("tags")),
        "created_at": moment(history.get("createdAt")),
        "modified_at": moment(history.get("lastModifiedAt")),
        "modified_by": text(history.get("lastModifiedBy")),
        "etag": text(it.get("etag")),
    }


def _model(properties: Json) -> Row:
    model = part(properties, "model")
    return {
        "format": text(model.get("format")),
        "model": text(model.get("name")),
        "version": text(model.get("version")),
        "state": text(properties.get("provisioningState")),
        "running": text(properties.get("deploymentState")),
        "upgrade": text(properties.get("versionUpgradeOption")),
        "filter_policy": text(properties.get("raiPolicyName")),
        "spillover": text(properties.get("spilloverDeploymentName")),
        "service_tier": text(properties.get("serviceTier")),
        "dynamic_throttling": flag(properties.get("dynamicThrottlingEnabled")),
    }
