"""Content filters: what a policy blocks, and which policy is in force on a deployment.

What a policy does not state is its base policy's, and what no policy states is off where the list
ends at one of Microsoft's own; that Azure does so is assumed, no page says it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from domain import filter_bodies as bodies
from domain.faults import OutOfRange
from domain.filter_bodies import Json, canonical, contents, parsed, writable
from domain.filter_words import (
    ASYNCHRONOUS,
    BOTH,
    BUFFERED,
    GRADED,
    MODES,
    TITLES,
    UNTOLD,
    Key,
    Strength,
    called,
    folded,
    said,
    title,
    where,
    words,
)
from domain.frames import Row
from domain.reshaping import edited

__all__ = [
    "ASYNCHRONOUS", "BOTH", "BUFFERED", "DEFAULTS", "GRADED", "MODE", "MODES", "SYSTEM", "TITLES",
    "UNTOLD", "Cell", "Json", "Key", "Policy", "Resolved", "Strength", "based", "called",
    "canonical", "contents", "edited", "folded", "in_force", "named", "of_account", "parsed",
    "read", "said", "title", "where", "words", "writable",
]  # fmt: skip

SYSTEM = "SystemManaged"
"""Kind of a policy of Microsoft's own: nobody edits or deletes it."""
DEFAULTS = ("Microsoft.DefaultV2", "Microsoft.Default")
"""What a deployment takes that names no policy: the first that its account lists."""
MODE = "mode"
"""Stands for the mode where filters are named by category."""
BY_DEFAULT_ONLY = "gpt-image-1"
"""Models of this name take the default, whatever their deployment says."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class Cell:
    """What one filter does in one direction."""

    category: str
    direction: str
    graded: bool
    strength: Strength | None
    """None where it can't be told."""
    stated: bool
    """In the policy itself; else it is the base policy's."""
    written: str = ""
    """What is behind it where the strength does not say everything."""


@dataclass(frozen=True)
class Policy:
    """A filter policy with its meaning. A key that has no cell: see strength()."""

    cells: Mapping[Key, Cell]
    mode: str
    """buffered, asynchronous; "" where it can't be told."""
    lists: Mapping[Key, Strength | None]
    """Blocklists in force, by name in lower case and direction."""
    rest: Mapping[str, Any] = field(default_factory=dict)
    """What we do not know, to be compared and shown, never interpreted."""
    whole: bool = False
    """Whether what it does not state is off, and not just unknown."""

    def strength(self, key: Key) -> Strength | None:
        """What it does about a category in a direction; None where it can't be told."""
        if cell := self.cells.get(key):
            return cell.strength
        return Strength.OFF if self.whole else None

    def graded(self, key: Key) -> bool:
        cell = self.cells.get(key)
        return cell.graded if cell else key[0] in GRADED


@dataclass(frozen=True)
class Resolved:
    """The policy in force on a deployment."""

    policy: str
    resource: str | None
    """None where its account does not list it."""
    by_default: bool
    note: str = ""


def read(body: Mapping[str, Any], base: Mapping[str, Any] | None = None) -> Policy:
    """The meaning of a policy's properties. base: those of the policy that it names as its base,
    where that is known."""
    told = bodies.lowered(body)
    stated, odd = bodies.entries(told, bodies.FILTERS, "name")
    listed, odd_lists = bodies.entries(told, bodies.LISTS, "blocklistname")
    # What cannot be read may be about any filter, so that nothing is known to be the base's.
    under = read(base) if base is not None and not odd else None
    below = {key: replace(it, stated=False) for key, it in under.cells.items()} if under else {}
    named = told.get("basepolicyname")
    rooted = told.get("type") == SYSTEM and not named and not odd
    rest = _rest(told, stated, listed, {bodies.FILTERS: odd, bodies.LISTS: odd_lists})
    if named and under is None:
        rest["basepolicyname"] = named.lower() if isinstance(named, str) else named
    mode = told.get("mode")
    return Policy(
        {**below, **_cells(stated)},
        MODES.get(folded(mode), "") if isinstance(mode, str) else "",
        _lists(listed),
        rest,
        under.whole if under else rooted,
    )


def _cells(stated: Iterable[Json]) -> dict[Key, Cell]:
    """What is stated twice and not alike can't be told."""
    found: dict[Key, list[Json]] = {}
    for entry in stated:
        for key in bodies.keys(entry):
            found.setdefault(key, []).append(entry)
    return {key: _cell(key, entries) for key, entries in found.items()}


