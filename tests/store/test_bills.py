"""A bill comes back as it was made, and a closed one is never written again, by nobody."""

from dataclasses import replace
from datetime import timedelta

import pytest
from pandas.testing import assert_frame_equal
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from domain import frames
from domain.billing import Bill, Check, Proof
from domain.costs import CHARGES, FOUND, GAPS, RECONCILED, SUMS, MonthState
from domain.faults import Fault, Outdated
from store import bills, snapshots
from store.bills import FRAMES
from store.tables import BillRow
from tests.store.conftest import NOW

DAY = timedelta(days=1)


def bill(month="2025-12", currency="EUR", cents=1_234, **told):
    line = {"day": NOW - 10 * DAY, "unit": "retail", "line": "usage", "cents": cents}
    line["amount_e8"] = cents * 1_000_000
    made = Bill(
        month,
        currency,
        charges=frames.frame(CHARGES, [line]),
        sums=frames.frame(SUMS, [line]),
        reconciled=frames.frame(RECONCILED, []),
        gaps=frames.frame(GAPS, []),
        found=frames.frame(FOUND, [{"kind": "unpriced", "what": "Ünpriced"}]),
        proof=Proof(cents, 0, 0, 0, 0, cents, False, (Check("shares", True, "all of it"),)),
        inputs_hash=f"hash {cents}",
        cutoff={"s": "2025-12-31"},
    )
    return replace(made, **told)


def head(read, month="2025-12", currency="EUR"):
    return read(bills.head, month, currency)


@pytest.fixture
def closed(begin, read):
    begin(bills.keep, bill(), NOW)
    begin(bills.close, head(read), "t/ada", NOW + DAY)
    return head(read)


def test_a_bill_comes_back_as_it_was(begin, read):
    number = begin(bills.keep, bill(), NOW)
    found = read(bills.kept, "2025-12", "EUR")
    for name, columns in FRAMES.items():
        assert_frame_equal(getattr(found, name), frames.fitted(getattr(bill(), name), columns))
    assert (found.proof, found.inputs_hash) == (bill().proof, bill().inputs_hash)
    assert (found.cutoff, found.state, found.made_at) == (bill().cutoff, MonthState.OPEN, NOW)
    assert found.generation == number == read(bills.generation)
    assert read(bills.sums, "2025-12", "EUR").equals(found.sums)
    assert read(bills.charges, "2025-12", "EUR").equals(found.charges)
    assert read(bills.proof, "2025-12", "EUR") == found.proof
    assert read(bills.cutoff, "2025-12", "EUR") == found.cutoff
    assert read(bills.intact, "2025-12", "EUR")


def test_what_is_not_there_is_empty(read):
    assert read(bills.kept, "2025-12", "EUR") is None
    assert read(bills.proof, "2025-12", "EUR") is None
    assert head(read) is None
    assert read(bills.heads) == []
    assert read(bills.generation) == 0
    assert list(read(bills.sums, "2025-12", "EUR")) == list(SUMS)
    assert read(bills.cutoff, "2025-12", "EUR") == {}


def test_an_open_bill_is_replaced_and_its_generation_grows(begin, read):
    first = begin(bills.keep, bill(), NOW)
    begin(bills.keep, bill("2026-01"), NOW)
    begin(bills.keep, bill(currency="USD"), NOW)
    last = begin(bills.keep, bill(cents=7), NOW + DAY)
    assert last > first
    assert read(bills.generation) == last
    found = read(bills.heads)
    assert [(it.month, it.currency) for it in found] == [
        ("2026-01", "EUR"), ("2025-12", "EUR"), ("2025-12", "USD"),
    ]  # fmt: skip
    assert read(bills.charges, "2025-12", "EUR")["cents"].tolist() == [7]


def test_the_counter_is_the_one_of_all_snapshots(begin):
    first = begin(bills.keep, bill(), NOW)
    assert begin(snapshots.advance) == first + 1
    assert begin(bills.keep, bill(), NOW) == first + 2


