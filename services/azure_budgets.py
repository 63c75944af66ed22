"""Budgets that Azure keeps itself: shown beside ours, never written."""

from domain import names
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.costs import VERSION
from services.faults import translated
from services.fields import Json, date, e8, needed, part, text


def of_subscription(azure: Azure, subscription: str) -> list[Row]:
    """Frame AZURE_BUDGETS of a subscription; those that are about cost."""
    path = f"/subscriptions/{subscription}/providers/Microsoft.CostManagement/budgets"
    with translated(f"Listing the budgets of subscription {subscription}"):
        items = arm.every_of(azure, subscription, path, VERSION)
        told = ((it, part(it, "properties")) for it in items)
        return [
            _row(it, properties, subscription.lower())
            for it, properties in told
            if (text(properties.get("category")) or "Cost") == "Cost"
        ]


def _row(it: Json, properties: Json, subscription: str) -> Row:
    spent, ahead = part(properties, "currentSpend"), part(properties, "forecastSpend")
    period = part(properties, "timePeriod")
    return {
        "budget": names.folded(needed(it["id"])),
        "subscription": subscription,
        "name": text(it.get("name")),
        "amount_e8": e8(properties.get("amount")),
        "currency": text(spent.get("unit")),
        "grain": text(properties.get("timeGrain")),
        "spent_e8": e8(spent.get("amount")),
        "forecast_e8": e8(ahead.get("amount")),
        "starts": date(text(period.get("startDate"))),
        "ends": date(text(period.get("endDate"))),
    }
