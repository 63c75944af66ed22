"""What-if: new capacities for some deployments, held against every rule before anything is kept.

Only the deployments and pools that a draft touches are looked at, so that a grid of thousands can
be judged at every keystroke.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

import pandas as pd

from domain import bounds, capacity, consent, effects, frames, names
from domain.effects import Change, missing, text
from domain.faults import OutOfRange
from domain.frames import REAL, TEXT, Columns
from domain.ordering import ordered
from domain.plans import Leg, Plan

DRAWN: Columns = {
    "pool": TEXT,
    "title": TEXT,
    "limit": REAL,
    "used_before": REAL,
    "used_after": REAL,
    "free_before": REAL,
    "free_after": REAL,
    "lowest": REAL,  # used while all has been given and nothing taken
    "broken": TEXT,
}
MEASURES = ("units", "tpm", "rpm")


@dataclass(frozen=True, eq=False)
class Draft:
    """A change that nobody has asked for yet."""

    lines: pd.DataFrame
    """Frame LINES of domain.effects, in the order of the targets."""
    pools: pd.DataFrame
    """Frame DRAWN: the pools that it touches."""
    broken: tuple[str, ...]
    """Every rule that it breaks, in words; it can't be proposed while there is one."""
    legs: tuple[Leg, ...]
    """What would be done, whatever gives before whatever takes; without lines that break a rule of
    their own."""
    policy: str
    """Why a second person has to approve it; "" when nobody needs to."""
    worst: str
    """The worst state on the way, in words; "" when there is none but before and after."""
    title: str
    """What it does, in one line."""

    @cached_property
    def fingerprint(self) -> str:
        """That of the plan that is made of it."""
        return Plan(self.legs, "", "", datetime.min.replace(tzinfo=UTC)).fingerprint


@dataclass(frozen=True)
class Drawn:
    """One pool, and what a draft does to it."""

    key: str
    title: str
    limit: float | None
    used: float | None
    given: int
    """Units; never negative."""
    taken: int

    @property
    def after(self) -> float | None:
        return None if self.used is None else self.used - self.given + self.taken

    def broken(self) -> str:
        """Why it does not fit, at any point on the way; "" when it does or takes nothing. What
        gives goes first, so that the last increase is the tightest point."""
        if not self.taken:
            return ""
        if self.after is None or self.limit is None:
            return f"{self.title}: Azure does not say how much quota there is."
        over = self.after - self.limit
        if over <= 0:
            return ""
        return (
            f"{self.title}: {self.after:,.0f} units would be used of {self.limit:,.0f}, "
            f"{over:,.0f} too many."
        )

    def row(self) -> frames.Row:
        """Row of DRAWN."""

        def free(used: float | None) -> float | None:
            return None if used is None or self.limit is None else self.limit - used

        return {
            "pool": self.key,
            "title": self.title,
            "limit": self.limit,
            "used_before": self.used,
            "used_after": self.after,
            "free_before": free(self.used),
            "free_after": free(self.after),
            "lowest": None if self.used is None else self.used - self.given,
            "broken": self.broken() or None,
        }


def drafted(
    rows: pd.DataFrame,
    pools: pd.DataFrame,
    targets: Mapping[str, object],
    before: Sequence[Leg] = (),
) -> Draft:
    """What it would do to give each of these deployments so many units in all.

    rows: frame INVENTORY; pools: frame POOLS; targets: units by resource, as they were typed;
    before: what the same person changed alone, as consent.alone() finds it.
    """
    changes = _changes(rows, targets)
    own = {it.resource: it.broken() for it in changes}
    sound = [it for it in changes if it.amount and not own[it.resource]]
    drawn = _drawn(sound, pools)
    over = {key: it.broken() for key, it in drawn.items()}
    full = {it.resource: over[it.pool] for it in sound if it.amount > 0}
    legs = ordered(_leg(it) for it in sound)
    limits = {key: it.limit for key, it in drawn.items() if it.limit is not None}
    told = [_named(it, own[it.resource]) for it in changes if own[it.resource]]
    return Draft(
        frames.frame(
            effects.LINES,
            [it.line(own[it.resource] or full.get(it.resource, "")) for it in changes],
        ),
        frames.frame(DRAWN, [it.row() for it in drawn.values()]),
        (*told, *(it for it in over.values() if it)),
        legs,
        consent.needed(legs, _environments(sound), limits, before),
        _worst(drawn.values()),
        _title(sound),
    )


def moved(rows: pd.DataFrame, giver: str, taker: str, units: int) -> dict[str, int]:
    """Targets that move units from one deployment to another of the same pool; raises OutOfRange
    when that can't be."""
    if giver == taker:
        raise OutOfRange("Choose two deployments, one that gives and one that takes.")
    if (number := effects.whole(units)) is None or number <= 0:
        raise OutOfRange("Choose how many units to move: a whole number of 1 or more.")
    of = _known(rows, [giver, taker])
    first, second = (_row(of, it) for it in (giver, taker))
    pools = {text(first["pool"]), text(second["pool"])}
    if len(pools) > 1 or "" in pools:
        raise OutOfRange(f"{names.short(giver)} and {names.short(taker)} draw on different pools.")
    return {giver: int(first["capacity"]) - number, taker: int(second["capacity"]) + number}


