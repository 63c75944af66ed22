"""The nouns of money: what was used, what was booked, what it costs, and whose it is.

Money is whole numbers of 1e-8 of a currency unit (`_e8`); cents are dealt once, at the end of a
bill. A month is text such as "2026-10"; a day is its UTC midnight. Keys that have no value are
"", since they are parts of keys; everything else that is not known is missing.
"""

from enum import StrEnum

from domain.frames import FLAG, REAL, TEXT, TIME, WHOLE, Columns

PLATFORM = "platform"
"""Who carries what no business unit does: idle capacity by its rule, unused reservations, taxes."""
E8 = 100_000_000
"""Parts of a currency unit in which money is kept; a cent has a million."""


class Bucket(StrEnum):
    """What is counted; the buckets of tokens exclude each other."""

    PROMPT = "prompt"  # input whose cached part no source splits off
    INPUT = "input"  # not from a cache
    CACHED = "cached"  # read from a cache
    CACHE_WRITE = "cache_write"
    OUTPUT = "output"  # reasoning included
    AUDIO_INPUT = "audio_input"
    AUDIO_OUTPUT = "audio_output"
    IMAGE = "image"
    PAGE = "page"
    HOUR = "hour"  # of training, hosting, transcription
    PTU_HOURS = "ptu_hours"  # PTU that were deployed, times hours
    PTU_USED = "ptu_used_hours"  # of these, what utilisation says was used
    REQUESTS = "requests"
    SPILLED = "spilled"  # requests that a provisioned deployment could not take


TOKENS = (
    Bucket.PROMPT,
    Bucket.INPUT,
    Bucket.CACHED,
    Bucket.CACHE_WRITE,
    Bucket.OUTPUT,
    Bucket.AUDIO_INPUT,
    Bucket.AUDIO_OUTPUT,
)


class Line(StrEnum):
    """What a line of the bill is for."""

    USAGE = "usage"
    SPILLOVER = "spillover"  # tokens of what a provisioned deployment could not take
    PTU_RESERVED = "ptu_reserved"  # used PTU-hours under a reservation, at its amortised cost
    PTU_HOURLY = "ptu_hourly"  # used PTU-hours beyond it
    PTU_IDLE = "ptu_idle"  # deployed and not used, by the pool's idle rule
    UNUSED = "unused_reservation"  # reserved and not deployed
    SHARED = "shared"  # gateway, logs, support: nobody's own
    MARKETPLACE = "marketplace"
    ADJUSTMENT = "adjustment"  # credit, tax, rounding, late charge; its cause is in `cause`


class Basis(StrEnum):
    """How sure an amount is."""

    BOOKED = "booked"
    ESTIMATED = "estimated"  # usage times price, where nothing is booked yet
    PROVISIONAL = "provisional"  # of the day that still runs
    ENTERED = "entered"  # by a person, from an invoice


class Method(StrEnum):
    """By what rule a line came to its unit, in the order in which rules apply."""

    DIRECT = "direct"
    ENTITLEMENT = "entitlement"
    DRIVER = "driver"
    WEIGHTED = "weighted"
    PROPORTIONAL = "proportional"
    FIXED = "fixed"
    SUBSIDY = "subsidy"
    EVEN = "even"
    KEPT = "kept"  # by the platform
    NONE = "none"  # no rule: unallocated


class MonthState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    FINAL = "final"


