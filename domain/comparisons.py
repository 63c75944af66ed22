"""One filter policy held against one baseline: every filter beside what is demanded of it."""

from dataclasses import dataclass
from typing import Any

from domain.demands import Baseline
from domain.filters import BUFFERED, Key, Policy, Strength, words
from domain.frames import TEXT, WHOLE, Columns
from domain.moderation import CELLS
from domain.weakening import Way, way

COMPARED: Columns = {
    **{it: CELLS[it] for it in ("category", "direction", "graded", "strength", "words", "stated")},
    "least": WHOLE,
    "way": TEXT,
}


@dataclass(frozen=True)
class Compared:
    """One policy held against one baseline."""

    cells: list[dict[str, Any]]
    distance: int | None
    mode: Way | None
    """How the mode differs from what is demanded; None where it does not."""

    def many(self, *ways: Way) -> int:
        return sum(it["way"] in ways for it in self.cells) + (self.mode in ways)


def compared(policy: Policy, baseline: Baseline | None) -> Compared:
    """Every filter of a policy beside what is demanded of it, and the steps by which all fall
    short; one that can't be told falls short of the whole demand."""
    least = baseline.least if baseline else {}
    cells = [_cell(policy, key, least.get(key)) for key in sorted({*policy.cells, *least})]
    mode, short = None, 0
    if baseline and baseline.mode == BUFFERED and policy.mode != BUFFERED:
        mode, short = Way.LOOSER if policy.mode else Way.DIFFERENT, 1
    steps = sum(_steps(policy.strength(key), it) for key, it in least.items())
    return Compared(cells, steps + short if baseline else None, mode)


def _steps(strength: Strength | None, least: Strength) -> int:
    return max(least - (strength or Strength.OFF), 0)


def _cell(policy: Policy, key: Key, least: Strength | None) -> dict[str, Any]:
    strength, graded = policy.strength(key), policy.graded(key)
    cell = policy.cells.get(key)
    # Who demands nothing, or that a filter may be off, is content with whatever it does.
    went = way(least, strength) if least is not None else None
    if strength is None and not least:
        went = None
    return {
        "category": key[0],
        "direction": key[1],
        "graded": graded,
        "strength": None if strength is None else int(strength),
        "words": words(strength, graded),
        "stated": bool(cell and cell.stated),
        "least": None if least is None else int(least),
        "way": str(went or ""),
    }
