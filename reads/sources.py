"""How fresh everything is, what the collector is doing, and what does not answer."""

import pandas as pd

from domain import doctor as rules
from domain import frames, records
from domain.doctor import Head
from domain.readings import (
    ACCOUNTS,
    BILLS,
    SERIES,
    SUBSCRIPTIONS,
    TENANT,
    TENANT_WIDE,
    TOPICS,
    nothing,
)
from store import rounds, snapshots
from store.engine import Store
from store.rounds import Round as Round

EXAMINED = tuple(it for it in TOPICS.values() if it not in (SUBSCRIPTIONS, SERIES, *TENANT_WIDE))


def sources(store: Store) -> pd.DataFrame:
    """Frame SOURCES."""
    with store.reading() as session:
        return rounds.listed(session)


def latest_round(store: Store) -> Round | None:
    with store.reading() as session:
        return rounds.latest(session)


def doctor(store: Store) -> pd.DataFrame:
    """Frame DOCTOR: every topic of every subscription, those that fail first."""
    with store.reading() as session:
        called = snapshots.kept(session, SUBSCRIPTIONS, [TENANT])[TENANT] or nothing(SUBSCRIPTIONS)
        scopes = sorted(
            {*called.frame["subscription"], *(it.part for it in called.troubles)} - {""}
        )
        kept = {it: snapshots.heads(session, it, scopes) for it in EXAMINED}
        above = (*TENANT_WIDE, BILLS)
        wide = {it: snapshots.heads(session, it, [TENANT]).get(TENANT, ()) for it in above}
        told = rounds.listed(session)
    rows_of = told.set_index(["topic", "scope"])["rows"].fillna(0).to_dict()
    heads = {
        it: {
            scope: Head(int(rows_of.get((it.name, scope), 0)), ill) for scope, ill in those.items()
        }
        for it, those in kept.items()
    }
    names: dict[str, str] = dict(called.frame[["subscription", "name"]].itertuples(index=False))
    rows = [
        rules.examined(
            scope, names.get(scope, scope), topic, of.get(scope), heads[ACCOUNTS].get(scope)
        )
        for topic, of in heads.items()
        for scope in scopes
    ]
    whole = [row for topic, ill in wide.items() for row in rules.tenant_wide(topic, ill)]
    found = frames.frame(records.DOCTOR, [*rules.invisible(called), *whole, *rows])
    order = found["verdict"].map({it: at for at, it in enumerate(rules.VERDICTS)})
    return (
        found.assign(_=order).sort_values("_", kind="stable", ignore_index=True).drop(columns="_")
    )
