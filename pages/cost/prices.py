"""What does everything cost us, whose is it, and who would pay more by another rule?"""

from ui import door, drafts, prices, scope
from ui.components import (
    cost_mapping,
    cost_pools,
    cost_rules,
    cost_sharing,
    price_agreeing,
    price_book,
    states,
)

visit = door.enter(__file__)
states.outcome(drafts.said())
currencies = prices.currencies()
currency = scope.either("Currency", "currency", {it: it for it in currencies})

book, agreed, mapping, sharing, pools = scope.tabs(
    "Price book", "Agreed prices", "Whose usage", "Shared cost", "Provisioned throughput"
)
if book.open:
    with book:
        rows = prices.book(currency)
        price_book.unread(prices.unread(currency))
        if rows.empty:
            price_book.nothing()
        else:
            prices.offered(price_book.bar(rows), currency)
if agreed.open:
    with agreed:
        price_agreeing.show(visit, prices.agreed())
if mapping.open:
    with mapping:
        cost_mapping.show(
            prices.rules("mapping"), prices.unallocated(currency), prices.month(currency)
        )
if sharing.open:
    with sharing:
        cost_sharing.show(prices.rules("sharing"))
if pools.open:
    with pools:
        cost_pools.show(prices.pools(currency), prices.rules("idle"))

price_book.dialog(__file__)
price_agreeing.dialog(__file__, prices.meters(currency), currencies)
cost_mapping.dialog(__file__)
cost_sharing.dialog(__file__)
cost_pools.dialog(__file__)
cost_rules.dialog(__file__)
