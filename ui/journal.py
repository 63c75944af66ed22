"""Plans of change as the visitor may see them: read anew each time, since the worker is at them."""

import pandas as pd

from domain import agenda as hours
from domain import journal, periods
from domain.plans import ENDS, State
from domain.roles import may_approve
from reads import plans as kept
from reads.plans import Journal
from ui import data, session, words

CALLS = (State.PROPOSED, State.NEEDS_PERSON)
"""Where a plan goes no further without a person."""
AT_REST = [str(it) for it in (*ENDS, State.PROPOSED)]


def plans(*, open_only: bool = False, about: str = "") -> pd.DataFrame:
    """The changes of this console that are about units the visitor may see, the newest first: all,
    those that have not ended or need a person, or those of one resource."""
    found = kept.plans(session.wiring().store, _units(), open_only=open_only, about=about)
    return words.of_plans(found, data.people())


def one(number: int) -> Journal | None:
    """One plan; None where it does not exist or is not the visitor's to see."""
    return kept.one(session.wiring().store, number, _units())


def calls() -> pd.DataFrame:
    """The plans that wait for somebody's decision."""
    return words.of_plans(
        kept.plans(session.wiring().store, _units(), standing=CALLS), data.people()
    )


def to_approve(rows: pd.DataFrame) -> pd.DataFrame:
    """Of these, the ones that wait for a yes or no that the visitor may give."""
    person, tree = session.person(), session.tree()
    if not may_approve(person):
        return rows.head(0)
    others = rows[rows["state"].eq(str(State.PROPOSED)) & rows["proposer"].ne(person.key)]
    seen = [
        all(person.sees(it, tree) for it in units.split(", ") if it)
        for units in others["unit"].fillna("")
    ]
    return others[pd.Series(seen, index=others.index, dtype=bool)]


def stopped(rows: pd.DataFrame) -> pd.DataFrame:
    """Of these, the ones that need a person."""
    return rows[rows["state"].eq(str(State.NEEDS_PERSON))]


def under_way(rows: pd.DataFrame) -> pd.DataFrame:
    """Of these, the ones that the worker is at or comes to next."""
    later = rows["starts_at"].gt(pd.Timestamp(session.at())).fillna(False).astype(bool)
    return rows[~rows["state"].isin(AT_REST) & ~later]


def agenda(rows: pd.DataFrame) -> pd.DataFrame:
    """What of these begins or goes back by itself, the next first."""
    return words.of_plans(hours.agenda(rows, session.at()), data.people())


def effects(found: Journal) -> pd.DataFrame:
    """What a plan asks for beside what is in force, as last collected."""
    whole = session.person().units is None
    rows = data.everywhere(periods.USUAL)
    told = journal.effects(found.plan, rows, whole=whole)
    told = told[told["resource"].isin(found.legs["resource"])]
    ours = session.wiring().azure.identity.casefold()
    by = told["modified_by"]
    return told.assign(modified_by=by.mask(by.str.casefold().eq(ours), "this console"))


def _units() -> frozenset[str] | None:
    return session.person().scope(session.tree())
