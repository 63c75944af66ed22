"""The price list over time: a price holds from the day that it was seen to the day it changed."""

from datetime import UTC, datetime

from domain import frames
from domain.costs import PRICED, RETAIL
from store import retail_prices

OLD = datetime(2025, 6, 1, tzinfo=UTC)


def day(number):
    return datetime(2026, 1, number, tzinfo=UTC)


def price(said="0.002", **told):
    return {
        "meter_id": "m",
        "currency": "EUR",
        "kind": "Consumption",
        "term": "",
        "region": "westeurope",
        "unit": "1K",
        "per": 1_000,
        "price": said,
        "starts": OLD,
        **told,
    }


def listing(*rows):
    return frames.frame(RETAIL, rows)


def book(read):
    found = read(retail_prices.listed, ["EUR", "USD"])
    assert dict(found.dtypes.astype(str)) == dict(PRICED)
    ends = [
        None if it is None else it.day
        for it in found["ends"].astype(object).where(found["ends"].notna(), None)
    ]
    return list(zip(found["price"], found["starts"], ends, strict=True))


def test_the_first_sight_counts_from_the_date_that_azure_gives(begin, read):
    begin(retail_prices.keep, listing(price()), day(5))
    begin(retail_prices.keep, listing(price()), day(6))
    assert book(read) == [("0.002", OLD, None)]


def test_a_price_that_changes_counts_from_the_day_it_was_seen(begin, read):
    begin(retail_prices.keep, listing(price()), day(5))
    begin(retail_prices.keep, listing(price("0.001", starts=day(2))), day(7))
    assert book(read) == [("0.002", OLD, 7), ("0.001", day(7), None)]


def test_a_price_that_changes_twice_a_day_has_the_last_one(begin, read):
    for said, at in (("3", 5), ("2", 7), ("1", 7)):
        begin(retail_prices.keep, listing(price(said)), day(at))
    assert book(read) == [("3", OLD, 7), ("1", day(7), None)]


def test_what_is_listed_no_more_ends_and_may_come_back(begin, read):
    other = price("9", meter_id="z")
    begin(retail_prices.keep, listing(price(), other), day(5))
    begin(retail_prices.keep, listing(other), day(7))
    begin(retail_prices.keep, listing(price(), other), day(9))
    assert book(read)[:2] == [("0.002", OLD, 7), ("0.002", day(9), None)]


def test_an_empty_list_ends_nothing_and_currencies_are_apart(begin, read):
    begin(retail_prices.keep, listing(price(), price("0.003", currency="USD")), day(5))
    begin(retail_prices.keep, listing(), day(6))
    begin(retail_prices.keep, listing(price("0.1")), day(7))
    assert [it[2] for it in book(read)] == [7, None, None]


def test_what_held_in_a_stretch(begin, read):
    begin(retail_prices.keep, listing(price("2")), day(5))
    begin(retail_prices.keep, listing(price("1")), day(10))
    at = {it: read(retail_prices.between, day(it), day(it + 1), ["EUR"]) for it in (9, 10)}
    assert [list(it["price"]) for it in at.values()] == [["2"], ["1"]]
    both = read(retail_prices.between, day(9), day(11), ["EUR"])
    assert list(both["price"]) == ["2", "1"]


def test_another_unit_is_another_price_and_one_without_unit_is_kept(begin, read):
    begin(retail_prices.keep, listing(price(unit="7 Moons", per=None)), day(5))
    begin(retail_prices.keep, listing(price(unit="1M", per=1_000_000)), day(6))
    assert [it[2] for it in book(read)] == [6, None]
