"""What another policy would have done to the requests of the days before: counted anew from the
severities that Azure's filters gave them, never guessed."""

from collections.abc import Mapping

import pandas as pd

from domain import frames
from domain.filters import Policy, Strength
from domain.frames import REAL, TEXT, WHOLE, Columns

IMPACT: Columns = {
    "category": TEXT,
    "direction": TEXT,
    "was_blocked": REAL,  # requests, as Azure counted them; missing where it counted none at all
    "would_be_blocked": REAL,  # requests; missing where Azure told no severity that decides it
    "sample": REAL,  # requests of those days, harmful or not
    "days": WHOLE,  # with any count
}
LEVELS = ("low", "medium", "high")
_CAUGHT: Mapping[Strength, tuple[str, ...]] = {
    Strength.LOW: LEVELS,
    Strength.MEDIUM: LEVELS[1:],
    Strength.HIGH: LEVELS[2:],
}
TOTAL, HARMFUL, BLOCKED = "total", "harmful", "blocked"


def recount(harms: pd.DataFrame, before: Policy, after: Policy) -> pd.DataFrame:
    """Frame IMPACT of a change of one deployment's policy, from its frame HARM_DAYS.

    A filter that was off has looked at nothing, so that what it would have blocked is missing, and
    so is what Azure found without saying how severe it was, where the new level depends on that.
    """
    counted = harms[harms["what"].ne(TOTAL)]
    keys = {*before.cells, *after.cells, *_pairs(counted)}
    sums = _sums(harms)
    totals = harms[harms["what"].eq(TOTAL)]
    sample = float(totals["requests"].sum()) if len(totals) else None
    days = int(harms["day"].nunique())
    return frames.frame(
        IMPACT,
        [
            {
                "category": key[0],
                "direction": key[1],
                "was_blocked": _all(sums.get((BLOCKED, *key), {})),
                "would_be_blocked": _would(
                    before.strength(key),
                    after.strength(key),
                    after.graded(key),
                    sums.get((HARMFUL, *key), {}),
                ),
                "sample": sample,
                "days": days,
            }
            for key in sorted(keys)
        ],
    )


def _all(counts: Mapping[str, float]) -> float | None:
    return sum(counts.values()) if counts else None


def _pairs(rows: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(rows["category"], rows["direction"], strict=True))


def _sums(harms: pd.DataFrame) -> dict[tuple[str, str, str], dict[str, float]]:
    """Requests by severity, of each kind of count, category and direction."""
    found: dict[tuple[str, str, str], dict[str, float]] = {}
    wanted = ("what", "category", "direction", "severity", "requests")
    for row in frames.records(harms, harms["requests"].notna(), wanted):
        of = found.setdefault((row["what"], row["category"], row["direction"]), {})
        severity = str(row["severity"]).lower()
        of[severity] = of.get(severity, 0.0) + float(row["requests"])
    return found


def _would(
    before: Strength | None, after: Strength | None, graded: bool, harmful: Mapping[str, float]
) -> float | None:
    """Requests that the new strength would have blocked, by severity of what was found harmful."""
    if after is not None and after <= Strength.ANNOTATES:
        return 0.0
    if after is None or before in (None, Strength.OFF) or not harmful:
        return None
    if not graded or after is Strength.LOW:
        return sum(harmful.values())
    unsaid = [it for it in harmful if it not in LEVELS and harmful[it]]
    return None if unsaid else sum(harmful.get(it, 0.0) for it in _CAUGHT[after])
