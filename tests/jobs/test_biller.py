"""Bills follow what changes; a closed one stays byte for byte, and what comes late is adjusted."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import text

from domain import closing, frames, notices
from domain.billing import Invoice, Reach, Rule
from domain.costs import BOOKED_DAYS, ESTATE_DAYS, USAGE_DAYS
from domain.faults import OutOfRange
from domain.gateways import named
from domain.readings import BILLS, BOOKED, GATEWAYS, LEDGER, TENANT, Snapshot, kept_columns
from domain.tags import TagNames
from domain.units import CONTOSO
from jobs import billings
from jobs.biller import AGAIN, Biller
from reads import budgets as budgets_read
from store import (
    agreed_prices,
    billing,
    bills,
    booked_days,
    budgets,
    cost_rules,
    estate_days,
    histories,
    invoices,
    snapshots,
    units,
    usage_days,
    waivers,
)
from store.engine import opened
from tests import billed
from tests.store.conftest import DATABASES, begin, migrated_database, read, server, store, url
from tests.world import CHAT, NOON, SMALL, WEU, Clock

__all__ = ["begin", "migrated_database", "read", "server", "store", "url"]

SEPTEMBER, OCTOBER, NOVEMBER = "2026-09", "2026-10", "2026-11"
DAY = timedelta(days=1)


BOTH = pytest.mark.parametrize("dialect", DATABASES, indirect=True)


@pytest.fixture
def dialect(request):
    """SQLite, where a test does not ask for both: most of this is not about databases."""
    return getattr(request, "param", "sqlite")


@pytest.fixture(scope="module")
def migrated_file(tmp_path_factory):
    """With its bills, so that they are made once."""
    path = tmp_path_factory.mktemp("billed") / "console.db"
    store = opened(f"sqlite:///{path}")
    _billed(store)
    store.close()
    return path


@pytest.fixture
def biller(store, dialect):
    if dialect != "sqlite":
        return _billed(store)
    made = Biller(store, Clock(), TagNames())
    with store.reading() as session:
        made.done = billing.mark(session, NOON)
    return made


def _billed(store):
    with store.begin() as session:
        units.keep(session, CONTOSO)
    billed.write(store)
    made = Biller(store, Clock(), TagNames())
    made.run_once()
    return made


@pytest.fixture
def close(begin, read):
    def closing(month):
        begin(bills.close, read(bills.head, month, "EUR"), "t/ada", NOON)

    return closing


def again(biller):
    """A round of a biller that knows nothing of the last."""
    new = Biller(biller.store, biller.clock, biller.tags)
    new.run_once()
    return new


def heads(read):
    return {it.month: it for it in read(bills.heads)}


def late_row(day, cost_e8=5_000_000_000, **told):
    usual = {"subscription": SMALL, "resource": WEU, "view": "amortized", "charge": "Usage",
             "pricing": "OnDemand", "reservation": "", "service": "Azure OpenAI",
             "meter_id": "regional-output", "meter": "gpt-4o regional-output", "quantity": 5.0,
             "currency": "EUR", "seen_at": NOON}  # fmt: skip
    return {**usual, "day": day, "cost_e8": cost_e8, **told}


def book_late(store, cost_e8=5_000_000_000):
    """Another 50.00 of output on the last day of September."""
    day = billed.FIRST + 29 * DAY
    with store.begin() as session:
        month = booked_days.of_month(session, SEPTEMBER, [SMALL])
        rows = frames.records(month[month["day"] == day])
        for it in rows:
            if it["meter_id"] == "regional-output":
                it["cost_e8"] += cost_e8
        booked_days.keep(session, frames.frame(BOOKED_DAYS, rows))


@pytest.mark.usefixtures("biller")
def test_every_month_that_is_known_has_a_bill_that_adds_up(read):
    found = heads(read)
    assert list(found) == [NOVEMBER, OCTOBER, SEPTEMBER]
    for month, head in found.items():
        bill = read(bills.kept, month, "EUR")
        assert bill.proof.holds
        assert head.is_open
        booked = read(booked_days.of_month, month, [SMALL])["cost_e8"].sum()
        own = bill.charges[bill.charges["basis"] == "booked"]["amount_e8"].sum()
        if month != NOVEMBER:
            assert own == booked == bill.charges["amount_e8"].sum()
    assert set(read(bills.charges, NOVEMBER, "EUR")["basis"]) == {
        "booked", "estimated", "provisional",
    }  # fmt: skip


def test_nothing_is_made_when_nothing_changed(biller, read):
    before = heads(read)
    biller.run_once()
    again(biller)
    assert heads(read) == before
    biller.clock.move(hours=3)
    biller.run_once()
    assert heads(read) == before


def test_the_next_day_makes_the_running_month_anew(biller, read):
    before = heads(read)
    biller.clock.move(days=1)
    biller.run_once()
    after = heads(read)
    assert after[NOVEMBER].generation > before[NOVEMBER].generation


CHANGES = {
    "a rule": lambda session: cost_rules.add(
        session,
        Rule(0, "mapping", {"by": "subscription", "key": "", "value": SMALL, "unit": "research"},
             billed.FIRST + 61 * DAY, said_by="t/ada"),
    ),
    "a price": lambda session: agreed_prices.add(
        session,
        {"meter_id": "", "currency": "EUR", "percent": "6", "starts": billed.FIRST + 61 * DAY,
         "source": "contract", "note": "", "said_by": "a", "approver": "b", "at": NOON},
    ),
    "an invoice": lambda session: invoices.keep(
        session, NOVEMBER, "EUR", [Invoice("G1", 10**11)], "t/ada", NOON
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", ["a rule", "a price", "an invoice"])
def test_what_people_decide_changes_the_bill(biller, read, begin, change):
    before = heads(read)
    begin(CHANGES[change])
    biller.run_once()
    after = heads(read)
    assert after[NOVEMBER].generation > before[NOVEMBER].generation
    assert read(bills.kept, NOVEMBER, "EUR").proof.difference == 0
    if change != "a price":  # agreed prices of a currency are all among what is hashed
        assert after[SEPTEMBER] == before[SEPTEMBER]
    biller.run_once()
    assert heads(read) == after


@BOTH
def test_late_charges_then_a_changed_rule_leave_a_closed_month_as_it_was(
    biller, store, read, begin, close
):
    close(SEPTEMBER)
    closed, bytes_before = heads(read)[SEPTEMBER], read(bills.kept, SEPTEMBER, "EUR")
    before = read(bills.charges, OCTOBER, "EUR")["amount_e8"].sum()
    book_late(store)
    again(biller)
    assert heads(read)[SEPTEMBER] == closed
    rows = read(bills.charges, OCTOBER, "EUR")
    late = rows[rows["line"] == "adjustment"]
    assert late["amount_e8"].sum() == 5_000_000_000
    assert late["cents"].sum() == 5_000
    assert set(late["of_month"]) == {SEPTEMBER}
    assert set(late["day"].dt.strftime("%Y-%m-%d")) == {"2026-10-01"}
    assert set(late["unit"]) == {"retail-online", "finance-risk"}
    assert rows["amount_e8"].sum() == before + 5_000_000_000
    assert read(bills.kept, OCTOBER, "EUR").proof.holds

    begin(CHANGES["a rule"])
    again(biller)
    assert heads(read)[SEPTEMBER] == closed
    now = read(bills.kept, SEPTEMBER, "EUR")
    assert now.charges.equals(bytes_before.charges)
    assert now.proof == bytes_before.proof
    assert read(bills.intact, SEPTEMBER, "EUR")
    assert read(bills.charges, OCTOBER, "EUR")["amount_e8"].sum() == before + 5_000_000_000
    moved = read(bills.charges, NOVEMBER, "EUR")
    assert "research" in set(moved["unit"])


def test_a_late_charge_that_is_on_the_closed_months_invoice_is_counted_once(
    biller, store, read, begin, close
):
    asked = read(bills.charges, SEPTEMBER, "EUR")["amount_e8"].sum() + 5_000_000_000
    before = read(budgets_read.daily, "EUR", NOON)["cents"].sum()
    begin(invoices.keep, SEPTEMBER, "EUR", [Invoice("G9", int(asked))], "t/ada", NOON)
    biller.run_once()
    close(SEPTEMBER)
    book_late(store)
    again(biller)
    rows = read(bills.charges, OCTOBER, "EUR")
    late = rows[rows["line"] == "adjustment"]
    assert late.groupby("unit")["amount_e8"].sum()["platform"] == -5_000_000_000
    assert late["amount_e8"].sum() == 0
    assert read(bills.kept, OCTOBER, "EUR").proof.holds
    # It is theirs, whose budgets have to stand it, though it is on no invoice of October.
    assert read(budgets_read.daily, "EUR", NOON)["cents"].sum() == before + 5_000


def test_an_adjustment_of_a_closed_month_is_not_made_again(biller, store, read, close):
    close(SEPTEMBER)
    book_late(store)
    again(biller)
    close(OCTOBER)
    october = heads(read)[OCTOBER]
    again(biller)
    assert "adjustment" not in set(read(bills.charges, NOVEMBER, "EUR")["line"])
    book_late(store, -1_000_000_000)
    again(biller)
    rows = read(bills.charges, NOVEMBER, "EUR")
    late = rows[rows["line"] == "adjustment"]
    assert late["amount_e8"].sum() == -1_000_000_000
    assert set(late["of_month"]) == {SEPTEMBER}
    assert heads(read)[OCTOBER] == october
    assert read(bills.kept, NOVEMBER, "EUR").proof.holds


def test_a_month_that_cannot_be_billed_costs_no_other(biller, read, begin, caplog):
    before = heads(read)
    bad = Rule(0, "mapping", {"by": "subscription"}, billed.FIRST, billed.FIRST + DAY)
    begin(cost_rules.add, bad)
    begin(CHANGES["an invoice"])
    with caplog.at_level(logging.ERROR):
        tried = again(biller)
    after = heads(read)
    assert after[SEPTEMBER] == before[SEPTEMBER]
    assert after[NOVEMBER].generation > before[NOVEMBER].generation
    assert "The bill of 2026-09 in EUR could not be made" in caplog.text
    caplog.clear()
    tried.run_once()
    assert "could not be made" not in caplog.text, "nothing changed, and it is too early"
    now = tried.clock()
    tried.clock = lambda: now + AGAIN
    tried.run_once()
    assert "The bill of 2026-09 in EUR could not be made" in caplog.text


def billings_of(read):
    return read(snapshots.kept, BILLS, [TENANT])[TENANT]


def test_a_bill_that_could_not_be_made_is_a_trouble_with_the_words_of_its_fault(
    biller, read, begin
):
    bad = Rule(0, "mapping", {"by": "subscription"}, billed.FIRST, billed.FIRST + DAY)
    begin(cost_rules.add, bad)
    tried = again(biller)
    (only,) = billings_of(read).troubles
    assert (only.part, only.since) == ("2026-09 EUR", NOON)
    assert only.words.startswith("The bill of 2026-09 in EUR could not be made: ")
    assert only.words.endswith(f"{billings.UNFORESEEN} It stays as it was.")
    kept = billings_of(read)
    now = tried.clock() + AGAIN
    tried.clock = lambda: now
    tried.run_once()
    assert billings_of(read).generation == kept.generation, "the same goes on"
    begin(lambda session: session.execute(text("DELETE FROM cost_rules")))
    tried.run_once()
    assert billings_of(read).troubles == ()


def test_a_fault_is_told_in_its_own_words_and_a_bug_in_none_of_its_own():
    assert billings.words(OutOfRange("There is no unit x.")) == "There is no unit x."
    assert billings.words(KeyError("secret")) == billings.UNFORESEEN


def test_the_months_that_could_be_closed_are_known(biller, read, begin, close):
    again(biller)
    assert billings_of(read).frame["bill"].tolist() == ["2026-09 EUR"]  # October waits for it
    close(SEPTEMBER)
    again(biller)
    assert billings_of(read).frame["bill"].tolist() == ["2026-10 EUR"]
    price = {"cause": "price", "amount_e8": 5, "reason": "x", "said_by": "t/ada", "at": NOON}
    mark = read(billing.mark, NOON)
    begin(waivers.keep, {**price, "month": OCTOBER, "currency": "EUR"})
    assert read(billing.mark, NOON) != mark, "who answers for something may let a month close"


def test_each_currency_has_its_own_bill_and_nothing_is_lost(biller, store, read):
    other = "9" * 8 + SMALL[8:]
    dollars = late_row(billed.FIRST + DAY, subscription=other, currency="USD", resource="")
    with store.begin() as session:
        booked_days.keep(session, frames.frame(BOOKED_DAYS, [dollars]))
        silent = {"day": billed.FIRST, "subscription": "7" + SMALL[1:], "source": "metrics",
                  "product": "", "tier": "standard", "bucket": "input", "quantity": 5.0,
                  "estimated": False, "seen_at": NOON, "resource": CHAT + "x"}  # fmt: skip
        usage_days.keep(session, frames.frame(USAGE_DAYS, [silent]))
    again(biller)
    found = {(it.month, it.currency) for it in read(bills.heads)}
    assert found == {(it, "EUR") for it in (SEPTEMBER, OCTOBER, NOVEMBER)} | {(SEPTEMBER, "USD")}
    assert read(bills.charges, SEPTEMBER, "USD")["amount_e8"].sum() == 5_000_000_000
    known = read(billing.coverage, SEPTEMBER, NOON)
    assert known.currencies["7" + SMALL[1:]] == "EUR"


def test_a_console_that_knows_nothing_bills_nothing(store, read):
    with store.begin() as session:
        for table in ("bills", "usage_days", "booked_days"):
            session.execute(text(f"DELETE FROM {table}"))
    Biller(store, Clock(), TagNames()).run_once()
    assert read(bills.heads) == []


@pytest.mark.usefixtures("biller")
def test_the_last_day_counts_once_it_has_settled(read):
    last = billed.BOOKED
    assert read(billing.booked_until, SMALL, last + 3 * DAY) == last
    assert read(billing.booked_until, SMALL, last + 3 * DAY - timedelta(seconds=1)) == last - DAY
    assert read(billing.booked_until, "nobody", NOON) is None


def test_a_crossed_budget_is_kept_and_told_once(biller, read, begin):
    told = {"unit": "finance", "grain": "month", "currency": "EUR", "amount_e8": 80_000_000_000,
            "thresholds": "80,100", "starts": OCTOBER, "said_by": "t/ada", "at": NOON}  # fmt: skip
    begin(budgets.add, told)
    again(biller)
    crossed = {(it["kind"], it["threshold"]) for it in frames.records(read(budgets.crossings))}
    assert {("actual", 80), ("forecast", 80), ("forecast", 100)} <= crossed
    before = len(crossed)
    again(biller)
    assert len(read(budgets.crossings)) == before
    notice = notices.of_crossing(frames.records(read(budgets.crossings))[0], "Finance")
    assert "Finance" in notice.words
    assert notice.page == "budgets"


def test_what_a_gateway_could_not_place_is_a_finding_of_the_month_it_was_read_in(
    biller, read, begin
):
    before = heads(read)
    lost = {"deployment": "ghost", "backend": "", "product": "web", "tokens": 700.0}
    row = {"workspace": "w", "first_day": billed.FIRST, "last_day": NOON, "rows": 3,
           "unknown_rows": 1, "unknown": named([lost])}  # fmt: skip
    told = Snapshot(frames.frame(kept_columns(GATEWAYS), [{**row, "seen_at": NOON}]), NOON)
    begin(snapshots.keep, GATEWAYS, TENANT, told)
    biller.run_once()
    found = read(bills.kept, NOVEMBER, "EUR").found
    (only,) = frames.records(found[found["kind"] == "unknown deployment"])
    assert (only["product"], only["quantity"]) == ("web", 700.0)
    assert heads(read)[OCTOBER] == before[OCTOBER]
    after = heads(read)
    again(biller)
    assert heads(read) == after


def asked(topic, first, subscription=SMALL, **told):
    row = {"subscription": subscription, "first_day": first, "last_day": NOON, "seen_at": NOON}
    return topic, subscription, Snapshot(frames.frame(kept_columns(topic), [row | told]), NOON)


def test_a_month_is_known_from_where_both_usage_and_bookings_are(biller, read, begin):  # noqa: ARG001
    whole = Reach(billed.FIRST, billed.FIRST)
    assert read(histories.begins, [SMALL], billed.FIRST) == {SMALL: whole}
    begin(lambda session: session.execute(
        text("DELETE FROM booked_days WHERE day < '2026-09-24'")))  # fmt: skip
    assert read(histories.begins, [SMALL], billed.FIRST)[SMALL].first == billed.FIRST + 23 * DAY
    begin(snapshots.keep, *asked(BOOKED, billed.FIRST, currency="EUR"))  # and there was nothing
    assert read(histories.begins, [SMALL], billed.FIRST) == {SMALL: whole}


def test_the_bill_says_of_which_subscription_it_knows_only_a_part(biller, read, begin):
    other, begins = "9" * 8 + SMALL[8:], billed.FIRST + 9 * DAY
    for first in (billed.FIRST, begins):
        begin(snapshots.keep, *asked(BOOKED, first, other, currency="EUR"))
        begin(snapshots.keep, *asked(LEDGER, billed.FIRST, other, region="westeurope"))
        again(biller)
    found = {it: read(bills.kept, it, "EUR").found for it in (SEPTEMBER, OCTOBER)}
    assert closing.partial(found[SEPTEMBER]) == [
        f"2026-09 is known in part only: history of subscription {other} begins on 2026-09-10."
    ]
    assert closing.partial(found[OCTOBER]) == []


def test_what_was_booked_before_the_ledger_begins_is_billed_by_what_is_known_of_the_account(
    biller, read, begin
):
    day = billed.FIRST - 20 * DAY  # 2026-08-12: no usage, no estate
    home = {"day": NOON.replace(hour=0), "resource": WEU, "account_id": WEU, "subscription": SMALL,
            "account_tags": '{"business-unit": "research"}', "assumed": False}  # fmt: skip
    begin(booked_days.keep, frames.frame(BOOKED_DAYS, [late_row(day)]))
    begin(estate_days.keep, frames.frame(ESTATE_DAYS, [home]))
    again(biller)
    bill = read(bills.kept, "2026-08", "EUR")
    assert bill.proof.holds
    assert bill.charges["unit"].tolist() == ["research"]
    (only,) = frames.records(bill.found)
    assert (only["kind"], only["amount_e8"]) == ("history", 5_000_000_000)
    assert "begins on 2026-09-01. Of what was booked before 2026-09-01 the usage" in only["what"]
    assert set(bill.reconciled["cause"]) == {"history"}
    assert closing.differences(bill) == {"history": 5_000_000_000}
