"""Baselines as people see them: which are in force, how many deployments each is for and how many
fall short; what another version would mean."""

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from domain import baselines, filters
from domain.baselines import Baseline
from domain.filter_words import SOURCES
from domain.filters import BOTH, GRADED, TITLES, Key, Strength
from domain.frames import frame
from ui import data, safety, session
from ui.components import filter_words
from ui.safety import View

IN_FORCE, WAITING, COMING, ENDED = "in force", "waiting for approval", "to come", "ended"
EVERY = "every"
PEOPLE = {"console": "the console's start"}


def rows(view: View) -> pd.DataFrame:
    """Every version of every baseline, those in force first: fields of Baseline with state,
    deployments, below, who, approved_by, audience_words and environment_words."""
    told = safety.demands().baselines
    people = data.people()
    order = [IN_FORCE, WAITING, COMING, ENDED]
    stand = sorted(
        ((state(it, told), it) for it in told),
        key=lambda at: (order.index(at[0]), at[1].key, -at[1].version),
    )
    found = [_row(view, it, stands, people) for stands, it in stand]
    return pd.DataFrame(found).convert_dtypes() if found else pd.DataFrame()


def state(it: Baseline, told: Sequence[Baseline]) -> str:
    """Where a version stands."""
    now = session.at()
    if it in baselines.in_force(told, now):
        return IN_FORCE
    if it.ends is not None and it.ends <= now:
        return ENDED
    if it.approved_at is None:
        newer = any(other.key == it.key and other.version > it.version for other in told)
        return ENDED if newer else WAITING
    return COMING if it.starts > now else ENDED


def _row(view: View, it: Baseline, stands: str, people: dict[str, str]) -> dict[str, object]:
    held = view.rows[view.rows["baseline"].eq(it.named).fillna(False)]
    known = stands == IN_FORCE
    return {
        "key": it.key, "version": it.version, "title": it.title, "named": it.named,
        "audience_words": it.audience or EVERY, "environment_words": it.environment or EVERY,
        "state": stands,
        "deployments": len(held) if known else None,
        "below": int(filter_words.below(held).sum()) if known else None,
        "starts": pd.Timestamp(it.starts), "ends": pd.Timestamp(it.ends) if it.ends else pd.NaT,
        "who": _called(it.proposer, people),
        "approved_by": it.approver and _called(it.approver, people),
        "note": it.note,
    }  # fmt: skip


def _called(key: str, people: dict[str, str]) -> str:
    return people.get(key, PEOPLE.get(key, key))


def least(it: Baseline) -> pd.DataFrame:
    """Columns filter and least: what it demands, in the order of the matrix."""
    found = safety.in_order(it.least)
    said = [filters.called(*key) for key in found]
    told = [filters.words(it.least[key], key[0] in GRADED) for key in found]
    if it.mode:
        said, told = [*said, "Mode"], [*told, filters.said(it.mode)]
    return frame({"filter": "string", "least": "string"}, [
        {"filter": a, "least": b} for a, b in zip(said, told, strict=True)
    ])  # fmt: skip


def keys(view: View) -> list[Key]:
    """What can be demanded: the filters that occur, and those that Azure documents."""
    known = [(it, way) for it in (*GRADED, "profanity") for way in BOTH]
    known += [("jailbreak", "prompt"), ("indirectattack", "prompt")]
    known += [(f"protectedmaterial{it}", "completion") for it in ("text", "code")]
    there = [it for it in view.keys if it[0] in TITLES and it[1] in SOURCES]
    return safety.in_order({*known, *there})


def changes(before: Baseline | None, after: Baseline) -> pd.DataFrame:
    """Columns way, what, before, after: what is demanded more or less than now."""
    old = dict(before.least) if before else {}
    found = []
    for key in safety.in_order({*old, *after.least}):
        was, now = old.get(key), after.least.get(key)
        if was != now:
            more = (now or Strength.OFF) > (was or Strength.OFF)
            said = _said(was, key), _said(now, key)
            found.append(_line("stricter" if more else "looser", filters.called(*key), *said))
    if (before.mode if before else "") != after.mode:
        said = (before.mode if before else "") or "not demanded", after.mode or "not demanded"
        found.append(_line("stricter" if after.mode else "looser", "Mode", *said))
    return frame(dict.fromkeys(("way", "what", "before", "after"), "string"), found)


def tried(view: View, it: Baseline) -> tuple[int, int, int]:
    """Were it in force now: how many of the visitor's deployments it would be for, how many of
    these would be below it, and how many are below theirs now."""
    now = session.at()
    told = safety.demands()
    others = [other for other in told.baselines if other.key != it.key]
    candidate = replace(it, version=0, starts=now, ends=None, at=now, approved_at=now)
    known = data.deployments(*data.key(view.held.subscriptions, view.held.period)).frame
    mine = known[known["resource"].isin(view.rows["resource"])].reset_index(drop=True)
    since = frame(baselines.DEVIATIONS, [])
    found = baselines.measured(
        mine, view.all.kept.policies, [*others, candidate], told.exemptions, since, now
    ).matrix
    held = found[found["baseline"].eq(candidate.named).fillna(False)]
    before = view.rows[view.rows["resource"].isin(held["resource"])]
    return (
        len(held),
        int(filter_words.below(held).sum()),
        int(filter_words.below(before).sum()),
    )


def newest(key: str) -> Baseline | None:
    """The newest version of a baseline."""
    told = [it for it in safety.demands().baselines if it.key == key]
    return max(told, key=lambda it: it.version, default=None)


def _said(strength: Strength | None, key: Key) -> str:
    return "not demanded" if strength is None else filters.words(strength, key[0] in GRADED)


def _line(way: str, what: str, before: str, after: str) -> dict[str, str]:
    return {"way": way, "what": what, "before": before, "after": after}
