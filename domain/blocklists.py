"""Terms of a blocklist as people enter them: what Azure would refuse is refused here, in words."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from domain.faults import OutOfRange
from domain.filter_bodies import Json
from domain.filters import named

MOST = 10_000
"""Terms that a blocklist holds (docs of Azure AI Content Safety)."""
AT_ONCE = 100
"""Terms that one plan changes, since each is a write of its own."""
LONGEST, LONGEST_REGEX = 128, 1_000
"""Characters of a term and of a regular expression (docs of Azure AI Content Safety; the second is
assumed)."""


def parsed(text: str | None) -> list[Json]:
    """The terms of a row of BLOCKLISTS."""
    told = json.loads(text or "[]")
    return [dict(it) for it in told if isinstance(it, dict)] if isinstance(told, list) else []


def terms(told: Sequence[Mapping[str, Any]], there: int = 0) -> list[Json]:
    """New or changed terms, each with name, pattern and isRegex, as they are written. there: how
    many the blocklist has beside them. Raises OutOfRange, naming the first that cannot be."""
    if len(told) > AT_ONCE:
        raise OutOfRange(f"{len(told):,} terms at once: one plan takes at most {AT_ONCE}.")
    if there + len(told) > MOST:
        raise OutOfRange(
            f"A blocklist holds {MOST:,} terms; with these it would have {there + len(told):,}."
        )
    checked = [_term(it) for it in told]
    for what in ("name", "pattern"):
        values = [it[what].lower() if what == "name" else it[what] for it in checked]
        if twice := next((it for it in values if values.count(it) > 1), None):
            raise OutOfRange(f"The {what} {twice!r} is there twice.")
    return checked


def _term(told: Mapping[str, Any]) -> Json:
    name, pattern, regex = told.get("name"), told.get("pattern"), told.get("isRegex", False)
    if not isinstance(name, str):
        raise OutOfRange("A term has a name.")
    named(name)
    if not isinstance(pattern, str) or not pattern.strip():
        raise OutOfRange(f"Term {name} is empty.")
    if not isinstance(regex, bool):
        raise OutOfRange(f"Whether term {name} is a regular expression is yes or no.")
    longest = LONGEST_REGEX if regex else LONGEST
    if len(pattern) > longest or not pattern.isprintable():
        raise OutOfRange(f"Term {name} takes {longest:,} printable characters.")
    if regex:
        _regex(name, pattern)
    return {"name": name, "pattern": pattern, "isRegex": regex}


def _regex(name: str, pattern: str) -> None:
    """Only read, never matched: how long that would take is not ours to try."""
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        at = getattr(error, "pos", None)
        place = f" at character {at + 1}" if isinstance(at, int) else ""
        raise OutOfRange(f"Term {name} is no valid regular expression{place}.") from error


def called(told: Mapping[str, Any]) -> Json:
    """A term with a name: its own, or one that follows from what it says, so that the same is never
    there twice."""
    if told.get("name"):
        return dict(told)
    said = f"{bool(told.get('isRegex'))} {told.get('pattern')}".encode("utf-8", "replace")
    return {**told, "name": f"t-{hashlib.sha256(said).hexdigest()[:16]}"}
