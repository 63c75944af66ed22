"""The bill in the FinOps Open Cost and Usage Specification, version 1.3, with its columns for the
split of shared cost (https://focus.finops.org, dataset "Cost and Usage").

The console is the generator of the split: a row that is a share of another charge names the method
and, as JSON, its ratio. Costs are of the dealt cents, so that their sum is the bill.
"""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pandas as pd

from domain import months
from domain.costs import E8, TOKENS, Bucket, Line, Method
from domain.frames import TEXT, TIME, Columns, frame, records
from domain.units import Tree

FOCUS: Columns = {
    "AllocatedMethodDetails": TEXT,
    "AllocatedMethodId": TEXT,
    "AllocatedResourceId": TEXT,
    "AllocatedResourceName": TEXT,
    "AllocatedTags": TEXT,
    "BilledCost": TEXT,
    "BillingAccountId": TEXT,
    "BillingAccountName": TEXT,
    "BillingAccountType": TEXT,
    "BillingCurrency": TEXT,
    "BillingPeriodEnd": TIME,
    "BillingPeriodStart": TIME,
    "ChargeCategory": TEXT,
    "ChargeClass": TEXT,
    "ChargeDescription": TEXT,
    "ChargeFrequency": TEXT,
    "ChargePeriodEnd": TIME,
    "ChargePeriodStart": TIME,
    "CommitmentDiscountStatus": TEXT,
    "ConsumedQuantity": TEXT,
    "ConsumedUnit": TEXT,
    "ContractedCost": TEXT,
    "EffectiveCost": TEXT,
    "HostProviderName": TEXT,
    "InvoiceIssuerName": TEXT,
    "ListCost": TEXT,
    "PricingQuantity": TEXT,
    "PricingUnit": TEXT,
    "ProviderName": TEXT,
    "PublisherName": TEXT,
    "ResourceId": TEXT,
    "ServiceCategory": TEXT,
    "ServiceName": TEXT,
    "ServiceProviderName": TEXT,
    "SkuId": TEXT,
    "SkuMeter": TEXT,
    "SubAccountId": TEXT,
    "SubAccountType": TEXT,
    "Tags": TEXT,
    "x_Unit": TEXT,
    "x_Line": TEXT,
    "x_Basis": TEXT,
    "x_Rule": TEXT,
    "x_OfMonth": TEXT,
}
_MICROSOFT = "Microsoft"
_SPLIT = {it.value for it in Method} - {Method.DIRECT.value, Method.NONE.value}
_STATUS = {Line.PTU_RESERVED.value: "Used", Line.UNUSED.value: "Unused"}
_UNITS = {Bucket.HOUR: "Hours", Bucket.PTU_HOURS: "PTU Hours", Bucket.PTU_USED: "PTU Hours"}


def rows(charges: pd.DataFrame, month: str, currency: str, tree: Tree) -> pd.DataFrame:
    """FOCUS, a row per charge in the same order; the sum of BilledCost is the bill."""
    ratios = _ratios(charges)
    told = zip(records(charges), ratios, strict=True)
    return frame(FOCUS, [_row(it, ratio, month, currency, tree) for it, ratio in told])


