"""What became of the making of bills: which could not be made, and which months could be closed."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from domain import frames
from domain.faults import Fault
from domain.readings import BILLS, TENANT, Snapshot, Trouble, kept_columns, nothing
from store import closings, snapshots
from store.engine import Store

UNFORESEEN = "The console made a mistake of its own, which its log tells."


def words(exc: Exception) -> str:
    """What people are told of a failure: a fault has our words, anything else is a bug."""
    return exc.words if isinstance(exc, Fault) else UNFORESEEN


def remember(store: Store, failed: Mapping[tuple[str, str], str], now: datetime) -> None:
    """Keep it as topic BILLS, where it is another than before; failed: why, by month and
    currency. A trouble that goes on keeps the time it began."""
    with store.begin() as session:
        before = snapshots.kept(session, BILLS, [TENANT])[TENANT] or nothing(BILLS)
        began = {it.part: it.since for it in before.troubles}
        troubles = tuple(_trouble(*key, why, now) for key, why in sorted(failed.items()))
        troubles = tuple(replace(it, since=began.get(it.part, now)) for it in troubles)
        rows = [
            {"bill": f"{it.month} {it.currency}", "month": it.month, "currency": it.currency,
             "ready": True, "seen_at": now}
            for it in closings.ready(session, now)
            if (it.month, it.currency) not in failed
        ]  # fmt: skip
        told = frames.frame(kept_columns(BILLS), rows)
        if troubles != before.troubles or set(told["bill"]) != set(before.frame["bill"]):
            snapshots.keep(session, BILLS, TENANT, Snapshot(told, now, troubles))


def _trouble(month: str, currency: str, why: str, now: datetime) -> Trouble:
    said = f"The bill of {month} in {currency} could not be made: {why} It stays as it was."
    return Trouble(f"{month} {currency}", Fault.__name__, said, now)
