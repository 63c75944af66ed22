"""How policies, blocklists, terms and the catalogue look on the wire, for each api-version."""

from collections.abc import Iterable

from simulator import regions
from simulator.cognitiveservices.records import PROVIDER
from simulator.cognitiveservices.wire import TYPE
from simulator.faults import Json
from simulator.moderation.built_in import Entry, folded
from simulator.moderation.records import ITEMS, LISTS, POLICIES, Record

ASYNCHRONOUS, DEFERRED = "Asynchronous_filter", "Deferred"
TYPES = {POLICIES: POLICIES, LISTS: LISTS, ITEMS: f"{LISTS}/{ITEMS}"}
FILTERS = "contentFilters"
THRESHOLD, LEVEL = "severityThreshold", "allowedContentLevel"
AGENTS = frozenset({"pretoolcall", "posttoolcall", "prerun", "postrun"})
READ_ONLY = frozenset({"type"})


def _renamed(version: str) -> bool:
    """Whether the asynchronous mode has its older name."""
    return version[:10] < "2025-06-01"


def late(version: str) -> bool:
    """Whether this version does not know actions and the sources of agents."""
    return version[:10] < "2025-12-01"


def _levels(version: str) -> bool:
    """Whether a threshold has its older name."""
    return version[:10] < "2024-01-01"


def shown(found: Record, version: str) -> Json:
    """A policy, a blocklist or a term."""
    properties = dict(found.properties)
    if found.kind == POLICIES:
        kind = "SystemManaged" if found.system else "UserManaged"
        properties = {"type": kind} | _told(properties, version)
    body: Json = {
        "id": found.path,
        "name": found.name,
        "type": f"{TYPE}/{TYPES[found.kind]}",
        "etag": found.etag,
        "properties": properties,
        "systemData": {
            "createdBy": found.created_by,
            "createdByType": _who(found.created_by),
            "createdAt": found.created_at,
            "lastModifiedBy": found.modified_by,
            "lastModifiedByType": _who(found.modified_by),
            "lastModifiedAt": found.modified_at,
        },
    }
    return body | ({"tags": found.tags} if found.tags is not None else {})


def _who(name: str) -> str:
    return "User" if "@" in name else "Application"


def _told(properties: Json, version: str) -> Json:
    """The properties of a policy as this version tells them."""
    if _renamed(version) and properties.get("mode") == ASYNCHRONOUS:
        properties["mode"] = DEFERRED
    if late(version) and properties.get(FILTERS):
        properties[FILTERS] = [
            {key: it for key, it in one.items() if key != "action"}
            for one in properties[FILTERS]
            if not _of_agents(one)
        ]
    if _levels(version) and properties.get(FILTERS):
        properties[FILTERS] = [_named(it, THRESHOLD, LEVEL) for it in properties[FILTERS]]
    return properties


def taken(properties: Json, version: str, before: Json) -> Json:
    """What a write by this version leaves: all that it says, and what it cannot know of."""
    found = {key: it for key, it in properties.items() if key not in READ_ONLY}
    if found.get("mode") == DEFERRED:
        found["mode"] = ASYNCHRONOUS
    if _levels(version):
        found[FILTERS] = [_named(it, LEVEL, THRESHOLD) for it in found.get(FILTERS) or []]
    if late(version) and before.get(FILTERS):
        found[FILTERS] = _unseen(found.get(FILTERS) or [], before[FILTERS])
    return found


def _unseen(filters: Iterable[Json], before: Iterable[Json]) -> list[Json]:
    acted = {identity(it): it["action"] for it in before if "action" in it}
    after = [
        it | ({"action": acted[identity(it)]} if identity(it) in acted else {}) for it in filters
    ]
    return after + [it for it in before if _of_agents(it)]


def identity(one: Json) -> tuple[str, str]:
    """What a filter is told by: its name and its source."""
    return folded(str(one.get("name", ""))), folded(str(one.get("source") or ""))


def _of_agents(one: Json) -> bool:
    return identity(one)[1] in AGENTS


def _named(one: Json, old: str, new: str) -> Json:
    return {new if key == old else key: it for key, it in one.items()}


def filter_(found: Entry, subscription: str, region: str) -> Json:
    """A filter of a region's catalogue; its slug is the name of the resource alone."""
    place = regions.REGIONS[region].arm
    above = f"/subscriptions/{subscription}/{PROVIDER}/locations/{place}"
    body: Json = {"name": found.name, "isMultiLevelFilter": found.graded}
    return {
        "id": f"{above}/raiContentFilters/{found.slug}",
        "name": found.slug,
        "type": "Microsoft.CognitiveServices/locations/raiContentFilters",
        "properties": body | ({"source": found.source} if found.source else {}),
    }
