"""Metrics of deployments: what they served by the clock hour, and by the minute for one person."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from domain import names
from domain.faults import Forbidden
from domain.frames import Row
from services import families, timeseries
from services.azure import Azure
from services.families import COLUMNS, LATENCY, REQUESTS, TOKENS, Counted, Found
from services.faults import translated
from services.timeseries import Batch, Question

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
EACH = "ModelDeploymentName eq '*'"
BY_STATUS = "{which} and StatusCode eq '*'"
# Monitor's data plane says 401 to an identity without Monitoring Reader on the whole subscription.
MEANING = {401: Forbidden}
_OTHERS = [it for column, (all_, _) in COLUMNS.items() if column != "requests" for it in all_]


def hours(
    azure: Azure,
    subscription: str,
    region: str,
    account_ids: Sequence[str],
    start: datetime,
    end: datetime,
    *,
    minutes: bool,
) -> list[Row]:
    """Frame HOURS of the deployments of these accounts, which share subscription and region.

    Hours are clock hours of UTC: from the one that holds start, asked whole, to the one that holds
    end, which may have only begun. With minutes, peaks are of single minutes (grain minute);
    without, they are the mean of the hour so far (grain hour). Per 50 accounts 3 calls with minutes
    and 2 without. An hour in which Azure counted nothing has no row; what a row lacks is missing,
    except throttled and failed, which are zero where requests were counted by status.
    Raises Throttled for 529, with which Azure Monitor throttles, and Forbidden where Monitoring
    Reader is missing on the subscription; one failed batch fails all.
    """
    first = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    plain = names.region(region) or region
    rows: list[Row] = []
    with translated(f"Reading the metrics of {plain} in subscription {subscription}", MEANING):
        for ids in timeseries.groups(names.folded(it) for it in account_ids):
            batch = Batch(subscription, plain, ids, first, end)
            rows += _hour_rows(_hours_found(azure, batch, minutes), batch, minutes)
    return rows


def minutes(azure: Azure, resource: str, region: str, start: datetime, end: datetime) -> list[Row]:
    """Frame MINUTES of one deployment, in order; minutes without any data have no row. 2 calls."""
    resource = names.folded(resource)
    subscription, _, _, name = names.parts(resource)
    first = start.astimezone(UTC).replace(second=0, microsecond=0)
    plain = names.region(region) or region
    with translated(f"Reading the metrics of {names.short(resource)}", MEANING):
        batch = Batch(subscription, plain, [names.account(resource)], first, end)
        found: Found = {}
        only = f"ModelDeploymentName eq '{timeseries.literal(name)}'"
        for question in _questions("PT1M", only, [*TOKENS, *LATENCY]):
            for line in timeseries.asked(azure, batch, question):
                families.note(found, line, "PT1M")
        return list(_minute_rows(families.taken(found.get(resource, {})), batch))


def _questions(interval: str, which: str, others: Sequence[str]) -> Iterator[Question]:
    """Two: requests can be split by status, nothing else can."""
    yield Question(list(REQUESTS), "total", interval, BY_STATUS.format(which=which))
    yield Question(others, "total,average,maximum", interval, which)


def _hours_found(azure: Azure, batch: Batch, by_minute: bool) -> Found:
    found: Found = {}
    for question in _questions("PT1H", EACH, _OTHERS):
        for line in timeseries.asked(azure, batch, question):
            families.note(found, line, "PT1H")
    if by_minute:
        peaks = Question([*REQUESTS, *TOKENS], "total", "PT1M", EACH)
        for line in timeseries.asked(azure, batch, peaks):
            families.note_minutes(found, line)
    return found


def _hour_rows(found: Found, batch: Batch, by_minute: bool) -> Iterator[Row]:
    grain = "minute" if by_minute else "hour"
    for resource, both in found.items():
        counted = families.taken(both)
        tokens, requests = counted.busiest("tokens"), counted.busiest("requests")
        for at, stamp in _times(counted, batch, HOUR):
            row = counted.row(stamp)
            so_far = min(HOUR, batch.end - at) / MINUTE
            tpm, rpm = (_mean(row[it], so_far) for it in ("tokens", "requests"))
            if by_minute:
                tpm, rpm = tokens.get(stamp), requests.get(stamp)
            peaks = {"peak_tpm": tpm, "peak_rpm": rpm}
            yield {"resource": resource, "hour": at, "grain": grain, **row, **peaks}


def _minute_rows(counted: Counted, batch: Batch) -> Iterator[Row]:
    for at, stamp in _times(counted, batch, MINUTE):
        row = counted.row(stamp)
        kept = ("requests", "throttled", "tokens", "latency_ms")
        yield {"minute": at, **{name: row[name] for name in kept}}


def _times(counted: Counted, batch: Batch, step: timedelta) -> list[tuple[datetime, str]]:
    """The times with data, in order, that begin inside the window."""
    stamps = sorted({stamp for values in counted.columns.values() for stamp in values})
    tail = ":00:00+00:00" if step == HOUR else ":00+00:00"
    times = ((datetime.fromisoformat(stamp + tail), stamp) for stamp in stamps)
    return [(at, stamp) for at, stamp in times if batch.start <= at < batch.end]


def _mean(total: float | None, minutes: float) -> float | None:
    return None if total is None else total / max(minutes, 1.0)
