"""Money at the border: decimal text in, whole parts of 1e-8 inside, words out."""

import re
from decimal import Decimal

from domain.costs import E8
from domain.faults import OutOfRange

MOST = Decimal(10) ** 9
"""Of a currency unit: what no invoice, budget or price of ours comes near."""
_NUMBER = re.compile(r"-?\d{1,12}(\.\d{1,8})?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def decimal(text: str | int | Decimal, what: str = "An amount") -> Decimal:
    """The number that somebody wrote; raises OutOfRange for what is none, for more than eight
    decimals and for what is too large. A float is none: it is not what was written."""
    written = format(text, "f") if isinstance(text, Decimal) and text.is_finite() else text
    if isinstance(written, int) and not isinstance(written, bool):
        written = str(written)
    if not isinstance(written, str) or not _NUMBER.fullmatch(written.strip()):
        raise OutOfRange(f"{what} is a number such as 1234.56, with eight decimals at the most.")
    number = Decimal(written.strip())
    if abs(number) > MOST:
        raise OutOfRange(f"{what} is at the most {MOST:,}.")
    return number


def e8(text: str | int | Decimal, what: str = "An amount") -> int:
    """The same in whole parts of 1e-8."""
    return int(decimal(text, what) * E8)


def currency(text: str) -> str:
    """The currency that somebody wrote; raises OutOfRange."""
    if not isinstance(text, str) or not _CURRENCY.fullmatch(text):
        raise OutOfRange("A currency has three capital letters, such as EUR.")
    return text


def words(amount_e8: int, currency: str) -> str:
    """To the cent, half away from nothing: "1,234.56 EUR"."""
    cents = (abs(amount_e8) * 2 + E8 // 100) // (E8 // 50)
    sign = "-" if amount_e8 < 0 and cents else ""
    return f"{sign}{cents // 100:,}.{cents % 100:02d} {currency}"