def filled(rows: pd.DataFrame, resource: str, to: float, of: str = "units") -> dict[str, object]:
    """The target that fills a deployment to so many units, or to the least units that carry so many
    tokens ("tpm") or requests ("rpm") per minute; raises OutOfRange when its unit counts no such
    thing."""
    row = _row(_known(rows, [resource]), resource)
    if of == "units":
        return {resource: to}
    unit = row[f"unit_{of}"]
    if missing(unit) or unit <= 0 or to < 0:
        raise OutOfRange(f"{names.short(resource)} has no limit of {of.upper()}.")
    wanted = to / unit
    return {resource: bounds.of(row).at_least(wanted) or int(-(-wanted // 1))}


def up_to_free(rows: pd.DataFrame, pools: pd.DataFrame, resource: str) -> dict[str, int]:
    """The target that gives a deployment all that is free in its pool, as far as its step and
    maximum let it; raises OutOfRange when that is not known."""
    row = _row(_known(rows, [resource]), resource)
    there = pools[pools["pool"].eq(text(row["pool"]))]
    if there.empty or missing(free := there["free"].iloc[0]):
        raise OutOfRange(f"How much is free for {names.short(resource)} is not known.")
    has = int(row["capacity"])
    return {resource: max(has, bounds.of(row).at_most(has + max(free, 0.0)) or has)}


def _known(rows: pd.DataFrame, resources: Iterable[str]) -> dict[str, dict[str, Any]]:
    """READ of these rows by resource."""
    there = rows["resource"].isin(list(resources))
    return {it["resource"]: it for it in frames.records(rows, there, effects.READ)}


def _row(known: Mapping[str, dict[str, Any]], resource: str) -> dict[str, Any]:
    if resource not in known:
        raise OutOfRange(effects.STRANGE)
    if missing(known[resource]["capacity"]):
        raise OutOfRange(f"What {names.short(resource)} has now is not known.")
    return known[resource]


def _changes(rows: pd.DataFrame, targets: Mapping[str, object]) -> list[Change]:
    known = _known(rows, targets)
    sends = ("account_id", "deployment", "spillover")
    into: dict[str, list[str]] = {}
    for it in frames.records(rows, rows["spillover"].notna(), sends):
        to = f"{it['account_id']}/deployments/{it['spillover'].lower()}"
        into.setdefault(to, []).append(it["deployment"])
    return [
        Change(resource, known.get(resource, {}), target, tuple(into.get(resource, ())))
        for resource, target in targets.items()
    ]


def _drawn(changes: Iterable[Change], pools: pd.DataFrame) -> dict[str, Drawn]:
    amounts: dict[str, list[int]] = {}
    titles: dict[str, str] = {}
    for it in changes:
        amounts.setdefault(it.pool, []).append(it.amount)
        titles.setdefault(it.pool, text(it.row["usage_name"]))
    there = pools["pool"].isin(list(amounts))
    columns = ("pool", "title", "place", "limit", "used")
    found = {it["pool"]: it for it in frames.records(pools, there, columns)}
    return {
        key: _pool(key, titles[key], found.get(key, {}), units)
        for key, units in sorted(amounts.items())
    }


def _pool(key: str, name: str, told: Mapping[str, Any], units: list[int]) -> Drawn:
    known = (told.get(it) for it in ("title", "place", "limit", "used"))
    title, place, limit, used = (None if missing(it) else it for it in known)
    return Drawn(
        key,
        f"{title or name} in {place}" if place else name,
        limit,
        used,
        given=-sum(it for it in units if it < 0),
        taken=sum(it for it in units if it > 0),
    )


def _named(change: Change, broken: str) -> str:
    return f"{change.name}: {broken}" if change.row else broken


def _leg(change: Change) -> Leg:
    row, sku = change.row, text(change.row["sku"])
    assert change.before is not None
    assert change.after is not None
    return Leg(
        "capacity",
        change.resource,
        text(row["etag"]),
        capacity.sized(sku, change.before),
        capacity.sized(sku, change.after),
        change.pool,
        change.amount,
        text(row["unit"]),
    )


def _environments(changes: Iterable[Change]) -> dict[str, str]:
    return {it.resource: text(it.row["environment"]) for it in changes}


def _worst(drawn: Iterable[Drawn]) -> str:
    parked = [f"{it.given:,} units of {it.title}" for it in drawn if it.given and it.taken]
    if not parked:
        return ""
    return f"On the way, {' and '.join(parked)} are given back and not yet taken."


def _title(changes: list[Change]) -> str:
    givers = [it for it in changes if it.amount < 0]
    takers = [it for it in changes if it.amount > 0]
    match givers, takers:
        case [], []:
            return ""
        case [giver], [taker] if giver.amount == -taker.amount and giver.pool == taker.pool:
            return f"Move {taker.amount:,} units from {giver.name} to {taker.name}"
        case ([one], []) | ([], [one]):
            verb = "Raise" if one.amount > 0 else "Lower"
            what = "PTU" if one.provisioned else "units"
            return f"{verb} {one.name} from {one.before:,} to {one.after:,} {what}"
    return f"Change the capacity of {len(changes)} deployments"
