"""What one new capacity does to one deployment: the rules it breaks, what it lets through, whether
it would throttle, whether it can be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isfinite
from numbers import Integral
from typing import Any

import pandas as pd

from domain import bounds, lifecycle, names, skus, tags
from domain.frames import FLAG, REAL, TEXT, WHOLE, Columns

LINES: Columns = {
    "resource": TEXT,
    "deployment": TEXT,
    "account": TEXT,
    "unit": TEXT,
    "environment": TEXT,
    "production": FLAG,
    "pool": TEXT,
    "sku": TEXT,
    "unit_words": TEXT,
    "before": WHOLE,
    "after": WHOLE,
    "change": WHOLE,
    "before_tpm": REAL,
    "after_tpm": REAL,
    "before_rpm": REAL,
    "after_rpm": REAL,
    "peak_tpm": REAL,  # the busiest minute of the last 30 days
    "peak_rpm": REAL,
    "peaks_are": TEXT,
    "headroom": REAL,  # 1 - peak / limit after, of the tighter of tokens and requests
    "would_throttle": FLAG,
    "reversible": TEXT,
    "broken": TEXT,  # the rule that it breaks; missing when it breaks none
    "warning": TEXT,
}
READ = (
    "resource", "deployment", "account", "account_id", "unit", "environment", "pool", "sku",
    "unit_words", "capacity", "capacity_min", "capacity_max", "capacity_step", "capacity_allowed",
    "unit_tpm", "unit_rpm", "peak_tpm_30d", "peak_rpm_30d", "utilization_30d", "covered_30d",
    "peaks_30d_are", "health", "etag", "idle", "standby", "fate", "lifecycle", "retires_at",
    "acts_at", "days_left", "model", "version", "usage_name",
)  # fmt: skip
"""What is read of a row of INVENTORY."""
MONTH_HOURS = 720
LARGEST = 1_000_000_000
"""Of units; beyond it a number is a slip of the finger."""
STRANGE = "This deployment is not among those you may change."


@dataclass(frozen=True)
class Change:
    """One deployment and the capacity that it is to have."""

    resource: str
    row: Mapping[str, Any]
    """READ of INVENTORY; empty for a deployment that is not there."""
    target: object
    """What was asked for, as it was typed."""
    spills: tuple[str, ...] = ()
    """Deployments whose overflow goes to it."""

    @cached_property
    def before(self) -> int | None:
        told: Any = self.row.get("capacity")
        return None if missing(told) else int(told)

    @cached_property
    def after(self) -> int | None:
        return whole(self.target)

    @cached_property
    def amount(self) -> int:
        """Units more; negative for less, 0 for what is not known."""
        if self.before is None or self.after is None:
            return 0
        return self.after - self.before

    @cached_property
    def pool(self) -> str:
        return text(self.row.get("pool"))

    @property
    def name(self) -> str:
        return names.short(self.resource)

    @cached_property
    def provisioned(self) -> bool:
        return skus.family(text(self.row.get("sku"))).provisioned

    def broken(self) -> str:
        """The first rule of its own that it breaks, in words; "" for none."""
        if not self.row:
            return STRANGE
        if self.after is None:
            return f"{_quoted(self.target)} is not a whole number of units."
        if self.before is None or not text(self.row["sku"]):
            return "What it has now is not known."
        if not self.amount:
            return ""
        return bounds.of(self.row).broken(self.after) or self._unfit()

    def _unfit(self) -> str:
        """Why nobody may change it now, whatever the number."""
        health = text(self.row["health"])
        if health != "Ready":
            return f"It is not ready but {health.lower() or 'in a state that is not known'}."
        if not text(self.row["etag"]):
            return "It was not read whole; have it read again first."
        if not self.pool:
            return "Its quota pool is not known, so nobody can say whether there is room."
        if self.amount > 0 and text(self.row["fate"]) == lifecycle.RETIRED:
            return f"{self._model} retired{self._on('retires_at')}; it takes no more capacity."
        if self.amount > 0 and text(self.row["lifecycle"]).lower() == "deprecated":
            return f"{self._model} is retired; it takes no more capacity."
        return ""

    def line(self, broken: str) -> dict[str, object]:
        """Row of LINES."""
        if not self.row:
            return {"resource": self.resource, "broken": broken}
        same = ("deployment", "account", "unit", "environment", "pool", "sku", "unit_words")
        found: dict[str, object] = {name: self.row[name] for name in same}
        found |= {f"peak_{it}": self.row[f"peak_{it}_30d"] for it in ("tpm", "rpm")}
        for name, units in (("before", self.before), ("after", self.after)):
            found[name] = units
            for it in ("tpm", "rpm"):
                found[f"{name}_{it}"] = _times(self.row[f"unit_{it}"], units)
        share = self._peak_share()
        return found | {
            "resource": self.resource,
            "production": text(self.row["environment"]) in tags.PRODUCTION,
            "change": self.amount if self.after is not None and self.before is not None else None,
            "peaks_are": self._peaks_are(),
            "headroom": None if share is None else 1 - share,
            "would_throttle": self.would_throttle(),
            "reversible": self._reversible(),
            "broken": broken or None,
            "warning": " ".join(self._warnings()) or None,
        }

    def would_throttle(self) -> bool | None:
        """Whether the busiest minute of 30 days would not fit; None when that is not known."""
        shares = self._shares()
        if any(it is not None and it > 1 for it in shares):
            return True
        return None if not shares or None in shares else False

    def _shares(self) -> list[float | None]:
        """Of the limit after, what the busiest minute would use: by tokens and by requests, as far
        as the unit counts them; None where the peak is not known."""
        if not self.after or self.after < 0:
            return []
        if self.row["idle"] is True:
            return [0.0]
        if self.provisioned:
            used = self.row["utilization_30d"]
            known = not missing(used) and self.before is not None
            return [used / 100 * self.before / self.after if known else None]
        found = []
        for what in ("tpm", "rpm"):
            unit, peak = self.row[f"unit_{what}"], self.row[f"peak_{what}_30d"]
            if not missing(unit) and unit > 0:
                found.append(None if missing(peak) else peak / (unit * self.after))
        return found

    def _peak_share(self) -> float | None:
        known = [it for it in self._shares() if it is not None]
        return max(known, default=None)

    def _peaks_are(self) -> str | None:
        are, hours = self.row["peaks_30d_are"], self.row["covered_30d"]
        if missing(are) or missing(hours) or hours >= MONTH_HOURS:
            return None if missing(are) else str(are)
        return f"{are}, of {hours // 24:,.0f} days"

    def _reversible(self) -> str | None:
        if not self.amount:
            return None
        if self.provisioned and self.amount < 0:
            return "Not for certain: others can take provisioned capacity that is given back."
        if self.amount < 0:
            return "Yes, as long as its pool still has room for it."
        return "Yes: undo gives the units back."

    def _warnings(self) -> list[str]:
        if not self.amount or self.after is None:
            return []
        said = [f"Billed per PTU-hour: {self.amount:+,} PTU."] if self.provisioned else []
        return said + (self._of_less() if self.amount < 0 else self._of_more())

    def _of_less(self) -> list[str]:
        said = []
        if self.would_throttle():
            said.append("Its busiest minute of the last 30 days would not fit: it would throttle.")
        elif self.would_throttle() is None:
            said.append("What it needs is not known: it may throttle.")
        elif "means" in text(self.row["peaks_30d_are"]):
            said.append("Its peaks are hourly means: single minutes were busier.")
        if self.row["standby"] is True:
            said.append("It is standby: its units are there for the day it is needed.")
        return said + [f"{it} spills over into it." for it in self.spills]

    def _of_more(self) -> list[str]:
        said = []
        if self.provisioned:
            said.append("Quota is not capacity: Azure may have none free.")
        left, fate = self.row["days_left"], self.row["fate"]
        if not missing(left) and 0 <= left <= lifecycle.SOON_DAYS:
            said.append(f"{self._model} {fate}{self._on('acts_at', '')}.")
        return said

    @property
    def _model(self) -> str:
        return f"{text(self.row['model'])} {text(self.row['version'])}".strip()

    def _on(self, when: str, word: str = " on") -> str:
        at = self.row[when]
        return "" if missing(at) else f"{word} {at:%Y-%m-%d}"


def whole(value: object) -> int | None:
    """A whole number of units, as far as that is one: 10 and 10.0, not 10.5, "10" or True."""
    if isinstance(value, float) and isfinite(value) and value.is_integer():
        return int(value) if abs(value) <= LARGEST else None
    if not isinstance(value, Integral) or isinstance(value, bool):
        return None
    return int(value) if abs(int(value)) <= LARGEST else None


def text(value: object) -> str:
    """A cell as text; "" for a missing one."""
    return "" if missing(value) else str(value)


def missing(value: object) -> bool:
    return value is None or bool(pd.isna(value))  # type: ignore[call-overload]


def _times(unit: Any, units: int | None) -> float | None:
    return None if missing(unit) or units is None else unit * units


def _quoted(value: object) -> str:
    told = "Nothing" if missing(value) else str(value)
    return told if len(told) <= 20 else f"{told[:20]}…"
