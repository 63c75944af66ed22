"""The columns of the tables about budgets; the currency stands in the heading."""

import pandas as pd

from domain import budgets
from ui.budgets import MAY, ON, OVER, UNKNOWN, WILL
from ui.components.columns import Column, Columns

STATES = {OVER: "red", WILL: "orange", MAY: "yellow", ON: "green", UNKNOWN: "gray"}
LIMIT: Columns = {
    "what": Column("Limit"),
    "enforced_by": Column("Who enforces it"),
    "counts": Column("What it counts"),
    "late_by": Column("How late it reacts"),
    "bypassed_by": Column("What bypasses it"),
}
LIMITS = pd.DataFrame([vars(it) for it in budgets.LIMITS]).astype("string")


def standing(currency: str) -> Columns:
    return {
        "name": Column("Business unit", "text", "With everything below it.", 110),
        "standing": Column("State", "chip", "Of the forecast against the budget.", 125, STATES),
        "period": Column("Period", width=75),
        "budget_cents": Column(f"Budget ({currency})", "money", width=105),
        "actual": Column(f"Spent ({currency})", "money", "Booked and estimated.", 105),
        "used": Column("Spent (%)", "share", "Of the budget.", 90),
        "left": Column(f"Left ({currency})", "money", "Budget less spent.", 105),
        "forecast": Column(f"Expected ({currency})", "money", "At the period's end.", 110),
        "lasts": Column("Used up", width=185),
        "low": Column(f"At least ({currency})", "money", "80 % of cases lie between.", 115),
        "high": Column(f"At most ({currency})", "money", "80 % of cases lie between.", 115),
        "prorated": Column(
            f"Prorated ({currency})", "money", "The budget's part for the days that are over.", 115
        ),
        "thresholds": Column("Tell at (%)", width=85),
        "told": Column("Crossed and told", "text", "Each once in a period.", 260),
    }


def ahead(currency: str) -> Columns:
    return {
        "name": Column("Business unit", width=170),
        "grain": Column("Each", width=80),
        "cents": Column(f"Budget ({currency})", "money", width=120),
        "starts": Column("From month", width=95),
        "thresholds": Column("Tell at (%)", width=85),
    }


def jumps(currency: str) -> Columns:
    return {
        "day": Column("Day (UTC)", "day", width=85),
        "name": Column("Business unit", width=120),
        "model": Column("Model", width=160),
        "cents": Column(f"Cost ({currency})", "money", width=95),
        "usual": Column(f"Usual ({currency})", "money", "Median of the same weekday before.", 95),
        "gap": Column(f"Jump ({currency})", "difference", width=95),
        "why": Column("Cause", "text", "Against the most usual day before, in its parts.", 383),
    }


AZURE: Columns = {
    "name": Column("Name", width=120),
    "subscription_name": Column("Subscription", width=165),
    "grain": Column("Period", width=75),
    "currency": Column("Currency", width=72),
    "cents": Column("Budget", "money", width=105),
    "spent": Column("Spent", "money", "As Azure counts it.", 105),
    "used": Column("Spent (%)", "share", width=95),
    "forecast": Column("Expected", "money", "As Azure forecasts it.", 105),
    "starts": Column("From (UTC)", "day", width=85),
    "ends": Column("Until (UTC)", "day", width=85),
}
