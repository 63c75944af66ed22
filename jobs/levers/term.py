"""The lever of a blocklist's terms: a pattern that is blocked."""

from datetime import datetime

from domain import filter_legs
from domain.faults import NotFound
from domain.plans import GONE, Leg, Seen
from jobs.levers import looks
from services import blocklists
from services.azure import Azure


def look(azure: Azure, leg: Leg, at: datetime) -> Seen:
    """Its pattern, and whether that is a regular expression."""
    try:
        found = blocklists.term_seen(azure, leg.resource)
    except NotFound:
        return looks.nothing(at)
    value = filter_legs.alike(leg, filter_legs.termed(found.body))
    return looks.of_own(azure, at, value, found.etag, found.modified_by)


def write(azure: Azure, leg: Leg, aim: str, etag: str) -> None:
    """One PUT, or one DELETE."""
    if aim == GONE:
        blocklists.term_delete(azure, leg.resource, etag)
    else:
        blocklists.term_put(azure, leg.resource, filter_legs.parsed(aim), etag)
