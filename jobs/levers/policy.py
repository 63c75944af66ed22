"""The lever of filter policies: what one contains, or whether there is one."""

from datetime import datetime

from domain import filter_legs, filters, names
from domain.faults import Busy, NotFound, Rejected
from domain.plans import GONE, Leg, Seen
from jobs.levers import looks
from services import deployments, policies
from services.azure import Azure


def look(azure: Azure, leg: Leg, at: datetime) -> Seen:
    """What its writable properties are now."""
    try:
        found = policies.seen(azure, leg.resource)
    except NotFound:
        return looks.nothing(at)
    value = filter_legs.alike(leg, filters.canonical(found.body))
    return looks.of_own(azure, at, value, found.etag, found.modified_by)


def write(azure: Azure, leg: Leg, aim: str, etag: str) -> None:
    """One PUT of the whole, or one DELETE. Azure declares no If-Match for it, so it is looked at
    once more; raises Busy when it is another by then, and Rejected for Microsoft's own and for one
    that a deployment names, whatever was collected."""
    if etag:
        found = policies.seen(azure, leg.resource)
        if found.kind == filters.SYSTEM:
            raise Rejected(f"{filter_legs.about(leg.resource)} is Microsoft's own.")
        if found.etag != etag:
            raise Busy(f"{filter_legs.about(leg.resource)} was changed by others.")
    if aim != GONE:
        policies.put(azure, leg.resource, filter_legs.parsed(aim), etag)
        return
    account, name = names.account(leg.resource), leg.resource.rpartition("/")[2]
    users = [
        str(it["deployment"])
        for it in deployments.of_account(azure, account)
        if str(it["filter_policy"] or "").lower() == name
    ]
    if users:
        raise Rejected(f"{filter_legs.about(leg.resource)} is in use by {users[0]}.")
    policies.delete(azure, leg.resource, etag)
