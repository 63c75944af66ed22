"""In which order the legs of a plan go."""

from collections.abc import Iterable, Mapping

from domain.plans import GONE, Leg

MADE: Mapping[str, int] = {"blocklist": 0, "term": 1, "policy": 2}
"""What others lean on, by lever: a policy names blocklists, a deployment names a policy."""
LAST = 9


def ordered(legs: Iterable[Leg]) -> tuple[Leg, ...]:
    """What others lean on comes first when it is made and last when it goes. Of the rest, whatever
    gives goes before whatever takes: a full pool refuses the other order. Within each, by id, so
    that the same change is always the same plan."""
    return tuple(sorted(legs, key=lambda leg: (_place(leg), leg.amount > 0, leg.resource)))


def _place(leg: Leg) -> int:
    place = MADE.get(leg.lever, len(MADE))
    return LAST - place if leg.target == GONE and leg.lever in MADE else place
