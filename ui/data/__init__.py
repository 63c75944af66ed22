"""Every read that a page makes: cached for everybody by scope and generation, narrowed after."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd
import streamlit as st

from domain import arrow, frames, names, periods
from domain.readings import Snapshot, Trouble
from domain.roles import CAST
from reads import audit as trails
from reads import edits, findings, inventory, minutes, pools, separation, sources
from reads.audit import Proof
from ui import session, words

DAY = 86_400
NO_EDITS = frames.frame(frames.EDITS, [])


@dataclass(frozen=True)
class Scope:
    """What the scope bar holds."""

    subscriptions: tuple[str, ...]
    """Ids; every known one where none was chosen."""
    unit: str | None
    environment: str | None
    period: str

    @property
    def whole(self) -> bool:
        """Whether nothing but subscriptions narrows it."""
        return not (self.unit or self.environment)


@dataclass(frozen=True)
class Estate:
    """What the visitor may see of the scope: its deployments, and how whole the picture is."""

    frame: pd.DataFrame
    at: datetime | None
    troubles: tuple[Trouble, ...]
    generation: int

    @property
    def partial(self) -> bool:
        return bool(self.troubles)


def estate(held: Scope) -> Estate:
    """The deployments in this scope that the visitor may see."""
    kept = _judged(*key(held.subscriptions, held.period), judgement())
    return Estate(in_scope(seen(kept.frame), held), kept.at, kept.troubles, kept.generation)


def environments() -> list[str]:
    """The environments that occur in what the visitor may see."""
    return arrow.distinct(everywhere(periods.USUAL)["environment"])


def everywhere(period: str) -> pd.DataFrame:
    """Every deployment that the visitor may see, whatever the scope bar says."""
    everything = tuple(sorted(session.subscriptions()))
    return seen(_judged(*key(everything, period), judgement()).frame)


def deployment(held: Scope, resource: str) -> pd.DataFrame:
    """One row, over the scope's period; none where it does not exist or is not the visitor's."""
    frame = everywhere(held.period)
    return frame[frame["resource"] == resource].reset_index(drop=True)


def course(held: Scope, resource: str) -> pd.DataFrame:
    """Usage of one deployment over time, which the visitor may see."""
    rows = deployment(held, resource)
    if rows.empty:
        return usage(held, held.period).head(0)
    return _course(*key(tuple(rows["subscription"]), held.period), resource)


def usage(held: Scope, period: str) -> pd.DataFrame:
    """Usage over time in this scope."""
    return in_scope(seen(_usage(*key(held.subscriptions, period))), held)


def found(held: Scope, rows: pd.DataFrame) -> pd.DataFrame:
    """What needs attention about these deployments, and about subscriptions for who sees all."""
    kept = _findings(held.subscriptions, judgement())
    about = kept["resource"].isin(rows["resource"])
    if session.person().units is None and held.whole:
        about |= kept["resource"].isna()
    return kept[about]


def about(resource: str, subscription: str) -> pd.DataFrame:
    """What needs attention about one deployment that the visitor may see."""
    kept = _findings((subscription,), judgement())
    return kept[kept["resource"] == resource]


def edited(held: Scope, rows: pd.DataFrame, since: datetime | None) -> pd.DataFrame:
    """What changed in Azure since then about these deployments, and about deleted ones for who
    sees every unit; nothing at a first visit, which has no before."""
    if since is None:
        return NO_EDITS
    changed = _edits(held.subscriptions, since.isoformat(), _generation(held.subscriptions))
    return _concerning(changed, held, rows, "after", "deleted")


def quota(subscriptions: tuple[str, ...], period: str) -> pools.Quota:
    """Every pool and every holder of these subscriptions, whoever asks: ui/quota.py narrows it."""
    asked = ("beside", subscriptions)
    beside = session.once(asked, lambda: pools.generation(session.wiring().store, subscriptions))
    return _quota(*key(subscriptions, period), beside)


def topics() -> pd.DataFrame:
    return sources.sources(session.wiring().store)


def latest_round() -> sources.Round | None:
    return sources.latest_round(session.wiring().store)


def doctor() -> pd.DataFrame:
    return sources.doctor(session.wiring().store)


def trail() -> pd.DataFrame:
    """Who did what, the newest first."""
    return trails.trail(session.wiring().store)


def separated() -> separation.Report:
    """Who decided for whom."""
    return separation.report(session.wiring().store, session.at())


def proof() -> Proof:
    """Whether the trail is whole."""
    return trails.proof(session.wiring().store, session.wiring().anchors)


def last_hour(resource: str, region: str) -> pd.DataFrame:
    """Asked of Azure now, for this visitor."""
    wiring = session.wiring()
    return minutes.last_hour(wiring.azure, resource, region, wiring.clock())


def portal(resource: str, subscription: str) -> str:
    """The deployment's address in the cloud's portal; "" on the local cloud, which has none."""
    wiring = session.wiring()
    rows = inventory.subscriptions(wiring.store, wiring.clock()).frame
    tenants = rows.loc[rows["subscription"] == subscription, "tenant"].dropna()
    if session.simulated() or tenants.empty:
        return ""
    return names.portal(wiring.azure.cloud.portal, tenants.iloc[0], resource)


def people() -> dict[str, str]:
    """Names by key of those who are known beforehand; others stay keys."""
    known = CAST if session.simulated() else (session.person(),)
    return {it.key: it.name for it in known}


def simulator() -> dict[str, Any]:
    """How the simulator stands; raises a Fault when it does not answer."""
    steered = session.wiring().simulator
    return steered.state() if steered else {}


def seen(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of units that the visitor may see."""
    units = session.person().scope(session.tree())
    return frame if units is None else frame[frame["unit"].isin(units)]