USAGE_DAYS: Columns = {  # the ledger: one bucket of one deployment on one day
    "day": TIME,
    "resource": TEXT,  # the deployment's ARM id
    "subscription": TEXT,
    "source": TEXT,  # metrics: all callers together; gateway: the callers that it saw
    "product": TEXT,  # the gateway's product, "" from metrics
    "tier": TEXT,  # standard, priority, flex, batch
    "bucket": TEXT,
    "quantity": REAL,
    "estimated": FLAG,  # the tier or the split was drawn from another source's shares
    "seen_at": TIME,
}
ESTATE_DAYS: Columns = {  # what a deployment was on a day; tags are not retroactive
    "day": TIME,
    "resource": TEXT,  # or the account's own id: what it was, which has no model
    "subscription": TEXT,
    "account_id": TEXT,
    "group": TEXT,
    "region": TEXT,
    "format": TEXT,
    "model": TEXT,
    "version": TEXT,
    "sku": TEXT,
    "capacity": REAL,  # mean over the day, in units of the SKU
    "tags": TEXT,  # JSON
    "account_tags": TEXT,  # JSON
    "assumed": FLAG,  # from before the console looked: as it was at the first look
}
BOOKED_DAYS: Columns = {  # Cost Management, one resource and meter on one day
    "day": TIME,
    "subscription": TEXT,
    "resource": TEXT,  # of the account or of another service; "" where there is none
    "meter_id": TEXT,
    "view": TEXT,  # amortized, or actual for purchases: never to be summed together
    "charge": TEXT,  # ChargeType: Usage, UnusedReservation, Purchase, Refund ...
    "pricing": TEXT,  # PricingModel: OnDemand, Reservation
    "reservation": TEXT,  # its id, or ""
    "service": TEXT,
    "meter": TEXT,  # the name
    "quantity": REAL,
    "cost_e8": WHOLE,
    "currency": TEXT,
    "seen_at": TIME,
}
RETAIL: Columns = {  # the public price list, as listed on one day
    "meter_id": TEXT,
    "currency": TEXT,
    "kind": TEXT,  # Consumption or Reservation
    "term": TEXT,  # of a reservation, or ""
    "region": TEXT,
    "meter": TEXT,
    "product": TEXT,
    "sku_name": TEXT,
    "service": TEXT,
    "unit": TEXT,  # unitOfMeasure as listed: 1K, 1M, 1 Hour
    "per": WHOLE,  # how many of what is counted the price is for: 1000, 1000000, 1
    "price": TEXT,  # decimal
    "starts": TIME,  # effectiveStartDate; in the book: since when the console saw it
}
PRICED: Columns = {**RETAIL, "ends": TIME}  # the list over time: retail_prices
METERS: Columns = {  # what a meter counts; one row per meter
    "meter_id": TEXT,
    "model": TEXT,
    "version": TEXT,
    "scope": TEXT,  # global, datazone, regional
    "region": TEXT,  # "" where it does not matter
    "mode": TEXT,  # tokens, ptu, other
    "tier": TEXT,
    "bucket": TEXT,
    "source": TEXT,  # listed by the models API, or reviewed; suggested prices nothing
    "said_by": TEXT,
    "at": TIME,
}
AGREED: Columns = {  # what an admin entered: a contract price or a discount
    "id": WHOLE,
    "meter_id": TEXT,  # "" for all meters
    "currency": TEXT,
    "price": TEXT,  # decimal, or missing where it is a discount
    "per": WHOLE,
    "percent": TEXT,  # off the list price, decimal
    "starts": TIME,
    "ends": TIME,
    "source": TEXT,  # contract or manual
    "note": TEXT,
    "said_by": TEXT,
    "approver": TEXT,  # missing: not in force yet
    "at": TIME,
}
RESERVATIONS: Columns = {
    "reservation": TEXT,  # folded ARM id
    "order": TEXT,
    "name": TEXT,
    "scope": TEXT,  # global, datazone, regional; missing where its words do not say
    "region": TEXT,
    "quantity": WHOLE,  # PTU
    "term": TEXT,
    "state": TEXT,
    "applied": TEXT,  # Shared, Single ...
    "applied_scopes": TEXT,  # JSON list
    "starts": TIME,
    "ends": TIME,
    "renews": FLAG,
    "used_percent_7d": REAL,
    "used_percent_30d": REAL,
}
BOOKINGS: Columns = {  # how far Cost Management has booked one subscription
    "subscription": TEXT,
    "currency": TEXT,
    "first_day": TIME,
    "last_day": TIME,
    "rows": WHOLE,
}
LEDGERS: Columns = {  # how far the ledger of usage reaches, one region of one subscription
    "subscription": TEXT,
    "region": TEXT,
    "first_day": TIME,
    "last_day": TIME,
    "rows": WHOLE,
}
GATEWAYS: Columns = {  # how far the gateway's log was read; rows are of the days read last
    "workspace": TEXT,
    "first_day": TIME,
    "last_day": TIME,
    "rows": WHOLE,
    "unknown_rows": WHOLE,  # of deployments that are not known
    "unknown": TEXT,  # JSON: which, domain/gateways.py
}
AZURE_BUDGETS: Columns = {  # budgets that Azure itself keeps
    "budget": TEXT,
    "subscription": TEXT,
    "name": TEXT,
    "amount_e8": WHOLE,
    "currency": TEXT,
    "grain": TEXT,  # Monthly, Quarterly, Annually
    "spent_e8": WHOLE,
    "forecast_e8": WHOLE,
    "starts": TIME,
    "ends": TIME,
}
CHARGES: Columns = {  # the bill, line by line: who pays how much for what, by what rule
    "day": TIME,
    "unit": TEXT,  # a unit, UNASSIGNED or PLATFORM
    "line": TEXT,
    "basis": TEXT,
    "method": TEXT,
    "rule": WHOLE,  # id of the rule that said so; missing where none was needed
    "resource": TEXT,  # a deployment where it is known, else what was booked
    "account_id": TEXT,
    "subscription": TEXT,
    "model": TEXT,  # with its version, as gpt-4o@2024-11-20
    "sku": TEXT,
    "product": TEXT,  # the gateway's, or ""
    "meter_id": TEXT,
    "meter": TEXT,
    "tier": TEXT,
    "bucket": TEXT,
    "quantity": REAL,
    "estimated": FLAG,  # the quantity's split is
    "price": REAL,  # of a million tokens, an hour or a piece; what was paid, not the list
    "list_price": REAL,
    "amount_e8": WHOLE,
    "cents": WHOLE,
    "cause": TEXT,  # of an adjustment
    "of_month": TEXT,  # the closed month that a late charge belongs to
}
SUMS: Columns = {  # CHARGES summed for pages
    "day": TIME,
    "unit": TEXT,
    "line": TEXT,
    "basis": TEXT,
    "method": TEXT,
    "resource": TEXT,
    "account_id": TEXT,
    "subscription": TEXT,
    "model": TEXT,
    "tokens": REAL,
    "amount_e8": WHOLE,
    "cents": WHOLE,
}
RECONCILED: Columns = {  # estimate, booked and invoice of one resource and meter on one day
    "day": TIME,
    "subscription": TEXT,
    "resource": TEXT,  # the account
    "meter_id": TEXT,
    "meter": TEXT,
    "estimated_e8": WHOLE,
    "booked_e8": WHOLE,
    "difference_e8": WHOLE,  # booked less estimated
    "cause": TEXT,  # domain/reconciliation.py names them
    "within": FLAG,  # the tolerance
}
GAPS: Columns = {  # tokens that the platform counted and the gateway did not see
    "day": TIME,
    "resource": TEXT,
    "unit": TEXT,  # who pays for the gap
    "platform": REAL,
    "attributed": REAL,
    "gap": REAL,
}
FOUND: Columns = {  # what stands in the way of a number that can be defended
    "kind": TEXT,  # unpriced, unmapped meter, unknown product, split unknown, no meter ...
    "severity": TEXT,
    "what": TEXT,
    "resource": TEXT,
    "meter_id": TEXT,
    "product": TEXT,
    "quantity": REAL,
    "amount_e8": WHOLE,
}
