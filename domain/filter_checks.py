"""Whether a policy that somebody wrote can be sent. What Azure has sent itself is never judged: a
field that a policy of the account has already is carried through, whatever it means."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from domain import filter_bodies as bodies
from domain.faults import OutOfRange
from domain.filter_bodies import Json, lowered
from domain.filter_words import GRADED, MODES, SOURCES, THRESHOLDS, WIRE, folded, title

MOST = 200
"""Filters, or blocklists, of one policy."""
_KNOWN = (bodies.FILTERS, bodies.LISTS, "mode", "basepolicyname")
_OF_FILTER = ("name", "source", "enabled", "blocking", "severitythreshold")
_OF_LIST = ("blocklistname", "source", "blocking")


def checked(
    body: Mapping[str, Any],
    familiar: Iterable[Mapping[str, Any]],
    *,
    policies: Collection[str],
    lists: Collection[str],
    graded: Mapping[str, bool],
) -> None:
    """Raises OutOfRange, in words, for a body that Azure would refuse or that says what nobody
    understands. familiar: policies of the account, as they are; policies, lists: names of those of
    the account; graded: the region's catalogue, empty where it is not known."""
    if not isinstance(body, Mapping):
        raise OutOfRange("A filter policy is an object.")
    told, known = lowered(bodies.writable(body)), [lowered(it) for it in familiar]
    for field, value in told.items():
        if field not in _KNOWN and not _there(known, field, value):
            raise OutOfRange(f"{field!r} is no property of a filter policy that is known here.")
    mode = told.get("mode")
    new_mode = not (isinstance(mode, str) and folded(mode) in MODES)
    if mode is not None and new_mode and not _there(known, "mode", mode):
        raise OutOfRange(f"{mode!r} is no mode of a filter policy.")
    _based(told.get("basepolicyname"), policies)
    levels = _levels(graded)
    for field, named, check in (
        (bodies.FILTERS, "name", lambda it, old: _filter(it, old, levels)),
        (bodies.LISTS, "blocklistname", lambda it, old: _listed(it, old, lists)),
    ):
        _entries(told, known, field, named, check)


def _levels(graded: Mapping[str, bool]) -> dict[str, bool]:
    if not graded:
        return {**dict.fromkeys(WIRE, False), **dict.fromkeys(GRADED, True)}
    return {folded(name): it for name, it in graded.items()}


def _based(base: object, policies: Collection[str]) -> None:
    if base is None:
        return
    if not isinstance(base, str) or base.lower() not in {it.lower() for it in policies}:
        raise OutOfRange(f"The base policy {base!r} is not listed in this account.")


def _entries(told: Json, known: list[Json], field: str, named: str, check: Any) -> None:
    items = told.get(field)
    if items is None:
        return
    if not isinstance(items, list) or len(items) > MOST:
        raise OutOfRange(f"A policy has a list of at most {MOST} filters, and one of blocklists.")
    before = [lowered(it) for of in known for it in _list(of, field) if isinstance(it, dict)]
    seen = set[tuple[str, str]]()
    for item in items:
        entry = lowered(item) if isinstance(item, dict) else {}
        good, _ = bodies.entries({field: [entry]}, field, named)
        if not good:
            raise OutOfRange("Each filter and blocklist of a policy has a name.")
        keys = set(bodies.keys(entry) if named == "name" else bodies.list_keys(entry))
        old = [it for it in before if _about(it, named) == _about(entry, named)]
        if entry not in old:
            if not seen.isdisjoint(keys):
                raise OutOfRange(f"{entry[named]} is there twice for the same direction.")
            check(entry, old)
        seen |= keys


def _list(told: Json, field: str) -> list[Any]:
    value = told.get(field)
    return value if isinstance(value, list) else []


def _about(entry: Json, named: str) -> str:
    return folded(str(entry.get(named) or ""))


def _there(known: list[Json], field: str, value: object) -> bool:
    """Whether one of these says the same already."""
    return any(field in it and bodies.text(it[field]) == bodies.text(value) for it in known)


def _filter(entry: Json, old: list[Json], levels: Mapping[str, bool]) -> None:
    category = folded(entry["name"])
    if category not in levels:
        raise OutOfRange(f"{entry['name']!r} is no category of content filters here.")
    _shape(entry, old, _OF_FILTER, title(category))
    for flag in ("enabled", "blocking"):
        if not isinstance(entry.get(flag), bool):
            raise OutOfRange(f"{title(category)}: {flag} is true or false.")
    level = entry.get("severitythreshold")
    new = level is not None and not _there(old, "severitythreshold", level)
    if new and not (isinstance(level, str) and folded(level) in THRESHOLDS):
        raise OutOfRange(f"{title(category)}: {level!r} is no threshold.")
    if new and not levels[category]:
        raise OutOfRange(f"{title(category)} has no levels: it blocks, annotates only or is off.")
    if levels[category] and entry["enabled"] and level is None:
        raise OutOfRange(f"{title(category)} needs a threshold: low, medium or high.")


def _listed(entry: Json, old: list[Json], lists: Collection[str]) -> None:
    name = entry["blocklistname"].strip()
    if name.lower() not in {it.lower() for it in lists}:
        raise OutOfRange(f"There is no blocklist {name} in this account.")
    _shape(entry, old, _OF_LIST, f"Blocklist {name}")
    if not isinstance(entry.get("blocking"), bool):
        raise OutOfRange(f"Blocklist {name}: blocking is true or false.")


def _shape(entry: Json, old: list[Json], fields: Collection[str], what: str) -> None:
    source = entry.get("source")
    strange = source is not None and folded(str(source)) not in SOURCES
    if strange and not _there(old, "source", source):
        raise OutOfRange(f"{what}: {source!r} is no direction: prompt or completion.")
    for field, value in entry.items():
        if field == "action" and value in ("BLOCKING", "ANNOTATING"):
            continue
        if field not in fields and not _there(old, field, value):
            raise OutOfRange(f"{what}: {field!r} is not known here.")


def kept(before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raises OutOfRange where an edit would lose or change what nobody here understands."""
    old, new = (
        {key: it for key, it in lowered(bodies.writable(of)).items() if key not in _KNOWN}
        for of in (before, after)
    )
    if bodies.text(old) != bodies.text(new):
        raise OutOfRange("The policy says things that are not known here; they have to stay.")