def in_scope(frame: pd.DataFrame, held: Scope) -> pd.DataFrame:
    """The rows of this scope's unit and environment."""
    if held.unit:
        frame = frame[frame["unit"].isin(session.tree().below([held.unit]))]
    if held.environment:
        frame = frame[frame["environment"].eq(held.environment).fillna(False)]
    return frame


def _concerning(
    lines: pd.DataFrame, held: Scope, rows: pd.DataFrame, field: str, also: str | None
) -> pd.DataFrame:
    """The few lines that are about these many rows; for who sees every unit, those whose field
    says also as well."""
    if lines.empty:
        return lines
    wanted = set(rows["resource"].tolist())
    about = pd.Series([it in wanted for it in lines["resource"].tolist()], index=lines.index)
    if session.person().units is None and held.whole:
        about |= lines[field].isna() if also is None else lines[field].eq(also).fillna(False)
    return lines[about.astype(bool)]


def judged() -> bool:
    """Whether the rules were held against anything yet; before, no finding means nothing."""
    return judgement() > 0


def judgement() -> int:
    return session.once("judgement", lambda: findings.generation(session.wiring().store))


def key(subscriptions: tuple[str, ...], period: str) -> tuple[tuple[str, ...], str, int, int]:
    day = int(session.wiring().clock().timestamp()) // DAY
    return subscriptions, period, day, _generation(subscriptions)


def _generation(subscriptions: tuple[str, ...]) -> int:
    asked = ("generation", subscriptions)
    return session.once(asked, lambda: inventory.generation(session.wiring().store, subscriptions))


# What is cached is shared and never written to. Generation and day are the key alone: the one
# grows with every answer of Azure, and days left depend on the other.


@st.cache_resource(max_entries=60, show_spinner=False)
def deployments(
    subscriptions: tuple[str, ...],
    period: str,
    day: int,  # noqa: ARG001
    generation: int,
) -> Snapshot:
    wiring = session.wiring()
    kept = inventory.deployments(wiring.store, subscriptions, period, wiring.tags, wiring.clock())
    return replace(kept, generation=generation)


@st.cache_resource(max_entries=60, show_spinner=False)
def _judged(
    subscriptions: tuple[str, ...], period: str, day: int, generation: int, judgement: int
) -> Snapshot:
    """In the order of their names, with unit_name, attention and changed, which is missing."""
    kept = deployments(subscriptions, period, day, generation)
    rows = kept.frame.sort_values(["deployment", "account"], ignore_index=True)
    rows = words.of_units(rows, session.tree())
    rows = words.with_findings(rows, _findings(subscriptions, judgement))
    return replace(kept, frame=words.with_changes(rows, NO_EDITS))


@st.cache_resource(max_entries=60, show_spinner=False)
def _usage(subscriptions: tuple[str, ...], period: str, day: int, generation: int) -> pd.DataFrame:
    wiring, rows = session.wiring(), deployments(subscriptions, period, day, generation).frame
    return inventory.usage_over_time(
        wiring.store, subscriptions, period, rows, wiring.clock()
    ).frame


@st.cache_resource(max_entries=60, show_spinner=False)
def _findings(
    subscriptions: tuple[str, ...],
    generation: int,  # noqa: ARG001
) -> pd.DataFrame:
    return findings.findings(session.wiring().store, subscriptions)


@st.cache_resource(max_entries=60, show_spinner=False)
def _edits(
    subscriptions: tuple[str, ...],
    since: str,
    generation: int,  # noqa: ARG001 - an edit is kept together with the answer that shows it
) -> pd.DataFrame:
    return edits.since(session.wiring().store, datetime.fromisoformat(since), subscriptions)


@st.cache_resource(max_entries=60, show_spinner=False)
def _course(
    subscriptions: tuple[str, ...], period: str, day: int, generation: int, resource: str
) -> pd.DataFrame:
    wiring, rows = session.wiring(), deployments(subscriptions, period, day, generation).frame
    one = rows[rows["resource"] == resource]
    points = inventory.usage_over_time(wiring.store, subscriptions, period, one, wiring.clock())
    return points.frame[points.frame["region"].notna()].assign(deployment=one["deployment"].iloc[0])


@st.cache_resource(max_entries=60, show_spinner=False)
def _quota(
    subscriptions: tuple[str, ...],
    period: str,
    day: int,
    generation: int,
    beside: int,  # noqa: ARG001
) -> pools.Quota:
    """The holders in the order of their names, with what words.of_holders() adds."""
    wiring, known = session.wiring(), deployments(subscriptions, period, day, generation)
    rows = known.frame.sort_values(["deployment", "account"], ignore_index=True)
    known = replace(known, frame=rows)
    kept = pools.quota(wiring.store, subscriptions, known, wiring.clock())
    return replace(kept, holders=words.of_holders(kept.holders, kept.pools, session.tree()))