def test_the_same_bill_has_the_same_bytes(begin, read):
    begin(bills.keep, bill(), NOW)
    first = head(read)
    begin(bills.keep, bill(cents=7), NOW)
    assert head(read).digest != first.digest
    begin(bills.keep, bill(), NOW)
    assert head(read).digest == first.digest


def test_a_month_is_closed_and_settled_and_each_has_a_name(begin, read, closed):
    assert (closed.state, closed.closed_by, closed.closed_at) == ("closed", "t/ada", NOW + DAY)
    begin(bills.finalise, closed, "t/alan", NOW + 2 * DAY)
    final = head(read)
    assert (final.state, final.final_by, final.final_at) == ("final", "t/alan", NOW + 2 * DAY)
    assert (final.closed_by, final.digest) == ("t/ada", closed.digest)
    assert final.generation > closed.generation
    assert not final.is_open
    assert read(bills.intact, "2025-12", "EUR")


def test_only_what_was_seen_is_closed(begin, read):
    begin(bills.keep, bill(), NOW)
    seen = head(read)
    begin(bills.keep, bill(cents=7), NOW)
    with pytest.raises(Outdated):
        begin(bills.close, seen, "t/ada", NOW)
    with pytest.raises(Outdated):
        begin(bills.finalise, head(read), "t/ada", NOW)
    assert head(read).is_open


def test_a_closed_bill_is_not_made_again(begin, read, closed):
    with pytest.raises(Outdated, match="2025-12 in EUR is closed"):
        begin(bills.keep, bill(cents=7), NOW)
    with pytest.raises(Outdated):
        begin(bills.close, closed, "t/alan", NOW)
    assert head(read) == closed
    begin(bills.keep, bill(currency="USD"), NOW)


FORGED = [
    "UPDATE bills SET charges = sums",
    "UPDATE bills SET state = 'open'",
    "UPDATE bills SET state = 'open', charges = sums",
    "UPDATE bills SET state = 'final', proof = '{}'",
    "UPDATE bills SET state = 'final', digest = 'x'",
    "UPDATE bills SET state = 'final', closed_by = 'nobody'",
    "UPDATE bills SET month = '2020-01'",
    "UPDATE bills SET state = 'final', currency = 'USD'",
    "UPDATE bills SET made_at = closed_at",
    "UPDATE bills SET final_by = 'somebody'",
    "DELETE FROM bills",
]


@pytest.mark.parametrize("statement", FORGED)
@pytest.mark.parametrize("state", ["closed", "final"])
def test_the_database_itself_refuses_to_rewrite_it(begin, read, closed, statement, state):
    if state == "final":
        begin(bills.finalise, closed, "t/alan", NOW)
    before = head(read)
    with pytest.raises((Fault, DBAPIError)):
        begin(lambda session: session.execute(text(statement)))
    assert head(read) == before
    assert read(bills.intact, "2025-12", "EUR")


@pytest.mark.parametrize("verb", ["TRUNCATE bills", "INSERT OR REPLACE INTO bills"])
def test_nor_is_it_taken_away_by_the_back_door(begin, read, closed, verb):
    statement = verb
    if verb.startswith("INSERT"):
        names = ", ".join(it.name for it in BillRow.__table__.columns)
        same = f"SELECT {names} FROM bills"
        statement = f"{verb} ({names}) {same}".replace(", sums,", ", charges,", 1)
    with pytest.raises((Fault, DBAPIError)):
        begin(lambda session: session.execute(text(statement)))
    assert head(read) == closed


def test_an_open_bill_may_be_written_and_taken_away(begin, read):
    begin(bills.keep, bill(), NOW)
    begin(lambda session: session.execute(update(BillRow).values(cutoff="{}")))
    begin(lambda session: session.execute(text("DELETE FROM bills")))
    assert head(read) is None
