"""Azure Monitor's batch questions as time series: one line per deployment, metric and status.

The answer is read raw: the SDK's own results drop the resource id and the error code, and take
about ten times as long to build.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlencode

from services import arm
from services.azure import Azure
from services.fields import Json
from services.pipeline import ASKING_BY_POST

log = logging.getLogger(__name__)

VERSION = "2024-02-01"
NAMESPACE = "Microsoft.CognitiveServices/accounts"
MOST_RESOURCES = 50
"""In one batch; they must share subscription and region."""
TOP = 100_000
"""Series per metric and resource. Without it a filtered question keeps ten, and does not say so."""


@dataclass(frozen=True)
class Question:
    """What is asked of every resource of a batch."""

    metrics: Sequence[str]
    aggregations: str
    """total, average, maximum; several joined by commas."""
    interval: str
    """PT1M, PT1H or P1D."""
    filter: str
    whole: bool = False
    """Whether a metric that one resource could not tell makes the answer worthless: where no line
    means that nothing was counted."""


@dataclass(frozen=True)
class Line:
    """One time series."""

    resource: str
    """Folded id of the deployment."""
    metric: str
    """In lower case, as all names of metrics and dimensions, whose case varies."""
    status: str
    """HTTP status, "" where the question does not split by it."""
    points: list[Json]
    """{"timeStamp": "2026-01-05T09:00:00Z", "total": 5.0}; a missing aggregation is no data."""
    named: dict[str, str] = field(default_factory=dict)
    """All dimensions that the question splits by, in lower case as they come."""


@dataclass(frozen=True)
class Batch:
    """Whom, and about which time."""

    subscription: str
    region: str
    accounts: Sequence[str]
    """At most MOST_RESOURCES folded ids."""
    start: datetime
    end: datetime


def asked(azure: Azure, batch: Batch, question: Question) -> Iterator[Line]:
    """The lines of one batch, in one call.

    Raises as arm.read() does, and LookupError, ValueError, TypeError and AttributeError for an
    answer that is not as documented.
    """
    origin = azure.cloud.metrics_origin(batch.region)
    path = f"/subscriptions/{quote(batch.subscription)}/metrics:getBatch"
    url = f"{origin}{path}?{urlencode(_query(batch, question), safe=',')}"
    send, body = azure.metrics(batch.region).send_request, {"resourceids": list(batch.accounts)}
    answer = arm.posted(send, url, body, retry_on_methods=ASKING_BY_POST)
    for value in answer["values"]:
        yield from _lines(value, whole=question.whole)


def _query(batch: Batch, question: Question) -> dict[str, str]:
    return {
        "api-version": VERSION,
        "starttime": stamp(batch.start),
        "endtime": stamp(batch.end),
        "interval": question.interval,
        "metricnamespace": NAMESPACE,
        "metricnames": ",".join(question.metrics),
        "aggregation": question.aggregations,
        "top": str(TOP),
        "filter": question.filter,
    }


def _lines(value: Json, *, whole: bool) -> Iterator[Line]:
    account = value["resourceid"].strip().lower()
    for metric in value["value"]:
        name = metric["name"]["value"].lower()
        if metric.get("errorCode", "Success") != "Success":
            log.warning("%s of %s: %.200r", name, account, metric["errorCode"])
            if whole:
                raise ValueError("a metric is missing")
            continue
        for series in metric["timeseries"]:
            named = {
                it["name"]["value"].lower(): it["value"] for it in series.get("metadatavalues", ())
            }
            if deployment := (named.get("modeldeploymentname") or "").lower():
                resource = f"{account}/deployments/{deployment}"
                yield Line(resource, name, named.get("statuscode") or "", series["data"], named)


def groups(accounts: Iterable[str]) -> Iterator[list[str]]:
    """Accounts in groups that one batch may hold."""
    ids = sorted(set(accounts))
    for first in range(0, len(ids), MOST_RESOURCES):
        yield ids[first : first + MOST_RESOURCES]


def stamp(at: datetime) -> str:
    """A time as Azure Monitor writes and reads it, to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def literal(value: str) -> str:
    """A value inside a filter; brackets are escaped twice, as Azure Monitor's grammar wants it."""
    return "".join(quote(quote(it)) if it in "()" else it for it in value.replace("'", "''"))


def summed(
    found: dict[str, float], points: Iterable[Json], name: str, width: int, pick: Callable[..., Any]
) -> None:
    """Fold the points' values into buckets of time stamps cut to this width.

    width: 13 characters are an hour, 16 a minute. pick: what becomes of two values in one bucket.
    """
    told = [
        (point["timeStamp"][:width], float(value))
        for point in points
        if (value := point.get(name)) is not None
    ]
    fresh = dict(told)
    if len(fresh) == len(told) and found.keys().isdisjoint(fresh):
        found.update(fresh)  # as nearly always: one series, one value a bucket
        return
    for bucket, value in told:
        found[bucket] = pick(found[bucket], value) if bucket in found else value
