"""What was agreed instead of the list price: entered by one admin, in force by another's word."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from actions import close, price, review_meter
from actions.price import Offer
from actions.review_meter import Reading
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.frames import records
from domain.roles import CAST
from reads import audit
from store import agreed_prices, bills, meters
from store.tables import RetailPriceRow
from tests.store.test_bills import bill
from tests.world import NOON

FIRST = date(2026, 11, 1)
OFFER = Offer("EUR", FIRST, "m-1", price="1.25", note="Contract 7")
OFF = Offer("EUR", FIRST, percent="6")


@pytest.fixture
def priced(console):
    """The console, with two meters on its list."""
    row = {"currency": "EUR", "kind": "Consumption", "term": "", "region": "", "price": "2"}
    with console.store.begin() as session:
        for id in ("m-1", "m-2"):
            session.add(RetailPriceRow(**row, meter_id=id, starts=NOON))
    return console


def kept(console):
    with console.store.reading() as session:
        return records(agreed_prices.known(session))


def closed(console, month="2026-10", currency="EUR"):
    with console.store.begin() as session:
        bills.keep(session, bill(month, currency), NOON)
        bills.close(session, bills.head(session, month, currency), "t/ada", NOON)


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_admins_enter_prices_and_nobody_else(priced, person):
    if person.role == "admin":
        assert price.enter(priced.visit(person.id), OFFER) == 1
        (only,) = kept(priced)
        assert (only["price"], only["per"], only["said_by"]) == ("1.25", 1_000_000, person.key)
        assert only["starts"] == datetime(2026, 11, 1, tzinfo=UTC)
        assert audit.trail(priced.store).iloc[0]["came"] == "asked"
    else:
        with pytest.raises(NotAllowed, match="may not"):
            price.enter(priced.visit(person.id), OFFER)
        assert kept(priced) == []
        assert audit.trail(priced.store).iloc[0]["came"] == "refused"


def test_it_is_in_force_when_a_second_admin_says_so(priced):
    ada, alan = priced.visit("ada"), priced.visit("alan")
    number = price.enter(ada, OFFER)
    with pytest.raises(NotAllowed, match="what they enter themselves"):
        price.approve(ada, number)
    for other in ("maria", "tess", "bea", "vera", "otto"):
        with pytest.raises(NotAllowed):
            price.approve(priced.visit(other), number)
    price.approve(alan, number)
    assert kept(priced)[0]["approver"] == "contoso/alan"
    for verb in (price.approve, price.withdraw):
        with pytest.raises(OutOfRange, match="does not wait"):
            verb(alan, number)


def test_what_is_agreed_until_a_day_is_approved_too(priced):
    number = price.enter(priced.visit("ada"), replace(OFFER, ends=date(2026, 12, 1)))
    price.approve(priced.visit("alan"), number)
    assert kept(priced)[0]["approver"] == "contoso/alan"


def test_what_waits_is_withdrawn_and_never_comes_to_be(priced):
    ada, alan = priced.visit("ada"), priced.visit("alan")
    number = price.enter(ada, OFFER)
    price.withdraw(ada, number)
    (only,) = kept(priced)
    assert only["ends"] == only["starts"]
    for verb in (price.approve, price.withdraw):
        with pytest.raises(OutOfRange, match="does not wait"):
            verb(alan, number)
    assert price.enter(ada, OFFER) == 2


def test_what_is_in_force_ends_on_a_day(priced):
    ada, alan = priced.visit("ada"), priced.visit("alan")
    number = price.enter(ada, OFFER)
    with pytest.raises(OutOfRange, match="in force"):
        price.end(ada, number, date(2026, 12, 1))
    price.approve(alan, number)
    price.end(ada, number, date(2026, 12, 1))
    for late in (date(2026, 12, 1), date(2027, 1, 1)):
        with pytest.raises(OutOfRange, match="ends on 2026-12-01 already"):
            price.end(ada, number, late)
    price.enter(ada, replace(OFFER, starts=date(2026, 12, 1)))
    price.end(ada, number, date(2026, 11, 20))
    assert kept(priced)[0]["ends"] == datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize("told", [
    {"price": "0"}, {"price": "-1"}, {"price": "NaN"}, {"price": "1e5"}, {"price": "inf"},
    {"price": "1.123456789"}, {"price": "1,25"}, {"price": "=1+1"}, {"price": "999999999999"},
    {"price": "1250", "per": 1_000}, {"price": "0.001"}, {"per": 7}, {"per": True},
    {"currency": "eur"}, {"currency": "EUR "}, {"meter_id": "unheard"}, {"meter_id": "m\n1"},
    {"meter_id": ""}, {"percent": "5"}, {"price": ""}, {"source": "hearsay"},
    {"note": "a\nb"}, {"note": "x" * 301}, {"ends": FIRST}, {"ends": date(2026, 10, 1)},
    {"starts": "2026-11-01"}, {"starts": date(1970, 1, 1)}, {"starts": None},
])  # fmt: skip
def test_a_forged_price_is_refused_in_words(priced, told):
    with pytest.raises(OutOfRange):
        price.enter(priced.visit("ada"), replace(OFFER, **told))
    assert kept(priced) == []


@pytest.mark.parametrize("percent", ["0", "-5", "100", "100.01", "NaN", "5.55555", "5 %"])
def test_a_forged_discount_is_refused_in_words(priced, percent):
    with pytest.raises(OutOfRange):
        price.enter(priced.visit("ada"), replace(OFF, percent=percent))


def test_two_prices_of_a_meter_never_hold_on_one_day(priced):
    ada = priced.visit("ada")
    price.enter(ada, replace(OFFER, ends=date(2026, 12, 1)))
    for starts in (FIRST, date(2026, 11, 30)):
        with pytest.raises(OutOfRange, match="Price 1 holds on some of these days"):
            price.enter(ada, replace(OFFER, starts=starts))
    price.enter(ada, replace(OFFER, starts=date(2026, 12, 1)))
    price.enter(ada, replace(OFFER, meter_id="m-2"))
    price.enter(ada, replace(OFFER, currency="USD"))
    price.enter(ada, OFF)
    with pytest.raises(OutOfRange, match="Price 5"):
        price.enter(ada, replace(OFF, percent="7"))


def test_a_closed_month_has_its_prices_for_good(priced):
    ada, alan = priced.visit("ada"), priced.visit("alan")
    early = price.enter(ada, replace(OFFER, starts=date(2026, 10, 5)))
    closed(priced)
    with pytest.raises(OutOfRange, match="2026-10 is closed"):
        price.approve(alan, early)
    with pytest.raises(OutOfRange, match="on 2026-11-01 or later"):
        price.enter(ada, replace(OFFER, meter_id="m-2", starts=date(2026, 10, 31)))
    price.enter(ada, replace(OFFER, meter_id="m-2", currency="USD", starts=date(2026, 10, 31)))
    price.withdraw(ada, early)
    number = price.enter(ada, OFFER)
    price.approve(alan, number)
    with pytest.raises(OutOfRange, match="closed"):
        price.end(alan, number, date(2026, 10, 31))


@pytest.mark.parametrize("verb", [price.approve, price.withdraw])
@pytest.mark.parametrize("id", [99, "1", None])
def test_a_price_that_is_not_there(priced, verb, id):
    with pytest.raises(OutOfRange, match="not there"):
        verb(priced.visit("ada"), id)


# --- meters -------------------------------------------------------------------------------------

METER = Reading("m-1", "gpt-4o", "global", "tokens", "input")


def reviewed(console):
    with console.store.reading() as session:
        known = records(meters.known(session))
    return [it for it in known if it["source"] == "reviewed"]  # others are listed


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_admins_review_meters_and_nobody_else(priced, person):
    if person.role == "admin":
        review_meter.accept(priced.visit(person.id), [METER, replace(METER, meter_id="m-2")])
        assert [it["said_by"] for it in reviewed(priced)] == [person.key, person.key]
    else:
        with pytest.raises(NotAllowed):
            review_meter.accept(priced.visit(person.id), [METER])
        assert reviewed(priced) == []


@pytest.mark.parametrize("told", [
    {"meter_id": "unheard"}, {"model": ""}, {"model": "a\nb"}, {"scope": "world"},
    {"mode": "magic"}, {"tier": "gold"}, {"bucket": "requests"}, {"bucket": "prompt"},
    {"bucket": "ptu_hours"}, {"mode": "ptu"}, {"version": "x" * 101}, {"region": "\0"},
])  # fmt: skip
def test_what_no_meter_can_count(priced, told):
    with pytest.raises(OutOfRange):
        review_meter.accept(
            priced.visit("ada"), [METER, replace(METER, **{"meter_id": "m-2", **told})]
        )
    assert reviewed(priced) == []


def test_each_meter_once(priced):
    for readings in ([], [METER, METER], [METER] * 201):
        with pytest.raises(OutOfRange, match="each once"):
            review_meter.accept(priced.visit("ada"), readings)


def test_the_trail_holds_and_outdated_is_refused(priced):
    price.enter(priced.visit("ada"), OFFER)
    closed(priced)
    with pytest.raises(OutOfRange, match="is not open"):
        close.month(priced.visit("ada"), "2026-10", "EUR", generation=1)
    with pytest.raises(Outdated):
        close.finalise(priced.visit("alan"), "2026-10", "EUR", generation=1)
    assert audit.broken(priced.store) is None
