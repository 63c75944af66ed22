"""The lever of blocklists, without their terms, which are changed one by one."""

from datetime import datetime

from domain import filter_legs, names
from domain.faults import NotFound, Rejected
from domain.plans import GONE, Leg, Seen
from jobs.levers import looks
from services import blocklists, policies
from services.azure import Azure


def look(azure: Azure, leg: Leg, at: datetime) -> Seen:
    """Its description. The etag is nobody's: a change of a term may move it."""
    try:
        found = blocklists.seen(azure, leg.resource)
    except NotFound:
        return looks.nothing(at)
    value = filter_legs.alike(leg, filter_legs.described(found.body))
    return looks.of_own(azure, at, value, filter_legs.ANY, found.modified_by)


def write(azure: Azure, leg: Leg, aim: str, etag: str) -> None:
    """One PUT, or one DELETE. Azure deletes a list with its terms, so that one with terms that
    nobody has reviewed, or that a policy names, is not deleted; raises Rejected."""
    if aim != GONE:
        blocklists.put(azure, leg.resource, filter_legs.parsed(aim), etag)
        return
    account = names.account(leg.resource)
    listed = blocklists.of_account(azure, account)
    left = [it["terms"] for it in listed if it["resource"] == leg.resource]
    if left and left[0] != "[]":
        raise Rejected(f"{filter_legs.about(leg.resource)} has terms that nobody has reviewed.")
    name = leg.resource.rpartition("/")[2]
    for row in policies.of_account(azure, account):
        if name in filter_legs.named_lists(str(row["body"])):
            raise Rejected(f"{filter_legs.about(leg.resource)} is in use by {row['policy']}.")
    blocklists.delete(azure, leg.resource, etag)
