"""Which way a change of content filters goes. What cannot be told counts as a possible weakening:
nobody weakens a filter alone by writing it in a way that we do not understand.

Source: docs of reliability, section 5.6.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from domain import filter_bodies as bodies
from domain.filter_words import ASYNCHRONOUS, BUFFERED, UNTOLD, Key, Strength
from domain.filters import MODE, Policy, called, where, words


class Way(StrEnum):
    """Which way something differs."""

    STRICTER = "stricter"
    LOOSER = "looser"
    DIFFERENT = "different"
    """Whether it stops more or less can't be told."""


@dataclass(frozen=True)
class Difference:
    """One thing that is other after than before."""

    what: str
    """For people: "Hate on prompts", "mode"."""
    category: str
    """Folded; "mode" for the mode, a blocklist's name for one, "" for what we do not know."""
    direction: str
    before: str
    after: str
    way: Way


def way(before: Strength | None, after: Strength | None) -> Way | None:
    """Which way a strength went; None where it is the same, also where neither can be told."""
    if before == after:
        return None
    if before is None or after is None:
        return Way.DIFFERENT
    return Way.STRICTER if after > before else Way.LOOSER


def between(before: Policy, after: Policy) -> list[Difference]:
    """What is other in the second policy, filter by filter; empty for the same policy, however
    its filters are ordered and its names are spelled."""
    return [
        *_of_filters(before, after),
        *_of_mode(before.mode, after.mode),
        *_of_lists(before.lists, after.lists),
        *_of_rest(before.rest, after.rest),
    ]


def weakens(differences: Iterable[Difference]) -> list[str]:
    """What weakens or may weaken, in words that follow "because"; empty where nothing does."""
    return [
        f"{it.what} becomes looser ({it.before} → {it.after})"
        if it.way is Way.LOOSER
        else f"whether {it.what} becomes looser can't be told ({it.before} → {it.after})"
        for it in differences
        if it.way is not Way.STRICTER
    ]


def _of_filters(before: Policy, after: Policy) -> list[Difference]:
    found = []
    for key in sorted({*before.cells, *after.cells}):
        old, new = before.strength(key), after.strength(key)
        went = way(old, new)
        if _otherwise(before, after, key):
            went = Way.DIFFERENT
        if went:
            told = words(old, before.graded(key)), words(new, after.graded(key))
            found.append(Difference(called(*key), *key, *told, went))
    return found


def _otherwise(before: Policy, after: Policy, key: Key) -> bool:
    """Whether what is compared is not of one kind, or is not alike although it looks so."""
    old, new = before.cells.get(key), after.cells.get(key)
    if old is None or new is None:
        # To state what can't be told is another thing than not to state it.
        return before.strength(key) is None and after.strength(key) is None
    if min(old.strength or 0, new.strength or 0) >= Strength.HIGH and old.graded != new.graded:
        return True
    return old.strength == new.strength and old.written != new.written


def _of_mode(before: str, after: str) -> list[Difference]:
    if before == after:
        return []
    known = {BUFFERED, ASYNCHRONOUS} == {before, after}
    to = Way.STRICTER if after == BUFFERED else Way.LOOSER
    told = before or UNTOLD, after or UNTOLD
    return [Difference("the mode", MODE, "", *told, to if known else Way.DIFFERENT)]


def _of_lists(
    before: Mapping[Key, Strength | None], after: Mapping[Key, Strength | None]
) -> list[Difference]:
    found = []
    for key in sorted({*before, *after}):
        old, new = before.get(key, Strength.OFF), after.get(key, Strength.OFF)
        if went := way(old, new):
            told = words(old, graded=False), words(new, graded=False)
            what = f"blocklist {key[0]} on {where(key[1])}"
            found.append(Difference(what, *key, *told, went))
    return found


def _of_rest(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    absent = "not said"
    return [
        Difference(
            f"what it says of {name}",
            "",
            "",
            bodies.text(before[name]) if name in before else absent,
            bodies.text(after[name]) if name in after else absent,
            Way.DIFFERENT,
        )
        for name in sorted({*before, *after})
        if bodies.text(before.get(name)) != bodies.text(after.get(name))
    ]


def of_terms(
    before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]
) -> list[Difference]:
    """What is other in the terms of a blocklist, each with name, pattern and isRegex: a term that
    goes is looser, one that comes is stricter, one that is rewritten can't be told."""
    old, new = _by_name(before), _by_name(after)
    rewritten = [it for it in sorted(old.keys() & new.keys()) if old[it] != new[it]]
    found = [
        Difference(f"term {it}", it, "", _all(old[it]), _all(new[it]), Way.DIFFERENT)
        for it in rewritten
    ]
    # Of two terms that say the same one may go: what counts is what is still blocked.
    stay = {it for name in old.keys() & new.keys() for it in old[name] & new[name]}
    gone = _meant(old, set(rewritten)) - _meant(new, set(rewritten)) - stay
    come = _meant(new, set(rewritten)) - _meant(old, set(rewritten)) - stay
    found += [Difference(f"term {it}", "", "", it, "gone", Way.LOOSER) for it in sorted(gone)]
    return [
        *found,
        *(Difference(f"term {it}", "", "", "not there", it, Way.STRICTER) for it in sorted(come)),
    ]


def _by_name(terms: Sequence[Mapping[str, Any]]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for term in terms:
        told = bodies.lowered(term)
        name = told.pop("name", "")
        found.setdefault(str(name).lower(), Counter())[_pattern(told)] += 1
    return found


def _pattern(told: Mapping[str, Any]) -> str:
    """A term for people where it is plain, else as it was written, so that it is compared."""
    kept = {key: it for key, it in told.items() if key not in bodies.READ_ONLY and it is not None}
    pattern, regex = kept.pop("pattern", None), kept.pop("isregex", False)
    if isinstance(pattern, str) and isinstance(regex, bool) and not kept:
        return f"{'regex ' if regex else ''}{bodies.text(pattern)}"
    return bodies.text([pattern, regex, kept])


def _meant(terms: Mapping[str, Counter[str]], without: set[str]) -> set[str]:
    return {it for name, of in terms.items() if name not in without for it in of}


def _all(terms: Counter[str]) -> str:
    return ", ".join(sorted(terms))
