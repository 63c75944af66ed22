"""Baselines as people set them, and the front of what is done with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from domain import ruling
from domain.comparisons import Compared, compared
from domain.demands import (
    AUDIENCES,
    UNSAID,
    Baseline,
    chosen,
    in_force,
    parsed,
    surroundings,
    text,
)
from domain.faults import OutOfRange
from domain.filter_words import SOURCES
from domain.filters import (
    ASYNCHRONOUS,
    BUFFERED,
    GRADED,
    TITLES,
    Key,
    Strength,
    folded,
    title,
)
from domain.measuring import DEVIATIONS, Measured, deviations, measured

__all__ = [
    "AUDIENCES", "DEVIATIONS", "UNSAID", "Baseline", "Compared", "Measured", "checked", "chosen",
    "compared", "deviations", "in_force", "loosens", "measured", "of_reference", "parsed",
    "surroundings", "text",
]  # fmt: skip

LONGEST = 64
"""Characters of a key and an environment."""


def checked(told: Baseline, others: Iterable[Baseline] = ()) -> Baseline:
    """The baseline as it is kept; others: those there are. Raises OutOfRange, in words."""
    if told.audience not in ("", *AUDIENCES):
        raise OutOfRange("An audience is external or internal; leave it empty for every.")
    if told.mode not in ("", BUFFERED):
        if told.mode == ASYNCHRONOUS:
            raise OutOfRange("Asynchronous filtering is the weaker mode: it can't be demanded.")
        raise OutOfRange(f"{told.mode!r} is no mode that can be demanded: {BUFFERED}.")
    if not told.least:
        raise OutOfRange("A baseline demands something of at least one filter.")
    if told.ends is not None and told.ends <= told.starts:
        raise OutOfRange("It ends after it begins.")
    environment = told.environment and ruling.text(told.environment, "The environment", LONGEST)
    new = replace(
        told,
        key=ruling.text(told.key, "The key", LONGEST).lower(),
        title=ruling.text(told.title, "The title"),
        environment=surroundings(environment),
        least={_key(*key): _least(key[0], it) for key, it in told.least.items()},
        note=ruling.text(told.note, "The note") if told.note else "",
    )
    for it in others:
        if it.key != new.key and _place(it) == _place(new) and it.ends is None:
            raise OutOfRange(f"{it.title} is for them already: make a new version of it.")
    return new


def _place(it: Baseline) -> tuple[str, str]:
    return it.audience, surroundings(it.environment)


def _key(category: str, direction: str) -> Key:
    key = folded(category), folded(direction)
    if key[0] not in TITLES:
        raise OutOfRange(f"{category!r} is no category of content filters.")
    if key[1] not in SOURCES:
        raise OutOfRange(f"{direction!r} is no direction: prompt or completion.")
    return key


def _least(category: str, strength: Strength | int) -> Strength:
    try:
        least = Strength(strength)
    except ValueError as error:
        raise OutOfRange(f"{strength!r} is no strength of a filter.") from error
    if folded(category) not in GRADED and least in (Strength.HIGH, Strength.MEDIUM):
        raise OutOfRange(f"{title(category)} has no levels: it blocks, annotates only or is off.")
    return least


def loosens(before: Baseline | None, after: Baseline) -> bool:
    """Whether anything is demanded less, of fewer, or for a shorter time than before."""
    if before is None:
        return False
    less = any(after.least.get(key, Strength.OFF) < it for key, it in before.least.items())
    fewer = after.key == before.key and _place(after) != _place(before)
    sooner = after.ends is not None and (before.ends is None or after.ends < before.ends)
    return less or fewer or sooner or (before.mode == BUFFERED and after.mode != BUFFERED)


def of_reference(told: Sequence[Mapping[str, Any]], starts: datetime, by: str) -> list[Baseline]:
    """The baselines that a console starts with, approved by the console's own start."""
    return [
        Baseline(
            key=str(it["key"]),
            version=1,
            title=str(it["title"]),
            audience=str(it["audience"]),
            environment=str(it["environment"]),
            least={
                _key(*name.split("/")): Strength[str(level).upper()]
                for name, level in it["least"].items()
            },
            mode=str(it["mode"]),
            starts=starts,
            proposer=by,
            at=starts,
            approver=by,
            approved_at=starts,
            note=str(it["note"]),
        )
        for it in told
    ]
