"""What was asked of this Azure lately: the last 5,000 requests, and how many ended how."""

from collections import Counter, deque

from simulator.faults import Json

KEPT = 5000


class Journal:
    """Requests in the order in which they were answered; thread safe as its parts are."""

    def __init__(self) -> None:
        self.requests: deque[Json] = deque(maxlen=KEPT)
        self.totals: Counter[str] = Counter()
        self.count = 0

    def note(self, at: str, method: str, host: str, path: str, status: int, ms: float) -> None:
        """Remember a request; status 0 is an answer that never came."""
        self.count += 1
        self.totals[str(status)] += 1
        words = {"n": self.count, "at": at, "method": method, "host": host, "path": path}
        self.requests.append(words | {"status": status, "ms": round(ms, 2)})

    def clear(self) -> None:
        self.requests.clear()
        self.totals.clear()
        self.count = 0

    def as_json(self) -> Json:
        return {"requests": list(self.requests), "totals": dict(self.totals), "count": self.count}
