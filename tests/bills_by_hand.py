"""Two bills made by hand, so that every figure on a page about money can be added up by eye."""

from datetime import UTC, datetime

from domain import frames
from domain.billing import Bill, Check, Proof
from domain.costs import CHARGES, FOUND, GAPS, RECONCILED, SUMS
from store import bills
from tests.world import BUSY, CHAT, DEEP, SMALL, WEU

CENT = 1_000_000
HOSTILE = '=HYPERLINK("http://evil.example","x") **bold** [link](http://evil.example)'


def day(month, number):
    return datetime(int(month[:4]), int(month[5:]), number, tzinfo=UTC)


def line(month, number, unit, cents, resource=CHAT, **told):
    """One charge; what is not told is usual."""
    account = resource.partition("/deployments/")[0]
    usual = {
        "day": day(month, number), "unit": unit, "line": "usage", "basis": "booked",
        "method": "direct", "resource": resource, "account_id": account, "subscription": SMALL,
        "model": "gpt-4o@2024-11-20", "sku": "GlobalStandard", "product": "", "meter_id": "m-out",
        "meter": "gpt-4o out glbl", "tier": "standard", "bucket": "output", "quantity": cents * 1e3,
        "estimated": False, "price": 10.0, "list_price": 12.5, "amount_e8": cents * CENT + 3,
        "cents": cents, "cause": "", "of_month": "",
    }  # fmt: skip
    return usual | told


OCTOBER = [
    line("2026-10", 1, "retail-online", 10_000),
    line("2026-10", 17, "retail-online", 2_000),
    line("2026-10", 18, "retail-stores", 1_000),
    line("2026-10", 30, "finance-risk", 50_000, BUSY),
]
NOVEMBER = [
    line("2026-11", 1, "retail-online", 12_345),
    line("2026-11", 2, "retail-online", 655, model=HOSTILE, product=HOSTILE),
    line("2026-11", 2, "retail-stores", 2_000, BUSY, meter_id="m-in", meter="gpt-4o in glbl"),
    line("2026-11", 3, "finance-risk", 31_415, BUSY),
    line("2026-11", 17, "finance-risk", 1_000, BUSY, basis="estimated"),
    line("2026-11", 18, "finance-risk", 85, BUSY, basis="provisional"),
    line("2026-11", 3, "unassigned", 2_500, DEEP, method="none"),
    line("2026-11", 3, "platform", 700, DEEP, line="ptu_idle", method="kept", bucket="ptu_hours"),
    line("2026-11", 4, "platform", 300, "", line="adjustment", cause="tax", quantity=None,
         price=None, list_price=None, model="", subscription=""),
]  # fmt: skip
GAP = {"day": day("2026-11", 3), "resource": BUSY, "unit": "finance-risk",
       "platform": 1_000_000.0, "attributed": 900_000.0, "gap": 100_000.0}  # fmt: skip
FINDING = {"kind": "unpriced", "severity": "critical", "what": "1,000 tokens have no price.",
           "resource": DEEP, "meter_id": "", "product": "", "quantity": 1_000.0,
           "amount_e8": None}  # fmt: skip
DIFFERENCE = {"day": day("2026-11", 2), "subscription": SMALL, "resource": WEU,
              "meter_id": "m-in", "meter": "gpt-4o in glbl", "estimated_e8": 10_000_000_000,
              "booked_e8": 12_500_000_000, "difference_e8": 2_500_000_000, "cause": "price",
              "within": False}  # fmt: skip


def bill(month="2026-11", lines=tuple(NOVEMBER), currency="EUR", entered=False):
    charges = frames.frame(CHARGES, lines)
    keys = [it for it in SUMS if it not in ("tokens", "amount_e8", "cents")]
    tokens = charges.assign(tokens=charges["quantity"])
    grouped = tokens.groupby(keys, dropna=False, as_index=False)
    sums = frames.fitted(grouped[["tokens", "amount_e8", "cents"]].sum(), SUMS)
    of = sums.groupby("unit")["cents"].sum()
    kept = charges[charges["unit"].eq("platform")]
    adjusted = int(kept.loc[kept["line"].eq("adjustment"), "cents"].sum())
    nobody = int(of.get("unassigned", 0))
    whole = int(sums["cents"].sum())
    idle = int(kept["cents"].sum()) - adjusted
    shares = whole - nobody - idle - adjusted
    check = Check("conservation", True, "Every line is shared out to the cent.")
    now = month == "2026-11"
    return Bill(
        month, currency, charges, sums,
        reconciled=frames.frame(RECONCILED, [DIFFERENCE] if now else []),
        gaps=frames.frame(GAPS, [GAP] if now else []),
        found=frames.frame(FOUND, [FINDING] if now else []),
        proof=Proof(shares, idle, nobody, 0, adjusted, whole, entered, (check,)),
        inputs_hash="hand",
        cutoff={SMALL: "2026-11-16" if now else f"{month}-31"},
    )  # fmt: skip


def keep(console, *made):
    """Keep these bills, or October's and November's; returns the console."""
    for it in made or (bill("2026-10", OCTOBER), bill()):
        with console.store.begin() as session:
            bills.keep(session, it, console.clock())
    return console
