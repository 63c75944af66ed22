"""The gateway's log: yesterday and today again and again, and history from the newest day back."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Protocol

import pandas as pd

from domain import frames, gateways
from domain.costs import USAGE_DAYS
from domain.frames import Row
from domain.gateways import Places
from domain.readings import GATEWAYS, TENANT, Snapshot, nothing
from jobs import keeping
from jobs.asks import Ask
from jobs.keeping import Gathering
from services import logs
from services.azure import Azure
from store import places, snapshots, usage_days
from store.engine import Session, Store
from store.rounds import Due

DAY = timedelta(days=1)
HISTORY_DAYS = 93
"""How much of the log is read when nothing of it is known: three months."""
STRIDE_DAYS = 14
KEY = ["day", "resource", "source", "product", "tier", "bucket"]


class Asking(Protocol):
    """What is needed of the collector."""

    azure: Azure
    store: Store
    clock: Callable[[], datetime]
    workspaces: tuple[str, ...]


def questions(of: Asking, due: Due, at: datetime) -> tuple[Gathering, Mapping[str, Ask]]:
    """By workspace: the days to ask about, and the empty hands for what comes."""
    with of.store.reading() as session:
        before = snapshots.kept(session, GATEWAYS, [TENANT])[TENANT] or nothing(GATEWAYS)
        found = places.known(session)
    silent = {it.part for it in before.troubles} - set(before.frame["workspace"])
    heard = [it for it in of.workspaces if it not in silent] or list(of.workspaces)
    days, backlog = _days(before.frame, due.backlog, heard, at)
    asks = {it: partial(_asked, of.azure, it, days, found) for it in of.workspaces}
    gathering = Gathering(
        GATEWAYS,
        due.scope,
        at,
        set(asks),
        backlog=backlog,
        backlog_before=due.backlog,
        days=days,
        parts=frozenset(asks),
        silent=frozenset(silent),
    )
    return gathering, asks


def _days(
    known: pd.DataFrame, backlog: int, workspaces: Sequence[str], at: datetime
) -> tuple[tuple[datetime, datetime], int]:
    """The days to ask about, the last not included, and how many are left after them. A workspace
    that is new, or a gap since the last look, has history asked all over."""
    tomorrow = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    fresh = (tomorrow - 2 * DAY, tomorrow)
    told = known[known["workspace"].isin(workspaces)]
    if len(told) < len(workspaces) or (told["last_day"] < pd.Timestamp(fresh[0])).any():
        return fresh, HISTORY_DAYS - 2
    if not backlog:
        return fresh, 0
    end = tomorrow - (HISTORY_DAYS - backlog) * DAY
    stride = min(STRIDE_DAYS, backlog)
    return (end - stride * DAY, end), backlog - stride


def _asked(
    azure: Azure, workspace: str, days: tuple[datetime, datetime], known: Places
) -> list[Row]:
    rows = logs.usage(azure, workspace, *days, known)
    return [{**row, "workspace": workspace} for row in rows]


def keep(session: Session, it: Gathering) -> Snapshot:
    """The ledger's rows of these days, then how far the log is read; returns the latter. While a
    workspace that has told before does not answer, what is known of the days stays as it is: the
    ledger holds one sum over all workspaces."""
    snapshots.lock(session)
    before = snapshots.kept(session, GATEWAYS, [TENANT])[TENANT] or nothing(GATEWAYS)
    failed = {trouble.part for trouble in it.troubles}
    if "" not in failed and not failed & set(before.frame["workspace"]):
        usage_days.keep(session, usage(it.rows, it.at))
    workspaces = sorted(it.parts - failed)
    rows = [_reach(workspace, it, before.frame) for workspace in workspaces]
    return keeping.remember(session, GATEWAYS, it, frames.frame(GATEWAYS.columns, rows), None)


def usage(rows: list[Row], at: datetime) -> pd.DataFrame:
    """Frame USAGE_DAYS of what is known by deployment, all workspaces together."""
    placed = [{**row, "seen_at": at} for row in rows if row["resource"]]
    frame = frames.frame(USAGE_DAYS, placed)
    if frame.duplicated(KEY).any():
        others = {it: "first" for it in frame if it not in (*KEY, "quantity")}
        frame = frame.groupby(KEY, as_index=False).agg({**others, "quantity": "sum"})
    return frames.fitted(frame, USAGE_DAYS)


def _reach(workspace: str, it: Gathering, known: pd.DataFrame) -> Row:
    """One workspace's row of frame GATEWAYS. While history is read, what the newest days told of
    what is unknown stands."""
    first, until = it.days or (it.at, it.at)
    last = until - DAY
    before = frames.records(known, known["workspace"] == workspace)
    own = [row for row in it.rows if row["workspace"] == workspace]
    lost = [row for row in own if not row["resource"]]
    row = {
        "workspace": workspace,
        "rows": len(own),
        "unknown_rows": len(lost),
        "unknown": gateways.named(lost),
    }
    if before and before[0]["last_day"] > last:
        row |= {name: before[0][name] for name in ("rows", "unknown_rows", "unknown")}
    joined = [it for it in before if it["first_day"] <= until and it["last_day"] >= first - DAY]
    row["first_day"] = min([first, *(it["first_day"] for it in joined)])
    row["last_day"] = max([last, *(it["last_day"] for it in joined)])
    return row
