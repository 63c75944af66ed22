"""An uploaded file of invoices, read row by row; what cannot be read is said in words.

Nothing is guessed: not the decimal sign, not the currency, not the month.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from domain import money, months, sheets
from domain.faults import OutOfRange

NEEDED, OPTIONAL = ("month", "currency", "number", "amount"), ("tax", "credit")
# Thousands are read only with decimals behind them: 1,234 alone may mean a bit more than one.
_POINT = re.compile(r"-?(\d+(\.\d{1,8})?|\d{1,3}(,\d{3})+\.\d{1,8})", re.ASCII)
_COMMA = re.compile(r"-?(\d+(,\d{1,8})?|\d{1,3}(\.\d{3})+,\d{1,8})", re.ASCII)
_TEXT = re.compile(r"[\w .:/#-]{1,100}")


@dataclass(frozen=True)
class InvoiceLine:
    """One invoice as the file says it; credits are negative."""

    row: int
    month: str
    currency: str
    number: str
    amount_e8: int
    tax_e8: int = 0
    credit_e8: int = 0


@dataclass(frozen=True)
class Uploaded:
    """What a file holds and what is wrong with it; with any complaint nothing may be kept."""

    lines: tuple[InvoiceLine, ...] = ()
    wrong: tuple[str, ...] = ()


def invoice_lines(data: bytes | str) -> Uploaded:
    """The invoices of a CSV with the columns month, currency, number, amount and, if wanted, tax
    and credit; separated by commas or semicolons, decimals with a point or, between semicolons, a
    comma. `wrong` says row by row what could not be read."""
    try:
        heading, rows, comma = sheets.table(data, NEEDED, OPTIONAL)
    except OutOfRange as refused:
        return Uploaded(wrong=(refused.words,))
    lines: list[InvoiceLine] = []
    wrong: list[str] = []
    for at, cells in rows:
        try:
            lines.append(_line(at, heading, cells, comma))
        except OutOfRange as refused:
            wrong.append(f"Row {at}: {refused.words}")
    wrong += _repeated(lines)
    if not lines and not wrong:
        wrong.append("The file has no rows below its headings.")
    return Uploaded(tuple(lines), tuple(wrong))


def _line(at: int, heading: list[str], cells: list[str], comma: bool) -> InvoiceLine:
    row = sheets.row(heading, cells)
    if not _TEXT.fullmatch(row["number"]):
        raise OutOfRange("The invoice's number has 1 to 100 letters, digits, blanks or .:/#-_.")
    amount, tax, credit = (_amount(row, it, comma) for it in ("amount", "tax", "credit"))
    if credit > 0:
        raise OutOfRange("A credit is negative.")
    month, currency = months.read(row["month"]), money.currency(row["currency"])
    return InvoiceLine(at, month, currency, row["number"], amount, tax, credit)


def _amount(row: Mapping[str, str], name: str, comma: bool) -> int:
    written = row.get(name, "")
    if not written and name in OPTIONAL:
        return 0
    if not (_COMMA if comma else _POINT).fullmatch(written):
        sign = "1.234,56" if comma else "1,234.56"
        # One or two digits behind a point cannot be thousands.
        if not (comma and "," not in written and re.fullmatch(r"-?\d+\.\d{1,2}", written)):
            raise OutOfRange(f"The {name} is no number such as {sign}.")
        comma = False
    thousands, decimals = (".", ",") if comma else (",", ".")
    return money.e8(written.replace(thousands, "").replace(decimals, "."), f"The {name}")


def _repeated(lines: list[InvoiceLine]) -> Iterator[str]:
    seen: dict[tuple[str, str, str], int] = {}
    for it in lines:
        key = it.month, it.currency, it.number
        if key in seen:
            yield f"Row {it.row}: invoice {it.number} of {it.month} is in row {seen[key]} already."
        seen.setdefault(key, it.row)
