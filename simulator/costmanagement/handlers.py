"""What Cost Management is asked and answers."""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from simulator import chance
from simulator.arm import Answer, Call, offset
from simulator.costmanagement import budgets as kept
from simulator.costmanagement import questions
from simulator.costmanagement.faults import no_budget
from simulator.costmanagement.questions import Question
from simulator.costmanagement.rows import DIMENSIONS, Row
from simulator.costmanagement.state import VIEWS
from simulator.faults import Json
from simulator.retail import tariff

TIMES_A_PAGE = 50
QPU = "x-ms-ratelimit-microsoft.costmanagement-qpu"
ACTUAL_COLUMN = {"name": "CostStatus", "type": "String"}
CURRENCY = {"name": "Currency", "type": "String"}
Values = list[object]


def query(call: Call) -> Answer:
    """A page of sums; nextLink has to be asked by POST with the same question. 204: nothing."""
    asked = questions.parsed(call.json(), call.world.now, lambda row: _tags(call, row))
    rows = _grouped(call, asked)
    if not rows:
        return Answer(204, headers=_headers(asked))
    return Answer(200, _page(call, _columns(asked), rows), _headers(asked))


def _grouped(call: Call, asked: Question) -> list[Values]:
    """One row for each date and group, in the order of dates."""
    world, subscription = call.world, call.names["subscription"]
    sums: dict[tuple[object, ...], list[Decimal]] = defaultdict(
        lambda: [Decimal(0)] * len(asked.measures)
    )
    for row in world.ledger.rows(subscription, asked.first, asked.last, world.now, asked.kind):
        if asked.test(row):
            key = (*_date(row, asked.grain), *_group(call, row, asked), row.currency)
            so_far = sums[key]
            for at, name in enumerate(asked.measures):
                so_far[at] += _measure(row, name.lower())
    order = sorted(sums, key=lambda key: [str(it) for it in key])
    return [[*map(_number, sums[key]), *key] for key in order]


def _measure(row: Row, name: str) -> Decimal:
    if name == "usagequantity":
        return row.quantity
    return row.cost / (tariff.rate(row.currency) or 1) if name == "costusd" else row.cost


def _date(row: Row, grain: str) -> tuple[object, ...]:
    if grain == "daily":
        return (int(f"{row.day:%Y%m%d}"),)
    return (f"{row.day:%Y-%m-01T00:00:00}",) if grain == "monthly" else ()


def _group(call: Call, row: Row, asked: Question) -> list[str]:
    found = list[str]()
    for kind, name in asked.dimensions:
        if kind == "tagkey":
            found += [name, _tags(call, row).get(name.lower(), "")]
        else:
            found.append(DIMENSIONS[name.lower()](row))
    return found


def _tags(call: Call, row: Row) -> dict[str, str]:
    """The tags of the resource itself; those of a deployment never reach the bill."""
    account = call.world.accounts.accounts.get(row.resource)
    return {key.lower(): it for key, it in ((account.tags if account else None) or {}).items()}


def _number(value: Decimal) -> float | int:
    """As the wire has it: up to 8 decimals, and a whole 0 among them."""
    rounded = round(value, 8)
    return int(rounded) if rounded == 0 else float(rounded)


def _columns(asked: Question) -> list[Json]:
    found: list[Json] = [{"name": it, "type": "Number"} for it in asked.measures]
    dates = {
        "daily": [{"name": "UsageDate", "type": "Number"}],
        "monthly": [{"name": "BillingMonth", "type": "Datetime"}],
    }
    found += dates.get(asked.grain, [])
    for kind, name in asked.dimensions:
        names = ("TagKey", "TagValue") if kind == "tagkey" else (name,)
        found += [{"name": it, "type": "String"} for it in names]
    return [*found, CURRENCY]


def _page(call: Call, columns: list[Json], rows: list[Values]) -> Json:
    size, first = call.world.settings.page_size * TIMES_A_PAGE, offset(call)
    more = None
    if first + size < len(rows):
        asked = {key: it for key, it in call.args.items() if key.lower() != "$skiptoken"}
        more = call.url(call.path, **asked, **{"$skiptoken": str(first + size)})
    name = chance.guid("query", call.path, call.data, call.world.now)
    return {
        "id": f"{call.path.strip('/')}/{name}",
        "name": name,
        "type": "Microsoft.CostManagement/query",
        "location": None,
        "sku": None,
        "eTag": None,
        "properties": {"nextLink": more, "columns": columns, "rows": rows[first : first + size]},
    }


def _headers(asked: Question) -> dict[str, str]:
    """What a question cost: one unit for each month of data."""
    months = (asked.last.year - asked.first.year) * 12 + asked.last.month - asked.first.month + 1
    left = {"PerHour": 600, "PerMin": 60, "Per10Sec": 12}
    words = ",".join(f"Queries{it}:{most - months}" for it, most in left.items())
    return {f"{QPU}-consumed": str(months), f"{QPU}-remaining": words}


def forecast(call: Call) -> Answer:
    """The days of a period: what was booked, then the mean of the same weekdays before."""
    body, now = call.json(), call.world.now
    first, last = questions.custom(body.get("timePeriod") or {})
    kind = str(body.get("type", "ActualCost")).lower()
    kind = kind if kind in VIEWS else "actualcost"
    subscription = call.names["subscription"]
    sums: dict[datetime, Decimal] = defaultdict(Decimal)
    known = call.world.ledger.rows(subscription, now - timedelta(days=35), now, now, kind)
    for row in known:
        sums[row.day] += row.cost
    rows = _forecast(first, last, sums, body, call.world.books.terms.currency(subscription.lower()))
    columns: list[Json] = [
        {"name": "Cost", "type": "Number"},
        {"name": "UsageDate", "type": "Number"},
        ACTUAL_COLUMN,
        CURRENCY,
    ]
    return Answer(200, _page(call, columns, rows)) if rows else Answer(204)


def _forecast(
    first: datetime, last: datetime, sums: dict[datetime, Decimal], body: Json, currency: str
) -> list[Values]:
    rows, day = list[Values](), first.astimezone(UTC).replace(hour=0, minute=0, second=0)
    newest = max(sums, default=first)
    while day <= last:
        booked = day < newest
        if not booked or body.get("includeActualCost", True):
            alike = [it for at, it in sums.items() if at.weekday() == day.weekday() and at < newest]
            mean = sum(alike, Decimal(0)) / max(1, len(alike))
            value = sums.get(day, Decimal(0)) if booked else mean
            words = "Actual" if booked else "Forecast"
            rows.append([_number(value), int(f"{day:%Y%m%d}"), words, currency])
        day += timedelta(days=1)
    return rows


def budgets(call: Call) -> Answer:
    """The budgets of a subscription."""
    found = kept.of(call.world, call.names["subscription"])
    return Answer(200, {"value": found, "nextLink": None})


def budget(call: Call) -> Answer:
    found = kept.of(call.world, call.names["subscription"])
    name = call.names["budget"].lower()
    one = next((it for it in found if it["name"].lower() == name), None)
    if one is None:
        raise no_budget(call.last)
    return Answer(200, one)
