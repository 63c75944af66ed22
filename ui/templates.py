"""Templates of rollouts as the visitor sees them: versions, and what is being made of one, which is
kept as long as the tab lives."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from domain import template_edits
from domain.frames import TEXT, TIME, WHOLE, Columns, frame
from domain.rollouts import ENDS
from domain.templates import Template
from reads import templates
from ui import drafts, session

VERSIONS: Columns = {
    "key": TEXT,
    "title": TEXT,
    "version": WHOLE,
    "who": TEXT,  # name of who kept it
    "at": TIME,
    "note": TEXT,
    "running": WHOLE,  # rollouts of the visitor's units that go by it and have not ended
    "all": WHOLE,
}
DRAFTS = "templates"


@dataclass(frozen=True)
class View:
    """Every version by template, the newest first, and what the visitor makes of some of them."""

    versions: dict[str, list[Template]]
    edited: dict[str, Template]
    """By key of the template; version is that of what it was made from, 0 for a new one."""
    rows: pd.DataFrame
    """Frame VERSIONS."""

    def before(self, it: Template) -> Template | None:
        """The version that this was made from; None where it is new."""
        return self.find(it.key, it.version)

    def find(self, key: str, version: int) -> Template | None:
        return next((it for it in self.versions.get(key, ()) if it.version == version), None)

    def newest(self, key: str) -> Template | None:
        return next(iter(self.versions.get(key, ())), None)

    def differences(self, it: Template) -> tuple[str, ...]:
        """What was made of it so far, in words."""
        before = self.before(it)
        return () if before is None else template_edits.differences(before, it)


def view() -> View:
    """As it is now."""
    kept = templates.kept(session.wiring().store)
    versions: dict[str, list[Template]] = {}
    for it in kept.templates:
        versions.setdefault(it.key, []).append(it)
    rows = [_row(kept, it) for those in versions.values() for it in those]
    return View(versions, edited(), frame(VERSIONS, rows))


def edited() -> dict[str, Template]:
    """What the visitor is making, by key."""
    return dict(drafts.begun(DRAFTS) or {})


def edit(it: Template) -> None:
    """Keep it for this tab, in place of what was there of the same key."""
    drafts.begin(DRAFTS, {**edited(), it.key: it})


def drop(key: str) -> None:
    drafts.begin(DRAFTS, {name: it for name, it in edited().items() if name != key})


def _row(kept: templates.Kept, it: Template) -> dict[str, Any]:
    person, tree = session.person(), session.tree()
    mine = [
        one
        for one in kept.runs
        if (one.template, one.version) == (it.key, it.version)
        and all(person.sees(unit, tree) for unit in one.units)
    ]
    return {
        "key": it.key,
        "title": it.title,
        "version": it.version,
        "who": kept.names.get(it.said_by, it.said_by),
        "at": it.at,
        "note": it.note,
        "running": sum(one.state not in ENDS for one in mine),
        "all": len(mine),
    }
