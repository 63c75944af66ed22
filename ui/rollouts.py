"""Rollouts as the visitor may see them: those of their units alone, like plans."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pandas as pd

from actions.visit import Visit
from domain import bake_days, periods, ways_back
from domain.bake_days import Day
from domain.criteria import ORDER, Judged
from domain.frames import REAL, TEXT, TIME, WHOLE, Columns, frame
from domain.readiness import Standing
from domain.roles import Permission
from domain.rollouts import ENDS, Rollout
from domain.templates import Template
from reads import readiness as seen
from reads import rollouts
from reads.rollouts import Whole
from ui import data, journal, session
from ui.components import numbers
from ui.data import Scope, rolled

GATE: Columns = {
    "key": TEXT,
    "title": TEXT,
    "kind": TEXT,
    "severity": TEXT,
    "verdict": TEXT,
    "words": TEXT,  # the value against its threshold, or what is missing
    "value": REAL,
    "sample": WHOLE,
    "age": TEXT,  # of the data
    "data_at": TIME,
    "run": WHOLE,  # readings in a row that passed
}
POINTS = 60
"""Of a trend; more can't be told apart in a cell."""


def board(held: Scope) -> pd.DataFrame:
    """Frame BOARD with unit_names: the rollouts of the visitor's units within the scope's unit."""
    kept, tree, person = rolled.board(), session.tree(), session.person()
    wanted = tree.below([held.unit]) if held.unit else None
    mine = [
        all(person.sees(it, tree) for it in units)
        and (wanted is None or not wanted.isdisjoint(units))
        for units in map(kept.units.__getitem__, kept.rows["rollout"].tolist())
    ]
    rows = kept.rows[pd.Series(mine, kept.rows.index, dtype=bool)].reset_index(drop=True)
    names = [
        ", ".join(tree.name(it) for it in kept.units[number]) for number in rows["rollout"].tolist()
    ]
    return rows.assign(unit_names=pd.Series(names, rows.index, dtype="string"))


def one(number: int) -> Whole | None:
    """A rollout, read anew; None where it does not exist or is not the visitor's to see."""
    found = rollouts.one(session.wiring().store, number, session.at())
    return found if found is not None and visible(found.rollout) else None


def visible(it: Rollout) -> bool:
    person, tree = session.person(), session.tree()
    return all(person.sees(unit, tree) for unit in it.units)


def open_to(visit: Visit, view: Whole) -> bool:
    """Whether the visitor is to be offered to say something of it."""
    return visit.may(Permission.TESTIFY) and view.rollout.state not in ENDS


def templates() -> list[Template]:
    """The newest version of each template."""
    return rollouts.known_templates(session.wiring().store)


def people() -> Mapping[str, str]:
    """Names by key of everybody whom the console knows."""
    return rollouts.names(session.wiring().store)


def deployments() -> dict[str, str]:
    """Names by id of every deployment that the visitor may see."""
    rows = data.everywhere(periods.USUAL).sort_values(["deployment", "account"])
    named = rows["deployment"] + " in " + rows["account"]
    return dict(zip(rows["resource"].tolist(), named.tolist(), strict=True))


def short(resource: str) -> str:
    """account/deployment, for people."""
    return ways_back.called(resource)


def called(view: Whole, key: str) -> str:
    """The name of a person."""
    return view.names.get(key, key)


def gate(view: Whole) -> pd.DataFrame:
    """Frame GATE with course, the worst criterion first; those that block before the others."""
    order = sorted(
        view.found.judged, key=lambda it: (it.criterion.severity != "blocking", -ORDER[it.verdict])
    )
    rows = frame(GATE, [_judged(it, view.at) for it in order])
    courses = [_course(view, it.criterion.key) for it in order]
    return rows.assign(course=pd.Series(courses, rows.index, dtype=object))


def readiness(view: Whole) -> tuple[Standing, ...]:
    """Where each item stands, by what the console sees too."""
    wiring = session.wiring()
    return seen.of(wiring.store, wiring.tags, view.rollout, view.at)


def days(view: Whole) -> tuple[Day, ...]:
    """The days of the phase under way, the oldest first."""
    phase, number = view.rollout.phase, view.rollout.number
    if phase is None or number is None:
        return ()
    paused = bake_days.pauses([(it.move, it.at) for it in view.moves])
    seen, closed = view.days.get(number, frozenset()), view.rollout.closed_days
    return bake_days.told(phase, seen, paused, closed, view.at)


def _judged(it: Judged, now: datetime) -> dict[str, Any]:
    reading = it.reading
    data_at = reading.data_at if reading else None
    return {
        "key": it.criterion.key,
        "title": it.criterion.title,
        "kind": str(it.criterion.kind),
        "severity": str(it.criterion.severity),
        "verdict": str(it.verdict),
        "words": it.words,
        "value": reading.value if reading else None,
        "sample": reading.sample if reading else None,
        "age": numbers.age(data_at, now) if data_at else None,
        "data_at": data_at,
        "run": it.run,
    }


def _course(view: Whole, key: str) -> list[float]:
    """Few enough values to be drawn in a cell, the last one among them."""
    values = [value for _, value in view.trend.get(key, ()) if value is not None]
    step = max(1, len(values) // POINTS)
    return values[::-1][::step][::-1]


def plans(view: Whole) -> pd.DataFrame:
    """Frame PLANS about its deployments since it began, the newest first."""
    found = [journal.plans(about=it) for it in view.rollout.deployments]
    rows = pd.concat(found, ignore_index=True).drop_duplicates("plan")
    return rows[rows["asked_at"].ge(pd.Timestamp(_since(view)))].reset_index(drop=True)


def changed(view: Whole) -> pd.DataFrame:
    """Frame OUTSIDE of its deployments that the visitor may see, since it began."""
    rows = data.everywhere(periods.USUAL)
    mine = rows[rows["resource"].isin(view.rollout.deployments)]
    return journal.outside_of(mine, _since(view))


def _since(view: Whole) -> datetime:
    it = view.rollout
    return it.started_at or it.at or view.at
