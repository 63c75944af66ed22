"""Filters over time, as the visitor may see them: what changed, what was stopped, how far each day
was from what is demanded."""

from datetime import datetime, timedelta

import pandas as pd

from domain import periods
from ui import data, journal, safety, session
from ui.components import filter_words
from ui.data import Scope, moderated
from ui.safety import View

DAY = timedelta(days=1)
LONG = timedelta(days=400)
"""Longer than edits are kept."""
POINTED = "filter policy"
"""What an edit of a deployment is called that gave it another policy."""


def days(view: View) -> pd.DataFrame:
    """Columns day, distance, below, measured: all deployments of the view together."""
    first, _ = stretch(view.held)
    rows = safety.mine(view, moderated.days(view.held.subscriptions, first))
    known = rows.assign(
        below=rows["looser"].gt(0).where(rows["looser"].notna()).astype("Int64"),
        measured=rows["distance"].notna().astype("Int64"),
    )
    summed = known.groupby("day")[["distance", "below", "measured"]].sum(min_count=1)
    return summed.reset_index()


def edits(view: View, since: datetime) -> pd.DataFrame:
    """Frame FILTER_EDITS with account, whose, users: of the accounts of these deployments."""
    rows = moderated.edits(view.held.subscriptions, since)
    rows = rows[rows["account_id"].isin(view.accounts)].reset_index(drop=True)
    used = view.rows["policy_resource"].value_counts()
    return rows.assign(
        account=safety.account(view, rows),
        whose=rows["kind"].map(filter_words.KINDS).fillna(rows["kind"]).astype("string"),
        users=rows["resource"].map(used).astype("Int64"),
        who=journal.ours(rows["who"]),
    )


def blocked(rows: pd.DataFrame) -> float | None:
    """Requests that were rejected, of harms(); None where nobody has measured."""
    known = rows.loc[rows["what"].eq("blocked"), "requests"].sum(min_count=1)
    measured = len(rows) > 0
    return float(known) if pd.notna(known) else 0.0 if measured else None


def of_policy(view: View, resource: str) -> pd.DataFrame:
    """Frame FILTER_EDITS of one policy, as far back as is kept."""
    rows = edits(view, session.at() - LONG)
    return rows[rows["resource"].eq(resource)].reset_index(drop=True)


def concerning(view: View, rows: pd.DataFrame, since: datetime) -> pd.DataFrame:
    """Frame FILTER_EDITS of what moved the filters of these deployments: their policies and
    blocklists, and that they were given another one, the newest first."""
    begins = pd.Timestamp(since).to_pydatetime()
    whose = edits(view, begins)
    mine = whose["resource"].isin(rows["policy_resource"].dropna())
    whose = whose[mine | whose["kind"].eq("blocklist").fillna(False)]
    # What came or went as a whole was on no deployment then.
    whose = whose[whose["before"].notna() & whose["after"].notna()]
    told = data.edited(view.held, rows, begins)
    told = told[told["what"].eq(POINTED) & told["resource"].isin(rows["resource"])]
    moved = told.assign(policy=told["deployment"], kind="deployment",
                        way="policy " + told["after"].fillna("default"))  # fmt: skip
    both = [it for it in (whose, moved) if len(it)]
    if not both:
        return whose.head(0)
    return pd.concat(both, ignore_index=True).sort_values("at", ascending=False)


def stretch(held: Scope) -> tuple[datetime, datetime]:
    """The whole days of the scope's period: its first day, and the beginning of today."""
    today = session.at().replace(hour=0, minute=0, second=0, microsecond=0)
    many = max(1, periods.PERIODS[held.period].days)
    return today - many * DAY, today


def harms(view: View) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What was found and stopped on these deployments by category and direction, in the whole
    days of the period and in as many before."""
    first, today = stretch(view.held)
    now = moderated.harms(view.held.subscriptions, first, today)
    before = moderated.harms(view.held.subscriptions, first - (today - first), first)
    return safety.mine(view, now), safety.mine(view, before)


def over_time(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """What was found and stopped on these deployments by day, today included."""
    first, today = stretch(view.held)
    return moderated.harms_by_day(
        view.held.subscriptions, first, today + DAY, tuple(rows["resource"])
    )
