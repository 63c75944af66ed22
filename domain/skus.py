"""SKUs of model deployments: where they process, how they are billed, what one unit of them is.

Source: Azure's deployment types (docs of Foundry models); rate units come from the model list,
never from here, since a unit is not always 1,000 tokens per minute.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Family:
    scope: str
    """Where the model runs, in words."""
    billing: str
    unit: str
    """What the number in "capacity" counts."""
    upgrades: bool = False
    """Whether Azure may move it to another model version by itself."""

    @property
    def provisioned(self) -> bool:
        return self.unit == "PTU"


REGION, ZONE, GLOBAL = "In its region", "In its data zone", "Any region"
_RATE, _PTU, _BATCH = "rate units", "PTU", "thousand enqueued tokens"
FAMILIES: dict[str, Family] = {
    "standard": Family(REGION, "per token", _RATE, upgrades=True),
    "datazonestandard": Family(ZONE, "per token", _RATE, upgrades=True),
    "globalstandard": Family(GLOBAL, "per token", _RATE, upgrades=True),
    "provisionedmanaged": Family(REGION, "per PTU-hour", _PTU),
    "datazoneprovisionedmanaged": Family(ZONE, "per PTU-hour", _PTU),
    "globalprovisionedmanaged": Family(GLOBAL, "per PTU-hour", _PTU),
    "provisioned": Family(REGION, "per PTU-hour", _PTU),
    "globalbatch": Family(GLOBAL, "per token, batch", _BATCH),
    "datazonebatch": Family(ZONE, "per token, batch", _BATCH),
    "developertier": Family(REGION, "per token, evaluation only", _RATE),
}
UNKNOWN = Family("Not known", "not known", "units")


def family(sku: str | None) -> Family:
    """The family of an SKU's name; UNKNOWN for one that is new to us."""
    return FAMILIES.get((sku or "").lower(), UNKNOWN)


def unit_words(sku: str | None, unit_tpm: float | None, unit_rpm: float | None) -> str:
    """What one unit of capacity is: "1,000 TPM", "1 RPM", "PTU"."""
    kind = family(sku)
    if kind.unit != _RATE:
        return kind.unit
    if unit_tpm:
        return f"{unit_tpm:,.0f} TPM"
    return f"{unit_rpm:,.0f} RPM" if unit_rpm else "units"
