"""Who is behind a deployment's gap: asked of the gateway's log now, for who pays for the gap."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from domain import attribution, calling, months
from domain.faults import OutOfRange
from reads import callers
from ui import costs, session
from ui.costs import View
from ui.data import bills

DAY = timedelta(days=1)
DAYS = {"1": 1, "7": 7, "month": 31}
"""How far to look back, by the word for it."""


@dataclass(frozen=True, eq=False)
class Answer:
    """What the log says of one deployment between two days."""

    parts: pd.DataFrame
    """Frame PARTS, the gap first."""
    platform: float
    """Tokens that Azure counted on these days."""
    first: datetime
    until: datetime
    unplaced: float
    """Tokens under the same name of which the log does not tell the account; for who sees all."""


def asked(view: View, resource: str, back: str) -> Answer:
    """Ask now. Raises OutOfRange where the visitor pays for no gap of it, and whatever fault the
    log answers with."""
    mine = view.gaps[view.gaps["resource"].eq(resource).fillna(False)]
    if view.head is None or mine.empty:
        raise OutOfRange("You may see no gap of this deployment in this month.")
    first, until = _span(view, mine, resource, back)
    wiring = session.wiring()
    known = callers.of_days(
        wiring.store, wiring.azure, wiring.settings.workspaces, first, until
    )  # fmt: skip
    here = known[known["resource"].eq(resource).fillna(False)]
    platform = float(mine.loc[mine["day"].ge(first) & mine["day"].lt(until), "platform"].sum())
    parts = calling.parts(here, _units(here["product"], first, until), platform)
    lost = known[known["resource"].isna() & known["deployment"].eq(resource.rpartition("/")[2])]
    return Answer(parts, platform, first, until, float(lost["tokens"].sum()) if view.estate else 0)


def _span(view: View, mine: pd.DataFrame, resource: str, back: str) -> tuple[datetime, datetime]:
    """Whole days that the bill knows, none from before the deployment was the visitor's."""
    begun = mine["day"].max().to_pydatetime()
    until = min(begun + DAY, max(months.midnight(view.until), months.first(view.month) + DAY))
    first = max(until - DAYS.get(back, 1) * DAY, months.first(view.month))
    if view.head and not view.estate:
        gaps = bills.book(view.head).gaps
        others = gaps[gaps["resource"].eq(resource) & ~gaps["day"].isin(mine["day"])]
        if (days := others.loc[others["day"].lt(until), "day"]).size:
            first = max(first, days.max().to_pydatetime() + DAY)
    if first >= until:
        raise OutOfRange("No whole day of it is known yet.")
    return first, until


def _units(
    products: "pd.Series[str]", first: datetime, until: datetime
) -> Mapping[str, str | None]:
    """Who pays for each product at last; None where on any of the days it is not the visitor's."""
    tree, tag = session.tree(), session.wiring().tags.unit
    seen = session.person().scope(tree)
    days = pd.date_range(first, until - DAY, freq="D").to_pydatetime()
    held = [attribution.in_force(bills.rules().values(), tree, tag, it) for it in days]
    found: dict[str, str | None] = {}
    for product in products.dropna().unique():
        units = [it.unit({"product": product}, ["product"])[0] for it in held]
        found[product] = units[-1] if seen is None or set(units) <= seen else None
    return found


def named(resource: str) -> str:
    """The deployment, for people."""
    return costs.resource_name(resource)
