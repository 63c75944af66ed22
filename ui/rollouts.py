"""Rollouts as the visitor may see them: those of their units alone, like plans."""

from collections.abc import Mapping

import pandas as pd

from domain import periods
from domain.rollouts import Rollout
from domain.templates import Template
from reads import rollouts
from reads.rollouts import Whole
from ui import data, session
from ui.data import Scope, rolled


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
