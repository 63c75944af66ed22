"""What the gateway logged, asked of Log Analytics: tokens by deployment and product; callers."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from domain.costs import Bucket
from domain.faults import Partial
from domain.frames import Row
from domain.gateways import NOBODY, UNSEEN, Places
from services import kql
from services.azure import Azure
from services.faults import translated
from services.fields import needed, real, whole
from services.pipeline import ASKING_BY_POST

if TYPE_CHECKING:
    from azure.monitor.query import LogsQueryResult

DAY = timedelta(days=1)
AROUND = timedelta(minutes=10)
"""How far apart the two rows of one request may be: one is of its beginning, one of its end."""
WAIT_S = 120
"""How long Log Analytics may take over one query; ten minutes are the most."""
MOST_RECORDS = 500_000
"""Of one answer; Log Analytics leaves out the rest and says so."""
MOST_CALLERS = 5_000


def usage(
    azure: Azure, workspace: str, first: datetime, until: datetime, places: Places
) -> list[Row]:
    """Rows of frame USAGE_DAYS with source gateway: whole days (UTC) from first on, until not
    included, in the buckets prompt and output, and requests.

    A log row's deployment is found as domain/gateways.py says; where it is not known the row has no
    resource, and "deployment", "backend" and "tokens" say what the log knows of it. product: "" of
    requests that only one of the two logs has, "(none)" of those that came without a product. The
    log does not split off cached input, nor does it know the tier that served. One query a day, so
    that no answer comes near the most that one may hold.
    Raises Partial where an answer is not whole, and what translated() raises.
    """
    rows: list[Row] = []
    with translated(f"Reading the gateway's log in workspace {workspace}"):
        while first < until:
            end = min(first + DAY, until)
            for record in _records(azure, workspace, "tokens", first, end):
                rows += _days(record, places)
            first = end
    return rows


def callers(
    azure: Azure, workspace: str, first: datetime, until: datetime, places: Places
) -> list[Row]:
    """Frame CALLERS between two times, most tokens first; raises as usage() does."""
    with translated(f"Reading the gateway's callers in workspace {workspace}"):
        found = _records(azure, workspace, "callers", first, until, Most=MOST_CALLERS)
        return [_caller(it, places) for it in found]


_ALWAYS: dict[str, kql.Value] = {"Around": AROUND, "Unseen": UNSEEN, "Nobody": NOBODY}


def _records(
    azure: Azure, workspace: str, name: str, first: datetime, until: datetime, **more: kql.Value
) -> Iterator[dict[str, Any]]:
    """The rows of one query by column name, all of them."""
    from azure.monitor.query import LogsQueryStatus

    answer = azure.logs().query_workspace(
        workspace,
        kql.query(name, {"First": first, "Until": until, **_ALWAYS, **more}),
        timespan=(first - AROUND, until + AROUND),
        server_timeout=WAIT_S,
        read_timeout=WAIT_S + 10,
        retry_on_methods=ASKING_BY_POST,
    )
    if answer.status != LogsQueryStatus.SUCCESS:
        raise Partial(f"Asking workspace {workspace} for {name}.")
    yield from _rows(answer)


def _rows(answer: "LogsQueryResult") -> Iterator[dict[str, Any]]:
    (table,) = answer.tables
    if len(table.rows) >= MOST_RECORDS:
        raise Partial("Reading more records than one answer can hold.")
    for row in table.rows:
        yield dict(zip(table.columns, row, strict=True))


def _days(record: dict[str, Any], places: Places) -> Iterator[Row]:
    where = _placed(record, places)
    resource = where["resource"]
    row = {
        **where,
        "day": _day(record["Day"]),
        "subscription": str(resource).split("/")[2] if resource else None,
        "source": "gateway",
        "tier": "",
        "estimated": False,
    }
    counts = {
        Bucket.PROMPT: real(record["Prompt"]) or 0.0,
        Bucket.OUTPUT: real(record["Completion"]) or 0.0,
        Bucket.REQUESTS: real(record["Requests"]) or 0.0,
    }
    for bucket, quantity in counts.items():
        tokens = 0.0 if bucket is Bucket.REQUESTS else quantity
        if quantity:
            yield {**row, "bucket": bucket.value, "quantity": quantity, "tokens": tokens}


def _caller(record: dict[str, Any], places: Places) -> Row:
    return {
        **_placed(record, places),
        "subscriber": record["Subscription"] or "",
        "network": record["Network"] or "",
        "tokens": real(record["Tokens"]) or 0.0,
        "requests": whole(record["Requests"]),
        "messages": whole(record["Messages"]),
    }


def _placed(record: dict[str, Any], places: Places) -> dict[str, Any]:
    host, backend = record["Host"] or "", record["Backend"] or ""
    deployment = needed(record["Deployment"])
    return {
        "resource": places.resource(host, backend, deployment),
        "deployment": deployment,
        "backend": host or backend,
        "product": record["Product"] or UNSEEN,
    }


def _day(at: object) -> datetime:
    if not isinstance(at, datetime):
        raise ValueError(f"not a day: {at!r}")
    return at.astimezone(UTC)
