"""How much of the estate is watched: accounts that an alert rule is for, accounts that log."""

import json
from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from domain import names
from domain.frames import records
from domain.readings import Snapshot

Parts = Mapping[str, Snapshot | None]
"""Snapshots by subscription; None of one that never answered."""


def alerted(accounts: Collection[str], rules: Parts) -> float | None:
    """The share of these accounts that a rule which is on is for, itself or through its group or
    subscription; None where it can be told of none."""
    told = _told(accounts, rules)
    scopes = {
        scope.rstrip("/").lower()
        for part in rules.values()
        for row in (records(part.frame) if part else ())
        if row["enabled"] is not pd.NA and row["enabled"]
        for scope in _listed(row["scopes"])
    }
    return _share(told, [it for it in told if any(_within(it, scope) for scope in scopes)])


def logged(accounts: Collection[str], settings: Parts) -> float | None:
    """The share of these accounts that send logs anywhere; None where it can be told of none."""
    told = _told(accounts, settings)
    logs = {
        row["account_id"]
        for part in settings.values()
        for row in (records(part.frame) if part else ())
        if _listed(row["logs"])
    }
    return _share(told, [it for it in told if it in logs])


def _told(accounts: Collection[str], parts: Parts) -> list[str]:
    """Those of which something is known: their subscription answered, and they did."""
    found = []
    for it in accounts:
        home = names.subscription(it)
        part = parts.get(home)
        if part is not None and not {"", home, it} & {each.part for each in part.troubles}:
            found.append(it)
    return found


def _within(account: str, scope: str) -> bool:
    return account == scope or account.startswith(f"{scope}/")


def _listed(text: object) -> list[str]:
    return [str(it) for it in json.loads(text)] if isinstance(text, str) and text else []


def _share(told: Sequence[str], found: Sequence[str]) -> float | None:
    return len(found) / len(told) if told else None
