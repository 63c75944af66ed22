"""The price book: what a meter counts, what it is listed at, what was agreed instead."""

from datetime import datetime, timedelta

import pandas as pd

from domain import dictionary, frames, months
from domain.billing import Rule
from domain.costs import TOKENS
from domain.frames import REAL, TEXT, TIME, WHOLE, Columns
from domain.meters import SUGGESTED
from domain.pricing import MILLION, Book, Quote
from domain.readings import MODELS
from store import agreed_prices, booked_days, cost_rules, meters, retail_prices, snapshots
from store.engine import Session, Store

LOOKS_BACK = timedelta(days=31)
BOOK: Columns = {
    "meter_id": TEXT,
    "meter": TEXT,
    "product": TEXT,
    "region": TEXT,
    "model": TEXT,  # with its version
    "scope": TEXT,
    "tier": TEXT,
    "bucket": TEXT,
    "source": TEXT,  # listed, reviewed, or missing where nobody knows what it counts
    "unit": TEXT,
    "list_price": REAL,  # of a million tokens, an hour, a piece
    "paid": REAL,
    "discount": REAL,  # share of the list price
    "since": TIME,
    "approver": TEXT,
    "changes": WHOLE,  # list prices that the console has seen before this one
    "booked_e8": WHOLE,  # on this meter in the last 31 booked days
}


def currencies(store: Store) -> list[str]:
    """Those in which anything was booked."""
    with store.reading() as session:
        return booked_days.currencies(session)


def book(store: Store, currency: str, now: datetime) -> pd.DataFrame:
    """Frame BOOK as it is on this day: what was booked most stands first, and before it what was
    booked and counts nothing yet."""
    with store.reading() as session:
        prices = retail_prices.listed(session, [currency])
        known, agreed = meters.known(session), agreed_prices.known(session, currency)
        spent = _spent(session, currency, now)
    day = months.midnight(now)
    told = Book(known, prices, agreed)
    current = prices[prices["kind"].eq("Consumption") & prices["ends"].isna()]
    seen = prices.groupby(["meter_id", "region"]).size().to_dict()
    approvers = _approvers(agreed, day)
    counts = {it["meter_id"]: it for it in frames.records(known)}
    rows = [
        {
            **{name: it[name] for name in ("meter_id", "meter", "product", "region", "unit")},
            **_counted(counts.get(it["meter_id"])),
            **_priced(told, it, counts.get(it["meter_id"]), day),
            "since": it["starts"],
            "approver": approvers.get(it["meter_id"], approvers.get("")),
            "changes": seen.get((it["meter_id"], it["region"]), 1) - 1,
            "booked_e8": spent.get(it["meter_id"]),
        }
        for it in frames.records(current)
    ]
    found = frames.frame(BOOK, rows)
    unread = found["source"].isna() & found["booked_e8"].notna()
    order = found.assign(unread=unread).sort_values(
        ["unread", "booked_e8", "meter", "region"], ascending=[False, False, True, True]
    )
    return frames.fitted(order.reset_index(drop=True), BOOK)


def unread(store: Store, currency: str, now: datetime) -> pd.DataFrame:
    """Frame dictionary.REVIEW of the meters that were booked and that nobody has read yet, with
    booked_e8."""
    with store.reading() as session:
        prices, known = retail_prices.listed(session, [currency]), meters.known(session)
        spent = _spent(session, currency, now)
        scopes = snapshots.scopes(session, MODELS)
        parts = [it for it in snapshots.kept(session, MODELS, scopes).values() if it]
    listed = [it.frame[["model", "version"]] for it in parts]
    models = pd.concat(listed) if listed else frames.frame({"model": TEXT, "version": TEXT}, [])
    found = dictionary.review(prices, known, models)
    here = found[found["meter_id"].isin(list(spent))]
    return here.assign(
        booked_e8=pd.array([spent[it] for it in here["meter_id"]], "Int64")
    ).reset_index(drop=True)


def agreed(store: Store) -> pd.DataFrame:
    """Frame AGREED in every currency, the newest first."""
    with store.reading() as session:
        return agreed_prices.known(session).iloc[::-1].reset_index(drop=True)


def rules(store: Store, kind: str) -> list[Rule]:
    """The rules of this kind that hold or will hold or once held."""
    with store.reading() as session:
        return [
            it for it in cost_rules.known(session, [kind]) if it.ends is None or it.ends > it.starts
        ]


def _spent(session: Session, currency: str, now: datetime) -> dict[str, int]:
    """Booked by meter lately."""
    return booked_days.by_meter(session, currency, months.midnight(now) - LOOKS_BACK, now)


def _approvers(agreed: pd.DataFrame, day: datetime) -> dict[str, str]:
    return {
        it["meter_id"]: it["approver"]
        for it in frames.records(agreed)
        if isinstance(it["approver"], str)
        and it["starts"] <= day
        and (pd.isna(it["ends"]) or day < it["ends"])
    }


def _counted(it: dict[str, object] | None) -> dict[str, object]:
    if it is None or it["source"] == SUGGESTED:
        return {}
    model = "@".join(str(it[name]) for name in ("model", "version") if it[name])
    return {"model": model, **{name: it[name] for name in ("scope", "tier", "bucket", "source")}}


def _priced(
    book: Book, row: dict[str, object], counts: dict[str, object] | None, day: datetime
) -> dict[str, object]:
    bucket = str(counts["bucket"]) if counts else ""
    quote = book.of_meter(str(row["meter_id"]), str(row["region"] or ""), bucket, day)
    if not isinstance(quote, Quote):
        return {}
    by = MILLION if bucket in TOKENS or (not counts and row["per"] != 1) else 1
    listed = None if quote.listed is None else float(quote.listed * by)
    paid = float(quote.paid * by)
    return {
        "list_price": listed,
        "paid": paid,
        "discount": None if not listed else 1 - paid / listed,
    }
