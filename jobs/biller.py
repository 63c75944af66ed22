"""The biller: makes the bills of open months anew when anything changed that they are made from."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pandas as pd

from domain import bill, canon, late, months
from domain.billing import Inputs
from domain.costs import CHARGES
from domain.faults import Outdated
from domain.frames import frame
from domain.tags import TagNames
from jobs import billings, budgeting
from store import billing, bills
from store.billing import Coverage
from store.bills import Head
from store.engine import Session, Store

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=10)
"""When to try again what could not be billed."""


class Biller:
    """Each month and currency on its own: one that cannot be billed costs no other."""

    def __init__(self, store: Store, clock: Callable[[], datetime], tags: TagNames) -> None:
        self.store, self.clock, self.tags = store, clock, tags
        self.done = ""
        """The mark of what the bills were last made from."""
        self._again: datetime | None = None
        """When to try anew what could not be billed, though nothing of it has changed."""
        self._failed: dict[tuple[str, str], str] = {}
        """By month and currency why its bill could not be made in the last round."""
        self._late: dict[tuple[str, str], tuple[str, pd.DataFrame]] = {}
        """By month and currency of a closed bill: the inputs it was held against, and what came
        of it; forgotten at a restart."""

    def run_once(self) -> None:
        now = self.clock()
        with self.store.reading() as session:
            mark = billing.mark(session, now)
            first = billing.first_day(session)
        if first is None or (mark == self.done and not self._due(now)):
            return
        self._again = None
        self._failed = {}
        coming: dict[str, list[pd.DataFrame]] = {}
        for month in months.through(months.of(first), months.of(now)):
            self._month(month, now, coming)
        budgeting.cross(self.store, now)
        billings.remember(self.store, self._failed, now)
        self.done = mark

    def _due(self, now: datetime) -> bool:
        return self._again is not None and now >= self._again

    def _month(self, month: str, now: datetime, coming: dict[str, list[pd.DataFrame]]) -> None:
        """Bill a month; coming: by currency, what closed months before it leave to an open one."""
        with self.store.reading() as session:
            known = billing.coverage(session, month, now)
            heads = {it.currency: it for it in bills.heads(session) if it.month == month}
        for currency in sorted({*known.billed, *heads, *coming}):
            head = heads.get(currency)
            try:
                if head and not head.is_open:
                    coming.setdefault(currency, []).append(self._came_late(head, known, now))
                else:
                    self._bill(month, currency, known, head, now, coming.pop(currency, []))
            except Outdated:
                log.info("%s in %s was closed while its bill was made.", month, currency)
            except Exception as exc:
                log.exception("The bill of %s in %s could not be made", month, currency)
                self._failed[month, currency] = billings.words(exc)
                self._again = now + AGAIN

    def _bill(
        self,
        month: str,
        currency: str,
        known: Coverage,
        head: Head | None,
        now: datetime,
        came: list[pd.DataFrame],
    ) -> None:
        with self.store.reading() as session:
            inputs = self._inputs(session, month, currency, now, known)
            lost = billing.unplaced(session, month)
        if len(lost):
            inputs = replace(inputs, months={"unplaced": lost.to_csv(index=False)})
        if full := [it for it in came if len(it)]:
            rows = pd.concat(full, ignore_index=True)
            inputs = replace(inputs, late=rows.assign(day=pd.Timestamp(months.first(month))))
        if head and head.inputs_hash == canon.hashed(canon.ordered(inputs)):
            return
        made = bill.made(inputs)
        if len(lost):
            made = replace(made, found=pd.concat([made.found, lost], ignore_index=True))
        with self.store.begin() as session:
            bills.keep(session, made, now)
        log.info("Made the bill of %s in %s: %d lines.", month, currency, len(made.charges))

    def _came_late(self, head: Head, known: Coverage, now: datetime) -> pd.DataFrame:
        """What a closed month would be now less what it is, and less what later closed months
        have adjusted already. Its bytes are only read."""
        with self.store.reading() as session:
            inputs = self._inputs(session, head.month, head.currency, now, known)
            key = canon.hashed(canon.ordered(inputs)) + str(_closed_after(session, head))
            held, rows = self._late.get((head.month, head.currency), ("", None))
            if held == key and rows is not None:
                return rows
            closed = bills.charges(session, head.month, head.currency)
            already = _already(session, head)
        made = bill.made(inputs)
        day = months.end(head.month)
        entered = bool(inputs.invoices)
        rows = late.adjustments(made.charges, closed, already, day, head.month, entered)
        self._late[head.month, head.currency] = (key, rows)
        return rows

    def _inputs(
        self, session: Session, month: str, currency: str, now: datetime, known: Coverage
    ) -> Inputs:
        return billing.inputs(session, month, currency, now, self.tags.unit, known)


def _closed_after(session: Session, head: Head) -> list[str]:
    return [
        it.month
        for it in bills.heads(session)
        if it.currency == head.currency and it.month > head.month and not it.is_open
    ]


def _already(session: Session, head: Head) -> pd.DataFrame:
    """What later months that are closed have adjusted of this one."""
    found = [bills.charges(session, it, head.currency) for it in _closed_after(session, head)]
    full = [it for it in found if len(it)]
    return pd.concat(full, ignore_index=True) if full else frame(CHARGES, [])
