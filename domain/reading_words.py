"""What can be read for a gate, in words and with its unit, for whoever chooses among it."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "availability": ("requests that were answered", "percent"),
    "throttled_share": ("requests refused with 429", "percent"),
    "failed_share": ("requests that failed", "percent"),
    "latency_ms": ("mean time to an answer", "ms"),
    "utilization": ("use of the fullest deployment", "percent"),
    "blocked_share": ("requests that filters blocked", "percent"),
    "requests": ("requests", "requests"),
    "response_rate": ("people who answered, of those asked", "percent"),
    "open_severe": ("severe issues that are open", "issues"),
    "closed_share": ("accepted feedback that is dealt with", "percent"),
    "satisfaction": ("praise, of all feedback", "percent"),
    "open_items": ("readiness items that are open", "items"),
    "cost_per_conversation": ("cost of a request", "of the currency per request"),
    "forecast_share": ("forecast of the fullest budget", "percent"),
    "headroom_after_next": ("quota left once the next people come", "percent"),
    "looser": ("filters below their baseline", "filters"),
    "days_left": ("days until the first model retires", "days"),
}
"""By the name that its reader knows: what it is, and its unit."""


WINDOWED = frozenset(
    {
        *("availability", "throttled_share", "failed_share", "latency_ms", "utilization"),
        *("blocked_share", "requests", "cost_per_conversation"),
    }
)
"""What is measured over a window of days; the others are as they are at the time."""


def said(reads: str) -> str:
    """What is read, for people; a name of somebody's own as it is."""
    return WORDS[reads][0] if reads in WORDS else reads


def unit(reads: str) -> str:
    """Its unit; "" where the name is somebody's own."""
    return WORDS[reads][1] if reads in WORDS else ""
