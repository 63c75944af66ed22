"""What changed of content filters between two looks: by people, and by Microsoft in its own.

A policy is compared with its base policy's filters in it, so that a change of a default is told of
all that rest on it. What a blocklist is described as is not told: it stops nothing.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

import pandas as pd

from domain import filters, frames, names, weakening
from domain.frames import Row
from domain.moderation import FILTER_EDITS
from domain.readings import Snapshot
from domain.weakening import Difference, Way

LAG = timedelta(hours=1)
"""How much older than the last look something must be to have been there already: clocks differ,
and Azure's lists lag behind."""
BLOCKLIST = "blocklist"
"""The kind of an edit that is of no policy."""
MOST_TERMS = 50
"""Terms that are told one by one; of more it is told how many."""
Rows = Mapping[str, dict[str, Any]]
"""By resource; what is missing is None."""


def of_policies(before: Snapshot, after: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Frame FILTER_EDITS from what was kept of POLICIES and what is now. Every account has some of
    Microsoft's, so one without any was not seen before, or is gone with all that it had."""
    found: list[Row] = []
    touched = _touched(before.frame, after, "body")
    old, new = _by_account(before.frame, touched), _by_account(after, touched)
    for account in sorted(set(old) & set(new)):
        was, here = old[account], new[account]
        found += [_came(here[it], "policy", now) for it in sorted(here.keys() - was.keys())]
        found += [_went(was[it], "policy", now) for it in sorted(was.keys() - here.keys())]
        found += _otherwise(was, here, now)
    return frames.frame(FILTER_EDITS, found)


def of_blocklists(
    before: Snapshot, after: pd.DataFrame, alive: Collection[str], now: datetime
) -> pd.DataFrame:
    """The same of BLOCKLISTS, term by term; alive: the accounts that there are."""
    touched = _touched(before.frame, after, "terms")
    old, new = _by_account(before.frame, touched), _by_account(after, touched)
    found: list[Row] = []
    for account in sorted(touched & set(alive)):
        was, here = old.get(account, {}), new.get(account, {})
        seen = account in old or _in_sight(account, before)
        fresh = [here[it] for it in sorted(here.keys() - was.keys()) if seen]
        found += [_came(it, BLOCKLIST, now) for it in fresh if not _old(it, before)]
        found += [_went(was[it], BLOCKLIST, now) for it in sorted(was.keys() - here.keys())]
        for it in sorted(was.keys() & here.keys()):
            told = _counted(weakening.of_terms(_terms(was[it]), _terms(here[it])))
            who = _who(was[it], here[it])
            found += [_row(here[it], other, who, now) for other in told]
    return frames.frame(FILTER_EDITS, found)


def _touched(before: pd.DataFrame, after: pd.DataFrame, field: str) -> set[str]:
    """Accounts in which something came, went or is another, most of which is nothing."""
    names_of = ["account_id", "resource", field]
    both = pd.concat([before[names_of], after[names_of]])
    return set(both.drop_duplicates(keep=False)["account_id"])


def _by_account(rows: pd.DataFrame, accounts: Collection[str]) -> dict[str, Rows]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in frames.records(rows[rows["account_id"].isin(list(accounts))]):
        told = {key: None if pd.isna(it) else it for key, it in row.items()}
        found.setdefault(row["account_id"], {})[row["resource"]] = told
    return dict(found)


def _otherwise(was: Rows, here: Rows, now: datetime) -> Iterator[Row]:
    """Policies of one account that mean something else, by themselves or by their base."""
    old, new = _meant(was), _meant(here)
    by_name = {row["policy"].lower(): key for key, row in here.items()}
    for key in sorted(was.keys() & here.keys()):
        name = here[key]["policy"].lower()
        told = weakening.between(old[was[key]["policy"].lower()], new[name])
        source = key
        if told and was[key]["body"] == here[key]["body"]:
            source = by_name.get(filters.based(_body(here[key])), key)
        who = _who(was[source], here[source]) if source in was else None
        yield from (_row(here[key], it, who, now) for it in told)


def _meant(rows: Rows) -> dict[str, filters.Policy]:
    return filters.of_account({it["policy"]: _body(it) for it in rows.values()})


def _body(row: Row) -> filters.Json:
    return filters.parsed(str(row["body"]))


def _terms(row: Row) -> list[filters.Json]:
    told: list[filters.Json] = json.loads(str(row["terms"]))
    return told


def _counted(told: list[Difference]) -> list[Difference]:
    """Differences one by one; of a way in which there are very many, how many."""
    found: list[Difference] = []
    for went, of in groupby(sorted(told, key=lambda it: it.way), key=lambda it: it.way):
        some = list(of)
        if len(some) > MOST_TERMS:
            words = {Way.LOOSER: ("there", "gone"), Way.STRICTER: ("not there", "there")}
            was, becomes = words.get(went, ("there", "rewritten"))
            some = [Difference(f"{len(some):,} terms", "", "", was, becomes, went)]
        found += some
    return found


def _in_sight(account: str, before: Snapshot) -> bool:
    """Whether the look before would have seen a blocklist of this account."""
    return not {it.part for it in before.troubles} & {"", account}


def _old(row: dict[str, Any], before: Snapshot) -> bool:
    """Whether it was there at the look before, and could only not be seen."""
    changed = row["modified_at"]
    return bool(changed and before.at and changed < before.at - LAG)


def _who(was: dict[str, Any], row: dict[str, Any]) -> str | None:
    """Who wrote last, where something was written since: whoever wrote before that did not."""
    same = all(was[it] == row[it] for it in ("modified_at", "etag"))
    return None if same else row["modified_by"]


def _came(row: dict[str, Any], what: str, now: datetime) -> Row:
    """What nobody has named yet blocks nothing, but callers may name a policy; so it can't be
    told which way that goes."""
    told = Difference(what, "", "", "", "created", Way.DIFFERENT)
    return {**_row(row, told, row["modified_by"], now), "before": None}


def _went(row: dict[str, Any], what: str, now: datetime) -> Row:
    stopped = what == BLOCKLIST and bool(_terms(row))
    way = Way.LOOSER if stopped else Way.DIFFERENT
    return _row(row, Difference(what, "", "", "there", "deleted", way), None, now)


def _row(row: dict[str, Any], it: Difference, who: str | None, now: datetime) -> Row:
    of_list = "blocklist" in row
    return {
        "at": now,
        "resource": row["resource"],
        "account_id": row["account_id"],
        "subscription": names.subscription(row["resource"]),
        "policy": row["blocklist" if of_list else "policy"],
        "kind": BLOCKLIST if of_list else row["kind"] or "",
        "what": it.what,
        "before": it.before,
        "after": it.after,
        "way": str(it.way),
        "who": who,
    }
