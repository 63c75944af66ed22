"""The price list as it reads at a moment: what a price was before does not stand in it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from simulator import chance, regions
from simulator.faults import Json
from simulator.retail import tariff
from simulator.retail.tariff import Meter

MONTHS = {"P1M": "1 Month", "P1Y": "1 Year"}
ELSEWHERE = ("westeurope", "francecentral")


def items(anchor: datetime, now: datetime, currency: str) -> tuple[Json, ...]:
    """Every item as of now; the same objects each time, so never to be written to."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return _items(anchor, day, currency)


@lru_cache(maxsize=8)
def _items(anchor: datetime, day: datetime, currency: str) -> tuple[Json, ...]:
    found = list[Json]()
    for meter in tariff.listed():
        found += _of(meter, anchor, day, currency)
    return tuple(sorted(found, key=lambda it: (it["skuId"], it["type"], it["armRegionName"])))


def _of(meter: Meter, anchor: datetime, day: datetime, currency: str) -> Iterator[Json]:
    price, starts = tariff.price(meter, day, anchor, currency), _starts(meter, anchor, day)
    home = meter.region or "eastus2"
    yield _item(meter, home, currency, price, starts)
    if not meter.region and meter.scope == "global":
        for region in ELSEWHERE:
            yield _item(meter, region, currency, price, starts) | {"isPrimaryMeterRegion": False}
    if meter.mode == "ptu":
        for term, words in MONTHS.items():
            fee = tariff.fee(meter.scope, term, currency)
            row = _item(meter, home, currency, fee, starts)
            yield row | {"type": "Reservation", "reservationTerm": words}


def _starts(meter: Meter, anchor: datetime, day: datetime) -> datetime:
    """Since when it is so: the last change, else the first of a month long ago."""
    past = [moment for moment, _ in tariff.changed(meter, anchor) if moment <= day]
    if past:
        return max(past)
    days = 150 + int(chance.share("listed", meter.model, meter.scope) * 300)
    return (anchor - timedelta(days=days)).replace(day=1)


def _item(meter: Meter, region: str, currency: str, price: Decimal, starts: datetime) -> Json:
    product = chance.guid("product", meter.product).replace("-", "")[:12].upper()
    sku = chance.guid("sku", meter.id, region).replace("-", "")[:4].upper()
    return {
        "currencyCode": currency,
        "tierMinimumUnits": 0.0,
        "retailPrice": float(price),
        "unitPrice": float(price),
        "armRegionName": region,
        "location": _place(region),
        "effectiveStartDate": f"{starts:%Y-%m-%dT00:00:00Z}",
        "meterId": meter.id,
        "meterName": meter.name,
        "productId": product,
        "skuId": f"{product}/{sku}",
        "productName": meter.product,
        "skuName": meter.sku,
        "serviceName": meter.service,
        "serviceId": chance.guid("service", meter.service).replace("-", "")[:12].upper(),
        "serviceFamily": "AI + Machine Learning" if meter.mode else "Management and Governance",
        "unitOfMeasure": meter.unit,
        "type": "Consumption",
        "isPrimaryMeterRegion": True,
        "armSkuName": "",
    }


def _place(region: str) -> str:
    """The list's own spelling of a region: 'EU West', and 'US East 2' before 'East US 2'."""
    display = regions.REGIONS[region].display
    europe = {"West Europe": "EU West", "North Europe": "EU North", "Sweden Central": "SE Central"}
    if display in europe:
        return europe[display]
    parts = display.split(" US")
    return f"US {parts[0]}{parts[1]}" if len(parts) == 2 else display
