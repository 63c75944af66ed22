"""What was spent, as the visitor may see it: bills are allocated whole and narrowed afterwards."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from domain import closing, frames, months, periods, spending
from domain.billing import Proof
from domain.costs import CHARGES, FOUND, GAPS, SUMS
from domain.forecast import Forecast
from reads import costs
from reads.costs import Head
from ui import data, scope, session
from ui.data import Scope, bills

PARTS = {
    "payer": "unit",
    "line": "line",
    "model": "model",
    "resource": "resource",
    "meter": "meter_id",
    "day": "day",
}
"""What a figure can be narrowed by: the URL's word, and the column of a bill."""
CALLED = {it: name for name, it in PARTS.items()}


@dataclass(frozen=True, eq=False)
class View:
    """One month in one currency."""

    month: str
    currency: str
    head: Head | None
    earlier: Head | None
    now: pd.DataFrame
    """SUMS that the visitor may see, in scope."""
    before: pd.DataFrame
    """The same of the month before, as much of it as has passed of this one."""
    gaps: pd.DataFrame
    found: pd.DataFrame
    proof: Proof | None
    cutoff: dict[str, str]
    estate: bool
    """Whether the visitor sees every unit."""
    whole: bool
    """Whether nothing is left out."""
    running: bool
    """Whether the month is not over."""
    until: datetime
    """Until when the month is known."""

    @property
    def title(self) -> str:
        return named(self.month) + (", to date" if self.running else "")

    @property
    def against(self) -> str:
        """What before is."""
        before = months.before(self.month)
        if not self.running:
            return named(before)
        day = (self.until - timedelta(microseconds=1)).day
        last = (months.end(before) - timedelta(days=1)).day
        days = f"1 to {min(day, last)} {named(before)}"
        if not (self.until.hour or self.until.minute) or day > last:
            return days
        return f"{days}, the last day until {self.until:%H:%M} UTC"

    @property
    def cents(self) -> int:
        return int(self.now["cents"].sum())

    @property
    def booked_until(self) -> str:
        """The day until which every subscription in view is booked; "" where one is not."""
        return min(self.cutoff.values(), default="")


def named(month: str) -> str:
    """October 2026."""
    return f"{months.first(month):%B %Y}"


def month() -> str:
    """Draw the picker of the month; the usual one is the newest that has a bill."""
    current = months.of(session.at())
    known = sorted({it.month for it in bills.heads()} | {current}, reverse=True)
    billed = [it.month for it in bills.heads() if it.month <= current]
    words = {it: named(it) + (", to date" if it == current else "") for it in known}
    return scope.one("Month", "month", words, billed[0] if billed else current, bare=True)


def currency(month: str) -> str:
    """Draw the choice of the currency where there are several; "" where there is none."""
    known = sorted({it.currency for it in bills.heads() if it.month == month})
    if len(known) > 1:
        return scope.either("Currency", "currency", {it: it for it in known})
    now = scope.before("currency", tuple(known), known)
    scope.after("currency", now, tuple(known))
    return known[0] if known else ""


def viewed(month: str, currency: str, held: Scope) -> View:
    """What the visitor may see of it in this scope."""
    head, earlier = bills.head(month, currency), bills.head(months.before(month), currency)
    book = bills.book(head) if head else None
    sums = bills.book(earlier).sums if earlier else frames.frame(SUMS, [])
    until = _until(head, book, month)
    estate = session.person().units is None
    whole = estate and not held.unit and _every(held)
    now = mine(book.sums, held) if book else frames.frame(SUMS, [])
    return View(
        month, currency, head, earlier,
        now=now,
        before=spending.same_days(mine(sums, held), month, until),
        gaps=_of_resources(mine(book.gaps, held, False), held) if book else frames.frame(GAPS, []),
        found=_found(book.found, now, whole) if book else frames.frame(FOUND, []),
        proof=book.proof if book else None,
        cutoff=_cutoff(book.cutoff, now, whole) if book else {},
        estate=estate,
        whole=whole,
        running=session.at() < months.end(month),
        until=until,
    )  # fmt: skip


def mine(rows: pd.DataFrame, held: Scope, placed: bool = True) -> pd.DataFrame:
    """The rows of the visitor's units in this scope; placed: whether they name subscriptions."""
    tree = session.tree()
    rows = spending.narrowed(rows, session.person().scope(tree))
    units = tree.below([held.unit]) if held.unit else None
    return spending.narrowed(
        rows, units, held.subscriptions if placed and not _every(held) else None
    )


def expected(view: View, held: Scope) -> Forecast | None:
    """The month as it will have been, of what the visitor may see in this scope."""
    if view.head is None or not view.running:
        return None
    tree = session.tree()
    seen = session.person().scope(tree)
    wanted = tree.below([held.unit]) if held.unit else None
    both = seen if wanted is None else wanted if seen is None else seen & wanted
    some = () if _every(held) else held.subscriptions
    return bills.forecast(view.head, view.earlier, both, some)


