"""The periods that can be looked at; each is a window counted back from now."""

from datetime import timedelta

PERIODS: dict[str, timedelta] = {
    "24h": timedelta(hours=24),
    "7d": timedelta(days=7),
    "30d": timedelta(days=30),
}
USUAL = "7d"
HISTORY = PERIODS["30d"]
"""How far back the collector fills up what it did not see itself."""
STRIDE = timedelta(days=7)
"""How much of that it asks at once; questions about now and about history take turns."""


def grain(period: str) -> str:
    """The bucket of a chart over this period."""
    return "hour" if period == "24h" else "day"


def words(period: str) -> str:
    return {"24h": "last 24 hours", "7d": "last 7 days", "30d": "last 30 days"}[period]


def history_takes(backlog: int, pause: timedelta) -> timedelta:
    """How long it takes until so many days of history are read, at one question in each pause."""
    return -(-backlog // STRIDE.days) * 2 * pause
