"""A policy with some filters set anew and everything else as it was: nothing that we do not know is
lost, and what Azure would refuse is refused here, in words."""

from collections.abc import Mapping
from typing import Any

from domain import filter_bodies as bodies
from domain.faults import OutOfRange
from domain.filter_bodies import Json, lowered, spelled, writable
from domain.filter_words import (
    ASYNCHRONOUS,
    BOTH,
    BUFFERED,
    GRADED,
    MODES,
    SOURCES,
    THRESHOLDS,
    WIRE,
    Key,
    Strength,
    folded,
    title,
)

_WRITTEN = {BUFFERED: "Default", ASYNCHRONOUS: "Asynchronous_filter"}
_LEVELS = {it: level.capitalize() for level, it in THRESHOLDS.items()}
_UNUSED = "Medium"
"""The threshold of a new filter with levels that does not block: Azure wants one all the same."""


def edited(
    body: Mapping[str, Any],
    settings: Mapping[Key, Strength],
    *,
    mode: str | None = None,
    lists: Mapping[Key, Strength | None] | None = None,
    graded: Mapping[str, bool],
) -> Json:
    """The writable properties with these filters, this mode and these blocklists set.

    settings: strength by (category, direction). mode: buffered or asynchronous, or one of Azure's
    own words. lists: strength by (blocklist, direction), None or OFF to take one out; those not
    named stay. graded: the region's catalogue, whether each category has levels; empty where it is
    not known. Raises OutOfRange, and then nothing was changed.
    """
    new = writable(body)
    known = {**dict.fromkeys(WIRE, False), **dict.fromkeys(GRADED, True)} if not graded else {}
    known |= {folded(name): levels for name, levels in graded.items()}
    if settings:
        filters = _items(new, "contentFilters", "filters")
        for (category, direction), strength in settings.items():
            key = (folded(category), folded(direction))
            _checked(key, strength, known, filters)
            filters = _set(filters, key, strength, known, graded)
        new[spelled(new, "contentFilters")] = filters
    if mode is not None:
        _set_mode(new, mode)
    if lists:
        items = _items(new, "customBlocklists", "blocklists")
        for (name, direction), wanted in lists.items():
            items = _listed(items, (name.strip(), folded(direction)), wanted)
        new[spelled(new, "customBlocklists")] = items
    return new


def _items(body: Json, field: str, what: str) -> list[Any]:
    value = body.get(spelled(body, field))
    if not isinstance(value, list | None):
        raise OutOfRange(f"What this policy says of {what} is in a form that is not known here.")
    return list(value or [])


def _checked(key: Key, strength: Strength, known: Mapping[str, bool], filters: list[Any]) -> None:
    category, direction = key
    there = [it for it in filters if key in _keys(it)]
    if category not in known and not there:
        raise OutOfRange(f"{category or 'Nothing'!r} is no category of content filters here.")
    if direction not in SOURCES and not there:
        raise OutOfRange(f"{direction!r} is no direction: prompt or completion.")
    levels = known.get(category, any(bodies.graded(lowered(it)) for it in there))
    if not levels and strength in (Strength.HIGH, Strength.MEDIUM):
        raise OutOfRange(f"{title(category)} has no levels: it blocks, annotates only or is off.")


def _keys(item: Any) -> list[Key]:
    told = lowered(item) if isinstance(item, dict) else {}
    good, _ = bodies.entries({"it": [told]}, "it", "name")
    return bodies.keys(told) if good else []