def some(held: Scope) -> bool:
    """Whether the scope leaves subscriptions out."""
    return not _every(held)


def charges(view: View, held: Scope) -> pd.DataFrame:
    """The lines of the bill that the visitor may see, in this scope."""
    return mine(bills.charges(view.head), held) if view.head else frames.frame(CHARGES, [])


def explain(**parts: str) -> None:
    """Go where this figure is taken apart: exactly these parts, and none left from before."""
    scope.set_aside(**narrower(parts))
    scope.go("explain", **{name: it for name, it in parts.items() if it})


def narrower(parts: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """What scope.set_aside() takes to look at exactly these parts."""
    told: dict[str, tuple[str, ...]] = {"split": ()}
    for name, it in _parts(parts).items():
        told[name] = (it,) if it else ()
    return told


def parts() -> dict[str, str]:
    """By which parts the URL narrows a figure."""
    found = {}
    for name in PARTS:
        if now := scope.before(name):
            found[name] = now[0]
        scope.after(name, now)
    return found


def unmade(view: View) -> str:
    """Why its bill could not be made anew, in words for who sees every unit; "" where it could."""
    told = costs.unbilled(session.wiring().store).get((view.month, view.currency), "")
    return told if view.estate or not told else "This bill could not be made anew."


def partial(view: View) -> list[str]:
    """That a month is known in part only; of which subscription, for who sees them."""
    told = closing.partial(bills.book(view.head).found) if view.head else []
    if view.estate or not told:
        return told
    return [f"{view.month} is known in part only: the history of a subscription begins in it."]


def progress() -> str:
    """How much of the history of cost is still to be read, to go on a sentence with."""
    rows = data.topics()
    behind = rows.loc[rows["topic"].isin(costs.SOURCES), "backlog"].fillna(0)
    many = int(behind.sum())
    return f", {many:,} parts are still to be read" if many else ""


def resource_name(resource: str) -> str:
    """chat of aoai-small-weu; the last part of what is no deployment."""
    path = resource.split("/")
    if len(path) > 3 and path[-2] == "deployments":
        return f"{path[-1]} \u00b7 {path[-3]}"
    return path[-1] or "No resource"


def last_day(month: str) -> str:
    """The ISO date of a month's last day."""
    return f"{months.end(month) - timedelta(days=1):%Y-%m-%d}"


def facts(view: View, held: Scope) -> dict[str, str]:
    """What a file says of its data."""
    names = session.subscriptions()
    booked = ", ".join(
        f"{names.get(it, it)} {day or 'not yet'}" for it, day in sorted(view.cutoff.items())
    )
    scoped = {name: it for name, it in scope.words_of(held).items() if name != "Period"}
    return {
        **scoped,
        "Month": view.title,
        "Currency": view.currency,
        "Before is": view.against,
        "Bill made at": f"{view.head.made_at:%Y-%m-%d %H:%M:%S} UTC"
        if view.head and view.head.made_at
        else "never",
        "Month is": str(view.head.state) if view.head else "not billed",
        "Booked until": booked or "nothing booked",
        "Inputs of the bill": view.head.inputs_hash if view.head else "",
        "Rules": "by precedence product, deployment tag, account tag, resource group, "
        "subscription; cents are dealt by largest remainder; allocated first, narrowed afterwards",
    }


def _until(head: Head | None, book: costs.Book | None, month: str) -> datetime:
    """Until when the month is known: until its bill was made, not until this moment, so that no
    comparison moves while nobody bills."""
    now, end = session.at(), months.end(month)
    if now >= end:
        return end
    made = head.made_at if head and head.made_at else now
    return spending.known_until(book.sums, min(made, now)) if book else now


def _cutoff(told: dict[str, str], now: pd.DataFrame, whole: bool) -> dict[str, str]:
    """By subscription that pays for anything here, the last booked day."""
    if whole:
        return told
    here = set(now["subscription"].dropna())
    return {it: day for it, day in told.items() if it in here}


def _parts(told: dict[str, str]) -> dict[str, str]:
    return dict.fromkeys(PARTS, "") | told


def _every(held: Scope) -> bool:
    return set(held.subscriptions) >= set(session.subscriptions())


def _of_resources(rows: pd.DataFrame, held: Scope) -> pd.DataFrame:
    """Rows that name a resource alone, of the subscriptions in scope."""
    if _every(held):
        return rows
    of = rows["resource"].str.extract(r"^/subscriptions/([^/]+)", expand=False)
    return rows[of.isin(held.subscriptions)]


def _found(rows: pd.DataFrame, sums: pd.DataFrame, whole: bool) -> pd.DataFrame:
    """For who sees the whole, everything; else what is about their resources, without figures,
    which may be others' in part."""
    if whole:
        return rows
    own = {*sums["resource"], *data.everywhere(periods.USUAL)["resource"]}  # unpriced has no sums
    there = rows[rows["resource"].isin(list(own)) & rows["resource"].ne("")]
    hidden = there.drop(columns=["quantity", "amount_e8"])
    return frames.fitted(hidden, FOUND)
