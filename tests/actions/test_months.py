"""A month is closed when nothing stands in its way, and settled by somebody else."""

import pytest

from actions import close, invoice, waive
from domain.closing import UNPRICED
from domain.costs import FOUND, RECONCILED
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.frames import frame
from domain.history import HISTORY
from domain.roles import CAST
from jobs.biller import Biller
from reads import audit
from store import bills, invoices, waivers
from tests.billed import billed, billed_file, priced_file
from tests.store.test_bills import bill
from tests.world import NOON

__all__ = ["billed", "billed_file", "priced_file"]
PARTIAL = "2026-08 is known in part only."
SEPTEMBER, OCTOBER, NOVEMBER = "2026-09", "2026-10", "2026-11"


def head(console, month):
    with console.store.reading() as session:
        return bills.head(session, month, "EUR")


def shut(console, month=SEPTEMBER, person="ada"):
    generation = head(console, month).generation
    close.month(console.visit(person), month, "EUR", generation=generation)


def settle(console, month=SEPTEMBER, person="alan"):
    generation = head(console, month).generation
    close.finalise(console.visit(person), month, "EUR", generation=generation)


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_admins_close_and_nobody_else(billed, person):
    if person.role == "admin":
        shut(billed, person=person.id)
        assert head(billed, SEPTEMBER).closed_by == person.key
        line = audit.trail(billed.store).iloc[1]
        assert line["what"].endswith(head(billed, SEPTEMBER).digest)
        return
    visit = billed.visit(person.id)
    for verb in (
        lambda: shut(billed, person=person.id),
        lambda: settle(billed, person=person.id),
        lambda: waive.difference(visit, SEPTEMBER, "EUR", UNPRICED, "so"),
        lambda: invoice.enter(visit, SEPTEMBER, "EUR", "G1", "5"),
        lambda: invoice.remove(visit, SEPTEMBER, "EUR", "G1"),
    ):
        with pytest.raises(NotAllowed):
            verb()
        assert audit.trail(billed.store).iloc[0]["came"] == "refused"
    assert head(billed, SEPTEMBER).is_open


def test_what_stands_in_the_way_is_said_all_at_once(billed):
    with pytest.raises(OutOfRange, match=r"2026-10 is still open\. 2026-11 is not over\."):
        shut(billed, NOVEMBER)
    with pytest.raises(OutOfRange, match="2026-09 is still open"):
        shut(billed, OCTOBER)
    shut(billed)
    shut(billed, OCTOBER)
    with pytest.raises(OutOfRange, match="is not open"):
        shut(billed)
    with pytest.raises(Outdated):
        close.finalise(billed.visit("alan"), SEPTEMBER, "EUR", generation=1)


def test_a_month_is_settled_with_its_invoice_and_by_somebody_else(billed):
    shut(billed)
    digest = head(billed, SEPTEMBER).digest
    with pytest.raises(NotAllowed, match="closed themselves"):
        settle(billed, person="ada")
    with pytest.raises(OutOfRange, match="Nobody has entered the invoice"):
        settle(billed)
    invoice.enter(billed.visit("ada"), SEPTEMBER, "EUR", "G1", "1843.21")
    settle(billed)
    final = head(billed, SEPTEMBER)
    assert (final.state, final.final_by, final.digest) == ("final", "contoso/alan", digest)
    for verb in (
        lambda: invoice.enter(billed.visit("ada"), SEPTEMBER, "EUR", "G2", "5"),
        lambda: invoice.remove(billed.visit("ada"), SEPTEMBER, "EUR", "G1"),
    ):
        with pytest.raises(OutOfRange, match="is final"):
            verb()


