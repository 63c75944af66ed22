"""Asking for quota: who may, what is refused, what is kept and what the trail says."""

from datetime import timedelta

import pytest

from actions import request
from domain.faults import NotAllowed, OutOfRange, Refused
from domain.requests import LONGEST, MOST, Status
from domain.roles import CAST
from reads import audit
from store import requests
from tests.world import CHAT, NOON, SMALL

UNIT = "retail-online"
MAY_ASK = {"ada", "alan", "maria", "cora"}
"""Of those whose role may ask, Mark does not see the unit."""


@pytest.fixture
def pool(console):
    """The pool that CHAT draws on."""
    from reads import inventory

    rows = inventory.deployments(console.store, [SMALL], "7d", console.tags, NOON).frame
    return rows.set_index("resource").at[CHAT, "pool"]


@pytest.fixture
def ask(console, pool):
    """ask(person, ...): a request by this person, with what is usual where nothing is said."""

    def asking(person="maria", **told):
        usual = {"pool": pool, "unit": UNIT, "amount": 20, "reason": "Spring sale"}
        return request.quota(console.visit(person), **usual | told)

    return asking


def kept(console):
    with console.store.reading() as session:
        return requests.latest(session)


def last(console):
    line = audit.trail(console.store).iloc[0]
    return line["who"], line["what"], line["came"]


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_who_may_ask_asks_and_who_may_not_is_refused_and_audited(console, ask, pool, person):
    what = f"ask for 20 of {pool} for {UNIT}"
    if person.id in MAY_ASK:
        assert ask(person.id) == 1
        (only,) = kept(console)
        assert (only.requester, only.unit, only.pool, only.amount) == (
            person.key, UNIT, pool, 20,
        )  # fmt: skip
        assert (only.status, only.asked_at, only.reason) == ("asked", NOON, "Spring sale")
        assert last(console) == (person.key, what, "asked")
    else:
        with pytest.raises(NotAllowed):
            ask(person.id)
        assert kept(console) == []
        assert last(console) == (person.key, what, "refused")


WRONG = [
    ({"amount": 0}, "whole number of units"),
    ({"amount": -5}, "whole number of units"),
    ({"amount": 2.5}, "whole number of units"),
    ({"amount": True}, "whole number of units"),
    ({"amount": MOST + 1}, "whole number of units"),
    ({"reason": ""}, "what it is needed for"),
    ({"reason": " \t "}, "what it is needed for"),
    ({"reason": "x" * (LONGEST + 1)}, "300 printable"),
    ({"reason": "two\nlines"}, "300 printable"),
    ({"reason": "bell\a"}, "300 printable"),
    ({"needed_by": (NOON - timedelta(days=1)).date()}, "lies in the past"),
    ({"unit": "no-such-unit"}, "unit of the list"),
    ({"unit": "unassigned"}, "unit of the list"),
]


@pytest.mark.parametrize(("told", "words"), WRONG)
def test_what_cannot_be_is_refused_in_a_sentence(console, ask, told, words):
    with pytest.raises(OutOfRange, match=words):
        ask("ada", **told)
    assert kept(console) == []


def test_the_most_and_today_are_still_possible(console, ask):
    ask(amount=MOST, needed_by=NOON.date(), reason="é" * LONGEST)
    (only,) = kept(console)
    assert only.needed_by == NOON.replace(hour=0, minute=0, second=0)
    assert only.amount == MOST


@pytest.mark.parametrize("pool", ["", "nonsense", f"{SMALL}|westeurope|x", "'; DROP TABLE plans"])
def test_a_pool_out_of_sight_is_refused_like_one_that_does_not_exist(console, ask, pool):
    with pytest.raises(NotAllowed, match="not among those you see"):
        ask("ada", pool=pool)
    assert kept(console) == []


def test_a_pool_that_only_others_draw_on_is_out_of_sight(ask):
    with pytest.raises(NotAllowed, match="not among those you see"):
        ask("mark", unit="finance-risk")


# --- what becomes of it -----------------------------------------------------------------------


def decide(console, status, person="ada", id=1, note="500 more"):
    request.decide(console.visit(person), id, status, note)


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_admins_decide(console, ask, person):
    ask()
    if person.role == "admin":
        decide(console, Status.SENT, person.id, note=" ticket 7 ")
        (only,) = kept(console)
        assert (only.status, only.status_by, only.note) == (Status.SENT, person.key, "ticket 7")
        assert last(console) == (person.key, "decide request 1: sent to Microsoft", "asked")
    else:
        with pytest.raises(NotAllowed):
            decide(console, Status.SENT, person.id)
        assert kept(console)[0].status is Status.ASKED
        assert last(console)[2] == "refused"


@pytest.mark.parametrize("end", [Status.GRANTED, Status.PARTLY, Status.REFUSED])
def test_a_request_goes_its_way_once(console, ask, end):
    ask()
    decide(console, Status.SENT)
    console.clock.move(hours=5)
    decide(console, end, "alan")
    (only,) = kept(console)
    assert (only.status, only.status_at) == (end, console.clock())
    for again in Status:
        with pytest.raises(Refused):
            decide(console, again)
    assert kept(console) == [only]


@pytest.mark.parametrize("status", [Status.PARTLY, Status.REFUSED])
def test_half_a_yes_and_a_no_are_explained(console, ask, status):
    ask()
    with pytest.raises(OutOfRange, match="how much, or why not"):
        decide(console, status, note="  ")
    with pytest.raises(OutOfRange, match="printable"):
        decide(console, status, note="x" * (LONGEST + 1))
    assert kept(console)[0].status is Status.ASKED


def test_a_request_that_does_not_exist_is_not_seen(console):
    for verb in (
        lambda: decide(console, Status.SENT, id=99),
        lambda: request.withdraw(console.visit("maria"), 99),
    ):
        with pytest.raises(NotAllowed, match="not among those you see"):
            verb()


def test_whoever_asked_takes_it_back_and_nobody_else(console, ask):
    ask("maria")
    with pytest.raises(OutOfRange, match="by whoever asked"):
        decide(console, Status.WITHDRAWN)
    for other in ("ada", "cora"):
        with pytest.raises(NotAllowed, match="Only whoever asked"):
            request.withdraw(console.visit(other), 1)
    with pytest.raises(NotAllowed, match="not among those you see"):
        request.withdraw(console.visit("mark"), 1)
    with pytest.raises(NotAllowed, match="may not"):
        request.withdraw(console.visit("vera"), 1)
    request.withdraw(console.visit("maria"), 1)
    (only,) = kept(console)
    assert (only.status, only.status_by) == (Status.WITHDRAWN, "contoso/maria")
    with pytest.raises(OutOfRange):
        request.withdraw(console.visit("maria"), 1)


def test_the_trail_holds(console, ask):
    ask()
    decide(console, Status.GRANTED)
    assert audit.broken(console.store) is None
