"""Accounts that were deleted and can still be restored: they keep their name, and their quota."""

from dataclasses import dataclass
from datetime import datetime

from azure.core.exceptions import HttpResponseError

from domain import names
from domain.faults import Rejected
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import code, translated
from services.fields import Json, moment, needed, part, text

KIND = "deletedAccounts"
AT_REST = frozenset({"succeeded", "failed", "canceled", "disabled"})
NOBODY = frozenset({"ResourceNotFound", "ResourceGroupNotFound"})
"""What Azure calls an account that is not there, and one whose group went with it."""
NOT_DONE = frozenset({"failed", "canceled"})


@dataclass(frozen=True)
class Held:
    """One deleted account as one look found it."""

    resource: str
    deleted_at: datetime | None
    settled: bool
    """Whether Azure is at rest: no purge of it runs."""
    failed: bool
    """Whether the last operation on it ended without being carried out."""


def of_subscription(azure: Azure, subscription: str) -> list[Row]:
    """Frame DELETED of one subscription.

    Azure lists them under the id by which they are purged, or, as its own examples have it, under
    the id that they had while they lived; then the former is made from group and region.
    """
    with translated(f"Listing the deleted accounts of subscription {subscription}"):
        path = arm.provider(subscription, KIND)
        return [_row(it) for it in arm.every(azure, subscription, path, KIND)]


def held(azure: Azure, resource: str) -> Held:
    """One deleted account as it is now; raises NotFound once it is purged or restored."""
    resource = _purgeable(resource)
    with translated(f"Looking at {names.short(resource)}"):
        it = arm.one(azure, names.subscription(resource), resource, KIND)
        properties = part(it, "properties")
        state = (text(properties.get("provisioningState")) or "succeeded").lower()
        return Held(
            resource,
            moment(text(properties.get("deletionDate"))),
            state in AT_REST,
            state in NOT_DONE,
        )


def restored(azure: Azure, resource: str) -> bool:
    """Whether an account of that name lives: what is held no more need not be purged."""
    subscription, group, account, _ = names.parts(_purgeable(resource))
    living = names.living(subscription, group, account)
    with translated(f"Looking whether {account} lives again"):
        try:
            arm.one(azure, subscription, living, "accounts")
        except HttpResponseError as error:
            if error.status_code == 404 and code(error.response) in NOBODY:
                return False
            raise
        return True


def purge(azure: Azure, resource: str) -> None:
    """DELETE for good, sent once; returns when Azure has taken it, not when it is done.

    Raises Rejected for the id of anything that lives; Busy when another change of it runs;
    Unreachable when the answer was lost, after which the purge may still go on.
    """
    resource = _purgeable(resource)
    with translated(f"Purging {names.short(resource)}"):
        arm.sent(azure, "DELETE", resource, None, {}, KIND)


def _purgeable(resource: str) -> str:
    """The folded id; a DELETE of any other would delete what lives."""
    if not names.is_deleted(folded := names.folded(resource)):
        raise Rejected("Only a deleted account can be purged.")
    return folded


def _row(it: Json) -> Row:
    properties, region = part(it, "properties"), names.region(text(it.get("location")))
    id = names.folded(needed(it["id"]))
    subscription, group, account, _ = names.parts(id)
    return {
        "account_id": names.living(subscription, group, account),
        "subscription": subscription,
        "group": group,
        "account": text(it.get("name")) or account,
        "kind": text(it.get("kind")),
        "region": region or names.place(id),
        "deleted_at": moment(text(properties.get("deletionDate"))),
        "purge_at": moment(text(properties.get("scheduledPurgeDate"))),
        "deleted_resource": id
        if names.is_deleted(id)
        else names.deleted(subscription, region, group, account),
    }
