"""The quota tier of a subscription: how high its limits are, and whether they rise unasked."""

from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, moment, part, text

KIND = "quotaTiers"


def of_subscription(azure: Azure, subscription: str) -> list[Row]:
    """Frame TIERS of one subscription: one row, or none where Azure knows no tier of it."""
    with translated(f"Asking for the quota tier of subscription {subscription}"):
        path = arm.provider(subscription, KIND)
        items = arm.every(azure, subscription, path, KIND)
        return [{"subscription": subscription.lower(), **_row(it)} for it in items]


def _row(it: Json) -> Row:
    properties = part(it, "properties")
    next_ = part(properties, "tierUpgradeEligibilityInfo")
    return {
        "tier": text(properties.get("currentTierName")),
        "policy": text(properties.get("tierUpgradePolicy")),
        "assigned_at": moment(text(properties.get("assignmentDate"))),
        "next_tier": text(next_.get("nextTierName")),
        "next_status": text(next_.get("upgradeAvailabilityStatus")),
        "next_at": moment(text(next_.get("upgradeApplicableDate"))),
        "next_reason": text(next_.get("upgradeUnavailabilityReason")),
    }
