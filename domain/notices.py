"""What people are told without looking: which states of plans and requests are worth a message,
in which words, and when a message that was not taken is sent again."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain import protocol
from domain.frames import TEXT, TIME, WHOLE, Columns
from domain.plans import Plan, State
from domain.requests import Request, Status
from domain.requests import words as words_of_pool

LONG = timedelta(minutes=30)
"""How long Azure may be at work on a change before somebody is told."""
GRACE = timedelta(minutes=15)
"""How long after its end a change that was to last until then may still be in force."""
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
LATER = timedelta(hours=6)
GIVEN_UP = timedelta(days=2)
"""How old a message becomes that nobody takes."""
MOST_TRIES = 20
LONGEST = 200
PASSED = "It had passed before anybody could be told."
NOBODY = "Nobody is to be told: CONSOLE_NOTIFY__URLS is empty."
REVIVED = (PASSED, NOBODY)
"""What was not told for one of these reasons is told when it is so again."""
PLAN, REQUESTS, SOURCES = "plan", "requests", "sources"
BUDGETS, PRICES, STATEMENTS = "budgets", "prices", "statements"
"""Pages, by name, on which something can be done about it."""


class Kind(StrEnum):
    """What a message is about, worded for people."""

    APPROVAL = "approval"
    PERSON = "needs a person"
    LONG = "long under way"
    NOT_BACK = "not taken back"
    REQUEST = "request"
    BUDGET = "budget"
    PRICE = "price"
    MONTH = "month"
    GATE = "gate"
    TASK = "task"
    FEEDBACK = "feedback"
    EVIDENCE = "evidence"
    FILTER = "content filter"
    TEST = "test"


class Standing(StrEnum):
    """Where a message stands, worded for people."""

    SENT = "sent"
    WAITING = "on its way"
    FAILING = "failing"
    GIVEN_UP = "not sent"


NOTICES: Columns = {
    "key": TEXT,  # what it is about; the same is told once
    "kind": TEXT,
    "title": TEXT,
    "words": TEXT,
    "made_at": TIME,
    "tries": WHOLE,
    "next_at": TIME,  # when it is tried next; missing when it is not tried any more
    "sent_at": TIME,
    "standing": TEXT,
    "said": TEXT,  # why it was not taken; missing when it was
}


@dataclass(frozen=True)
class Notice:
    key: str
    kind: Kind
    title: str
    words: str
    """One or more plain sentences."""
    page: str
    """Its address below the console's own."""


@dataclass(frozen=True)
class Unreturned:
    """A change that was to last until a moment, and whose taking back came to nothing."""

    plan: int
    title: str
    until: datetime | None
    back: int
    """The plan that was to take it back."""
    state: str
    said: str


def plain(text: str) -> str:
    """The text without what any medium might act on: one line of words, without markup, mentions
    or links."""
    bare = re.sub(r"[^\w\s.,:;()+%/'-]|://|[\x00-\x1f\x7f]", " ", text)
    words = " ".join(bare.split())
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 3]}..."


def of_plan(plan: Plan, now: datetime) -> Iterator[Notice]:
    """What there is to tell about a plan that has not ended, or that needs a person."""
    named = f"Plan {plan.id}"
    title = plain(plan.title) or named
    if plan.state is State.PROPOSED:
        why = plain(plan.policy)
        words = f"{title}. It waits for the approval of a second person" + f": {why}." * bool(why)
        yield _about(plan, Kind.APPROVAL, f"{named} waits for approval", words)
    elif plan.state is State.NEEDS_PERSON:
        words = " ".join(filter(None, (f"{title}.", plain(plan.said), parked(plan.parked))))
        yield _about(plan, Kind.PERSON, f"{named} needs a person", words)
    elif protocol.watched(plan, now - (LONG - protocol.WATCHED)):
        minutes = LONG // timedelta(minutes=1)
        words = f"{title}. Azure has been at work on it for more than {minutes} minutes."
        yield _about(plan, Kind.LONG, f"{named} is long under way", words)


def parked(units: Mapping[str, int]) -> str:
    """Quota that is left over in a pool, or missing there, in words."""
    said = [
        f"{abs(many):,} units {'are free' if many > 0 else 'too many are taken'} in the quota pool "
        f"{plain(words_of_pool(pool))}."
        for pool, many in sorted(units.items())
    ]
    return " ".join(said)


