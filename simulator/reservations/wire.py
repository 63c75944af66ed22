"""How a reservation looks on the wire, with what was used of it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from simulator import chance, clock
from simulator.faults import Json
from simulator.reservations.state import DAY, Reservation, expires, percent, used_minutes

if TYPE_CHECKING:
    from simulator.world import World

KINDS = {"global": "Global", "datazone": "Data Zone", "regional": "Regional"}
GRAINS = (1, 7, 30)


def reservation(world: "World", found: Reservation) -> Json:
    """An item of the list."""
    now = world.now
    return {
        "id": found.path,
        "name": f"{found.order}/{found.id}",
        "type": "microsoft.capacity/reservationOrders/reservations",
        "location": found.region,
        "etag": 1 + chance.number("etag", found.id) % 9,
        "kind": "Microsoft.CognitiveServices",
        "sku": {"name": f"OpenAI_PTU_{KINDS[found.scope].replace(' ', '')}"},
        "properties": _properties(world, found, expires(found, now), now),
    }


def _properties(world: "World", found: Reservation, ends: datetime, now: datetime) -> Json:
    over = now >= ends
    state = "Expired" if over else "Succeeded"
    soon = not found.renews and now >= ends - timedelta(days=30)
    shown = state if over or not soon else "Expiring"
    body: Json = {
        "reservedResourceType": "OpenAIPTU",
        "displayName": found.name,
        "quantity": found.quantity,
        "term": found.term,
        "billingPlan": "Monthly",
        "appliedScopeType": "Single" if found.single else "Shared",
        "userFriendlyAppliedScopeType": "Single" if found.single else "Shared",
        "provisioningState": state,
        "displayProvisioningState": shown,
        "effectiveDateTime": clock.stamp(found.starts),
        "benefitStartTime": clock.stamp(found.starts),
        "purchaseDate": f"{found.starts:%Y-%m-%d}",
        "purchaseDateTime": clock.stamp(found.starts),
        "expiryDate": f"{ends:%Y-%m-%d}",
        "expiryDateTime": clock.stamp(ends),
        "renew": found.renews,
        "skuDescription": f"Azure OpenAI Provisioned - {KINDS[found.scope]}",
        "billingScopeId": f"/subscriptions/{found.subscription}",
        "archived": False,
        "instanceFlexibility": "Off",
        "extendedStatusInfo": {"statusCode": "Expired" if over else "Active", "message": ""},
        "utilization": _utilization(world, found, now),
    }
    if found.single:
        path = f"/subscriptions/{found.single}"
        body |= {"appliedScopes": [path], "appliedScopeProperties": {"subscriptionId": path}}
    return body


def _utilization(world: "World", found: Reservation, now: datetime) -> Json:
    reserved, usage = world.books.reservations, world.usage
    used = {days: percent(reserved, usage, found, now, days) for days in GRAINS}
    trend = "SAME" if used[1] == used[7] else "UP" if used[1] > used[7] else "DOWN"
    return {
        "trend": trend,
        "aggregates": [
            {"grain": days, "grainUnit": "days", "value": value, "valueUnit": "percentage"}
            for days, value in used.items()
        ],
    }


def summary(world: "World", found: Reservation, day: datetime) -> Json:
    """What was used of a reservation on a day."""
    used = used_minutes(world.books.reservations, world.usage, found, day)
    share = round(100 * used / (found.quantity * DAY), 2)
    above = f"/providers/Microsoft.Capacity/reservationorders/{found.order}"
    name = f"{found.order}_{found.id}_{day:%Y%m%d}"
    return {
        "id": f"{above}/providers/Microsoft.Consumption/reservationSummaries/{name}",
        "name": name,
        "type": "Microsoft.Consumption/reservationSummaries",
        "properties": {
            "reservationOrderId": found.order,
            "reservationId": found.id,
            "skuName": f"OpenAI_PTU_{KINDS[found.scope].replace(' ', '')}",
            "kind": "Reservation",
            "reservedHours": found.quantity * 24,
            "usedHours": round(used / 60, 4),
            "usageDate": clock.short(day),
            "minUtilizationPercentage": share,
            "avgUtilizationPercentage": share,
            "maxUtilizationPercentage": share,
            "purchasedQuantity": found.quantity,
            "remainingQuantity": round(found.quantity - used / DAY, 4),
            "totalReservedQuantity": found.quantity,
            "usedQuantity": round(used / DAY, 4),
            "utilizedPercentage": share,
        },
    }
