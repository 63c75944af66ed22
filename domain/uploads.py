"""An uploaded file of invoices, read row by row; what cannot be read is said in words.

A file from outside is data: what looks like a formula stays text, what is no CSV in UTF-8 is
refused, and nothing is guessed: not the decimal sign, not the currency, not the month.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from domain import money, months
from domain.faults import OutOfRange

MOST_BYTES, MOST_ROWS = 1_000_000, 2_000
NEEDED, OPTIONAL = ("month", "currency", "number", "amount"), ("tax", "credit")
_MARKS = {  # the first bytes of what people upload instead of a CSV
    b"PK\x03\x04": "This is an Excel workbook or a ZIP file: save the sheet as CSV.",
    b"\xd0\xcf\x11\xe0": "This is an old Excel workbook: save the sheet as CSV.",
    b"%PDF": "This is a PDF: enter its figures by hand, or upload a CSV.",
    b"\x1f\x8b": "This is a compressed file: upload the CSV itself.",
    b"\xff\xfe": "This file is UTF-16: save it as CSV in UTF-8.",
    b"\xfe\xff": "This file is UTF-16: save it as CSV in UTF-8.",
}
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
        text = _text(data.encode() if isinstance(data, str) else data)
        heading, rows, comma = _table(text)
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


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise OutOfRange(f"The file is larger than {MOST_BYTES // 1000:,} kB.")
    for mark, words in _MARKS.items():
        if data.startswith(mark):
            raise OutOfRange(words)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise OutOfRange("The file is not UTF-8: save it as CSV in UTF-8.") from None
    if "\0" in text:
        raise OutOfRange("The file holds null characters: it is no CSV.")
    if text.lstrip().startswith("<"):
        raise OutOfRange("This is a web page or XML, not a CSV.")
    return text


def _table(text: str) -> tuple[list[str], list[tuple[int, list[str]]], bool]:
    """Headings, rows with their numbers, and whether decimals may have a comma."""
    first = text.partition("\n")[0]
    comma = ";" in first
    try:
        read = csv.reader(StringIO(text, newline=""), delimiter=";" if comma else ",", strict=True)
        rows = [(read.line_num, [it.strip() for it in cells]) for cells in read]
    except csv.Error:
        raise OutOfRange("The quotes in the file do not close.") from None
    filled = [(at, cells) for at, cells in rows if any(cells)]
    heading = [it.lower() for it in filled[0][1]] if filled else []
    if missing := [it for it in NEEDED if it not in heading]:
        raise OutOfRange(f"The first row has to name the columns; missing: {', '.join(missing)}.")
    if strange := [it for it in heading if it not in (*NEEDED, *OPTIONAL)]:
        shown = ", ".join(it[:30] or "one without a name" for it in strange[:5])
        raise OutOfRange(f"These columns are not known: {shown}.")
    if len(set(heading)) < len(heading):
        raise OutOfRange("A column is there twice.")
    if len(filled) - 1 > MOST_ROWS:
        raise OutOfRange(f"The file has more than {MOST_ROWS:,} rows.")
    return heading, filled[1:], comma


def _line(at: int, heading: list[str], cells: list[str], comma: bool) -> InvoiceLine:
    if len(cells) != len(heading):
        raise OutOfRange(f"{len(cells)} cells under {len(heading)} headings.")
    row = dict(zip(heading, cells, strict=True))
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
