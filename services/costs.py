"""What Cost Management has booked of one subscription, day by day.

A question may group by two dimensions only. So it is first asked which kinds of charge there are,
then for each of them what it was by day, resource and meter; the sums have to agree. Nothing is
left out by service: what nobody can be charged with has to be seen all the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from azure.core.rest import HttpRequest, HttpResponse

from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, e8, needed, real
from services.pipeline import ASKING_BY_POST

VERSION = "2025-03-01"
AMORTIZED, ACTUAL = "amortized", "actual"
TYPES = {AMORTIZED: "AmortizedCost", ACTUAL: "ActualCost"}
PURCHASE, UNUSED = "Purchase", "UnusedReservation"
CENT = 1_000_000
Grain = Literal["Daily", "None"]


@dataclass(frozen=True)
class Asked:
    """One question: what is summed by what."""

    view: str
    grouped: tuple[str, str]
    grain: Grain = "Daily"
    only: tuple[tuple[str, str | Sequence[str]], ...] = ()
    """Dimensions and the values that are let through."""


def days(
    azure: Azure,
    subscription: str,
    first: datetime,
    end: datetime,
    services: Sequence[str] = (),
) -> list[Row]:
    """Frame BOOKED_DAYS (without seen_at) from the day of first to before end, of all services or
    of these.

    AmortizedCost by kind of charge, and the purchases of ActualCost, which are never to be summed
    with it. The rows of what a reservation covers do not say which; those of what was left unused
    do, and have no resource. Calls: 3, and one for each kind of charge, each page one. Raises
    Throttled with the pause that Cost Management wants, and Forbidden without Cost Management
    Reader on the subscription.
    """
    about = _Stretch(azure, subscription.lower(), first, end, tuple(services))
    with translated(f"Asking for the costs of subscription {subscription}"):
        rows = [row for kind in _kinds(about) for row in _of_kind(about, *kind)]
        rows += _purchases(about)
        return list(_named(about, rows)) if rows else []


@dataclass(frozen=True, eq=False)
class _Stretch:
    azure: Azure
    subscription: str
    first: datetime
    end: datetime
    services: tuple[str, ...]

    def asked(self, question: Asked) -> list[Json]:
        """The rows of an answer by column, names in lower case; a row that two pages repeat is
        there once."""
        path = f"/subscriptions/{self.subscription}/providers/Microsoft.CostManagement/query"
        url = f"{self.azure.cloud.manager}{path}?api-version={VERSION}"
        body = self._body(question)
        found: dict[tuple[Any, ...], Json] = {}
        seen = set[str]()
        while url:
            if url in seen or len(seen) > arm.MOST_PAGES:
                raise ValueError("the pages do not end")
            seen.add(url)
            page = self._page(url, body)
            for row in _by_name(page):
                found[tuple(it for name, it in row.items() if name not in _MEASURES)] = row
            url = page.get("nextLink") or ""
        return list(found.values())

    def _page(self, url: str, body: Json) -> Json:
        request = HttpRequest("POST", url, json=body)
        send = self.azure.costs(self.subscription).send_request
        response: HttpResponse = send(request, retry_on_methods=ASKING_BY_POST)
        if response.status_code == 204:
            return {"columns": [], "rows": []}
        properties: Json = arm.exactly(response)["properties"]
        return properties

    def _body(self, question: Asked) -> Json:
        only = list(question.only)
        if self.services:
            only.append(("ServiceName", self.services))
        dataset: Json = {
            "aggregation": {
                "totalCost": {"name": "Cost", "function": "Sum"},
                "quantity": {"name": "UsageQuantity", "function": "Sum"},
            },
            "grouping": [{"type": "Dimension", "name": it} for it in question.grouped],
        }
        if question.grain == "Daily":
            dataset["granularity"] = question.grain
        if terms := [_term(name, told) for name, told in only]:
            dataset["filter"] = terms[0] if len(terms) == 1 else {"and": terms}
        last = self.end - timedelta(days=1)
        period = {"from": f"{self.first:%Y-%m-%dT00:00:00Z}", "to": f"{last:%Y-%m-%dT23:59:59Z}"}
        kind = TYPES[question.view]
        return {"type": kind, "timeframe": "Custom", "timePeriod": period, "dataset": dataset}


_MEASURES = frozenset({"cost", "usagequantity"})


def _term(name: str, told: str | Sequence[str]) -> Json:
    values = [told] if isinstance(told, str) else list(told)
    return {"dimensions": {"name": name, "operator": "In", "values": values}}


def _by_name(page: Json) -> Iterator[Json]:
    names = [needed(it["name"]).lower() for it in page["columns"]]
    for row in page["rows"]:
        yield dict(zip(names, row, strict=True))


def _kinds(about: _Stretch) -> list[tuple[str, str, bool, int]]:
    """Charge type, pricing model, whether the model tells it from others of its type, and what it
    all cost."""
    found = about.asked(Asked(AMORTIZED, ("ChargeType", "PricingModel"), "None"))
    sums: dict[tuple[str, str], int] = {}
    for it in found:
        kind = (it["chargetype"] or "", it["pricingmodel"] or "")
        sums[kind] = sums.get(kind, 0) + (e8(it["cost"]) or 0)
    types = [charge for charge, _ in sums]
    return [(*kind, types.count(kind[0]) > 1, total) for kind, total in sorted(sums.items())]


def _of_kind(
    about: _Stretch, charge: str, pricing: str, several: bool, total: int
) -> Iterator[Row]:
    only = (("ChargeType", charge), *([("PricingModel", pricing)] if several else []))
    by = "ReservationId" if charge == UNUSED else "ResourceId"
    answer = about.asked(Asked(AMORTIZED, (by, "MeterId"), only=only))
    rows = list(_rows(about, answer, AMORTIZED, charge, pricing))
    booked = sum(row["cost_e8"] for row in rows)
    if abs(booked - total) > CENT + abs(total) // 1_000_000_000:
        raise ValueError(f"{charge} {pricing}: the days cost {booked}, together {total}")
    yield from rows


def _purchases(about: _Stretch) -> list[Row]:
    only = (("ChargeType", PURCHASE),)
    answer = about.asked(Asked(ACTUAL, ("ReservationId", "MeterId"), only=only))
    return list(_rows(about, answer, ACTUAL, PURCHASE, ""))


def _rows(
    about: _Stretch, answer: list[Json], view: str, charge: str, pricing: str
) -> Iterator[dict[str, Any]]:
    """One row for each day, resource and meter: ids that differ in case only are one."""
    sums: dict[tuple[Any, ...], list[Any]] = {}
    for it in answer:
        place = [_folded(it.get(name)) for name in ("resourceid", "meterid", "reservationid")]
        key = (_day(it["usagedate"]), *place, needed(it["currency"]).upper())
        so_far = sums.setdefault(key, [0, None])
        so_far[0] += e8(it["cost"]) or 0
        if (quantity := real(it.get("usagequantity"))) is not None:
            so_far[1] = (so_far[1] or 0.0) + quantity
    for (day, resource, meter, reservation, currency), (cost, quantity) in sums.items():
        yield {
            "day": day,
            "subscription": about.subscription,
            "resource": resource,
            "meter_id": meter,
            "view": view,
            "charge": charge,
            "pricing": pricing,
            "reservation": reservation,
            "quantity": quantity,
            "cost_e8": cost,
            "currency": currency,
        }


def _named(about: _Stretch, rows: list[Row]) -> Iterator[Row]:
    """Rows with the names of their meters and services, as far as Cost Management gives one."""
    told: dict[str, dict[str, str]] = {"meter": {}, "servicename": {}}
    for column, dimension in (("meter", "Meter"), ("servicename", "ServiceName")):
        for it in about.asked(Asked(AMORTIZED, ("MeterId", dimension), "None")):
            if it[column]:
                told[column].setdefault(_folded(it["meterid"]), it[column])
    for row in rows:
        meter = str(row["meter_id"])
        yield {
            **row,
            "meter": told["meter"].get(meter) if meter else None,
            "service": told["servicename"].get(meter) if meter else None,
        }


def _folded(value: object) -> str:
    return str(value or "").strip().rstrip("/").lower()


def _day(value: object) -> datetime:
    """20261118, as a number or as the beginning of a text."""
    digits = str(value).replace("-", "")[:8]
    if isinstance(value, Decimal) or not digits.isdigit():
        raise ValueError(f"not a day: {value!r}")
    return datetime.strptime(digits, "%Y%m%d").replace(tzinfo=UTC)
