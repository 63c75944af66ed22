"""What Microsoft invoices for a month: what was booked by the fifth day after it, in cents.

Late charges of the month before are on it as well, since its own invoice had gone out."""

import csv
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO
from typing import TYPE_CHECKING

from simulator import chance
from simulator.costmanagement.books import month_end, total
from simulator.costmanagement.rows import Row
from simulator.faults import ArmError, Json

if TYPE_CHECKING:
    from simulator.world import World

CENT = Decimal("0.01")
TAX = Decimal("0.21")
CLOSES = timedelta(days=5)
COLUMNS = ("number", "month", "currency", "kind", "subscription", "service", "amount")


def of(world: "World", month: str) -> Json:
    """The invoices of a closed month, one for each currency. Raises 400 and 404."""
    first = _first(month)
    issued = month_end(first) + CLOSES
    if world.now < issued:
        raise ArmError(404, "NotInvoiced", f"{month} is invoiced on {issued:%Y-%m-%d}.")
    by_currency: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(world, first, issued):
        by_currency[row.currency].append(row)
    made = [_invoice(month, currency, rows) for currency, rows in sorted(by_currency.items())]
    return {"month": month, "issued": f"{issued:%Y-%m-%d}", "invoices": made}


def _first(month: str) -> datetime:
    try:
        return datetime.fromisoformat(f"{month}-01T00:00:00+00:00")
    except ValueError as error:
        raise ArmError(400, "BadOrder", f"'{month}' is not a month such as 2026-10.") from error


def _rows(world: "World", first: datetime, issued: datetime) -> list[Row]:
    before = (first - timedelta(days=1)).replace(day=1)
    found = [
        it for it in world.books.charges if it.day < before and first + CLOSES < it.seen <= issued
    ]
    for it in world.subscriptions.readable():
        asked = (it.id, first, month_end(first) - timedelta(days=1))
        found += world.ledger.rows(*asked, issued, "amortizedcost")
        late = (it.id, before, first - timedelta(days=1), issued, "amortizedcost")
        found += (row for row in world.ledger.rows(*late) if row.seen > first + CLOSES)
    return found


def _invoice(month: str, currency: str, rows: list[Row]) -> Json:
    """Lines are rounded one by one; what that makes of the whole is a line of its own."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row.subscription, row.meter.service if row.meter else "Credit"].append(row)
    lines = [
        {"subscription": key[0], "service": key[1], "amount": str(_cents(total(group)))}
        for key, group in sorted(groups.items())
    ]
    net = _cents(total(rows))
    credits = sum((Decimal(it["amount"]) for it in lines if it["service"] == "Credit"), Decimal(0))
    rounding = net - sum((Decimal(it["amount"]) for it in lines), Decimal(0))
    tax = _cents(net * TAX)
    return {
        "number": f"E{chance.number('invoice', month, currency) % 10**9:09}",
        "currency": currency,
        "lines": lines,
        "credits": str(credits),
        "rounding": str(rounding),
        "net": str(net),
        "tax": str(tax),
        "total": str(net + tax),
    }


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def as_csv(body: Json) -> str:
    """The same as a file: a row for each line, then rounding, tax and total."""
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for it in body["invoices"]:
        about = (it["number"], body["month"], it["currency"])
        for line in it["lines"]:
            kind = "credit" if line["service"] == "Credit" else "charge"
            rows.writerow((*about, kind, line["subscription"], line["service"], line["amount"]))
        for kind in ("rounding", "net", "tax", "total"):
            rows.writerow((*about, kind, "", "", it[kind]))
    return text.getvalue()
