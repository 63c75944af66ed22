"""The JSON of a filter policy as Azure sends it, taken apart without believing any of it: whatever
is missing, unknown, doubled or of a wrong type can't be told, and is never taken to be off."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from domain.filter_words import BOTH, GRADED, THRESHOLDS, Key, Strength, folded

Json = dict[str, Any]
READ_ONLY = frozenset({"type", "id", "etag", "systemdata", "provisioningstate"})
"""What Azure says and does not take."""
FILTERS, LISTS = "contentfilters", "customblocklists"
_OF_FILTER = ("name", "source", "enabled", "blocking", "severitythreshold", "action")
_OF_LIST = ("blocklistname", "source", "blocking")
_SILENT = (None, "", "none")
"""An action that says nothing beside blocking (assumed: newer interfaces send it everywhere)."""


def parsed(text: str | None) -> Json:
    """The properties of a policy; empty where it is no JSON object, so that nothing of it can be
    told."""
    try:
        told = json.loads(text or "{}")
    except ValueError:
        return {}
    return dict(told) if isinstance(told, dict) else {}


def lowered(told: Mapping[str, Any]) -> Json:
    """An object by its folded field names; a field that is there in several spellings, with
    different values, is the list of them: of no type that anybody expects."""
    found: dict[str, list[Any]] = {}
    for key, value in told.items():
        values = found.setdefault(folded(str(key)), [])
        if value not in values or any(type(it) is not type(value) for it in values):
            values.append(value)
    return {key: it[0] if len(it) == 1 else [it] for key, it in found.items()}


def spelled(told: Mapping[str, Any], name: str) -> str:
    """The field as this object spells it; as we do where it has none."""
    return next((it for it in told if folded(it) == folded(name)), name)


def entries(told: Json, field: str, named: str) -> tuple[list[Json], list[Any]]:
    """Of a lowered policy: the entries of a list of it that can be told apart by name and source,
    and whatever else is there."""
    value = told.get(field)
    items = value if isinstance(value, list) else [] if value is None else [value]
    known = [lowered(it) if isinstance(it, dict) else {} for it in items]
    good = [bool(it) and _telling(it, named) for it in known]
    return (
        [it for it, ok in zip(known, good, strict=True) if ok],
        [it for it, ok in zip(items, good, strict=True) if not ok],
    )


def _telling(entry: Json, named: str) -> bool:
    name, source = entry.get(named), entry.get("source")
    return isinstance(name, str) and bool(folded(name)) and isinstance(source, str | None)


def keys(entry: Json) -> list[Key]:
    """Which filters an entry of contentFilters states."""
    return [(folded(entry["name"]), it) for it in directions(entry)]


def list_keys(entry: Json) -> list[Key]:
    """Which blocklists an entry of customBlocklists puts in force."""
    return [(entry["blocklistname"].strip().lower(), it) for it in directions(entry)]


def directions(entry: Json) -> tuple[str, ...]:
    return (it,) if (it := folded(entry.get("source") or "")) else BOTH


def graded(entry: Json) -> bool:
    """Whether it has levels; one that is new to us has them where it states one."""
    category = folded(entry["name"])
    levels = ("severitythreshold", "allowedcontentlevel")
    return category in GRADED or (
        category not in _BINARY and any(entry.get(it) is not None for it in levels)
    )


_BINARY = frozenset(
    {"jailbreak", "indirectattack", "protectedmaterialtext", "protectedmaterialcode", "profanity"}
)


def strength(entry: Json) -> Strength | None:
    """What an entry of contentFilters does; None where it can't be told."""
    enabled, blocking = entry.get("enabled"), _blocking(entry)
    if enabled is False:
        return Strength.OFF
    if enabled is not True or blocking is None:
        return None
    if not blocking:
        return Strength.ANNOTATES
    if not graded(entry):
        return Strength.BLOCKS
    level = entry.get("severitythreshold")
    return THRESHOLDS.get(folded(level)) if isinstance(level, str) else None


def list_strength(entry: Json) -> Strength | None:
    blocking = entry.get("blocking")
    if not isinstance(blocking, bool):
        return None
    return Strength.BLOCKS if blocking else Strength.ANNOTATES


def _blocking(entry: Json) -> bool | None:
    """By the flag and, where a newer interface sends it, by the action: if they are at odds it
    can't be told."""
    flag, action = entry.get("blocking"), entry.get("action")
    if isinstance(action, str):
        action = folded(action)
    if action in _SILENT:
        return flag if isinstance(flag, bool) else None
    meant = {"blocking": True, "annotating": False}.get(action) if _text(action) else None
    return meant if flag is None or flag is meant else None


def _text(value: Any) -> bool:
    return isinstance(value, str)


def beyond(entry: Json, *, of_list: bool = False) -> Json:
    """The fields of an entry that we do not know."""
    known = _OF_LIST if of_list else _OF_FILTER
    return {key: it for key, it in entry.items() if key not in known}


def as_written(entry: Json) -> str:
    """What is behind a strength that does not say everything, to be compared."""
    told = {it: entry.get(it) for it in ("enabled", "blocking", "severitythreshold", "action")}
    return text({key: it.lower() if isinstance(it, str) else it for key, it in told.items()})


def text(value: Any) -> str:
    """JSON that can be compared."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def writable(body: Mapping[str, Any]) -> Json:
    """The properties that Azure takes, as they were written."""
    return {key: it for key, it in body.items() if folded(key) not in READ_ONLY}


def canonical(body: Mapping[str, Any]) -> str:
    """The writable properties as text that can be compared and written: filters and blocklists in
    one order, everything else as it was."""
    told = writable(body)
    for key, value in told.items():
        if folded(key) in (FILTERS, LISTS) and isinstance(value, list):
            told[key] = sorted(value, key=_place)
    return text(told)


def _place(item: Any) -> tuple[str, str, str]:
    told = lowered(item) if isinstance(item, dict) else {}
    name = told.get("name") or told.get("blocklistname")
    return folded(str(name)), folded(str(told.get("source") or "")), text(item)


def contents(body: Mapping[str, Any]) -> str:
    """A fingerprint of the writable properties: independent of order and of how names are spelled,
    dependent on everything else that is written."""
    told = lowered(writable(body))
    kept = {key: _plain(key, it) for key, it in told.items() if it is not None}
    return hashlib.sha256(text(kept).encode("utf-8", "replace")).hexdigest()


def _plain(key: str, value: Any) -> Any:
    if key in (FILTERS, LISTS) and isinstance(value, list):
        return sorted((plain(it) for it in value), key=text)
    if key == "mode" and isinstance(value, str):
        return folded(value)
    return value.lower() if key == "basepolicyname" and isinstance(value, str) else value


def plain(item: Any) -> Any:
    """An entry of filters or blocklists without what is only spelling."""
    if not isinstance(item, dict):
        return item
    return {key: _field(key, it) for key, it in lowered(item).items() if it is not None}


def _field(key: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if key == "blocklistname":
        return value.strip().lower()
    return folded(value) if key in ("name", "source", "severitythreshold", "action") else value


def same(values: Iterable[Any]) -> bool:
    """Whether all are one."""
    return len({text(it) for it in values}) <= 1
