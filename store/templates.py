"""Templates of rollouts, every version that there ever was."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from domain import templates
from domain.faults import Outdated
from domain.rollouts import State
from domain.templates import Json, Template
from store import rows
from store.engine import Session
from store.tables import RolloutRow, TemplateRow


@dataclass(frozen=True)
class Run:
    """A rollout by the version of the template that it was made from."""

    template: str
    version: int
    state: State
    units: tuple[str, ...]


def add(session: Session, it: Template) -> None:
    """Keep a version; raises Outdated where somebody has made the same one meanwhile."""
    body = json.dumps(templates.told(it), sort_keys=True, ensure_ascii=False)
    new = rows.insert(session, TemplateRow).values(
        key=it.key, version=it.version, title=it.title, body=body,
        said_by=it.said_by, at=it.at, note=it.note,
    )  # fmt: skip
    if session.execute(new.on_conflict_do_nothing().returning(TemplateRow.key)).first() is None:
        raise Outdated(f"Version {it.version} of {it.title} was made meanwhile.")


def enrol(session: Session, told: Iterable[Json], at: datetime, by: str) -> None:
    """Keep what a console starts with as first versions; what is there already stays."""
    there = set(session.scalars(select(TemplateRow.key)))
    for it in map(templates.parsed, told):
        if it.key not in there:
            add(session, replace(it, version=1, said_by=by, at=at))


def find(session: Session, key: str, version: int) -> Template | None:
    row = session.get(TemplateRow, (key, version), populate_existing=True)
    return _template(row) if row else None


def known(session: Session) -> list[Template]:
    """Every version of every template, the newest of each first."""
    wanted = select(TemplateRow).order_by(TemplateRow.key, TemplateRow.version.desc())
    found = session.scalars(wanted.execution_options(populate_existing=True))
    return [_template(row) for row in found]


def _template(row: TemplateRow) -> Template:
    it = templates.parsed(json.loads(row.body), row.version)
    return replace(it, said_by=row.said_by, at=row.at, note=row.note)


def runs(session: Session) -> list[Run]:
    """Every rollout, by what it was made from."""
    row = RolloutRow
    told = session.execute(select(row.template, row.template_version, row.state, row.units))
    return [Run(it[0], it[1], State(it[2]), tuple(json.loads(it[3]))) for it in told]
