"""What a meter counts: which model, where, on what terms, which bucket.

The model list names meters by id, and that is taken first. The names of the price list are too
inconsistent to be parsed in earnest (Azure APIs, 7.1), so a name only ever makes a suggestion,
which prices nothing until a person has reviewed it; a name that can be read in two ways makes none.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd

from domain import skus
from domain.costs import METERS, Bucket
from domain.frames import frame, records

SUGGESTED = "suggested"
LISTED = "listed"
REVIEWED = "reviewed"
_SCOPES = {skus.GLOBAL: "global", skus.ZONE: "datazone", skus.REGION: "regional"}


def scope_of(sku: str | None) -> str:
    """global, datazone or regional; "" for an SKU that is new to us."""
    return _SCOPES.get(skus.family(sku).scope, "")


def mode_of(sku: str | None) -> str:
    """tokens or ptu; other for what is billed in another way or not known."""
    family = skus.family(sku)
    if family.provisioned:
        return "ptu"
    return "tokens" if family.billing.startswith("per token") else "other"


def tier_of(sku: str | None) -> str:
    """The tier that an SKU fixes: batch, developer, or standard where each request may choose."""
    billing = skus.family(sku).billing
    return "batch" if "batch" in billing else "developer" if "evaluation" in billing else "standard"


@dataclass(frozen=True)
class Key:
    """What a price is for."""

    model: str
    version: str
    scope: str
    region: str
    mode: str
    tier: str
    bucket: str

    def wider(self) -> Iterable["Key"]:
        """This key and those that leave the region, version or model open, narrow ones first."""
        for model, version in ((self.model, self.version), (self.model, ""), ("", "")):
            for region in (self.region, ""):
                yield Key(model, version, self.scope, region, self.mode, self.tier, self.bucket)


class Index:
    """Meters by what they count; suggestions are left out, since they price nothing."""

    def __init__(self, meters: pd.DataFrame) -> None:
        self._of: dict[Key, tuple[str, ...]] = {}
        self.keys: dict[str, Key] = {}
        named = meters[meters["source"].ne(SUGGESTED).fillna(False)]
        for it in records(named):
            key = Key(*(str(it[name] or "") for name in Key.__dataclass_fields__))
            self.keys[it["meter_id"]] = key
            self._of[key] = (*self._of.get(key, ()), it["meter_id"])

    def of(
        self, model: str, version: str, scope: str, region: str, mode: str, tier: str, bucket: str
    ) -> tuple[str, ...]:
        """The meters of the narrowest key that has any, in the order of their ids."""
        key = Key(model, version, scope, region, mode, tier, bucket)
        return next((tuple(sorted(self._of[it])) for it in key.wider() if it in self._of), ())


_COSTS = {
    "ContextToken": Bucket.INPUT,
    "NoCachedContextToken": Bucket.INPUT,
    "CachedContextToken": Bucket.CACHED,
    "GeneratedToken": Bucket.OUTPUT,
    "TotalToken": Bucket.INPUT,  # of embeddings, which generate nothing
}
"""What the models list calls a cost (Azure APIs, 3.4); Hosting is a fine-tuned model's hour, or
what a provisioned SKU is billed by."""


def listed(models: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """METERS of source "listed", from frame MODELS: a meter that is listed for two different things
    is left to be reviewed. Provisioned throughput has one meter for all models."""
    columns = ["model", "version", "sku", "region", "meters"]
    told = models[models["meters"].notna()][columns].drop_duplicates()
    keys: dict[str, set[Key]] = {}
    for it in records(told):
        for cost, meter_id in json.loads(it["meters"]).items():
            if key := _listed_key(it, cost):
                keys.setdefault(meter_id, set()).add(key)
    said = {"source": LISTED, "said_by": "the models list", "at": at}
    rows = [
        {**vars(next(iter(of))), **said, "meter_id": meter_id}
        for meter_id, of in sorted(keys.items())
        if len(of) == 1
    ]
    return frame(METERS, rows)


def _listed_key(it: dict[str, Any], cost: str) -> Key | None:
    scope, mode = scope_of(it["sku"]), mode_of(it["sku"])
    region = str(it["region"] or "") if scope == "regional" else ""
    if not scope or mode == "other":
        return None
    if cost == "Hosting":
        if mode != "ptu":
            return None
        return Key("", "", scope, region, mode, "standard", Bucket.PTU_HOURS.value)
    if mode == "ptu" or cost not in _COSTS:
        return None
    version = str(it["version"] or "")
    return Key(it["model"], version, scope, region, mode, tier_of(it["sku"]), _COSTS[cost].value)


def units(prices: pd.DataFrame) -> dict[str, int]:
    """By meter how many pieces one booked unit is: Cost Management counts in the unit that the
    price is for."""
    rows = prices[prices["kind"].eq("Consumption") & prices["per"].notna()].sort_values("starts")
    return {it["meter_id"]: int(it["per"]) for it in records(rows, columns=["meter_id", "per"])}
