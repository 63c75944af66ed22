"""The metrics of Cognitive Services accounts: names, units, dimensions, and what they count."""

from collections.abc import Callable
from dataclasses import dataclass

from simulator.insights.harm import LEAVES
from simulator.insights.state import Pick
from simulator.insights.traffic import Hour, Profile

Gauge = Callable[[Profile, Hour, float], float]
REQUESTS = (
    "ApiName",
    "OperationName",
    "Region",
    "StreamType",
    "ModelDeploymentName",
    "ModelName",
    "ModelVersion",
    "StatusCode",
    "IsSpillover",
    "ServiceTierRequest",
    "ServiceTierResponse",
)
TOKENS = (
    "ApiName",
    "ModelDeploymentName",
    "FeatureName",
    "UsageChannel",
    "Region",
    "ModelVersion",
)
MODEL = ("Region", "ModelDeploymentName", "ModelName", "ModelVersion")
CACHES = ("ApiName", *MODEL, "ContextLength")
CACHE_READ = "cacheReadInputTokens"
SAFETY = (*MODEL, "ApiName")


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric counts leaves (picks with dimensions of their own) or shows a gauge."""

    name: str
    text: str
    unit: str
    dimensions: tuple[str, ...]
    foundry: bool = False
    leaves: tuple[tuple[Pick, dict[str, str]], ...] = ()
    gauge: Gauge | None = None
    provisioned: bool = False
    kind: str = ""
    """Of which kind of model this is counted; none: of all."""
    format: str = ""
    blocked: bool = False
    """Of harmful content, whether only what filters stop is counted, or all they see."""

    def emits(self, profile: Profile) -> bool:
        """Whether this deployment appears in this metric at all."""
        family = profile.foundry if self.foundry else profile.openai
        kind = self.kind in ("", profile.kind) and self.format in ("", profile.format)
        return family and kind and (profile.provisioned or not self.provisioned)


def _statuses() -> tuple[tuple[Pick, dict[str, str]], ...]:
    usual = {"IsSpillover": "False"}
    return (
        (Pick("ok"), {"StatusCode": "200", **usual}),
        (Pick("throttled"), {"StatusCode": "429", **usual}),
        (Pick("failed"), {"StatusCode": "500", **usual}),
        (Pick("refused"), {"StatusCode": "400", **usual}),
    )


def _all_of(*fields: str) -> tuple[tuple[Pick, dict[str, str]], ...]:
    return tuple((Pick(field), {}) for field in fields)


def _silent(name: str, text: str, dimensions: tuple[str, ...], *, foundry: bool) -> Metric:
    """A metric that exists, and of which nothing in this world counts anything."""
    return Metric(name, text, "Count", dimensions, foundry)


def _found(*, severity: bool) -> tuple[tuple[Pick, dict[str, str]], ...]:
    hidden = () if severity else ("Severity",)
    return tuple(
        (Pick(it.field, it.part, leaf=it), {k: v for k, v in it.words.items() if k not in hidden})
        for it in LEAVES
    )


def _utilisation(_profile: Profile, _hour: Hour, load: float) -> float:
    return round(100 * load, 4)


def _latency(profile: Profile, hour: Hour, load: float) -> float:
    return round(profile.latency * (0.92 + 0.16 * hour.phase + 1.8 * load**3), 2)


def _available(_profile: Profile, hour: Hour, _load: float) -> float:
    answered = hour.ok + hour.failed + hour.refused
    return round(100 * (1 - hour.failed / answered), 4) if answered else 100.0


_LATENCY = REQUESTS[:8]
_ALL = (
    Metric("AzureOpenAIRequests", "Azure OpenAI Requests", "Count", REQUESTS, leaves=_statuses()),
    Metric(
        "TokenTransaction",
        "Processed Inference Tokens",
        "Count",
        TOKENS,
        leaves=_all_of("prompt", "generated"),
    ),
    Metric(
        "ProcessedPromptTokens",
        "Processed Prompt Tokens",
        "Count",
        TOKENS,
        leaves=_all_of("prompt"),
    ),
    Metric(
        "GeneratedTokens",
        "Generated Completion Tokens",
        "Count",
        TOKENS,
        leaves=_all_of("generated"),
    ),
    Metric(
        "AzureOpenAITimeToResponse",
        "Azure OpenAI Time To Response",
        "MilliSeconds",
        _LATENCY,
        gauge=_latency,
    ),
    Metric(
        "AzureOpenAIAvailabilityRate",
        "Azure OpenAI Availability Rate",
        "Percent",
        REQUESTS[:7],
        gauge=_available,
    ),
    Metric(
        "AzureOpenAIProvisionedManagedUtilizationV2",
        "Azure OpenAI Provisioned-managed Utilization V2",
        "Percent",
        (*MODEL, "StreamType"),
        gauge=_utilisation,
        provisioned=True,
    ),
    Metric(
        "RAITotalRequests",
        "Total Volume Sent For Safety Check",
        "Count",
        SAFETY,
        leaves=_all_of("ok", "refused"),
    ),
    Metric(
        "RAIRejectedRequests",
        "Blocked Volume",
        "Count",
        (*SAFETY, "TextType", "Category"),
        leaves=_found(severity=False),
        blocked=True,
    ),
    Metric(
        "RAIHarmfulRequests",
        "Harmful Volume Detected",
        "Count",
        (*SAFETY, "TextType", "Category", "Severity"),
        leaves=_found(severity=True),
    ),
    Metric("ModelRequests", "Model Requests", "Count", REQUESTS, True, leaves=_statuses()),
    Metric(
        "InputTokens", "Input Tokens", "Count", ("ApiName", *MODEL), True, leaves=_all_of("prompt")
    ),
    Metric(
        "OutputTokens",
        "Output Tokens",
        "Count",
        ("ApiName", *MODEL),
        True,
        leaves=_all_of("generated"),
    ),
    Metric(
        "TotalTokens",
        "Total Tokens",
        "Count",
        ("ApiName", *MODEL),
        True,
        leaves=_all_of("prompt", "generated"),
    ),
    Metric(
        "TimeToResponse", "Time To Response", "MilliSeconds", REQUESTS[:7], True, gauge=_latency
    ),
    Metric(
        "ModelAvailabilityRate", "Model Availability Rate", "Percent", MODEL, True, gauge=_available
    ),
    Metric(
        "GeneratedImages",
        "Generated Images",
        "Count",
        ("ApiName", *MODEL),
        leaves=_all_of("ok"),
        kind="image",
    ),
    Metric(
        "TotalPages",
        "Total Pages",
        "Count",
        ("ApiName", *MODEL),
        True,
        leaves=_all_of("ok"),
        kind="document",
    ),
    Metric(
        CACHE_READ,
        "Cache Read Input Tokens",
        "Count",
        CACHES,
        True,
        leaves=_all_of("prompt"),
        format="Anthropic",
    ),
    _silent("ephemeral5mInputTokens", "Ephemeral 5m Input Tokens", CACHES, foundry=True),
    _silent("ephemeral1hInputTokens", "Ephemeral 1h Input Tokens", CACHES, foundry=True),
    _silent("AudioPromptTokens", "Audio Prompt Tokens", MODEL, foundry=False),
    _silent("AudioCompletionTokens", "Audio Completion Tokens", MODEL, foundry=False),
    _silent("AudioInputTokens", "Audio Input Tokens", MODEL, foundry=True),
    _silent("AudioOutputTokens", "Audio Output Tokens", MODEL, foundry=True),
    _silent("FineTunedTrainingHours", "Fine Tuned Training Hours", TOKENS[:5], foundry=False),
    Metric(
        "ProvisionedUtilization",
        "Provisioned Utilization",
        "Percent",
        MODEL,
        True,
        gauge=_utilisation,
        provisioned=True,
    ),
)
METRICS = {metric.name.lower(): metric for metric in _ALL}
REQUEST_METRICS = frozenset({"AzureOpenAIRequests", "ModelRequests"})
TOKEN_METRICS = frozenset(
    {
        "TokenTransaction",
        "ProcessedPromptTokens",
        "GeneratedTokens",
        "InputTokens",
        "OutputTokens",
        "TotalTokens",
        CACHE_READ,
    }
)
