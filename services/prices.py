"""The public price list. It is asked without a token, and tells today's prices only; what they
were before is for the store to remember."""

import re
from collections.abc import Sequence
from decimal import Decimal
from urllib.parse import quote, urlencode

from azure.core.rest import HttpRequest

from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, moment, needed, real, text

VERSION = "2023-01-01-preview"
SERVICES = ("Foundry Models", "Cognitive Services", "API Management", "Log Analytics")
"""What the estate is billed as. Azure OpenAI was Cognitive Services and became Foundry Models."""
_UNIT = re.compile(r"(\d+)\s*([KMB]|million|thousand)?\s*/?\s*([a-z ]*)", re.IGNORECASE)
_TIMES = {"": 1, "k": 1_000, "thousand": 1_000, "m": 1_000_000, "million": 1_000_000}
_TIMES |= {"b": 1_000_000_000}
_THINGS = re.compile(
    r"|tokens?|hours?|days?|months?|gb|images?|pages?|requests?|calls?|transactions?|units?|minutes?"
)


def listed(azure: Azure, currency: str, services: Sequence[str] = SERVICES) -> list[Row]:
    """Frame RETAIL: the list prices of these services in a currency, as they are today.

    Of a price in steps the first step. A unit that we do not know leaves `per` missing. The link to
    the next page is followed on the list's own host only. Raises as arm.collected() does,
    translated.
    """
    origin = azure.cloud.prices
    asked = {
        "api-version": VERSION,
        "currencyCode": f"'{currency}'",
        "$filter": " or ".join(f"serviceName eq '{it}'" for it in services),
    }
    url = f"{origin}/api/retail/prices?{urlencode(asked, quote_via=quote)}"
    with translated(f"Reading the price list in {currency}"):
        items = arm.collected(_page(azure, url), lambda it: _page(azure, it), "Items", ENDS)
        return [row for it in items if (row := _row(it, currency))]


ENDS = "NextPageLink"


def _page(azure: Azure, url: str) -> Json:
    return arm.exactly(azure.prices().send_request(HttpRequest("GET", url)))


def _row(it: Json, currency: str) -> Row | None:
    price = it.get("retailPrice", it.get("unitPrice"))
    if price is None or (real(it.get("tierMinimumUnits")) or 0.0) > 0:
        return None
    unit = text(it.get("unitOfMeasure"))
    return {
        "meter_id": needed(it["meterId"]).lower(),
        "currency": (text(it.get("currencyCode")) or currency).upper(),
        "kind": text(it.get("type")) or "",
        "term": text(it.get("reservationTerm")) or "",
        "region": (text(it.get("armRegionName")) or "").lower(),
        "meter": text(it.get("meterName")),
        "product": text(it.get("productName")),
        "sku_name": text(it.get("skuName")),
        "service": text(it.get("serviceName")),
        "unit": unit,
        "per": per(unit),
        "price": _decimal(price),
        "starts": moment(text(it.get("effectiveStartDate"))),
    }


def per(unit: str | None) -> int | None:
    """How many of what is counted a price is for: 1K is 1000, 1 Hour is 1; None for a unit that we
    cannot read."""
    found = _UNIT.fullmatch((unit or "").strip())
    if not found or not _THINGS.fullmatch(found[3].strip().lower()):
        return None
    return int(found[1]) * _TIMES[(found[2] or "").lower()]


def _decimal(value: object) -> str:
    amount = Decimal(str(value))
    if isinstance(value, bool) or not amount.is_finite():
        raise ValueError(f"not a price: {value!r}")
    return f"{amount:f}"
