"""Budgets that Azure itself keeps: what was spent of them, looked at about once a day."""

import calendar
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from simulator import chance, clock
from simulator.costmanagement.books import month_end, total
from simulator.faults import Json

if TYPE_CHECKING:
    from simulator.world import World


def of(world: "World", subscription: str) -> list[Json]:
    """The budgets of a subscription with what was spent and what will be."""
    key = subscription.lower()
    return [
        _worded(world, it, key) for it in world.books.terms.budgets if it["subscription"] == key
    ]


def _worded(world: "World", row: Json, subscription: str) -> Json:
    above = f"/subscriptions/{subscription}/providers/Microsoft.CostManagement"
    today = world.now.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = today.replace(day=1)
    spent = total(world.ledger.rows(subscription, starts, today, today, "actualcost"))
    unit = world.books.terms.currency(subscription)
    return {
        "id": f"{above}/budgets/{row['name']}",
        "name": row["name"],
        "type": "Microsoft.CostManagement/budgets",
        "eTag": f'"{chance.number("budget", row["name"]):x}"',
        "properties": {
            "category": "Cost",
            "amount": row["amount"],
            "timeGrain": "Monthly",
            "timePeriod": {
                "startDate": clock.short(starts.replace(month=1)),
                "endDate": clock.short(starts.replace(year=starts.year + 2, month=1)),
            },
            "filter": row.get("filter", {}),
            "notifications": _notifications(row),
            "currentSpend": {"amount": _cents(spent), "unit": unit},
            "forecastSpend": {"amount": _cents(_ahead(spent, today)), "unit": unit},
        },
    }


def _ahead(spent: Decimal, today: datetime) -> Decimal:
    """As if the month went on as it began; the last two days are not booked yet."""
    days = calendar.monthrange(today.year, today.month)[1]
    over = max(1, days - (month_end(today) - today) // timedelta(days=1) - 1)
    return spent / over * days


def _cents(value: Decimal) -> float:
    return float(round(value, 2))


def _notifications(row: Json) -> Json:
    found: Json = {}
    for kind, percent in (("Actual", 80), ("Actual", 100), ("Forecasted", 110)):
        found[f"{kind}_GreaterThan_{percent}_Percent"] = {
            "enabled": True,
            "operator": "GreaterThan",
            "threshold": percent,
            "thresholdType": kind,
            "contactEmails": [row.get("owner", "platform@contoso.com")],
            "contactRoles": [],
            "contactGroups": [],
            "locale": "en-us",
        }
    return found
