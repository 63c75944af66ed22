"""Budgets as the visitor may see them: of their own units, whatever the scope's subscriptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from domain import forecast, frames, months
from domain.budgets import JUDGED
from domain.costs import AZURE_BUDGETS
from domain.decisions import CROSSINGS
from domain.frames import TEXT, WHOLE, records
from reads import budgets as reads
from ui import costs, scope, session
from ui.data import Scope, bills

USUAL = "USD"
OVER, WILL, MAY, ON, UNKNOWN = (
    "over", "expected over", "may be over", "within", "insufficient history",
)  # fmt: skip
SHOWN = {**JUDGED, "name": TEXT, "standing": TEXT, "left": WHOLE, "lasts": TEXT, "told": TEXT}
"""Frame JUDGED in words."""


@dataclass(frozen=True, eq=False)
class View:
    """Budgets in one currency."""

    month: str
    currency: str
    currencies: tuple[str, ...]
    rows: pd.DataFrame
    """SHOWN, those that will be used up first."""
    known: pd.DataFrame
    """BUDGETS of these units, those that lie ahead too."""
    cost: costs.View
    azure: pd.DataFrame
    """AZURE_BUDGETS, for who sees every unit."""


def currency() -> str:
    """Draw the choice of the currency where there are several."""
    known = _currencies()
    if len(known) > 1:
        return scope.either("Currency", "currency", {it: it for it in known})
    now = scope.before("currency", known, known)
    scope.after("currency", now, known)
    return now[0]


def viewed(currency: str, held: Scope) -> View:
    month = months.of(session.at())
    mine = costs.mine(_known(), held, placed=False)
    mine = mine[mine["currency"] == currency]
    rows = costs.mine(bills.judged(currency, _known()), held, placed=False)
    return View(
        month, currency, _currencies(), _worded(rows), mine, costs.viewed(month, currency, held),
        _in_azure(held),
    )  # fmt: skip


def course(currency: str, row: Mapping[str, Any]) -> tuple[pd.DataFrame, forecast.Forecast]:
    """What a budget's units cost by day, and its period as it will have been."""
    rows = bills.spent(currency)
    mine = rows[rows["unit"].isin(session.tree().below([row["unit"]]))]
    daily = mine.groupby("day", as_index=False)["cents"].sum()
    last = months.midnight(session.at()) - timedelta(days=1)
    past = daily[daily["day"].le(last)]
    found = forecast.forecast(past, row["first"], row["end"], last)
    within = daily[daily["day"].ge(row["first"]) & daily["day"].lt(row["end"])]
    return within.sort_values("day", ignore_index=True), found


def unbudgeted(view: View) -> "pd.Series[int]":
    """Cents by unit of what has cost this month and no budget, own or from above."""
    tree = session.tree()
    covered = tree.below(list(view.rows["unit"]))
    rest = view.cost.now[~view.cost.now["unit"].isin(covered)]
    rest = rest[rest["unit"].isin(list(tree.units))]
    found: pd.Series[int] = rest.groupby("unit")["cents"].sum().sort_values(ascending=False)
    return found[found > 0]


def before(unit: str, currency: str, grain_first: datetime, months_long: int) -> int | None:
    """What the unit cost in the period before; None where not all of it is known."""
    month = months.of(grain_first)
    wanted = [months.after(month, -it) for it in range(1, months_long + 1)]
    if any(bills.head(it, currency) is None for it in wanted):
        return None
    rows = bills.spent(currency)
    mine = rows[rows["unit"].isin(session.tree().below([unit]))]
    return int(mine.loc[mine["day"].ge(months.first(wanted[-1])) & mine["day"].lt(grain_first),
                        "cents"].sum())  # fmt: skip


def _known() -> pd.DataFrame:
    return session.once("budgets", lambda: reads.known(session.wiring().store))


def _currencies() -> tuple[str, ...]:
    seen = session.person().scope(session.tree())
    mine = _known() if seen is None else _known()[_known()["unit"].isin(seen)]
    billed = {it.currency for it in bills.heads()}
    return tuple(sorted(billed | set(mine["currency"]))) or (USUAL,)


def _worded(rows: pd.DataFrame) -> pd.DataFrame:
    told = _told(reads.crossings(session.wiring().store))
    tree = session.tree()
    found = [
        {
            **it,
            "name": tree.name(it["unit"]),
            "standing": _standing(it),
            "left": it["budget_cents"] - it["actual"],
            "lasts": _lasts(it),
            "told": told.get((it["budget"], it["period"])),
        }
        for it in records(rows)
    ]
    order = [OVER, WILL, MAY, UNKNOWN, ON]
    found.sort(key=lambda it: (order.index(it["standing"]), -(it["percent"] or 0)))
    return frames.frame(SHOWN, found)


def _standing(it: Mapping[str, Any]) -> str:
    budget = it["budget_cents"]
    if it["actual"] > budget:
        return OVER
    if pd.isna(it["forecast"]):
        return UNKNOWN
    if it["forecast"] > budget:
        return WILL
    return MAY if it["high"] > budget else ON


def _lasts(it: Mapping[str, Any]) -> str:
    day = it["exhausted_on"]
    if it["actual"] > it["budget_cents"] and not pd.isna(day):
        return f"Used up on {day.day} {day:%B}"
    if not pd.isna(day):
        return f"On {day.day} {day:%B} at this rate"
    return "Nobody can say yet" if pd.isna(it["forecast"]) else "Lasts"


def _told(rows: pd.DataFrame) -> dict[tuple[int, str], str]:
    """In words, by budget and period, which thresholds were crossed and when."""
    frame = rows.sort_values(["kind", "threshold"], kind="stable")
    assert list(frame) == list(CROSSINGS)
    found: dict[tuple[int, str], list[str]] = {}
    for it in records(frame):
        how = " spent" if it["kind"] == "actual" else " expected"
        said = f"{it['threshold']} %{how} ({it['at'].day} {it['at']:%b})"
        found.setdefault((it["budget"], it["period"]), []).append(said)
    return {key: ", ".join(words) for key, words in found.items()}


def _in_azure(held: Scope) -> pd.DataFrame:
    """Of subscriptions as wholes, in which other units' money is."""
    if session.person().units is not None:
        return frames.frame(AZURE_BUDGETS, [])
    rows = reads.of_azure(session.wiring().store)
    return rows[rows["subscription"].isin(held.subscriptions)].reset_index(drop=True)
