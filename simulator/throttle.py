"""The token buckets of ARM, Resource Graph, cost, metrics and logs, as documented."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from simulator.faults import ArmError
from simulator.loganalytics.faults import LogsError


@dataclass(slots=True)
class Bucket:
    """So many at once, so many more each second."""

    size: float
    rate: float
    left: float
    at: float

    def take(self, now: float) -> float:
        """Take one; 0, or the seconds until there is one again."""
        self.left = min(self.size, self.left + max(0.0, now - self.at) * self.rate)
        self.at = now
        if self.left >= 1:
            self.left -= 1
            return 0.0
        return (1 - self.left) / self.rate


RATES: Mapping[str, tuple[float, float]] = {
    "reads": (250, 25),
    "writes": (200, 10),
    "deletes": (200, 10),
    "graph": (15, 3),
    "metrics": (600, 60),
    "cost": (4, 4 / 60),
    "logs": (200, 200 / 30),
}
GLOBAL = 15
COST = "x-ms-ratelimit"
QUESTIONS = ("/microsoft.costmanagement/query", "/microsoft.costmanagement/forecast")
WHO = ("entity", "clienttype")
"""Cost Management never says Retry-After: these headers have the seconds."""
EVENTS = {"reads": "GET", "writes": "PUT", "deletes": "DELETE"}


class Throttle:
    """One bucket for each scope and class of verb."""

    def __init__(self) -> None:
        self._buckets: dict[tuple[str, str], Bucket] = {}

    def take(self, scope: str, verb: str, now: datetime, *, strict: bool) -> dict[str, str]:
        """The headers that say what is left. Raises 429 (529 for metrics) when strict and empty."""
        at = now.timestamp()
        size, rate = RATES[verb]
        bucket = self._buckets.setdefault((scope, verb), Bucket(size, rate, size, at))
        wait = bucket.take(at)
        if wait and strict:
            raise refused(verb, ceil(wait))
        return _headers(verb, scope, bucket)


def _headers(verb: str, scope: str, bucket: Bucket) -> dict[str, str]:
    left = int(bucket.left)
    if verb == "graph":
        resets = ceil((bucket.size - bucket.left) / bucket.rate)
        return {
            "x-ms-user-quota-remaining": str(left),
            "x-ms-user-quota-resets-after": f"00:00:{min(resets, 5):02}",
            "x-ms-ratelimit-remaining-tenant-resource-requests": str(left),
        }
    if verb in ("metrics", "logs"):
        return {}
    if verb == "cost":
        return {
            f"{COST}-remaining-microsoft.costmanagement-entity-requests": f"DefaultQuota:{left}"
        }
    if not scope:
        return {f"x-ms-ratelimit-remaining-tenant-{verb}": str(left)}
    return {
        f"x-ms-ratelimit-remaining-subscription-{verb}": str(left),
        f"x-ms-ratelimit-remaining-subscription-global-{verb}": str(
            int(bucket.size * GLOBAL - (bucket.size - left))
        ),
    }


def refused(verb: str, seconds: int) -> ArmError:
    """Too many requests, in the words of whoever counts them."""
    wait = {"Retry-After": str(max(1, seconds))}
    if verb == "cost":
        words = "Too many requests. Please retry after the time that the headers say."
        told = {
            f"{COST}-microsoft.costmanagement-{it}-retry-after": wait["Retry-After"] for it in WHO
        }
        return ArmError(429, "429", words, headers=told)
    if verb == "metrics":
        words = "The service is throttled. Please retry with exponential backoff."
        return ArmError(529, "TooManyRequests", words, headers=wait)
    if verb == "logs":
        words = "The request was throttled: too many requests of this user."
        return LogsError(429, "ThrottledError", words, headers=wait)
    if verb == "graph":
        words = "Please provide below info when asking for support: The client is throttled."
        return ArmError(429, "RateLimiting", words, headers=wait)
    size, _ = RATES[verb]
    words = (
        f"Number of requests for action 'Microsoft.CognitiveServices/accounts/{EVENTS[verb]}' "
        f"exceeded the limit of '{int(size)}' for time interval '00:05:00'. Please try again after "
        f"'{max(1, seconds)}' seconds."
    )
    return ArmError(429, "ResourceRequestsThrottled", words, headers=wait)


def ordered(verb: str, seconds: int) -> ArmError:
    """The same as control orders it, 0 seconds too."""
    error = refused(verb, seconds)
    for name in [it for it in error.headers if it.lower().endswith("retry-after")]:
        error.headers[name] = str(seconds)
    return error


def of_cost(path: str) -> bool:
    """Whether Cost Management counts such a question."""
    return path.lower().endswith(QUESTIONS)
