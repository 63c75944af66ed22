"""Maturity as the visitor may see it: of their units, held against what is seen of them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time

import pandas as pd

from domain import maturity, periods
from domain.frames import TEXT, TIME, WHOLE, Columns, frame
from domain.maturity import Action, Assessment, Level, Seen, Sign
from domain.units import UNASSIGNED
from reads import maturity as reads
from ui import data, safety, scope, session
from ui.data import Scope

ALL, WHOLE_NAME = "all", "Whole organisation"
"""The part that is everything, in the URL and for people."""
SHOWN: Columns = {
    "id": WHOLE,
    "part": TEXT,
    "assessed_on": TIME,
    "score": WHOLE,
    "level": TEXT,
    "target": WHOLE,
    "missing": WHOLE,  # points to the next level; none at the highest
    "assessor": TEXT,
    "who": TEXT,
    "at": TIME,
    "note": TEXT,
}


@dataclass(frozen=True)
class Taken:
    """A next step, and who sees to it."""

    action: Action
    owner: str
    """Key of the person, or ""."""
    who: str
    done_at: datetime | None


@dataclass(frozen=True, eq=False)
class View:
    """One part of the organisation."""

    unit: str
    """"" for the whole."""
    name: str
    course: tuple[Assessment, ...]
    """The oldest first."""
    rows: pd.DataFrame
    """SHOWN, the newest first."""
    latest: pd.DataFrame
    """SHOWN: the last of each part that the visitor sees."""
    signs: tuple[Sign, ...]
    steps: tuple[Taken, ...]
    """Of the level that was reached; none before the first assessment."""

    @property
    def last(self) -> Assessment | None:
        return self.course[-1] if self.course else None

    @property
    def level(self) -> Level | None:
        return maturity.level(self.last.score) if self.last else None

    @property
    def against(self) -> tuple[Sign, ...]:
        """What speaks against the level that was reached."""
        reached = self.level.number if self.level else 0
        return tuple(it for it in self.signs if it.holds is False and it.level <= reached)


def parts(held: Scope) -> dict[str, str]:
    """What the visitor may look at, by its id in the URL; the whole only for who sees all of it."""
    tree = session.tree()
    units = scope.units(tree, session.person().scope(tree))
    known = {it: name for it, name in units.items() if it not in ("", UNASSIGNED)}
    below = tree.below([held.unit]) if held.unit else frozenset()
    chosen = {it: name for it, name in known.items() if it in below}
    whole = {ALL: WHOLE_NAME} if session.person().units is None else {}
    return chosen or whole | known


def viewed(part: str, known: Mapping[str, str]) -> View:
    """part: one of the keys of known."""
    told = reads.history(session.wiring().store)
    unit = _unit(part)
    mine = [it for it in told.assessments if _part(it.unit) in known]
    course = tuple(it for it in mine if it.unit == unit)
    last = {it.unit: it for it in mine}
    signs = maturity.signs(_seen(unit), session.at())
    steps = _steps(unit, course[-1].score, told) if course else ()
    return View(
        unit, known[part].strip(), course, _worded(course[::-1], known, told.people),
        _worded([last[it] for it in map(_unit, known) if it in last], known, told.people),
        tuple(signs), steps,
    )  # fmt: skip


def people() -> dict[str, str]:
    """Names by key of everybody whom the console knows."""
    return dict(reads.history(session.wiring().store).people)


def _seen(unit: str) -> Seen:
    """What the console sees of how this part works."""
    store, now = session.wiring().store, session.at()
    below = session.tree().below([unit]) if unit else None
    seen = reads.practised(store, below, now)
    rows = data.everywhere(periods.USUAL)
    unowned = None if unit else int(rows["unit"].eq(UNASSIGNED).sum())
    if below is not None:
        rows = rows[rows["unit"].isin(below)]
    alerted, logged = reads.watched(store, list(rows["account_id"].unique()))
    return replace(
        seen, below_baseline=_below(unit), unowned=unowned, alerted=alerted, diagnosed=logged
    )


def _below(unit: str) -> int | None:
    """Deployments with a filter that falls short and is not excused; None where none is known."""
    view = safety.everywhere()
    rows = view.rows
    if unit:
        rows = rows[rows["unit"].isin(session.tree().below([unit]))]
    if rows["distance"].notna().sum() == 0:
        return None
    found: set[str] = set()
    for it in (safety.cells(view, rows), safety.modes(view, rows)):
        short = it["way"].isin(["looser", "different"]) & ~it["exempt"].astype(bool)
        found |= set(it.loc[short, "resource"])
    return len(found)


def _steps(unit: str, score: int, told: reads.History) -> tuple[Taken, ...]:
    reached = maturity.level(score).number
    said = {it.step: it for it in told.steps if it.unit == unit}
    steps = []
    for it in reads.actions():
        if it.level == reached:
            step = said.get(it.key)
            owner = step.owner if step else ""
            done_at = step.done_at if step else None
            steps.append(Taken(it, owner, told.people.get(owner, owner), done_at))
    return tuple(steps)


def _worded(
    those: "tuple[Assessment, ...] | list[Assessment]",
    names: Mapping[str, str],
    people: Mapping[str, str],
) -> pd.DataFrame:
    return frame(
        SHOWN,
        [
            {
                "id": it.id,
                "part": names[_part(it.unit)].strip(),
                "assessed_on": datetime.combine(it.assessed_on, time(), UTC),
                "score": it.score,
                "level": maturity.level(it.score).words,
                "target": it.target,
                "missing": maturity.gap(it.score),
                "assessor": it.assessor,
                "who": people.get(it.said_by, it.said_by),
                "at": it.at,
                "note": it.note or None,
            }
            for it in those
        ],
    )


def _part(unit: str) -> str:
    return unit or ALL


def _unit(part: str) -> str:
    return "" if part == ALL else part