def _row(
    it: dict[str, Any], ratio: Decimal | None, month: str, currency: str, tree: Tree
) -> dict[str, object]:
    cost = f"{Decimal(int(it['cents'])) / 100:.2f}"
    day = it["day"] if _known(it["day"]) else months.first(month)
    end = day + timedelta(days=1) if _known(it["day"]) else months.end(month)
    quantity, unit = _quantity(it)
    adjusted = it["line"] == Line.ADJUSTMENT
    return {
        **_allocated(it, ratio, quantity, unit, tree),
        "BilledCost": cost,
        "EffectiveCost": cost,
        "ContractedCost": cost,
        "ListCost": _list_cost(it, cost),
        "BillingAccountId": it["subscription"] if _known(it["subscription"]) else "unknown",
        "BillingAccountName": None,
        "BillingAccountType": "Subscription",
        "BillingCurrency": currency,
        "BillingPeriodStart": months.first(month),
        "BillingPeriodEnd": months.end(month),
        "ChargePeriodStart": day,
        "ChargePeriodEnd": end,
        "ChargeCategory": "Adjustment" if adjusted else "Usage",
        "ChargeClass": "Correction" if _known(it["of_month"]) and it["of_month"] else None,
        "ChargeDescription": _description(it),
        "ChargeFrequency": "One-Time" if adjusted else "Usage-Based",
        "CommitmentDiscountStatus": _STATUS.get(it["line"]),
        "ConsumedQuantity": None if adjusted else quantity,
        "ConsumedUnit": None if adjusted else unit,
        "PricingQuantity": None if adjusted else quantity,
        "PricingUnit": None if adjusted else unit,
        "HostProviderName": _MICROSOFT,
        "InvoiceIssuerName": _MICROSOFT,
        "ProviderName": _MICROSOFT,
        "PublisherName": _MICROSOFT,
        "ServiceProviderName": _MICROSOFT,
        "ServiceCategory": "Other" if it["line"] == Line.SHARED else "AI and Machine Learning",
        "ServiceName": "Shared services" if it["line"] == Line.SHARED else "Foundry Models",
        "ResourceId": it["resource"] or None if _known(it["resource"]) else None,
        "SkuId": it["meter_id"] or None if _known(it["meter_id"]) else None,
        "SkuMeter": it["meter"] or None if _known(it["meter"]) else None,
        "SubAccountId": it["subscription"] or None if _known(it["subscription"]) else None,
        "SubAccountType": "Subscription",
        "Tags": json.dumps({"unit": it["unit"]}),
        "x_Unit": it["unit"],
        "x_Line": it["line"],
        "x_Basis": it["basis"],
        "x_Rule": str(it["rule"]) if _known(it["rule"]) else None,
        "x_OfMonth": it["of_month"],
    }


def _allocated(
    it: dict[str, Any], ratio: Decimal | None, quantity: str | None, unit: str | None, tree: Tree
) -> dict[str, object]:
    """The columns of the split; all missing where the charge is nobody's share."""
    if ratio is None:
        return {}
    element: dict[str, object] = {"AllocatedRatio": float(ratio)}
    if quantity is not None:
        element |= {"UsageQuantity": float(quantity), "UsageUnit": unit}
    return {
        "AllocatedMethodId": it["method"],
        "AllocatedMethodDetails": json.dumps({"Elements": [element]}),
        "AllocatedResourceId": it["unit"],
        "AllocatedResourceName": tree.name(it["unit"]),
        "AllocatedTags": json.dumps({"unit": it["unit"]}),
    }


def _ratios(charges: pd.DataFrame) -> list[Decimal | None]:
    """By row its share of what was split: the source is the resource and meter on its day."""
    keys = ["day", "line", "resource", "meter_id", "bucket", "tier"]
    amounts = charges["amount_e8"].astype("Float64")
    whole = amounts.groupby([charges[it] for it in keys], dropna=False).transform("sum")
    split = charges["method"].isin(_SPLIT).fillna(False)
    shares = (amounts / whole.where(whole.ne(0))).where(split)
    return [
        (None if not of else Decimal(0) if pd.isna(it) else Decimal(str(round(it, 8))))
        for it, of in zip(shares.tolist(), split.tolist(), strict=True)
    ]


def _quantity(it: dict[str, Any]) -> tuple[str | None, str | None]:
    if not _known(it["quantity"]) or not _known(it["bucket"]):
        return None, None
    unit = "Tokens" if it["bucket"] in TOKENS else _UNITS.get(it["bucket"], "Units")
    return f"{Decimal(str(it['quantity'])).normalize():f}", unit


def _list_cost(it: dict[str, Any], cost: str) -> str:
    """At the list price where both prices are known; what was paid where they are not."""
    if not (_known(it["price"]) and _known(it["list_price"])) or not it["price"]:
        return cost
    listed = Decimal(int(it["amount_e8"])) * Decimal(str(it["list_price"])) / E8
    return f"{listed / Decimal(str(it['price'])):.8f}"


def _description(it: dict[str, Any]) -> str:
    said = [it[name] for name in ("meter", "model", "bucket", "cause") if _known(it[name])]
    return ", ".join(text for text in said if text) or str(it["line"]).replace("_", " ")


def _known(value: Any) -> bool:
    return value is not None and value is not pd.NA and value == value
