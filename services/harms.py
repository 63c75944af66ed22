"""What content filters found and blocked, by the day, as Azure's metrics count it.

Harmful is what was found, whatever was done about it; blocked is what was refused. One request may
count under several categories, so that they do not add up to requests. Source: docs of azure-apis,
section 5; the spelling of the dimensions' values is assumed to be that of policies.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from domain import names
from domain.filter_words import folded
from domain.frames import Row
from services import timeseries
from services.azure import Azure
from services.faults import translated
from services.metrics import EACH, MEANING
from services.timeseries import Batch, Line, Question, summed

TOTAL, HARMFUL, BLOCKED = "total", "harmful", "blocked"
_WHAT = {
    "raitotalrequests": TOTAL,
    "raiharmfulrequests": HARMFUL,
    "rairejectedrequests": BLOCKED,
}
_BY_CATEGORY = f"{EACH} and TextType eq '*' and Category eq '*'"
_QUESTIONS = (
    Question(["RAITotalRequests"], "total", "P1D", EACH, whole=True),
    Question(["RAIRejectedRequests"], "total", "P1D", _BY_CATEGORY, whole=True),
    Question(
        ["RAIHarmfulRequests"], "total", "P1D", f"{_BY_CATEGORY} and Severity eq '*'", whole=True
    ),
)
_DAY = 10
"""Characters of a time stamp up to the day."""

Key = tuple[str, str, str, str, str]
"""Resource, what, category, direction, severity."""


def days(
    azure: Azure,
    subscription: str,
    region: str,
    account_ids: Sequence[str],
    first: datetime,
    end: datetime,
) -> list[Row]:
    """Frame HARM_DAYS (without seen_at) of the deployments of these accounts, which share
    subscription and region, from the day of first to before end.

    3 calls for every 50 accounts, however many days. A total of zero has a row, and a day without
    a total is not known; harmful and blocked requests have rows only where there were any. Raises
    as metrics.hours(), and Unintelligible where Azure could not tell one of the metrics.
    """
    begin = first.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    plain = names.region(region) or region
    rows: list[Row] = []
    with translated(f"Reading what was blocked in {plain}, subscription {subscription}", MEANING):
        for ids in timeseries.groups(names.folded(it) for it in account_ids):
            batch = Batch(subscription, plain, ids, begin, end)
            found: dict[Key, dict[str, float]] = {}
            for question in _QUESTIONS:
                for line in timeseries.asked(azure, batch, question):
                    values = found.setdefault(_key(line), {})
                    summed(values, line.points, "total", _DAY, float.__add__)
            rows += _rows(found, batch)
    return rows


def _key(line: Line) -> Key:
    what = _WHAT[line.metric]
    if what == TOTAL:
        return line.resource, what, "", "", ""
    category, direction = (folded(line.named.get(it) or "") for it in ("category", "texttype"))
    severity = folded(line.named.get("severity") or "")
    return line.resource, what, category, direction, severity


def _rows(found: dict[Key, dict[str, float]], batch: Batch) -> Iterator[Row]:
    for (resource, what, category, direction, severity), values in found.items():
        for stamp, requests in values.items():
            day = datetime.fromisoformat(f"{stamp}T00:00:00+00:00")
            if batch.start <= day < batch.end and (requests or what == TOTAL):
                yield {
                    "day": day,
                    "resource": resource,
                    "subscription": batch.subscription.lower(),
                    "what": what,
                    "category": category,
                    "direction": direction,
                    "severity": severity,
                    "requests": requests,
                }
