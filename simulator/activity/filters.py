"""The few sentences that the activity log understands; it is no OData."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from simulator import clock
from simulator.activity.faults import bad_filter

RETENTION = timedelta(days=90)
_TIMES = r"eventTimestamp\s+ge\s+'([^']*)'(?:\s+and\s+eventTimestamp\s+le\s+'([^']*)')?"
_ONE = r"(resourceGroupName|resourceUri|resourceProvider|correlationId)\s+eq\s+'([^']*)'"
SENTENCE = re.compile(rf"\s*{_TIMES}(?:\s+and\s+{_ONE})?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """From when to when, and at most one condition by its lower-case name."""

    start: datetime
    end: datetime
    name: str = ""
    value: str = ""

    def lets(self, path: str, correlation: str) -> bool:
        """Whether a write to this resource with this correlation id is meant."""
        parts = path.lower().strip("/").split("/")
        match self.name:
            case "resourcegroupname":
                return "resourcegroups" in parts and _after(parts, "resourcegroups") == self.value
            case "resourceuri":
                return path.lower().strip("/") == self.value.strip("/")
            case "resourceprovider":
                return _after(parts, "providers") == self.value
            case "correlationid":
                return correlation.lower() == self.value
            case _:
                return True


def _after(parts: list[str], word: str) -> str:
    place = parts.index(word) + 1 if word in parts else len(parts)
    return parts[place] if place < len(parts) else ""


def parsed(text: str, now: datetime) -> Asked:
    """What a filter asks for. Raises 400 for everything but the documented sentences."""
    found = SENTENCE.fullmatch(text)
    if found is None:
        raise bad_filter("eventTimestamp ge '...' is required, and no other syntax is allowed.")
    start, end, name, value = found.groups()
    first, last = _moment(start), _moment(end) if end else now
    if first < now - RETENTION:
        raise bad_filter("the start time must not be more than 90 days in the past.")
    if last < first:
        raise bad_filter("the end time must not be before the start time.")
    return Asked(first, last, (name or "").lower(), (value or "").lower())


def _moment(text: str) -> datetime:
    try:
        return clock.parsed(text)
    except (ValueError, OverflowError) as error:
        raise bad_filter(f"'{text}' is not a time.") from error
