"""The catalogue of content filters: which there are in a region, and whether they have levels."""

from domain import names
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, flag, needed, part, text

KIND = "raiContentFilters"


def of_region(azure: Azure, subscription: str, region: str) -> list[Row]:
    """Frame CATALOGUE of one region; source is missing where a filter watches both directions."""
    plain = names.region(region) or region
    with translated(f"Listing the content filters of {plain} in subscription {subscription}"):
        where = {"subscription": subscription.lower(), "region": plain}
        items = arm.every(azure, subscription, arm.location(subscription, plain, KIND), KIND)
        return [{**where, **_row(it)} for it in items]


def _row(it: Json) -> Row:
    properties = part(it, "properties")
    return {
        # The properties have the name that policies use; the outer one is without blanks.
        "filter": text(properties.get("name")) or needed(it.get("name")),
        "graded": flag(properties.get("isMultiLevelFilter")),
        "direction": text(properties.get("source")),
    }
