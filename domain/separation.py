"""Separation of duties: who decided what somebody else asked for, and who decided too often for
one another, or for themselves."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.frames import TEXT, TIME, WHOLE, Columns
from domain.roles import Grant, Person

SPAN = timedelta(days=90)
APPROVING = frozenset({Grant.PRODUCT, Grant.TECHNICAL, Grant.BUSINESS, Grant.SECURITY})
ALWAYS = 5
"""Decisions of somebody's wishes by one person alone from which they stand out."""
OWN, MUTUAL, ALONE, APART = "own wish", "for one another", "always the same", "apart"
PAIRS: Columns = {
    "verdict": TEXT,  # OWN, MUTUAL, ALONE or APART
    "asked": TEXT,  # key of the person
    "decided": TEXT,
    "kinds": TEXT,  # of what was decided, with commas between
    "many": WHOLE,
    "declined": WHOLE,  # of these
    "back": WHOLE,  # decisions the other way round
    "last_at": TIME,
}
HOLDERS: Columns = {
    "person": TEXT,  # key
    "role": TEXT,
    "grants": TEXT,  # with commas between
    "many": WHOLE,  # decisions within SPAN
    "finding": TEXT,  # missing where there is none
}


@dataclass(frozen=True)
class Decided:
    """One yes or no to what somebody asked for."""

    kind: str
    asked: str
    """Key of the person, like the next."""
    decided: str
    approves: bool
    at: datetime


def pairs(those: Iterable[Decided]) -> list[dict[str, Any]]:
    """Rows of PAIRS, what stands out first."""
    by: dict[tuple[str, str], list[Decided]] = {}
    for it in those:
        by.setdefault((it.asked, it.decided), []).append(it)
    deciders = Counter(asked for asked, _ in by)
    rows = [
        {
            "verdict": _verdict(asked, decided, by, deciders[asked]),
            "asked": asked,
            "decided": decided,
            "kinds": ", ".join(sorted({it.kind for it in found})),
            "many": len(found),
            "declined": sum(not it.approves for it in found),
            "back": len(by.get((decided, asked), ())),
            "last_at": max(it.at for it in found),
        }
        for (asked, decided), found in by.items()
    ]
    order = (OWN, MUTUAL, ALONE, APART)
    return sorted(rows, key=lambda it: (order.index(it["verdict"]), -it["many"], it["asked"]))


def _verdict(
    asked: str, decided: str, by: dict[tuple[str, str], list[Decided]], deciders: int
) -> str:
    if asked == decided:
        return OWN
    if (decided, asked) in by:
        return MUTUAL
    return ALONE if deciders == 1 and len(by[asked, decided]) >= ALWAYS else APART


def holders(people: Sequence[Person], those: Iterable[Decided]) -> list[dict[str, Any]]:
    """Rows of HOLDERS: everybody with an approving grant, what stands out first."""
    many = Counter(it.decided for it in those)
    rows = [
        {
            "person": it.key,
            "role": it.role,
            "grants": ", ".join(sorted(it.grants & APPROVING)),
            "many": many[it.key],
            "finding": _finding(it, many[it.key]),
        }
        for it in people
        if it.grants & APPROVING
    ]
    return sorted(rows, key=lambda it: (it["finding"] is None, it["person"]))


def _finding(person: Person, many: int) -> str | None:
    said = []
    if len(held := person.grants & APPROVING) > 1:
        said.append(f"one person stands for {len(held)} grants that a gate counts apart")
    if not many:
        said.append("no decision in the span: is the grant still needed?")
    return "; ".join(said) or None
