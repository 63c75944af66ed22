"""What people decide about money, as rows: invoices, waivers, budgets and what was told of them."""

from domain.frames import TEXT, TIME, WHOLE, Columns

INVOICES: Columns = {  # what an invoice of a month says; the newest of a number counts
    "month": TEXT,
    "currency": TEXT,
    "number": TEXT,
    "amount_e8": WHOLE,
    "tax_e8": WHOLE,
    "credit_e8": WHOLE,  # negative or nothing
    "source": TEXT,  # entered, or the name of the file
    "digest": TEXT,  # of the file, "" where it was entered
    "said_by": TEXT,
    "at": TIME,
}
WAIVERS: Columns = {  # a difference that somebody answers for
    "month": TEXT,
    "currency": TEXT,
    "cause": TEXT,
    "amount_e8": WHOLE,  # how large it was when somebody said so; a larger one is not waived
    "reason": TEXT,
    "said_by": TEXT,
    "at": TIME,
}
BUDGETS: Columns = {  # what a unit may spend in each period
    "id": WHOLE,
    "unit": TEXT,
    "grain": TEXT,  # month, quarter, year
    "currency": TEXT,
    "amount_e8": WHOLE,
    "thresholds": TEXT,  # percents, "80,100"
    "starts": TEXT,  # the first month
    "ends": TEXT,  # the first month that it is not for; missing while nobody has ended it
    "said_by": TEXT,
    "at": TIME,
}
CROSSINGS: Columns = {  # a threshold that was crossed in a period
    "budget": WHOLE,
    "period": TEXT,  # 2026-10, 2026-Q4, 2026
    "kind": TEXT,  # actual or forecast
    "threshold": WHOLE,  # percent
    "at": TIME,
}
GRAINS = ("month", "quarter", "year")
"""For how long a budget is."""
ACTUAL, FORECAST = "actual", "forecast"
"""What of a budget was crossed: by what was spent, or by what is expected."""
