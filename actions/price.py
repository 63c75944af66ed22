"""Price: enter what was agreed instead of the list price; a second admin lets it be in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from actions import dating
from actions.visit import Visit
from domain import agreeing, money, ruling
from domain.faults import NotAllowed, OutOfRange
from domain.roles import Permission
from store import agreed_prices
from store.engine import Session

SOURCES = ("contract", "manual")
LONGEST = 300


@dataclass(frozen=True)
class Offer:
    """What was agreed: a price of one meter, or percents off the list price."""

    currency: str
    starts: date
    meter_id: str = ""
    """"" for all meters."""
    price: str = ""
    per: int = 1_000_000
    percent: str = ""
    ends: date | None = None
    """The first day on which it does not hold."""
    source: str = "contract"
    note: str = ""


def enter(visit: Visit, offer: Offer) -> int:
    """Keep what was agreed until somebody else approves it; returns its number. Raises Refused."""
    what = f"enter a price: {_said(offer)}"
    with visit.attempt(Permission.PRICE, what[:1_000]) as session:
        row = _checked(session, offer)
        _require_apart(session, row)
        told = {"said_by": visit.person.key, "approver": None, "at": visit.clock()}
        return agreed_prices.add(session, {**row, **told})


def approve(visit: Visit, id: int) -> None:
    """Let it be in force; raises Refused."""
    with visit.attempt(Permission.PRICE, f"approve price {id}") as session:
        row = _found(session, id)
        if row["said_by"] == visit.person.key:
            raise NotAllowed("Nobody approves what they enter themselves.")
        if row["approver"] or row["ends"] == row["starts"]:
            raise OutOfRange(f"Price {id} does not wait for approval.")
        dating.day(session, _day(row["starts"]), str(row["currency"]), "a price")
        _require_apart(session, row)
        agreed_prices.approve(session, id, visit.person.key)


def withdraw(visit: Visit, id: int) -> None:
    """Take back what nobody has approved yet; raises Refused."""
    with visit.attempt(Permission.PRICE, f"withdraw price {id}") as session:
        row = _found(session, id)
        if row["approver"] or row["ends"] == row["starts"]:
            raise OutOfRange(f"Price {id} does not wait for approval: end it instead.")
        agreed_prices.end(session, id, agreeing.end_of(row), _day(row["starts"]))


def end(visit: Visit, id: int, ends: date) -> None:
    """Let it hold no longer than until that day; raises Refused."""
    with visit.attempt(Permission.PRICE, f"end price {id} on {ends}"[:300]) as session:
        row = _found(session, id)
        day = dating.day(session, ends, str(row["currency"]), "a price")
        if not row["approver"] or day < _day(row["starts"]):
            raise OutOfRange("A price that is in force ends on or after the day it starts.")
        if (before := agreeing.end_of(row)) and day >= before:
            raise OutOfRange(f"Price {id} ends on {before:%Y-%m-%d} already.")
        agreed_prices.end(session, id, before, day)


def _checked(session: Session, offer: Offer) -> dict[str, object]:
    currency = money.currency(offer.currency)
    starts = dating.day(session, offer.starts, currency, "a price")
    ends = dating.day(session, offer.ends, currency, "a price") if offer.ends else None
    agreeing.require_span(starts, ends)
    if offer.source not in SOURCES:
        raise OutOfRange("A price comes from a contract or is entered by hand.")
    if len(offer.note) > LONGEST or not offer.note.isprintable():
        raise OutOfRange(f"A note takes {LONGEST} printable characters.")
    row = {"currency": currency, "starts": starts, "ends": ends, "source": offer.source}
    row |= {"note": offer.note.strip(), "meter_id": _meter(session, offer)}
    return {**row, **agreeing.amount(offer.price, offer.per, offer.percent)}


def _meter(session: Session, offer: Offer) -> str:
    if not offer.meter_id:
        if offer.price:
            raise OutOfRange("A price is for one meter; only percents can be for all.")
        return ""
    id = ruling.text(offer.meter_id, "A meter", 100)
    if not agreed_prices.meter_known(session, id):
        raise OutOfRange("This meter is neither listed nor booked nor reviewed.")
    return id


def _require_apart(session: Session, row: Mapping[str, object]) -> None:
    agreeing.require_apart(row, agreed_prices.known(session, str(row["currency"])))


def _found(session: Session, id: int) -> dict[str, object]:
    if not isinstance(id, int) or (row := agreed_prices.find(session, id)) is None:
        raise OutOfRange("This price is not there.")
    return row


def _day(told: object) -> datetime:
    assert isinstance(told, datetime)
    return told


def _said(offer: Offer) -> str:
    what = f"{offer.price} for {offer.per}" if offer.price else f"{offer.percent} % off"
    return f"{what} of {offer.meter_id or 'all meters'} in {offer.currency} from {offer.starts}"
