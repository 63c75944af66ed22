"""The columns of the tables about money; the currency stands in the heading."""

from ui.components import badges
from ui.components.columns import Column, Columns

BASIS = {"booked": "green", "estimated": "orange", "provisional": "gray", "entered": "blue"}
MONTH = {"open": "blue", "closed": "orange", "final": "green"}
LINES = {
    "usage": "Usage",
    "spillover": "Spillover of provisioned",
    "ptu_reserved": "Provisioned, reserved",
    "ptu_hourly": "Provisioned, by the hour",
    "ptu_idle": "Provisioned, idle",
    "unused_reservation": "Unused reservation",
    "shared": "Shared",
    "marketplace": "Marketplace",
    "adjustment": "Adjustment",
}
CAUSES = {
    "price": "Price",
    "volume": "Volume",
    "mix": "Mix",
    "cache": "Cache",
    "tier": "Tier",
    "rule": "Rules",
    "other": "Other",
}


def compared(currency: str, by: str, against: str) -> Columns:
    return {
        "name": Column(by, "text", "Click a row to see what it is made of.", 170),
        "cents": Column(f"Cost ({currency})", "money", "Of the bill, to the cent.", 105),
        "before_cents": Column(f"Before ({currency})", "money", against, 105),
        "difference": Column(f"Difference ({currency})", "difference", width=115),
        "percent": Column("Difference (%)", "percent", "Of what was before.", 95),
        "share": Column("Share (%)", "percent", "Of the total.", 75),
        "tokens": Column("Tokens", "short", width=80),
    }


def causes(currency: str) -> Columns:
    named = {
        it: Column(f"{name} ({currency})", "difference", width=92) for it, name in CAUSES.items()
    }
    return {
        "name": Column("Business unit", width=150),
        "before_cents": Column(f"Before ({currency})", "money", width=105),
        "after_cents": Column(f"After ({currency})", "money", width=105),
        **named,
    }


def lines(currency: str) -> Columns:
    per = f"{currency} of a million tokens, an hour or a piece; of several days their mean."
    return {
        "day": Column("Day (UTC)", "day", width=85),
        "days": Column("Days", "number", width=45),
        "unit_name": Column("Business unit", width=100),
        "line_name": Column("Kind of cost", width=130),
        "cents": Column(f"Cost ({currency})", "money", "To the cent.", 90),
        "resource_name": Column("Deployment", width=150),
        "meter": Column("Meter", width=150),
        "quantity": Column("Quantity", "number", "Tokens, hours or pieces.", 100),
        "price": Column("Price", "exact", per, 75),
        "list_price": Column("List price", "exact", "The same by the public list.", 75),
        "discount": Column("Off list (%)", "percent", "Off the list price.", 75),
        "rule_words": Column("By what rule", width=260),
        "exact": Column(f"Exact ({currency})", "text", "To 1e-8, before cents are dealt.", 125),
        "rounding": Column("Rounding", "text", "Cost less exact.", 95),
        "basis": Column("Basis", "chip", "How sure it is.", 95, BASIS),
        "bucket": Column("Counts", width=85),
        "tier": Column("Tier", width=75),
        "product": Column("Gateway product", width=130),
        "cause": Column("Cause", width=150),
        "of_month": Column("Of month", "text", "The closed month that a late charge is of.", 80),
    }


def gaps() -> Columns:
    return {
        "name": Column("Deployment", width=210),
        "unit_name": Column("Pays for the gap", width=140),
        "platform": Column("Tokens by Azure", "number", width=125),
        "attributed": Column("Tokens by gateway", "number", width=125),
        "gap": Column("Without a caller", "number", width=120),
        "covered": Column("Covered (%)", "percent", width=90),
    }


def found(currency: str) -> Columns:
    return {
        "severity": Column("Severity", "chip", colours=badges.SEVERITY, width=80),
        "what": Column("What stands in the way", width=480),
        "name": Column("Deployment", width=150),
        "product": Column("Gateway product", width=110),
        "quantity": Column("Quantity", "number", "Tokens, hours or pieces.", 105),
        "cents": Column(f"Amount ({currency})", "money", "Rounded.", 105),
    }


def things(currency: str) -> Columns:
    return {
        "by_words": Column("What", width=140),
        "value": Column("Value", "text", "Tick a row to say whose it is.", 260),
        "cents": Column(f"Unassigned ({currency})", "money", width=140),
    }


MONTHS: Columns = {
    "month": Column("Month", "text", "Click a row to look at it.", 75),
    "currency": Column("Currency", width=72),
    "state": Column("State", "chip", colours=MONTH, width=75),
    "total": Column("Cost", "money", "Of what you may see, whatever the scope.", 120),
    "adds_up": Column("Adds up", "flag", "Whether the proof of the whole bill holds.", 72),
    "made_at": Column("Made (UTC)", "time", width=130),
    "closed_by": Column("Closed by", width=110),
    "closed_at": Column("Closed (UTC)", "time", width=130),
    "final_by": Column("Settled by", width=110),
    "final_at": Column("Settled (UTC)", "time", width=130),
}


def reconciled(currency: str) -> Columns:
    return {
        "day": Column("Day (UTC)", "day", width=85),
        "name": Column("Resource", width=140),
        "meter": Column("Meter", width=170),
        "estimated": Column(f"Estimated ({currency})", "money", "Rounded to the cent.", 110),
        "booked": Column(f"Booked ({currency})", "money", "Rounded to the cent.", 100),
        "difference": Column(f"Difference ({currency})", "difference", width=110),
        "cause_words": Column("Cause", width=318),
    }


def by_cause(currency: str) -> Columns:
    return {
        "cause_words": Column("Cause", width=335),
        "amount": Column(f"Differs by ({currency})", "money", "Without its sign, by meter.", 115),
        "booked": Column(f"Booked ({currency})", "money", width=105),
        "rows": Column("Rows", "number", width=55),
        "waived": Column(f"Waived ({currency})", "money", width=105),
        "waived_by": Column("Waived by", width=110),
        "reason": Column("Reason", width=205),
    }


def invoices(currency: str) -> Columns:
    return {
        "number": Column("Invoice", width=160),
        "amount": Column(f"Amount ({currency})", "money", width=120),
        "tax": Column(f"Tax ({currency})", "money", width=100),
        "credit": Column(f"Credit ({currency})", "money", width=100),
    }


def statement(currency: str) -> Columns:
    return {
        "line_name": Column("Kind of cost", "text", "Click a row to see what it is made of.", 140),
        "cents": Column(f"Cost ({currency})", "money", "Of the bill, to the cent.", 105),
        "model": Column("Model", width=155),
        "resource_name": Column("Deployment", width=180),
        "basis": Column("Basis", "chip", "How sure it is.", 90, BASIS),
        "rule_words": Column("By what rule", width=362),
    }
