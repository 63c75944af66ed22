"""Filter policies: what an account blocks, in Azure's own words, and the few ways to change them.

Their properties are carried as raw JSON, so that what we do not know survives a change. Source:
docs of azure-apis, section 4.1.
"""

import json
from dataclasses import dataclass

from domain import names
from domain.faults import Busy, Rejected
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.deployments import ENVELOPE
from services.faults import translated
from services.fields import Json, moment, needed, part, text

KIND = "raiPolicies"
ANY = "*"
"""The etag of what is there, where Azure sent none."""


@dataclass(frozen=True)
class FoundPolicy:
    """One policy as one look found it."""

    resource: str
    name: str
    """As Azure spells it."""
    body: Json
    """Its properties as Azure sent them."""
    etag: str
    """With the quotes that belong to it; ANY where Azure sent none, never ""."""
    modified_by: str | None
    kind: str | None
    """SystemManaged or UserManaged."""


def of_account(azure: Azure, account_id: str) -> list[Row]:
    """Frame POLICIES of one account, Microsoft's own ones too."""
    account_id = names.folded(account_id)
    subscription, _, account, _ = names.parts(account_id)
    with translated(f"Listing the filter policies of {account}"):
        path = f"{account_id}/raipolicies"
        items = arm.every(azure, subscription, path, KIND)
        return [_row(account_id, it) for it in items]


def seen(azure: Azure, resource: str) -> FoundPolicy:
    """One policy as it is now; raises NotFound when it is gone."""
    resource = names.folded(resource)
    with translated(f"Looking at {names.short(resource)}"):
        it = arm.one(azure, names.subscription(resource), resource, KIND)
        properties = properties_of(it)
        return FoundPolicy(
            resource,
            needed(it["name"]),
            properties,
            text(it.get("etag")) or ANY,
            text(part(it, "systemData").get("lastModifiedBy")),
            text(properties.get("type")),
        )


def put(azure: Azure, resource: str, body: Json, etag: str) -> None:
    """PUT of the whole, sent once. etag: as seen() has it; "" for one that must not be there yet,
    whose name is spelled as in resource. Sent and raising as written()."""
    _not_microsofts(resource)
    written(azure, resource, body, etag, KIND)


def delete(azure: Azure, resource: str, etag: str) -> None:
    """DELETE; returns when Azure has taken it. Raises InUse while anything names it."""
    _not_microsofts(resource)
    deleted(azure, resource, etag, KIND)


def written(azure: Azure, resource: str, body: Json, etag: str, kind: str) -> None:
    """PUT of these properties; what stands beside them (tags, and what we do not know) goes back as
    it is there.

    Raises Busy when it is not what the etag says or is there already, Unreachable when the answer
    was lost, after which the write may still have landed.
    """
    short = names.short(names.folded(resource))
    with translated(f"Writing {short}"):
        outer: Json = {}
        if etag:
            it = arm.one(azure, names.subscription(names.folded(resource)), resource, kind)
            if etag not in (ANY, it.get("etag")):
                raise Busy(f"{short} was changed by others.")
            outer = {k: v for k, v in it.items() if k not in ENVELOPE and v is not None}
        header = {"If-Match": etag} if etag else {"If-None-Match": "*"}
        arm.sent(azure, "PUT", resource, {**outer, "properties": body}, header, kind)


def deleted(azure: Azure, resource: str, etag: str, kind: str) -> None:
    """DELETE; returns when Azure has taken it."""
    resource = names.folded(resource)
    with translated(f"Deleting {names.short(resource)}"):
        arm.sent(azure, "DELETE", resource, None, {"If-Match": etag or ANY}, kind)


def properties_of(it: Json) -> Json:
    """The properties, which must be there: of a policy without any, nothing can be told."""
    if not isinstance(properties := it["properties"], dict):
        raise ValueError("properties is not an object")
    return properties


def _not_microsofts(resource: str) -> None:
    """Raises Rejected for a policy of Microsoft's by its name, whatever asked for it."""
    if names.folded(resource).rpartition("/")[2].startswith("microsoft."):
        raise Rejected("Nobody but Microsoft changes its own policies.")


def _row(account_id: str, it: Json) -> Row:
    properties, history = properties_of(it), part(it, "systemData")
    return {
        "resource": names.folded(needed(it["id"])),
        "account_id": account_id,
        "policy": needed(it["name"]),
        "kind": text(properties.get("type")),
        "body": json.dumps(properties),
        "etag": text(it.get("etag")),
        "created_at": moment(text(history.get("createdAt"))),
        "modified_at": moment(text(history.get("lastModifiedAt"))),
        "modified_by": text(history.get("lastModifiedBy")),
    }
