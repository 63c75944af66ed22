"""The same figures of two deployments, so that blue and green, or A and B, can be told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

NONE = "\u2013"
PARTS = {"tokens_per_request": "tokens", "failed_share": "failed"}
"""What a figure is a part of all requests of."""
LEAST = 100
"""Requests of each below which a difference of rates says nothing."""


@dataclass(frozen=True)
class Figure:
    """One figure of INVENTORY, for people."""

    name: str
    words: str
    unit: str
    lower: bool | None = None
    """Whether lower is better; None where neither is."""
    scale: float = 1.0
    digits: int = 0


COMPARED = (
    Figure("model", "Model", ""),
    Figure("capacity", "Capacity", "units"),
    Figure("requests", "Requests", ""),
    Figure("tokens", "Tokens", ""),
    Figure("tokens_per_request", "Tokens per request", "", None, 1.0, 1),
    Figure("throttled_share", "Refused with 429", "%", True, 100.0, 2),
    Figure("failed_share", "Failed (5xx)", "%", True, 100.0, 2),
    Figure("latency_ms", "Mean time to response", "ms", True),
    Figure("p95_tpm", "p95 of tokens per minute", "TPM"),
    Figure("peak_share", "Busiest minute of the limit", "%", True, 100.0, 1),
)


def compared(now: Mapping[str, Any], then: Mapping[str, Any]) -> list[dict[str, str]]:
    """what, now, then, difference, better for each figure; rows of INVENTORY."""
    enough = all((_number(it, "requests") or 0) >= LEAST for it in (now, then))
    return [_compared(it, now, then, enough) for it in COMPARED]


def _compared(
    it: Figure, now: Mapping[str, Any], then: Mapping[str, Any], enough: bool
) -> dict[str, str]:
    if it.name == "model":
        told = [f"{_text(row, 'model')} {_text(row, 'version')}" for row in (now, then)]
        return _row(it, told[0], told[1], "", "")
    values = [_of(row, it.name) for row in (now, then)]
    told = [_told(value, it) for value in values]
    if values[0] is None or values[1] is None:
        return _row(it, told[0], told[1], "", "not measured" if it.lower is not None else "")
    gap = values[1] - values[0]
    return _row(it, told[0], told[1], _told(gap, it, sign=True), _better(it, gap, enough))


def _better(it: Figure, gap: float, enough: bool) -> str:
    if it.lower is None:
        return ""
    if not enough:
        return "too few requests"
    if abs(gap) * it.scale < 0.5 * 10**-it.digits:
        return "the same"
    return "to follow" if (gap < 0) is it.lower else "in use"


def _row(it: Figure, now: str, then: str, difference: str, better: str) -> dict[str, str]:
    words = f"{it.words} ({it.unit})" if it.unit else it.words
    return {"what": words, "now": now, "then": then, "difference": difference, "better": better}


def _of(row: Mapping[str, Any], name: str) -> float | None:
    if part_of := PARTS.get(name):
        part, whole = _number(row, part_of), _number(row, "requests")
        return None if part is None or not whole else part / whole
    return _number(row, name)


def _number(row: Mapping[str, Any], name: str) -> float | None:
    value = row.get(name)
    return None if value is None or pd.isna(value) else float(value)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None or pd.isna(value) else str(value)


def _told(value: float | None, it: Figure, sign: bool = False) -> str:
    if value is None:
        return NONE
    return f"{value * it.scale:{'+' if sign else ''},.{it.digits}f}"
