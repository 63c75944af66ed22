"""Model deployments: what runs in an account, how much of it, and what may be changed on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from domain import names
from domain.faults import Busy
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
NOT_DONE = frozenset({"failed", "canceled"})
READ_ONLY = frozenset(
    {"provisioningState", "rateLimits", "capabilities", "currentCapacity", "callRateLimit"}
)
"""Properties that only Azure sets; everything else goes back as it came. deploymentState is not
among them: a PUT without it may start what somebody has paused."""
ENVELOPE = frozenset({"id", "name", "type", "etag", "systemData", "properties"})
"""What of the answer is no field to be written, and the properties, which are sent picked."""


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
    failed: bool
    """Whether the last operation on it ended without being carried out."""
    upgrade: str | None
    """versionUpgradeOption."""
    spec: Row
    """What makes it, by the names of domain.capacity.MADE_OF."""
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
            (state or "").lower() in NOT_DONE,
            text(part(it, "properties").get("versionUpgradeOption")),
            {**_row(names.account(resource), it), "tags": tags(it.get("tags")) or None},
            it,
        )


def set_tags(azure: Azure, resource: str, tags: Mapping[str, str], etag: str) -> None:
    """PATCH of the tags alone, which replace all that are there; sent and raising as _patch()."""
    from azure.mgmt.cognitiveservices.models import PatchResourceTagsAndSku

    with translated(f"Changing the tags of {names.short(names.folded(resource))}"):
        _patch(azure, resource, PatchResourceTagsAndSku(tags=dict(tags)), etag)


def set_capacity(azure: Azure, resource: str, sku: str, capacity: int, etag: str) -> None:
    """PATCH of the SKU alone, to this many units in all; sent and raising as _patch(), and
    OverQuota when the pool has no room."""
    from azure.mgmt.cognitiveservices.models import PatchResourceTagsAndSku, Sku

    with translated(f"Changing the capacity of {names.short(names.folded(resource))}"):
        body = PatchResourceTagsAndSku(sku=Sku(name=sku, capacity=capacity))
        _patch(azure, resource, body, etag)


def _patch(azure: Azure, resource: str, body: Any, etag: str) -> None:
    """Sent once; returns when Azure has taken it, not when it is done.

    Without an etag, If-Match says that it must exist. Raises Busy when another change of the
    account runs or, where Azure looks at it, the etag is old; Unreachable when the answer was lost,
    after which the write may still have landed.
    """
    subscription, group, account, name = names.parts(names.folded(resource))
    azure.cognitive(subscription).deployments.begin_update(
        group,
        account,
        name,
        body,
        headers={"If-Match": etag or "*"},
        polling=False,
        retry_total=0,
    )


def create(azure: Azure, resource: str, spec: Row) -> None:
    """PUT of a deployment that must not be there yet; spec as domain.capacity.made() has it: what
    it leaves out is for Azure to choose. Sent and raising as _patch()."""
    model = {
        "format": spec.get("format"),
        "name": spec.get("model"),
        "version": spec.get("version"),
    }
    properties = {
        "model": _told(model),
        "versionUpgradeOption": spec.get("upgrade"),
        "raiPolicyName": spec.get("filter_policy"),
        "spilloverDeploymentName": spec.get("spillover"),
        "serviceTier": spec.get("service_tier"),
    }
    body = {
        "sku": _told({"name": spec.get("sku"), "capacity": spec.get("capacity")}),
        "properties": _told(properties),
        **_told({"tags": spec.get("tags") or None}),
    }
    with translated(f"Creating {names.short(names.folded(resource))}"):
        arm.sent(azure, "PUT", names.folded(resource), body, {"If-None-Match": "*"})


def set_upgrade(azure: Azure, resource: str, option: str, etag: str) -> None:
    """The upgrade policy alone is another afterwards; sent and raising as _edit()."""
    doing = f"Changing the upgrade policy of {names.short(names.folded(resource))}"
    _edit(azure, resource, {"versionUpgradeOption": option}, etag, doing)


def set_filter(azure: Azure, resource: str, policy: str | None, etag: str) -> None:
    """The content filter alone is another afterwards: the policy of this name, or with None the one
    that Azure takes where none is named; sent and raising as _edit(), and Unsupported where the
    account has no such policy."""
    doing = f"Changing the content filter of {names.short(names.folded(resource))}"
    _edit(azure, resource, {"raiPolicyName": policy}, etag, doing)


def _edit(azure: Azure, resource: str, fields: Json, etag: str, doing: str) -> None:
    """PUT of what is there, every field that we do not know included, with these properties alone
    edited; None takes one out.

    Raises Busy when it is not what the etag says: what was read would overwrite what others wrote.
    """
    resource = names.folded(resource)
    with translated(doing):
        it = arm.one(azure, names.subscription(resource), resource, "deployments")
        if (it.get("etag") or "") != etag:
            raise Busy(f"{names.short(resource)} was changed by others.")
        kept = {
            k: v
            for k, v in part(it, "properties").items()
            if k not in READ_ONLY and k not in fields
        }
        body = {k: v for k, v in it.items() if k not in ENVELOPE and v is not None}
        body["properties"] = {**kept, **_told(fields)}
        arm.sent(azure, "PUT", resource, body, {"If-Match": etag or "*"})


def _told(fields: Json) -> Json:
    return {key: it for key, it in fields.items() if it is not None}


def delete(azure: Azure, resource: str, etag: str) -> None:
    """DELETE; returns when Azure has taken it."""
    with translated(f"Deleting {names.short(names.folded(resource))}"):
        arm.sent(azure, "DELETE", names.folded(resource), None, {"If-Match": etag or "*"})


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
