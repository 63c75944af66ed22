"""Prices and rules of cost, for the one role that may look at them: nothing here is narrowed."""

import pandas as pd

from domain import frames
from domain.billing import Inputs
from domain.provisioned import POOLS
from reads import previews, price_book
from ui import costs, data, exports, scope, session
from ui.components import cost_rules, price_agreeing
from ui.components import price_book as words

USUAL = "USD"


def currencies() -> list[str]:
    """Those in which anything was booked, and at first the one that the list is read in."""
    return price_book.currencies(session.wiring().store) or [USUAL]


def chosen() -> str:
    """The currency that is looked at, before its box is drawn."""
    known = currencies()
    return scope.before("currency", (known[0],), known)[0]


def book(currency: str) -> pd.DataFrame:
    """Frame price_book.BOOK in words."""
    rows = price_book.book(session.wiring().store, currency, session.at())
    return words.priced(rows, data.people())


def unread(currency: str) -> pd.DataFrame:
    """Booked meters that nobody has read."""
    rows = price_book.unread(session.wiring().store, currency, session.at())
    return words.booked(rows)


def meters(currency: str) -> dict[str, str]:
    """Names by id of all meters of the list."""
    rows = price_book.book(session.wiring().store, currency, session.at())
    return {it["meter_id"]: f"{it['meter']}, {it['meter_id'][:8]}" for it in frames.records(rows)}


def offered(rows: pd.DataFrame, currency: str) -> None:
    """The table with its download."""
    words.table(rows)
    exports.offer(rows, words.BOOK, "prices", {"Currency": currency})


def agreed() -> pd.DataFrame:
    """Frame AGREED in words."""
    rows = price_book.agreed(session.wiring().store)
    names = {key: name for it in currencies() for key, name in meters(it).items()}
    return price_agreeing.worded(rows, names, data.people(), pd.Timestamp(session.at()))


def rules(kind: str) -> pd.DataFrame:
    """The rules of a kind in words."""
    found = price_book.rules(session.wiring().store, kind)
    return cost_rules.worded(found, data.people(), session.at())


def month(currency: str) -> str:
    """The month of which the unallocated is shown, in words."""
    return f"{costs.named(f'{session.at():%Y-%m}')}, in {currency}"


def unallocated(currency: str) -> pd.DataFrame:
    """Frame unallocated.THINGS of the month that runs."""
    wiring = session.wiring()
    now = session.at()
    return previews.things(wiring.store, f"{now:%Y-%m}", currency, now, wiring.tags.unit)


def inputs(currency: str) -> Inputs | None:
    """What the last month that is over is made from; None where there is none."""
    wiring, now = session.wiring(), session.at()
    if not (month := previews.month(wiring.store, currency, now)):
        return None

    def asked() -> Inputs:
        return previews.inputs(wiring.store, month, currency, now, wiring.tags.unit)

    return session.once(("inputs", month, currency), asked)


def pools(currency: str) -> pd.DataFrame:
    """Frame provisioned.POOLS of the last month that is over."""
    told = inputs(currency)
    return frames.frame(POOLS, []) if told is None else previews.pools(told)
