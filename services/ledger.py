"""The ledger of usage: what every deployment did by the day, in buckets that can be priced.

Azure's metrics know no caller, and no cached input of OpenAI's models: that is the gateway's and
the bill's to say. Nobody documents whether Anthropic's InputTokens holds what came from a cache;
its own counts exclude it (as the names cacheRead... and ephemeral... come from there), and so we
take all four as exclusive.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from domain import names
from domain.apportion import shared
from domain.costs import Bucket
from domain.frames import Row
from services import timeseries
from services.azure import Azure
from services.families import FOUNDRY, OPENAI, REQUESTS, UTILIZATION
from services.faults import translated
from services.metrics import EACH, MEANING
from services.timeseries import Batch, Line, Question, summed

UTILISED = "utilization"
"""A bucket that is none: percent of its units that a provisioned deployment used, as a mean over
the day. Whoever knows how many units there were makes PTU-hours of it."""
STANDARD = "standard"
TIERS = {"default": STANDARD, STANDARD: STANDARD, "priority": "priority", "flex": "flex"}
BY_TIER = f"{EACH} and ServiceTierResponse eq '*' and IsSpillover eq '*'"
COUNTED: Mapping[str, Mapping[str, Bucket]] = {
    OPENAI: {
        "ProcessedPromptTokens": Bucket.PROMPT,
        "GeneratedTokens": Bucket.OUTPUT,
        "AudioPromptTokens": Bucket.AUDIO_INPUT,
        "AudioCompletionTokens": Bucket.AUDIO_OUTPUT,
    },
    FOUNDRY: {
        "InputTokens": Bucket.PROMPT,
        "OutputTokens": Bucket.OUTPUT,
        "AudioInputTokens": Bucket.AUDIO_INPUT,
        "AudioOutputTokens": Bucket.AUDIO_OUTPUT,
        "cacheReadInputTokens": Bucket.CACHED,
        "ephemeral5mInputTokens": Bucket.CACHE_WRITE,
        "ephemeral1hInputTokens": Bucket.CACHE_WRITE,
    },
    "": {
        "FineTunedTrainingHours": Bucket.HOUR,
        "GeneratedImages": Bucket.IMAGE,
        "TotalPages": Bucket.PAGE,
    },
}
"""By family; what only one of them counts belongs to none."""
_BUCKETS = {
    metric.lower(): (family, bucket)
    for family, metrics in COUNTED.items()
    for metric, bucket in metrics.items()
}
_FAMILIES = {metric.lower(): family for metric, family in (*REQUESTS.items(), *UTILIZATION.items())}
_QUESTIONS = (
    Question([it for of in COUNTED.values() for it in of], "total", "P1D", EACH),
    Question(list(REQUESTS), "total", "P1D", BY_TIER),
    Question(list(UTILIZATION), "average", "P1D", EACH),
)
_DAY = 10
"""Characters of a time stamp up to the day."""

Key = tuple[str, str, str]
"""Family, bucket and tier."""
Values = dict[str, float]
"""By day."""
Found = dict[Key, Values]


def days(
    azure: Azure,
    subscription: str,
    region: str,
    account_ids: Sequence[str],
    first: datetime,
    end: datetime,
) -> list[Row]:
    """Frame USAGE_DAYS (without seen_at) of the deployments of these accounts, which share
    subscription and region, from the day of first to before end; and UTILISED of provisioned ones.

    3 calls for every 50 accounts, however many days. Tokens have no tier: where a deployment was
    served in several, they are split by its requests (estimated). A tier that Azure did not name is
    the standard one. What was not counted, or was zero, has no row. Raises as metrics.hours().
    """
    begin = first.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    plain = names.region(region) or region
    of = {"subscription": subscription.lower(), "source": "metrics", "product": ""}
    rows: list[Row] = []
    with translated(f"Reading the usage of {plain} in subscription {subscription}", MEANING):
        for ids in timeseries.groups(names.folded(it) for it in account_ids):
            batch = Batch(subscription, plain, ids, begin, end)
            for resource, found in _found(azure, batch).items():
                rows += [{**of, "resource": resource, **row} for row in _rows(found, batch)]
    return rows


def _found(azure: Azure, batch: Batch) -> dict[str, Found]:
    found: dict[str, Found] = {}
    for question in _QUESTIONS:
        for line in timeseries.asked(azure, batch, question):
            of = found.setdefault(line.resource, {})
            for key in _keys(line):
                pick = max if key[1] == UTILISED else float.__add__
                values = of.setdefault(key, {})
                summed(values, line.points, question.aggregations, _DAY, pick)
    return found


def _keys(line: Line) -> Iterator[Key]:
    if line.metric in _BUCKETS:
        family, bucket = _BUCKETS[line.metric]
        yield family, bucket, ""
    elif "isspillover" in line.named or "servicetierresponse" in line.named:
        family = _FAMILIES[line.metric]
        tier = TIERS.get((line.named.get("servicetierresponse") or "").lower(), "")
        yield family, Bucket.REQUESTS, tier
        if (line.named.get("isspillover") or "").lower() == "true":
            yield family, Bucket.SPILLED, tier
    else:
        yield _FAMILIES[line.metric], UTILISED, STANDARD


def _rows(found: Found, batch: Batch) -> Iterator[Row]:
    """The rows of one deployment: of the family that counted more, and of what is in no family."""
    weight = {family: _weight(found, family) for family in (OPENAI, FOUNDRY)}
    taken = FOUNDRY if weight[FOUNDRY] > weight[OPENAI] else OPENAI
    ours = {key: it for key, it in found.items() if key[0] in (taken, "")}
    exclusive = any(key[1] == Bucket.CACHED for key in ours)
    for day, at in _days(ours, batch):
        # No use of what is provisioned is measured, and means that all of it was idle.
        told = {key[1:]: it[day] for key, it in ours.items() if it.get(day) or _idle(key, it, day)}
        served = {tier: it for (what, tier), it in told.items() if what == Bucket.REQUESTS and tier}
        usual = next(iter(served)) if len(served) == 1 else STANDARD
        for (bucket, tier), quantity in _with_usual(told, usual).items():
            name = Bucket.INPUT if exclusive and bucket == Bucket.PROMPT else bucket
            row = {"day": at, "bucket": str(name), "estimated": False}
            if tier:
                yield {**row, "tier": tier, "quantity": quantity}
            else:
                yield from ({**row, **it} for it in _split(quantity, served, usual))


def _idle(key: Key, values: Mapping[str, float], day: str) -> bool:
    return key[1] == UTILISED and day in values


def _weight(found: Found, family: str) -> float:
    """How much a family counted, utilisation apart."""
    values = (it for key, it in found.items() if key[0] == family and key[1] != UTILISED)
    return sum(sum(it.values()) for it in values)


def _with_usual(told: Mapping[tuple[str, str], float], usual: str) -> dict[tuple[str, str], float]:
    """Requests whose tier is not named count to the usual one."""
    sums: dict[tuple[str, str], float] = {}
    for (bucket, tier), quantity in told.items():
        own = usual if not tier and bucket in (Bucket.REQUESTS, Bucket.SPILLED) else tier
        sums[bucket, own] = sums.get((bucket, own), 0.0) + quantity
    return sums


def _split(quantity: float, served: Mapping[str, float], usual: str) -> Iterator[Row]:
    """A count over the tiers in which requests were served, so that nothing is lost."""
    if len(served) < 2 or not quantity.is_integer():
        yield {"tier": usual, "quantity": quantity}
        return
    parts = shared(int(quantity), {tier: int(it) for tier, it in served.items()})
    for tier, part in parts.items():
        if part:
            yield {"tier": tier, "quantity": float(part), "estimated": True}


def _days(found: Found, batch: Batch) -> list[tuple[str, datetime]]:
    """The days with data that begin inside the window."""
    stamps = sorted({stamp for values in found.values() for stamp in values})
    days = ((it, datetime.fromisoformat(f"{it}T00:00:00+00:00")) for it in stamps)
    return [(stamp, at) for stamp, at in days if batch.start <= at < batch.end]
