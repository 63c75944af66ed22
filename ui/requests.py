"""Requests for quota as the visitor may see them, with names for keys and ids."""

import pandas as pd

from domain import periods, requests
from reads import requests as kept
from ui import data, session
from ui.data import Scope

WHICH = {"open": "Open", "all": "All"}


def found(held: Scope) -> pd.DataFrame:
    """Frame REQUESTS of this scope, the newest first, with who, moved_by, unit_name, title,
    subscription_name, unit_words, and a key of their own as resource."""
    tree, people = session.tree(), data.people()
    rows = kept.requests(session.wiring().store, session.person().scope(tree))
    if held.unit:
        rows = rows[rows["unit"].isin(tree.below([held.unit]))]
    if set(held.subscriptions) < set(session.subscriptions()):
        there = rows["pool"].map(lambda it: it.partition("|")[0])
        rows = rows[there.isin(held.subscriptions)]
    rows = rows.reset_index(drop=True)
    return _titled(rows).assign(
        who=_named(rows["requester"], people),
        moved_by=_named(rows["status_by"], people),
        unit_name=rows["unit"].map(tree.name).astype("string"),
        resource=rows["request"].astype("string") + ":" + rows["status"],
    )


def matching(rows: pd.DataFrame, which: str) -> pd.DataFrame:
    """Those that are open, or all."""
    if which == "all":
        return rows
    return rows[rows["status"].isin([str(it) for it in requests.OPEN])].reset_index(drop=True)


def askable() -> pd.DataFrame:
    """Frame ASKABLE: the pools that the visitor's deployments draw on, whatever the scope bar
    says."""
    return requests.askable(data.everywhere(periods.USUAL))


def _titled(rows: pd.DataFrame) -> pd.DataFrame:
    known = askable().set_index("pool")
    told = {str(name): rows["pool"].map(known[name].to_dict()).astype("string") for name in known}
    words = rows["pool"].map(requests.words).astype("string")
    return rows.assign(**told | {"title": told["title"].fillna(words)})


def _named(keys: "pd.Series[str]", people: dict[str, str]) -> "pd.Series[str]":
    return keys.map(lambda it: people.get(it, it)).astype("string")