def _cell(key: Key, entries: list[Json]) -> Cell:
    strengths = {bodies.strength(it) for it in entries}
    graded = any(bodies.graded(it) for it in entries)
    one = strengths.pop() if len(strengths) == 1 else None
    unsaid = one is None or (one is Strength.ANNOTATES and graded)
    written = bodies.text(sorted({bodies.as_written(it) for it in entries})) if unsaid else ""
    return Cell(*key, graded, one, stated=True, written=written)


def _lists(listed: Iterable[Json]) -> dict[Key, Strength | None]:
    found: dict[Key, set[Strength | None]] = {}
    for entry in listed:
        for key in bodies.list_keys(entry):
            found.setdefault(key, set()).add(bodies.list_strength(entry))
    return {key: it.pop() if len(it) == 1 else None for key, it in found.items()}


_KNOWN = frozenset({bodies.FILTERS, bodies.LISTS, "mode", "basepolicyname", *bodies.READ_ONLY})


def _rest(
    told: Json, stated: list[Json], listed: list[Json], odd: Mapping[str, list[Any]]
) -> dict[str, Any]:
    """By field name, or by filter and blocklist; in no order that a policy's lists have."""
    rest = {key: it for key, it in told.items() if key not in _KNOWN and it is not None}
    mode = told.get("mode")
    if mode is not None and not (isinstance(mode, str) and folded(mode) in MODES):
        rest["mode"] = folded(mode) if isinstance(mode, str) else mode
    for name, items in odd.items():
        if items:
            rest[name] = sorted((bodies.plain(it) for it in items), key=bodies.text)
    by_name: dict[str, dict[str, Json]] = {}
    for entries, keys, of_list in (
        (stated, bodies.keys, False),
        (listed, bodies.list_keys, True),
    ):
        for entry in entries:
            if more := bodies.beyond(entry, of_list=of_list):
                for key in keys(entry):
                    name = f"{'blocklist ' if of_list else ''}{key[0]}/{key[1]}"
                    by_name.setdefault(name, {})[bodies.text(more)] = more
    return rest | {name: [it[key] for key in sorted(it)] for name, it in by_name.items()}


def based(body: Mapping[str, Any]) -> str:
    """The name of its base policy in lower case; "" for none."""
    named = bodies.lowered(body).get("basepolicyname")
    return named.lower() if isinstance(named, str) else ""


def of_account(told: Mapping[str, Mapping[str, Any]]) -> dict[str, Policy]:
    """The meaning of all policies of an account, by name in lower case, from their properties."""
    known = {name.lower(): body for name, body in told.items()}
    return {name: read(body, known.get(based(body))) for name, body in known.items()}


def in_force(deployment: Row, policies: pd.DataFrame) -> Resolved:
    """The policy in force on a deployment, a row with filter_policy and model; policies: frame
    POLICIES of its account."""
    names = dict(zip(policies["policy"], policies["resource"], strict=True))
    return resolved(deployment.get("filter_policy"), deployment.get("model"), names)


def resolved(named: object, model: object, listed: Mapping[str, str]) -> Resolved:
    """The same for plain values; listed: resources by name of the policies of the account."""
    known = {name.lower(): (name, resource) for name, resource in listed.items()}
    default = next((it for it in DEFAULTS if it.lower() in known), DEFAULTS[0])
    image = isinstance(model, str) and model.lower().startswith(BY_DEFAULT_ONLY)
    chosen = named if isinstance(named, str) and named.strip() else None
    name, resource = known.get((chosen or default).lower(), (chosen or default, None))
    if image:
        name, resource = known.get(default.lower(), (default, None))
        note = f"{model} always takes the default policy."
        return Resolved(name, resource, by_default=True, note=note)
    if resource is None:
        note = "Its account does not list this policy: what it blocks can't be told."
        return Resolved(name, None, by_default=chosen is None, note=note)
    note = "" if chosen else "No policy was chosen: Microsoft decides what the default blocks."
    return Resolved(name, resource, by_default=chosen is None, note=note)


def named(name: str) -> None:
    """Raises OutOfRange for a name that a new policy or blocklist cannot have."""
    if not name:
        raise OutOfRange("The name is missing.")
    if re.search(r"\s", name):
        raise OutOfRange("A name has no blanks: use - or _ between words.")
    if not _NAME.fullmatch(name):
        raise OutOfRange(
            "A name takes 1 to 64 letters (a to z), digits, dots, - and _, and begins with a "
            "letter or a digit."
        )
