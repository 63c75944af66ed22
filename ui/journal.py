"""Plans of change as the visitor may see them: read anew each time, since the worker is at them."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from domain import agenda as hours
from domain import journal, names, periods
from domain.plans import ENDS, Leg, State
from domain.roles import FILTERS, may_approve
from domain.safeguards import Safeguards
from reads import activity
from reads import plans as kept
from reads import safeguards as kept_safeguards
from reads.plans import Journal
from ui import data, session, words
from ui.data import Scope

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
    """The plans that wait for somebody's decision; read once in a run."""

    def asked() -> pd.DataFrame:
        found = kept.plans(session.wiring().store, _units(), standing=CALLS)
        return words.of_plans(found, data.people())

    return session.once("calls", asked)


def alone() -> tuple[Leg, ...]:
    """What the visitor has changed lately and nobody else has looked at; read once in a run."""
    wiring, person = session.wiring(), session.person().key
    return session.once("alone", lambda: kept.alone(wiring.store, person, wiring.clock()))


def to_approve(rows: pd.DataFrame) -> pd.DataFrame:
    """Of these, the ones that wait for a yes or no that the visitor may give."""
    person, tree = session.person(), session.tree()
    kind = pd.Series([may_approve(person, [it]) for it in rows["lever"]], rows.index, dtype=bool)
    waits = rows["state"].eq(str(State.PROPOSED)) & rows["proposer"].ne(person.key)
    others = rows[waits & kind]
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


def contested(number: int) -> list[str]:
    """Who else wrote while this plan was at work, a sentence each."""
    return activity.contested(session.wiring().store, number)["words"].tolist()


def outside(held: Scope, rows: pd.DataFrame, since: datetime) -> pd.DataFrame:
    """What was changed in Azure since then, by whomever, about these deployments; about others
    that are gone too for who sees every unit of the whole scope."""
    found = _outside(held.subscriptions, since)
    everything = session.person().units is None and held.whole
    return found if everything else _about(found, rows)


def outside_of(rows: pd.DataFrame, since: datetime) -> pd.DataFrame:
    """The same about these deployments alone."""
    return _about(_outside(tuple(rows["subscription"].unique()), since), rows)


def _outside(subscriptions: tuple[str, ...], since: datetime) -> pd.DataFrame:
    wiring = session.wiring()
    found = activity.changes_outside(wiring.store, subscriptions, since, wiring.clock())
    what = found["what"].fillna(found["operation"])
    return found.assign(who=ours(found["who"].fillna(found["app"])), what=what)


def _about(found: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    return found[found["resource"].isin(rows["resource"])].reset_index(drop=True)


def effects(found: Journal) -> pd.DataFrame:
    """What a plan asks for beside what is in force, as last collected."""
    whole = session.person().units is None
    rows = data.everywhere(periods.USUAL)
    known = safeguards(found.plan.legs)
    told = journal.effects(found.plan, rows, whole=whole, known=known)
    told = told[told["resource"].isin(found.legs["resource"])]
    return told.assign(modified_by=ours(told["modified_by"]))


def safeguards(legs: Sequence[Leg]) -> Safeguards | None:
    """What is known of content filters where these legs change some, as last collected."""
    touched = [leg.resource for leg in legs if leg.lever in FILTERS]
    if not touched:
        return None
    wiring, rows = session.wiring(), data.everywhere(periods.USUAL)
    subscriptions = sorted({names.subscription(it) for it in touched})
    return kept_safeguards.kept(wiring.store, subscriptions, rows, wiring.clock())


def ours(said: "pd.Series[str]") -> "pd.Series[str]":
    """The console's own name in words."""
    own = session.wiring().azure.identity.casefold()
    return said.mask(said.str.casefold().eq(own).fillna(False), "this console")


def _units() -> frozenset[str] | None:
    return session.person().scope(session.tree())
