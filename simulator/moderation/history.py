"""Which policy a deployment was under at any minute, and what that caught of what came along.

As with capacity, a change holds from the minute after it; what was before is never touched."""

from collections.abc import Iterable
from typing import TypeVar

from simulator.faults import Json
from simulator.moderation.built_in import BOTH, DEFAULT, DEFAULT_V2, folded

Value = TypeVar("Value")
EVER = -(10**12)
"""The minute before all others."""
NEVER = 10**12
OFF, ANNOTATES, BLOCKS = 0, 1, 4
RANKS = {"high": 2, "medium": 3, "low": BLOCKS}
Sieve = dict[tuple[str, str], int]
"""By folded category and direction, how much is caught: off, annotated, high, medium, low."""
Leaf = tuple[str, str, str]
"""Folded category, direction and severity of what was found; binary ones have no severity."""


class History:
    """The contents of policies by lower-case path, and the policies of deployments by theirs."""

    def __init__(self) -> None:
        self._contents: dict[str, list[tuple[int, Json | None]]] = {}
        self._assigned: dict[str, list[tuple[int, str]]] = {}
        self._sieves: dict[str, list[tuple[int, Sieve]]] = {}

    def contains(self, path: str, minute: int, body: Json | None) -> None:
        """From this minute on a policy has these contents; Microsoft's own by their name alone."""
        self._contents.setdefault(path, []).append((minute, body))
        self._sieves = {}

    def assigned(self, path: str, minute: int, policy: str) -> None:
        """From this minute on a deployment is under this policy; unnamed, the default."""
        self._assigned.setdefault(path, []).append((minute, policy.lower()))
        self._sieves = {}

    def policy(self, path: str) -> str | None:
        """The policy that a deployment was under at last; None where it is not known."""
        found = self._assigned.get(path)
        return found[-1][1] if found else None

    def spans(self, path: str, leaf: Leaf, *, blocked: bool) -> list[tuple[int, int]]:
        """From which minute to which this was annotated at least, or blocked, in a deployment."""
        category, direction, severity = leaf
        least = RANKS.get(severity, RANKS["high"]) if blocked else ANNOTATES
        found = list[tuple[int, int]]()
        segments = self.sieves(path)
        ends = [minute for minute, _ in segments[1:]] + [NEVER]
        for (since, sieve), end in zip(segments, ends, strict=True):
            if sieve.get((category, direction), OFF) < least:
                continue
            if found and found[-1][1] == since:
                since = found.pop()[0]
            found.append((since, end))
        return found

    def sieves(self, path: str) -> list[tuple[int, Sieve]]:
        """What was caught in a deployment from which minute on, oldest first."""
        found = self._sieves.get(path)
        if found is None:
            found = self._sieves[path] = self._made(path)
        return found

    def _made(self, path: str) -> list[tuple[int, Sieve]]:
        account = path.partition("/deployments/")[0]
        under = self._assigned.get(path, [(EVER, "")])
        paths = {_path(account, name) for _, name in under} | {DEFAULT.lower(), DEFAULT_V2.lower()}
        for one in list(paths):
            paths |= {_path(account, _base(it)) for _, it in self._contents.get(one, []) if it}
        minutes = {minute for one in paths for minute, _ in self._contents.get(one, [])}
        minutes |= {minute for minute, _ in under} | {EVER}
        return [(it, self._sieve(account, _at(under, it) or "", it)) for it in sorted(minutes)]

    def _sieve(self, account: str, name: str, minute: int) -> Sieve:
        """What a policy does not state, its base does (assumed; the base of a base is not read)."""
        body = self._body(_path(account, name), minute)
        base = self._body(_path(account, _base(body)), minute) if _own(name) else {}
        return _strengths(base) | _strengths(body)

    def _body(self, path: str, minute: int) -> Json:
        return _at(self._contents.get(path, []), minute) or {}


def _own(name: str) -> bool:
    return bool(name) and not name.startswith("microsoft.")


def _path(account: str, name: str) -> str:
    name = name.lower() or DEFAULT_V2.lower()
    return f"{account}/raipolicies/{name}" if _own(name) else name


def _base(body: Json) -> str:
    return str(body.get("basePolicyName") or DEFAULT)


def _at(marks: list[tuple[int, Value]], minute: int) -> Value | None:
    return next((it for since, it in reversed(marks) if since <= minute), None)


def _strengths(body: Json) -> Sieve:
    found: Sieve = {}
    filters: Iterable[Json] = body.get("contentFilters") or []
    for one in filters:
        source = folded(str(one.get("source") or ""))
        for direction in (source,) if source else tuple(it.lower() for it in BOTH):
            found[folded(str(one["name"])), direction] = _strength(one)
    return found


def _strength(one: Json) -> int:
    if one.get("enabled") is False:
        return OFF
    if one.get("blocking") is False:
        return ANNOTATES
    return RANKS.get(str(one.get("severityThreshold", "")).lower(), BLOCKS)
