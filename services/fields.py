"""Single fields of Azure's JSON: what is missing stays missing, what cannot be read is an error.

Each function returns None for None and for "", and raises ValueError for what is no such thing,
which translated() turns into a fault: a number that cannot be read must not become none at all.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from math import isfinite
from typing import Any

Json = dict[str, Any]
LARGEST = 2.0**53
"""Beyond it a float is no longer one certain integer."""
SENTINEL_YEAR = 2099
"""Azure writes a day of this year or later where it means that there is no date."""


def text(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError(f"not a text: {value!r}")
    return value


def needed(value: object) -> str:
    """A text that must be there."""
    if (told := text(value)) is None:
        raise ValueError("a text is missing")
    return told


def real(value: Any) -> float | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isfinite(number := float(value)):
        raise ValueError(f"not a number: {value!r}")
    return number


def whole(value: Any) -> int | None:
    """An integer, also when it is written 10.0 or "10"; 10.7 is an error, where the SDK cuts it."""
    number = real(value)
    if number is not None and (not number.is_integer() or abs(number) > LARGEST):
        raise ValueError(f"not an integer: {value!r}")
    return None if number is None else int(number)


def e8(value: Any) -> int | None:
    """Money in whole parts of 1e-8; exact for a Decimal, as precise as it was for a float."""
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not (amount := Decimal(str(value))).is_finite():
        raise ValueError(f"not an amount: {value!r}")
    return int((amount * 100_000_000).to_integral_value(ROUND_HALF_EVEN))


def flag(value: object) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise ValueError(f"not a flag: {value!r}")


def moment(value: str | None) -> datetime | None:
    """A time in UTC; one without a zone is taken as UTC."""
    if not value:
        return None
    at = datetime.fromisoformat(value)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def date(value: str | None) -> datetime | None:
    """A time that may be the sentinel for "no date"."""
    at = moment(value)
    return None if at is None or at.year >= SENTINEL_YEAR else at


def part(whole: Mapping[str, Any], name: str) -> Json:
    """An object inside an object; {} where it is missing or null."""
    value = whole.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"{name} is not an object")
    return value


def tags(value: Json | None) -> dict[str, str]:
    """Tags by name; no tags are no tags, not unknown ones."""
    return {name: "" if it is None else str(it) for name, it in (value or {}).items()}


def tags_text(value: Json | None) -> str:
    """Tags as a JSON object, sorted by name, so that equal tags are equal texts."""
    return json.dumps(tags(value), sort_keys=True, ensure_ascii=False)


def per_minute(limits: Iterable[Json] | None, key: str) -> float | None:
    """The rate limit of a key (token, request) per minute: count * 60 / renewalPeriod.

    A limit that holds for some paths only (matchPatterns) counts where there is no general one;
    of several the tightest counts.
    """
    ours = [it for it in limits or () if it.get("key") == key and it.get("renewalPeriod")]
    general = [it for it in ours if not it.get("matchPatterns")] or ours
    counts = [(real(it.get("count")), real(it["renewalPeriod"])) for it in general]
    rates = [count * 60 / seconds for count, seconds in counts if count is not None and seconds]
    return min(rates, default=None)
