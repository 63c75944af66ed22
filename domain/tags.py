"""Which tags say whose a deployment is, and how forgivingly they are read."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class TagNames:
    """The organisation's own names for the tags that the console reads and writes."""

    unit: str = "business-unit"
    owner: str = "owner"
    environment: str = "environment"
    standby: str = "standby"
    audience: str = "audience"


TRUE = frozenset({"true", "yes", "1", "on"})
PRODUCTION = frozenset({"prod", "production", "prd", "live"})
"""Environments where a change needs a reason."""


def parsed(text: str | None) -> dict[str, str]:
    """Tags from their JSON text; none from a missing one."""
    return {str(key): str(value) for key, value in json.loads(text).items()} if text else {}


def text(tags: Mapping[str, str]) -> str:
    """Tags as JSON that can be compared."""
    return json.dumps(dict(tags), sort_keys=True, ensure_ascii=False)


def found(tags: Mapping[str, str], name: str) -> str | None:
    """The value of a tag, however its name is spelled: BusinessUnit, business_unit ...; a value
    that is blank says nothing."""
    for key, value in tags.items():
        if _folded(key) == _folded(name) and value.strip():
            return value.strip()
    return None


def edited(tags: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """These tags with some set anew; a blank value takes the tag away. A tag that is there in
    another spelling keeps its spelling; one that is there in several keeps the first."""
    new = dict(tags)
    for name, value in changes.items():
        first, *others = [key for key in new if _folded(key) == _folded(name)] or [name]
        new[first] = value.strip()
        for key in others if new[first] else [first, *others]:
            del new[key]
    return new


def words(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """What differs, for people: "owner: nobody → Ada"."""
    keys = [key for key in sorted({*before, *after}) if before.get(key) != after.get(key)]
    return "; ".join(f"{key}: {before.get(key, 'none')} → {after.get(key, 'none')}" for key in keys)


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
