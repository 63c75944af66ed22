"""What a written policy, blocklist or term must satisfy before it is taken."""

import re
from collections.abc import Container, Iterable
from typing import Any

from simulator.cognitiveservices.faults import wrong_properties
from simulator.faults import Json, bad_body
from simulator.moderation import faults, wire
from simulator.moderation.built_in import BOTH, KNOWN, folded

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}")
MODES = ("Default", "Blocking", wire.ASYNCHRONOUS)
OLD_MODES = ("Default", "Blocking", wire.DEFERRED)
LEVELS = ("low", "medium", "high")
MOST_ITEMS, MOST_AT_ONCE, LONGEST = 10_000, 100, 1_000
"""How many terms a list and a batch may have, and how long one may be: as of Content Safety."""


def name(kind: str, text: str) -> None:
    """Raises 400 for a name that breaks the published pattern."""
    if not NAME.fullmatch(text):
        raise faults.bad_name(kind, text)


def properties(body: Json) -> Json:
    """The properties of a body. Raises 400 where there are none."""
    found = body.get("properties")
    if not isinstance(found, dict):
        raise bad_body("'properties' is not an object.")
    return found


def shape(told: Json, version: str) -> None:
    """A policy can be read at all, and its mode is one of this version's. Raises 400."""
    mode = told.get("mode")
    known = MODES if version[:10] >= "2025-06-01" else OLD_MODES
    if mode is not None and mode not in (*known, wire.DEFERRED):
        raise faults.bad_mode(mode, ", ".join(known))
    for field in (wire.FILTERS, "customBlocklists"):
        found = told.get(field) or []
        if not isinstance(found, list) or not all(isinstance(it, dict) for it in found):
            raise wrong_properties(f"'{field}' is not a list of objects.")


def policy(told: Json, policies: Container[str], lists: Container[str]) -> None:
    """A policy fits, among these others and blocklists in lower case. Raises 400."""
    base = told.get("basePolicyName")
    if base is not None and str(base).lower() not in policies:
        raise faults.no_base(base)
    seen = set[tuple[str, str]]()
    for one in told.get(wire.FILTERS) or []:
        _filter(one)
        if not seen.isdisjoint(them := _kinds(one)):
            words = f"The content filter '{one['name']}' is stated more than once."
            raise faults.bad_filter(words)
        seen |= them
    for one in told.get("customBlocklists") or []:
        if str(one.get("blocklistName", "")).lower() not in lists:
            raise faults.no_list(one.get("blocklistName"))
        _source(one, "custom blocklist")
        _flags(one, ("blocking",))


def _filter(one: Json) -> None:
    text = one.get("name")
    known = KNOWN.get(folded(text)) if isinstance(text, str) else None
    if known is None:
        raise faults.bad_filter(f"The content filter '{text}' is not supported.")
    source = _source(one, f"content filter '{text}'")
    if known.source is not None and source not in ("", folded(known.source), *wire.AGENTS):
        words = f"The content filter '{text}' does not support the source '{one['source']}'."
        raise faults.bad_filter(words)
    _flags(one, ("enabled", "blocking"))
    level = one.get(wire.THRESHOLD)
    missing = known.graded and one.get("enabled") is True and level is None
    if missing or (level is not None and str(level).lower() not in LEVELS):
        words = f"The severity threshold '{level}' of the content filter '{text}' is invalid."
        raise faults.bad_filter(words)


def _source(one: Json, what: str) -> str:
    source = one.get("source")
    found = folded(source) if isinstance(source, str) else ""
    if source is not None and found not in (*(it.lower() for it in BOTH), *wire.AGENTS):
        raise faults.bad_filter(f"The source '{source}' of the {what} is invalid.")
    return found


def _flags(one: Json, names: Iterable[str]) -> None:
    for flag in names:
        if not isinstance(one.get(flag, False), bool):
            raise bad_body(f"'{flag}' is not true or false.")


def _kinds(one: Json) -> set[tuple[str, str]]:
    text, source = wire.identity(one)
    return {(text, source)} if source else {(text, it.lower()) for it in BOTH}


def item(text: str, told: Json) -> None:
    """A term has a pattern, and one that says so is a regular expression. Raises 400."""
    name("the blocklist item", text)
    pattern: Any = told.get("pattern")
    if not isinstance(pattern, str) or not pattern.strip():
        raise faults.bad_pattern(text, "empty.")
    if len(pattern) > LONGEST:
        raise faults.bad_pattern(text, f"longer than {LONGEST} characters.")
    _flags(told, ("isRegex",))
    if told.get("isRegex") is True:
        try:
            re.compile(pattern)
        except re.error as error:
            raise faults.bad_pattern(text, f"no regular expression: {error}.") from error
