"""Frames as people read them: names for ids, ages for times. Adds columns, changes no row."""

from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from domain.findings import SEVERITIES
from domain.units import Tree
from ui.components import numbers


def of_units(rows: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """Adds unit_name."""
    return rows.assign(unit_name=rows["unit"].map(tree.name, na_action="ignore"))


def of_findings(rows: pd.DataFrame, names: Mapping[str, str], now: datetime) -> pd.DataFrame:
    """Adds age, and says names of subscriptions for their ids."""
    what = [named(it, names) for it in rows["what"]]
    return rows.assign(age=[numbers.age(it, now) for it in rows["since"]], what=what)


def of_doctor(rows: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    """Says names of subscriptions for their ids."""
    return rows.assign(words=[named(it, names) for it in rows["words"]])


def named(words: str, names: Mapping[str, str]) -> str:
    """The words with names of subscriptions instead of ids."""
    for id, name in names.items():
        words = words.replace(id, name)
    return words


def with_findings(rows: pd.DataFrame, findings: pd.DataFrame) -> pd.DataFrame:
    """Adds attention: the gravest severity of the findings about each deployment."""
    gravest: dict[str, str] = {}
    for severity in reversed(SEVERITIES):
        about = findings.loc[findings["severity"] == severity, "resource"].dropna()
        gravest |= dict.fromkeys(about, severity)
    return rows.assign(attention=rows["resource"].map(gravest).astype("string"))


def with_changes(rows: pd.DataFrame, edits: pd.DataFrame) -> pd.DataFrame:
    """Adds changed: what differs since the last visit. Where nothing does, rows that say so already
    are not copied."""
    if edits.empty and "changed" in rows:
        return rows
    if edits.empty:
        return rows.assign(changed=pd.Series(pd.NA, index=rows.index, dtype="string"))
    known = edits.dropna(subset=["resource"])
    said = known.groupby("resource")["what"].agg(lambda it: ", ".join(dict.fromkeys(it)))
    return rows.assign(changed=rows["resource"].map(said).astype("string"))


def of_plans(rows: pd.DataFrame, people: dict[str, str]) -> pd.DataFrame:
    """Adds who, the proposer's name; says names for approvers' keys where there are any."""
    named = rows.assign(who=[people.get(it, it) for it in rows["proposer"]])
    if "approvers" not in rows:
        return named
    said = [
        None if pd.isna(it) else ", ".join(people.get(key, key) for key in it.split(", "))
        for it in rows["approvers"]
    ]
    return named.assign(approvers=pd.Series(said, index=rows.index, dtype="string"))


def of_holders(rows: pd.DataFrame, pools: pd.DataFrame, tree: Tree) -> pd.DataFrame:
    """Adds unit_name; pool_name and pool_share, of the pool's limit; would_use, the share of what
    it holds that its busiest minute of 30 days would use."""
    there = pools.set_index("pool")
    limit = rows["pool"].map(there["limit"]).astype("Float64")
    return of_units(rows, tree).assign(
        pool_name=rows["pool"].map(there["name"]).astype("string"),
        pool_share=rows["capacity"] / limit.where(limit > 0),
        would_use=rows["needed"] / rows["capacity"].where(rows["capacity"] > 0),
    )
