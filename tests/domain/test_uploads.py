"""Files of invoices as people and their spreadsheets write them, and files that are none."""

import csv
from decimal import Decimal
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.costs import E8
from domain.sheets import MOST_ROWS
from domain.uploads import invoice_lines

HEAD = "month,currency,number,amount,tax,credit\n"
ROW = "2026-05,EUR,G-1,1234.56,10,-5.00\n"


def only(text):
    found = invoice_lines(text)
    assert found.wrong == ()
    (line,) = found.lines
    return line


def test_a_file_by_hand():
    line = only(HEAD + ROW)
    assert (line.row, line.month, line.currency, line.number) == (2, "2026-05", "EUR", "G-1")
    assert (line.amount_e8, line.tax_e8, line.credit_e8) == (123_456_000_000, 10 * E8, -5 * E8)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("\ufeff" + HEAD + ROW, "1234.56"),
        ((HEAD + ROW).replace("\n", "\r\n"), "1234.56"),
        ("Number,Amount,Month,Currency\nG-1,7,2026-05,EUR\n", "7"),
        ("month;currency;number;amount\n2026-05;EUR;G-1;1.234,56\n", "1234.56"),
        ("month;currency;number;amount\n2026-05;EUR;G-1;1234,5\n", "1234.5"),
        ("month;currency;number;amount\n2026-05;EUR;G-1;1234.56\n", "1234.56"),
        ('month,currency,number,amount\n2026-05,EUR,G-1,"1,234.56"\n', "1234.56"),
        ("month,currency,number,amount\n\n2026-05,EUR,G-1,-3\n\n", "-3"),
    ],
)
def test_what_spreadsheets_write(text, amount):
    assert only(text).amount_e8 == int(Decimal(amount) * E8)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2026-13,EUR,G-1,1,,", "A month"),
        ("05/2026,EUR,G-1,1,,", "A month"),
        ("2026-05,eur,G-1,1,,", "A currency"),
        ("2026-05,EUR,=HYPERLINK(1),1,,", "number has"),
        ("2026-05,EUR,,1,,", "number has"),
        ("2026-05,EUR,G-1,=1+1,,", "amount is no number"),
        ("2026-05,EUR,G-1,,,", "amount is no number"),
        ("2026-05,EUR,G-1,1e5,,", "amount is no number"),
        ("2026-05,EUR,G-1,NaN,,", "amount is no number"),
        ('2026-05,EUR,G-1,"1234,56",,', "amount is no number"),
        ('2026-05,EUR,G-1,"1,234",,', "amount is no number"),
        ("2026-05,EUR,G-1,1.123456789,,", "amount is no number"),
        ("2026-05,EUR,G-1,99999999999,,", "at the most"),
        ("2026-05,EUR,G-1,1,x,", "tax is no number"),
        ("2026-05,EUR,G-1,1,,5", "A credit is negative"),
        ("2026-05,EUR,G-1,1", "4 cells under 6"),
    ],
)
def test_a_row_that_cannot_be_read_is_named(row, words):
    found = invoice_lines(HEAD + ROW.replace("G-1", "G-0") + row + "\n")
    assert len(found.lines) == 1
    (wrong,) = found.wrong
    assert wrong.startswith("Row 3: ")
    assert words in wrong


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04rest", "Excel"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel"),
        (b"%PDF-1.7", "PDF"),
        ((HEAD + ROW).encode("utf-16"), "UTF-16"),
        ((HEAD + ROW.replace("G-1", "Gr\xfc")).encode("latin-1"), "not UTF-8"),
        (HEAD + ROW + "\0", "null"),
        ("<html><table>", "web page"),
        ("", "missing"),
        ("a,b\n1,2\n", "missing"),
        ("month,currency,number,amount,=cmd\n", "not known"),
        ("month,currency,number,amount,amount\n", "twice"),
        (HEAD, "no rows"),
        (HEAD + '2026-05,EUR,"G-1,1,,\n', "quotes"),
        (HEAD + ROW * (MOST_ROWS + 1), "more than 2,000 rows"),
        (HEAD + "x" * 1_000_001, "larger"),
        (HEAD + ROW + ROW, "in row 2 already"),
    ],
)
def test_a_file_that_is_none_is_refused_in_words(data, words):
    found = invoice_lines(data)
    assert words in " ".join(found.wrong)


AMOUNT = some.decimals(-(10**8), 10**8, places=2)


@settings(deadline=None, max_examples=60)
@given(some.lists(AMOUNT, min_size=1, max_size=10), some.booleans())
def test_what_is_written_is_read(amounts, comma):
    file = StringIO()
    writer = csv.writer(file, delimiter=";" if comma else ",")
    writer.writerow(["month", "currency", "number", "amount"])
    for at, it in enumerate(amounts):
        text = f"{it:,.2f}"
        if comma:
            text = text.replace(",", "x").replace(".", ",").replace("x", ".")
        writer.writerow(["2026-05", "EUR", f"G-{at}", text])
    found = invoice_lines(file.getvalue())
    assert found.wrong == ()
    assert [it.amount_e8 for it in found.lines] == [int(it * E8) for it in amounts]


@settings(deadline=None)
@given(some.one_of(some.binary(max_size=300), some.text(max_size=300).map(lambda it: HEAD + it)))
def test_whatever_is_uploaded_is_read_or_refused(data):
    found = invoice_lines(data)
    assert found.lines or found.wrong
