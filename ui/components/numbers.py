"""Figures, ages and dates as people read them; what was not measured is a dash, never a zero."""

from datetime import datetime
from decimal import Decimal

import pandas as pd

NONE = "\u2013"


def short(value: object, least: bool = False) -> str:
    """950, 12.3k, 4.56M, 1.2B; with "at least" where not everything answered."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return NONE
    number = float(value)  # type: ignore[arg-type]
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if abs(number) >= size:
            return _least(f"{number / size:.3g}{letter}", least)
    return _least(f"{number:,.0f}", least)


def exact(value: object, least: bool = False) -> str:
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return NONE
    return _least(f"{float(value):,.0f}", least)  # type: ignore[arg-type]


def percent(value: object, digits: int = 1) -> str:
    """A share, 0 to 1."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return NONE
    return f"{float(value):.{digits}%}"  # type: ignore[arg-type]


def money(cents: object, currency: str = "", sign: bool = False) -> str:
    """12,345.67 EUR, of whole cents; exact whatever their number."""
    if cents is None or pd.isna(cents):  # type: ignore[call-overload]
        return NONE
    figure = f"{Decimal(int(cents)).scaleb(-2):{'+' if sign else ''},.2f}"  # type: ignore[call-overload]
    return f"{figure} {currency}".rstrip()


def age(since: datetime | None, now: datetime) -> str:
    """How long ago, in the largest unit that says enough."""
    if since is None or pd.isna(since):
        return NONE
    seconds = max(0, int((now - since).total_seconds()))
    for size, word in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size:
            return counted(seconds // size, word)
    return "0 seconds"


def counted(many: int, word: str, plural: str = "") -> str:
    """1 deployment, 2 deployments."""
    return f"{many:,} {word if many == 1 else plural or word + 's'}"


def moment(at: datetime | None) -> str:
    return NONE if at is None or pd.isna(at) else f"{at:%Y-%m-%d %H:%M} UTC"


def day(at: datetime | None) -> str:
    return NONE if at is None or pd.isna(at) else f"{at:%Y-%m-%d}"


def text(value: object) -> str:
    return NONE if value is None or pd.isna(value) else str(value)  # type: ignore[call-overload]


def _least(figure: str, least: bool) -> str:
    return f"\u2265 {figure}" if least else figure
