"""A CSV from outside as a table: headings, and rows with their numbers.

A file from outside is data: what looks like a formula stays text, and what is no CSV in UTF-8 is
refused.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from domain.faults import OutOfRange

MOST_BYTES, MOST_ROWS = 1_000_000, 2_000
_MARKS = {  # the first bytes of what people upload instead of a CSV
    b"PK\x03\x04": "This is an Excel workbook or a ZIP file: save the sheet as CSV.",
    b"\xd0\xcf\x11\xe0": "This is an old Excel workbook: save the sheet as CSV.",
    b"%PDF": "This is a PDF: enter its figures by hand, or upload a CSV.",
    b"\x1f\x8b": "This is a compressed file: upload the CSV itself.",
    b"\xff\xfe": "This file is UTF-16: save it as CSV in UTF-8.",
    b"\xfe\xff": "This file is UTF-16: save it as CSV in UTF-8.",
}
Table = tuple[list[str], list[tuple[int, list[str]]], bool]
"""Headings, rows with their numbers, and whether decimals may have a comma."""
MOST_NAMED = 10
"""Rows that a refusal names."""


@dataclass(frozen=True)
class Wrong:
    """Why a row cannot be kept; row 0 is the whole text."""

    row: int
    words: str
    quote: str = ""
    """What says who somebody is, for the eyes of who imports it alone."""

    def __str__(self) -> str:
        return f"Row {self.row}: {self.words}" if self.row else self.words


def refusal(wrong: Sequence[Wrong]) -> OutOfRange:
    """What is said where not every row can be kept."""
    more = len(wrong) - MOST_NAMED
    tail = f" And {more} more." if more > 0 else ""
    return OutOfRange(" ".join(map(str, wrong[:MOST_NAMED])) + tail)


def table(data: bytes | str, needed: Sequence[str], optional: Sequence[str] = ()) -> Table:
    """The table of a CSV with these columns, separated by commas or semicolons; raises OutOfRange
    where it is none."""
    text = _text(data.encode(errors="surrogatepass") if isinstance(data, str) else data)
    comma = ";" in text.partition("\n")[0]
    filled = _rows(text, ";" if comma else ",")
    heading = [it.lower() for it in filled[0][1]] if filled else []
    _require(heading, needed, optional)
    if len(filled) - 1 > MOST_ROWS:
        raise OutOfRange(f"The file has more than {MOST_ROWS:,} rows.")
    return heading, filled[1:], comma


def row(heading: Sequence[str], cells: Sequence[str]) -> Mapping[str, str]:
    """One row by heading; raises OutOfRange where it has other cells than there are headings."""
    if len(cells) != len(heading):
        raise OutOfRange(f"{len(cells)} cells under {len(heading)} headings.")
    return dict(zip(heading, cells, strict=True))


def _rows(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """What is not empty, with its line."""
    try:
        read = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
        rows = [(read.line_num, [it.strip() for it in cells]) for cells in read]
    except csv.Error:
        raise OutOfRange("The quotes in the file do not close.") from None
    return [(at, cells) for at, cells in rows if any(cells)]


def _require(heading: Sequence[str], needed: Sequence[str], optional: Sequence[str]) -> None:
    if missing := [it for it in needed if it not in heading]:
        raise OutOfRange(f"The first row has to name the columns; missing: {', '.join(missing)}.")
    if strange := [it for it in heading if it not in (*needed, *optional)]:
        shown = ", ".join(it[:30] or "one without a name" for it in strange[:5])
        raise OutOfRange(f"These columns are not known: {shown}.")
    if len(set(heading)) < len(heading):
        raise OutOfRange("A column is there twice.")


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
