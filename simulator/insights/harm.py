"""What harmful content comes along: the same whatever the filters; what they do of it is theirs.

All that is found in an hour is one figure, cut into leaves by category, direction and severity."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from simulator.insights.traffic import Profile, happened
from simulator.moderation.built_in import folded

SEVERITIES = (("Low", 0.5), ("Medium", 0.32), ("High", 0.18))
DIRECTIONS = (("Prompt", 0.65), ("Completion", 0.35))
GRADED = (("Hate", 0.2), ("Sexual", 0.17), ("Violence", 0.3), ("Selfharm", 0.07))
BINARY = (
    ("Jailbreak", "Prompt", 0.12),
    ("Indirect Attack", "Prompt", 0.05),
    ("Protected Material Text", "Completion", 0.04),
    ("Protected Material Code", "Completion", 0.03),
    ("Profanity", "Prompt", 0.01),
    ("Profanity", "Completion", 0.01),
)
ATTACKS = (("Jailbreak", 0.0, 0.85), ("Indirect Attack", 0.85, 1.0))
"""Of what kind the attacks of a burst are."""


class Leaf(NamedTuple):
    """One kind of harmful content, and its slice of all that is found. `slot` is its place among
    the leaves of a day; attacks come on top and have none."""

    category: str
    direction: str
    severity: str
    field: str
    part: tuple[float, float]
    slot: int | None

    @property
    def folded(self) -> tuple[str, str, str]:
        """As filters name it."""
        return folded(self.category), self.direction.lower(), self.severity.lower()

    @property
    def words(self) -> dict[str, str]:
        """Its dimensions; binary categories have no severity."""
        return {"Category": self.category, "TextType": self.direction, "Severity": self.severity}


def _shares() -> Iterator[tuple[str, str, str, float]]:
    for category, share in GRADED:
        for direction, part in DIRECTIONS:
            for severity, piece in SEVERITIES:
                yield category, direction, severity, share * part * piece
    for category, direction, share in BINARY:
        yield category, direction, "", share


def _leaves() -> Iterator[Leaf]:
    mark, rows = 0.0, list(_shares())
    for slot, (category, direction, severity, share) in enumerate(rows):
        end = 1.0 if slot == len(rows) - 1 else mark + share
        yield Leaf(category, direction, severity, "harmful", (mark, end), slot)
        mark = end
    for category, first, last in ATTACKS:
        yield Leaf(category, "Prompt", "", "attacks", (first, last), None)


LEAVES = tuple(_leaves())
_MARKS = (0.0, *(it.part[1] for it in LEAVES if it.slot is not None))


def carried(leaf: Leaf, profile: Profile) -> bool:
    """Whether a deployment can have such content at all: embeddings are no answer, audio is not
    filtered, and attacks are rare."""
    if leaf.field == "attacks" and not profile.attacks:
        return False
    if profile.kind == "embeddings":
        return leaf.direction == "Prompt"
    return profile.kind != "audio"


@lru_cache(maxsize=20_000)
def day(profile: Profile, number: int, limit: float) -> tuple[int, ...]:
    """What was found on a UTC day under one limit, leaf by leaf: each the sum of its hours."""
    hours = (happened(profile, hour, limit) for hour in range(number * 24, number * 24 + 24))
    found = [(it.harmful, it.phase) for it in hours if it and it.harmful]
    marks = [sum([int(total * mark + phase) for total, phase in found]) for mark in _MARKS]
    return tuple(after - before for before, after in pairwise(marks))
