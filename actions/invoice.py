"""Invoice: enter what Microsoft or finance says that a month cost."""

import hashlib

from actions.visit import Visit
from domain import money, months, ruling, uploads
from domain.billing import Invoice
from domain.costs import MonthState
from domain.faults import OutOfRange
from domain.roles import Permission
from store import bills, invoices
from store.engine import Session

LONGEST = 100
MOST_WRONG = 10


def enter(
    visit: Visit,
    month: str,
    currency: str,
    number: str,
    amount: str,
    *,
    tax: str = "0",
    credit: str = "0",
) -> None:
    """Keep one invoice, in place of one with the same number; a credit is negative.
    Raises Refused."""
    what = f"enter invoice {number} of {month}: {amount} {currency}, tax {tax}, credit {credit}"
    with visit.attempt(Permission.CLOSE, what[:500]) as session:
        _require_unsettled(session, month, currency)
        told = Invoice(
            ruling.text(number, "An invoice's number", LONGEST),
            money.e8(amount),
            money.e8(tax, "A tax"),
            money.e8(credit, "A credit"),
        )
        _check(told)
        invoices.keep(session, month, currency, [told], visit.person.key, visit.clock())


def upload(visit: Visit, name: str, data: bytes) -> int:
    """Keep every invoice of a CSV file, or none when anything of it is wrong; returns how many.
    Raises Refused, with what is wrong row by row."""
    digest = hashlib.sha256(data).hexdigest()
    what = f"upload invoices of {name}, {len(data)} bytes, sha256 {digest}"
    with visit.attempt(Permission.CLOSE, what[:500]) as session:
        source = ruling.text(name, "A file's name", LONGEST)
        told = uploads.invoice_lines(data)
        if told.wrong:
            raise OutOfRange(" ".join(told.wrong[:MOST_WRONG]))
        by, at = visit.person.key, visit.clock()
        for line in told.lines:
            _require_unsettled(session, line.month, line.currency)
            made = Invoice(line.number, line.amount_e8, line.tax_e8, line.credit_e8)
            _check(made)
            keep = (line.month, line.currency, [made], by, at, source, digest)
            invoices.keep(session, *keep)
        return len(told.lines)


def remove(visit: Visit, month: str, currency: str, number: str) -> None:
    """Take back an invoice that was entered by mistake; raises Refused."""
    with visit.attempt(Permission.CLOSE, f"remove invoice {number} of {month}"[:500]) as session:
        _require_unsettled(session, month, currency)
        if not invoices.remove(session, month, currency, str(number)):
            raise OutOfRange("This invoice is not there.")


def _check(it: Invoice) -> None:
    """Raise OutOfRange for signs that turn a payment into its opposite."""
    if it.credit_e8 > 0:
        raise OutOfRange("A credit is entered as a negative amount.")
    if it.tax_e8 and (it.tax_e8 < 0) != (it.amount_e8 < 0):
        raise OutOfRange("A tax has the sign of its invoice.")


def _require_unsettled(session: Session, month: str, currency: str) -> None:
    """Raise OutOfRange unless there is a bill of this month that is not final."""
    head = bills.head(session, months.read(month), money.currency(currency))
    if head is None:
        raise OutOfRange(f"Nothing is billed in {currency} in {month}.")
    if head.state is MonthState.FINAL:
        raise OutOfRange(f"{month} in {currency} is final.")
