"""The two families in which Azure counts, and how one is taken for each deployment.

Nobody documents which deployment appears in which family (azure-monitor-docs,
microsoft-cognitiveservices-accounts-metrics lists both under one resource type). Both are asked,
and the one that counted more is taken whole; they are never added up.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import add

from services.timeseries import Line, summed

OPENAI, FOUNDRY = "openai", "foundry"
REQUESTS = {"AzureOpenAIRequests": OPENAI, "ModelRequests": FOUNDRY}
TOKENS = {"TokenTransaction": OPENAI, "TotalTokens": FOUNDRY}
PROMPT = {"ProcessedPromptTokens": OPENAI, "InputTokens": FOUNDRY}
GENERATED = {"GeneratedTokens": OPENAI, "OutputTokens": FOUNDRY}
LATENCY = {"AzureOpenAITimeToResponse": OPENAI, "TimeToResponse": FOUNDRY}
UTILIZATION = {
    "AzureOpenAIProvisionedManagedUtilizationV2": OPENAI,
    "ProvisionedUtilization": FOUNDRY,
}
COLUMNS = {
    "requests": (REQUESTS, "total"),
    "tokens": (TOKENS, "total"),
    "prompt_tokens": (PROMPT, "total"),
    "generated_tokens": (GENERATED, "total"),
    "latency_ms": (LATENCY, "average"),
    "utilization": (UTILIZATION, "maximum"),
}
"""Our column: its metric in each family, and the aggregation that it is read from."""
_WHERE = {
    metric.lower(): (family, column, aggregation)
    for column, (metrics, aggregation) in COLUMNS.items()
    for metric, family in metrics.items()
}
_HOUR, _MINUTE = 13, 16
"""Characters of a time stamp up to the hour, to the minute."""

Values = dict[str, float]
"""By time stamp, cut to the hour or the minute."""


@dataclass(frozen=True)
class Counted:
    """What one family counted of one deployment: values by column and time."""

    columns: dict[str, Values] = field(default_factory=dict)
    """The columns of COLUMNS, and throttled and failed where requests were split by status."""
    minutes: dict[str, Values] = field(default_factory=dict)
    """Requests and tokens by the minute, for peaks."""

    @property
    def weight(self) -> float:
        """How much it counted."""
        return sum(sum(self.columns.get(it, {}).values()) for it in ("requests", "tokens"))

    def row(self, stamp: str) -> dict[str, float | None]:
        """All columns at one time; none throttled is known where requests were counted at all."""
        row = {name: self.columns.get(name, {}).get(stamp) for name in COLUMNS}
        none = None if row["requests"] is None else 0.0
        for name in ("throttled", "failed"):
            row[name] = self.columns.get(name, {}).get(stamp, none)
        return row

    def busiest(self, column: str) -> Values:
        """The busiest minute of each hour."""
        of: dict[str, list[float]] = {}
        for stamp, value in self.minutes.get(column, {}).items():
            of.setdefault(stamp[:_HOUR], []).append(value)
        return {hour: max(values) for hour, values in of.items()}


Found = dict[str, dict[str, Counted]]
"""By deployment and family."""


def note(found: Found, line: Line, interval: str) -> None:
    """Keep a line of the question about all columns; PT1H by the hour, PT1M by the minute."""
    family, column, aggregation = _WHERE[line.metric]
    columns = _counted(found, line, family).columns
    pick = add if aggregation == "total" else max
    width = _HOUR if interval == "PT1H" else _MINUTE
    for name in (column, *_by_status(line.status)):
        summed(columns.setdefault(name, {}), line.points, aggregation, width, pick)


def note_minutes(found: Found, line: Line) -> None:
    """Keep a line of the question about peaks."""
    family, column, aggregation = _WHERE[line.metric]
    values = _counted(found, line, family).minutes.setdefault(column, {})
    summed(values, line.points, aggregation, _MINUTE, add)


def taken(families: Mapping[str, Counted]) -> Counted:
    """The family that counted more; where both counted the same, OpenAI's, unless it is empty."""
    one, other = families.get(OPENAI, Counted()), families.get(FOUNDRY, Counted())
    return other if other.weight > one.weight or not one.columns else one


def _counted(found: Found, line: Line, family: str) -> Counted:
    return found.setdefault(line.resource, {}).setdefault(family, Counted())


def _by_status(status: str) -> tuple[str, ...]:
    if status == "429":
        return ("throttled",)
    return ("failed",) if status.startswith("5") else ()
