"""What a lever of quota writes, as text that can be compared: an SKU with its capacity, a
deployment with what makes it, an upgrade policy, an account that was deleted."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

UPGRADES = ("OnceNewDefaultVersionAvailable", "OnceCurrentVersionExpired", "NoAutoUpgrade")
"""versionUpgradeOption; the first is what Azure takes when nobody says."""
MADE_OF = (
    "sku",
    "capacity",
    "format",
    "model",
    "version",
    "upgrade",
    "filter_policy",
    "spillover",
    "service_tier",
    "tags",
)
"""What makes a deployment, as far as the console can make it again."""


def sized(sku: str, capacity: int) -> str:
    """An SKU and its units, as the lever "capacity" compares them."""
    return json.dumps({"sku": sku, "capacity": capacity}, sort_keys=True)


def made(spec: Mapping[str, Any]) -> str:
    """A deployment, as the lever "deployment" compares it; what is missing is left out."""
    told = {key: spec[key] for key in MADE_OF if spec.get(key) is not None}
    return json.dumps(told, sort_keys=True, ensure_ascii=False)


def upgraded(option: str | None) -> str:
    """An upgrade policy, as the lever "upgrade" compares it; absent on read means the second."""
    return json.dumps({"upgrade": option or UPGRADES[1]})


def held(deleted_at: datetime | None) -> str:
    """A deleted account, as the lever "purge" compares it: one that was restored and deleted again
    is another. Its leg has no etag; missing (NaT too) where Azure does not say when."""
    known = deleted_at is not None and deleted_at == deleted_at
    at = deleted_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if known and deleted_at else None
    return json.dumps({"deleted": at})


def parsed(text: str) -> dict[str, Any]:
    """What sized(), made(), upgraded() or held() wrote; empty for what does not exist."""
    told = json.loads(text) if text else {}
    return dict(told)


def words(before: str, after: str) -> str:
    """What differs, for people: "capacity: 20 → 30"."""
    old, new = parsed(before), parsed(after)
    if "deleted" in old and not new:
        return f"purge: deleted on {old['deleted']} UTC" if old["deleted"] else "purge"
    if not old or not new:
        spec = old or new
        named = f"{spec.get('model')} {spec.get('version')}, {spec.get('sku')}"
        return f"{'create' if new else 'delete'}: {named}, {spec.get('capacity')} units"
    keys = [key for key in sorted({*old, *new}) if old.get(key) != new.get(key)]
    return "; ".join(f"{key}: {old.get(key, 'none')} → {new.get(key, 'none')}" for key in keys)
