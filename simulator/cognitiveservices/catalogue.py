"""The models that can be deployed and the quota that each of their SKUs draws from.

Dates in catalogue.json are days from the anchor, so that a world made today retires models soon."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from simulator import regions
from simulator.faults import Json

FILE = Path(__file__).with_name("catalogue.json")
PROVISIONED = frozenset(
    {"ProvisionedManaged", "GlobalProvisionedManaged", "DataZoneProvisionedManaged", "Provisioned"}
)
BATCH = frozenset({"GlobalBatch", "DataZoneBatch"})
AGNOSTIC = {
    "GlobalProvisionedManaged": "Global Provisioned Managed Throughput Unit (model-agnostic)",
    "DataZoneProvisionedManaged": "Data Zone Provisioned Managed Throughput Unit",
}
NO_DATE = "2099-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Entry:
    """One model version; dates are days from the anchor."""

    format: str
    name: str
    version: str
    skus: list[str]
    unit: str
    family: str
    status: str = "GenerallyAvailable"
    default: bool = False
    retires: int | None = None
    fine_tune: int | None = None
    tentative: bool = False
    ptu: int = 0
    context: int = 0
    output: int = 0
    kind: str = "chat"
    text: str = ""
    batch_family: str = ""
    scope: str = ""
    twin: bool = False
    base: Json | None = None
    sku_dates: dict[str, int] = field(default_factory=dict)
    replacement: Json | None = None
    regions: list[str] | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        return self.format.lower(), self.name.lower(), self.version.lower()

    def usage(self, sku: str) -> str:
        """The quota row that a deployment with this SKU draws from."""
        house = "OpenAI" if self.format == "OpenAI" else "AIServices"
        if sku in AGNOSTIC:
            return f"{house}.{sku}"
        if sku == "ProvisionedManaged":
            return f"{house}.{sku}.{self.name}-{self.version}"
        family = self.batch_family if sku in BATCH and self.batch_family else self.family
        return f"{house}.{sku}.{family}"

    def words(self, sku: str) -> str:
        """The quota row's text, with the inconsistencies of the real one."""
        label = self.text or self.name
        if sku in AGNOSTIC:
            return AGNOSTIC[sku]
        if sku == "ProvisionedManaged":
            managed = "" if self.name.startswith("o") else "Managed "
            return f"Provisioned {managed}Throughput Unit - {self.name}-{self.version}"
        if sku in BATCH:
            prompt = "prompt " if sku == "DataZoneBatch" else ""
            return f"Enqueued {prompt}tokens (thousands) - {label} - {sku}"
        if self.family == "MaaS":
            return "Default Quota for Model-as-a-Service Models"
        tail = "" if sku in ("Standard", "LowPriority") or self.twin else f" - {sku}"
        return f"{units()[self.unit]['words']} - {label}{tail}"

    def rates(self, sku: str, capacity: int = 1) -> list[Json]:
        """Rate limits of this many units; provisioned and batch SKUs have none."""
        if sku in PROVISIONED or sku in BATCH:
            return []
        found = []
        for key in ("request", "token"):
            if key in units()[self.unit]:
                period, count = units()[self.unit][key]
                found.append({"key": key, "renewalPeriod": period, "count": count * capacity})
        return found

    def tokens_per_minute(self, sku: str) -> float:
        """What one unit of capacity lets through in a minute; 0 where only requests count."""
        if sku in PROVISIONED:
            return float(self.ptu or 2500)
        if sku in BATCH:
            return 100.0
        period, count = units()[self.unit].get("token", (60, 0))
        return float(count * 60 / period)

    def bounds(self, sku: str) -> Json:
        """Minimum, maximum, step and default as the SKU lists them."""
        if sku in PROVISIONED:
            least = 15 if sku != "ProvisionedManaged" else 25 if self.ptu > 20000 else 50
            step = 5 if sku != "ProvisionedManaged" else least
            return {"minimum": least, "maximum": 100000, "step": step, "default": least}
        return {"maximum": 1000000, "default": 10 if self.unit != "chat" else 100}

    def retires_on(self, anchor: datetime, sku: str | None = None) -> str:
        """The date of retirement: of the SKU where it has its own, else of the model."""
        days = self.sku_dates.get(sku, self.retires) if sku else self.retires
        return NO_DATE if days is None else _day(anchor, days)

    def offered(self, region: str) -> bool:
        return self.regions is None or region in self.regions

    def offers(self, sku: str, region: str) -> bool:
        """Whether this SKU can be had in a region."""
        zoned = sku.startswith("DataZone") and not regions.REGIONS[region].zone
        return sku in self.skus and self.offered(region) and not zoned


def _day(anchor: datetime, days: int) -> str:
    return f"{anchor + timedelta(days=days):%Y-%m-%dT00:00:00Z}"


def date(anchor: datetime, days: int | None) -> str:
    """A day counted from the anchor, or the sentinel that says there is none."""
    return NO_DATE if days is None else _day(anchor, days)


@cache
def _file() -> Json:
    found: Json = json.loads(FILE.read_text())
    return found


def units() -> dict[str, Any]:
    """What one unit of capacity is, by the name of the unit."""
    found: dict[str, Any] = _file()["units"]
    return found


def extra_rows() -> list[list[Any]]:
    """Quota rows that belong to no model: value, text, used, limit, scope."""
    found: list[list[Any]] = _file()["extra"]
    return found


@cache
def entries() -> dict[tuple[str, str, str], Entry]:
    """Every model version by (format, name, version) in lower case."""
    return {entry.key: entry for entry in (Entry(**row) for row in _file()["models"])}


def entry(model: Json) -> Entry | None:
    """The catalogue's entry of a deployment's model block, or None."""
    words = (model.get("format"), model.get("name"), model.get("version"))
    return entries().get(tuple(str(word or "").lower() for word in words))  # type: ignore[arg-type]


def default_version(form: str, name: str) -> str:
    """The version that a deployment without one gets; empty where the model is unknown."""
    found = [it for it in entries().values() if (it.format, it.name) == (form, name)]
    return next((it.version for it in found if it.default), found[0].version if found else "")


def offered(region: str) -> Iterator[Entry]:
    """The models that a region lists."""
    return (it for it in entries().values() if it.offered(region))