def overdue(plan: Plan) -> Notice:
    """About a change that was to last until a moment that is over, and is still in force."""
    words = (
        f"{plain(plan.title)}. It was to last until {_moment(plan.until)} and is still in force."
    )
    return _about(plan, Kind.NOT_BACK, f"Plan {plan.id} was not taken back", words)


def unreturned(it: Unreturned) -> Notice:
    words = (
        f"{plain(it.title)}. It was to last until {_moment(it.until)}, but plan {it.back}, which "
        f"was to take it back, is {it.state}. {plain(it.said)}"
    )
    key = f"plan:{it.back}:{Kind.NOT_BACK}"
    title = f"Plan {it.plan} was not taken back"
    return Notice(key, Kind.NOT_BACK, title, words.strip(), _page(it.plan))


def of_request(request: Request, requester: str, unit: str) -> Notice:
    """About a request for quota: that it was asked, or what has become of it. requester and unit
    are names."""
    what = f"{request.amount:,} units of {plain(words_of_pool(request.pool))}"
    words = f"{plain(requester)} asked for {what} more, for {plain(unit)}."
    if request.needed_by:
        words += f" Needed by {request.needed_by:%Y-%m-%d}."
    state = "new" if request.status is Status.ASKED else request.status
    title = f"Request {request.id} for quota is {state}"
    key = f"request:{request.id}:{request.status}"
    return Notice(key, Kind.REQUEST, title, words, REQUESTS)


def of_crossing(crossing: Mapping[str, object], unit: str) -> Notice:
    """About a threshold of a budget, a row of frame CROSSINGS; unit is its name."""
    period, percent = plain(str(crossing["period"])), crossing["threshold"]
    expected = crossing["kind"] == "forecast"
    verb = "is expected to reach" if expected else "has reached"
    words = (
        f"{plain(unit)} {verb} {percent} percent of its budget for {period}. The budget stops "
        "nothing: somebody has to."
    )
    key = f"budget:{crossing['budget']}:{period}:{crossing['kind']}:{percent}"
    title = f"Budget of {plain(unit)}: {percent} percent {'expected' if expected else 'reached'}"
    return Notice(key, Kind.BUDGET, title, words, BUDGETS)


def of_price(price: Mapping[str, object]) -> Notice:
    """About a price that waits for a second admin, a row of frame AGREED."""
    words = "A price or discount was entered and is not in force before a second admin approves it."
    key = f"price:{price['id']}:{Kind.PRICE}"
    return Notice(key, Kind.PRICE, f"Price {price['id']} waits for approval", words, PRICES)


def of_month(month: str, currency: str) -> Notice:
    """About a month that could be closed."""
    words = (
        f"All of {month} in {currency} is booked, its parts add up, and nothing stands in the way "
        "of closing it."
    )
    title = f"{month} in {currency} can be closed"
    page = f"{STATEMENTS}?month={month}&currency={currency}"
    return Notice(f"month:{month}:{currency}", Kind.MONTH, title, words, page)


def trial(person: str, name: str) -> Notice:
    """The message with which somebody tries whether messages arrive."""
    words = f"{plain(name)} wanted to know whether messages of this console arrive. This one did."
    return Notice(f"test:{person}", Kind.TEST, "A test of the console", words, SOURCES)


def again(kind: str, tries: int, made_at: datetime, now: datetime) -> datetime | None:
    """When to send it again after so many tries that failed; None for never."""
    if kind == Kind.TEST or now - made_at >= GIVEN_UP or tries >= MOST_TRIES:
        return None
    return now + (PAUSES[tries - 1] if tries <= len(PAUSES) else LATER)


def standing(sent_at: datetime | None, next_at: datetime | None, said: str) -> Standing:
    if sent_at:
        return Standing.SENT
    if next_at is None:
        return Standing.GIVEN_UP
    return Standing.FAILING if said else Standing.WAITING


def body(notice: Notice, link: str, at: datetime) -> str:
    """The words as they are sent: with the time of the data and, where the console's own address
    is known, the way to the page."""
    where = f"\n{link}/{notice.page}" if link else ""
    return f"{notice.words}\n\nAs of {_moment(at)}.{where}"


def _about(plan: Plan, kind: Kind, title: str, words: str) -> Notice:
    return Notice(f"plan:{plan.id}:{kind}", kind, title, words, _page(plan.id))


def _page(plan: int) -> str:
    return f"{PLAN}?plan={plan}"


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "now"