@pytest.mark.parametrize("told", [
    {"amount": "NaN"}, {"amount": "1e99"}, {"amount": ""}, {"amount": "99999999999"},
    {"credit": "5"}, {"tax": "-19"}, {"tax": "x"}, {"number": ""}, {"number": "a\nb"},
    {"number": "x" * 101}, {"currency": "USD"}, {"currency": "eur"}, {"month": "2026-13"},
    {"month": "2026-07"}, {"amount": "=1+1"},
])  # fmt: skip
def test_forged_invoices(billed, told):
    usual = {"month": OCTOBER, "currency": "EUR", "number": "G1", "amount": "100"}
    with pytest.raises(OutOfRange):
        invoice.enter(billed.visit("ada"), **{**usual, **told})
    with billed.store.reading() as session:
        assert invoices.known(session).empty


def test_an_invoice_changes_the_proof_and_is_taken_back(billed):
    ada = billed.visit("ada")
    invoice.enter(ada, OCTOBER, "EUR", "G1", "2000.00", tax="19", credit="-5")
    billed.biller.run_once()
    with billed.store.reading() as session:
        proof = bills.proof(session, OCTOBER, "EUR")
    assert proof.entered
    assert proof.difference == 0
    invoice.remove(ada, OCTOBER, "EUR", "G1")
    with pytest.raises(OutOfRange, match="not there"):
        invoice.remove(ada, OCTOBER, "EUR", "G1")


def test_a_difference_is_waived_by_name_and_for_no_more_than_it_is(billed):
    row = {"cause": "price", "booked_e8": 10**11, "estimated_e8": 0, "difference_e8": 10**11,
           "within": False, "day": NOON, "subscription": "s", "resource": "r", "meter_id": "m",
           "meter": "m"}  # fmt: skip
    odd = bill(
        "2026-08",
        reconciled=frame(RECONCILED, [row]),
        found=frame(FOUND, [{"kind": UNPRICED, "what": "x"}, {"kind": HISTORY, "what": PARTIAL}]),
    )
    with billed.store.begin() as session:
        bills.keep(session, odd, NOON)
    ada = billed.visit("ada")
    with pytest.raises(OutOfRange, match=r"has no price.*|another price"):
        shut(billed, "2026-08")
    for told in (("tax", "so"), ("price", ""), ("price", "a\nb"), ("price", "x" * 301)):
        with pytest.raises(OutOfRange):
            waive.difference(ada, "2026-08", "EUR", *told)
    waive.difference(ada, "2026-08", "EUR", "price", "New contract")
    with pytest.raises(OutOfRange, match="has no price"):
        shut(billed, "2026-08")
    waive.difference(ada, "2026-08", "EUR", UNPRICED, "A test of a week")
    with billed.store.reading() as session:
        assert (
            waivers.of_month(session, "2026-08", "EUR")["said_by"].tolist() == [ada.person.key] * 2
        )
    with pytest.raises(OutOfRange, match=f"^{PARTIAL}$"):
        shut(billed, "2026-08")
    waive.difference(ada, "2026-08", "EUR", HISTORY, "From before we looked")
    shut(billed, "2026-08")
    with pytest.raises(OutOfRange, match="Only a month that is open"):
        waive.difference(ada, "2026-08", "EUR", "price", "so")


def test_a_closed_month_survives_the_biller(billed):
    shut(billed)
    before = head(billed, SEPTEMBER)
    Biller(billed.store, billed.clock, billed.tags).run_once()
    assert head(billed, SEPTEMBER) == before


GOOD = b"month,currency,number,amount\n2026-09,EUR,G1,10.50\n2026-10,EUR,G2,20\n"


def test_a_file_of_invoices_is_kept_whole_or_not_at_all(billed):
    ada = billed.visit("ada")
    for data in (b"PK\x03\x04", b"\xff\xfe", GOOD + b"2026-10,USD,G3,5\n", GOOD + b"x,EUR,G3,5\n"):
        with pytest.raises(OutOfRange):
            invoice.upload(ada, "march.csv", data)
    with pytest.raises(NotAllowed):
        invoice.upload(billed.visit("maria"), "march.csv", GOOD)
    with billed.store.reading() as session:
        assert invoices.known(session).empty
    assert invoice.upload(ada, "march.csv", GOOD) == 2
    with billed.store.reading() as session:
        assert set(invoices.known(session)["source"]) == {"march.csv"}