def _set(
    filters: list[Any],
    key: Key,
    strength: Strength,
    known: Mapping[str, bool],
    graded: Mapping[str, bool],
) -> list[Any]:
    """The filters with this one set wherever it is stated, or stated at the end."""
    levels = known.get(key[0])
    new: list[Any] = []
    for item in filters:
        if key not in (keys := _keys(item)):
            new.append(item)
            continue
        done = _with(item, strength, levels)
        if done == item or len(keys) == 1:
            new.append(done)
            continue
        # It stated both directions at once, of which only one is meant.
        field = spelled(item, "source")
        new += [{**(done if it == key[1] else item), field: SOURCES[it]} for it in BOTH]
    if any(key in _keys(it) for it in new):
        return new
    entry = {"name": _wire(key[0], filters, graded), "source": SOURCES[key[1]]}
    if levels:
        entry["severityThreshold"] = _UNUSED
    return [*new, _with(entry, strength, levels)]


def _wire(category: str, filters: list[Any], graded: Mapping[str, bool]) -> str:
    """How Azure spells a category: as the policy does already, as the catalogue does."""
    stated = (lowered(it)["name"] for it in filters if any(k[0] == category for k in _keys(it)))
    listed = (it for it in graded if folded(it) == category and it != category)
    return next(stated, None) or next(listed, None) or WIRE.get(category, category)


def _with(item: Json, strength: Strength, levels: bool | None) -> Json:
    """One entry that does this; as it is where it does so already."""
    told = lowered(item)
    if bodies.strength(told) == strength and bodies.graded(told) == bool(
        bodies.graded(told) if levels is None else levels
    ):
        return item
    new = dict(item)
    _put(new, "enabled", strength > Strength.OFF)
    if strength is Strength.OFF:
        _put(new, "blocking", told.get("blocking") is True)
        return new
    blocks = strength > Strength.ANNOTATES
    _put(new, "blocking", blocks)
    if "action" in told and told["action"] is not None:
        _put(new, "action", "BLOCKING" if blocks else "ANNOTATING")
    if blocks and (bodies.graded(told) if levels is None else levels):
        _put(new, "severityThreshold", _LEVELS[strength])
    return new


def _put(item: Json, field: str, value: object) -> None:
    """Set a field in every spelling that it has."""
    for name in [it for it in item if folded(it) == folded(field)] or [field]:
        item[name] = value


def _set_mode(body: Json, mode: str) -> None:
    word = mode if mode in _WRITTEN else MODES.get(folded(mode))
    if word is None:
        raise OutOfRange(f"{mode!r} is no mode: {BUFFERED} or {ASYNCHRONOUS}.")
    now = body.get(spelled(body, "mode"))
    if not (isinstance(now, str) and MODES.get(folded(now)) == word):
        _put(body, "mode", _WRITTEN[word])


def _listed(items: list[Any], key: Key, strength: Strength | None) -> list[Any]:
    """The blocklists of a policy with one put in, changed or taken out."""
    name, direction = key
    if not name or direction not in BOTH:
        raise OutOfRange("A blocklist is named, and watches prompts or completions.")
    if strength not in (None, Strength.OFF, Strength.ANNOTATES, Strength.BLOCKS):
        raise OutOfRange("A blocklist has no levels: it blocks or annotates only.")
    new: list[Any] = []
    for item in items:
        keys = _list_keys(item)
        if (name.lower(), direction) not in keys:
            new.append(item)
            continue
        # One that watches both directions is split, for only one of them is meant.
        field, both = spelled(item, "source"), len(keys) > 1
        if both:
            new += [{**item, field: SOURCES[it]} for _, it in keys if it != direction]
        if strength:
            kept = {**item, field: SOURCES[direction]} if both else dict(item)
            _put(kept, "blocking", strength > Strength.ANNOTATES)
            new.append(kept)
    if not strength or any((name.lower(), direction) in _list_keys(it) for it in new):
        return new
    entry = {"blocklistName": name, "blocking": strength > Strength.ANNOTATES}
    return [*new, {**entry, "source": SOURCES[direction]}]


def _list_keys(item: Any) -> list[Key]:
    told = lowered(item) if isinstance(item, dict) else {}
    good, _ = bodies.entries({"it": [told]}, "it", "blocklistname")
    return bodies.list_keys(told) if good else []
