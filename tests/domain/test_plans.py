"""A plan and its journal, held against tables by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain import plans
from domain.ordering import ordered
from domain.plans import GONE, SETTLE, Answer, Leg, Plan, Standing, State

NOW = datetime(2026, 1, 5, tzinfo=UTC)
LATER = NOW + timedelta(seconds=7)


def leg(resource="a", amount=0, pool="p", lever="capacity", **fields):
    told = {"etag": "e", "before": "10", "target": str(10 + amount), **fields}
    return Leg(lever, resource, pool=pool, amount=amount, **told)


def plan(*legs, **fields):
    return Plan(legs or (leg(amount=5),), "t/ada", "why", NOW, **fields)


# --- what it is -------------------------------------------------------------------------------


def test_whatever_gives_goes_before_whatever_takes():
    legs = [leg("d", 4), leg("c", -1), leg("b", 2), leg("a", -5), leg("e", 0)]
    assert [it.resource for it in ordered(legs)] == ["a", "c", "e", "b", "d"]
    assert ordered(reversed(legs)) == ordered(legs)


def test_what_others_lean_on_comes_first_and_goes_last():
    """A policy names blocklists, a deployment names a policy."""

    def of(lever, resource, *, gone=False):
        return leg(resource, lever=lever, target=GONE if gone else "x", pool="")

    names = {"blocklist": "d", "term": "c", "policy": "b", "filter": "a"}
    new = [of(lever, name) for lever, name in names.items()]
    gone = [of(lever, f"{name}2", gone=lever != "filter") for lever, name in names.items()]
    told = ordered([*reversed(new), *gone])
    assert [it.resource for it in told] == ["d", "c", "b", "a", "a2", "b2", "c2", "d2"]
    assert ordered(reversed(told)) == told


def test_what_it_touches():
    told = plan(
        leg("b", -1, "q", unit="shop"), leg("a", 1, "p", unit="bank"),
        leg("c", 0, "", unit="shop"), leg("d", 1, "q"),
    )  # fmt: skip
    assert told.resources == ("b", "a", "c", "d")
    assert told.pools == ("p", "q")
    assert told.units == ("bank", "shop")


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"unit": "bank", "pool": "q", "amount": 9}, True),  # what follows from the rest
        ({"writes": 3, "standing": Standing.THERE, "answer": Answer.NO}, True),  # its journal
        ({"lever": "tags"}, False),
        ({"resource": "b"}, False),
        ({"etag": "f"}, False),
        ({"before": "11"}, False),
        ({"target": "16"}, False),
    ],
)
def test_a_fingerprint_is_of_the_same_changes_of_the_same_state(changed, same):
    first, second = leg(amount=5), replace(leg(amount=5), **changed)
    assert (plan(first).fingerprint == plan(second).fingerprint) is same
    assert plan(first, second).fingerprint != plan(first).fingerprint


def test_a_fingerprint_is_short_and_of_nothing_else():
    told = plan()
    assert len(told.fingerprint) == 16
    others = replace(told, id=7, reason="other", state=State.DONE, proposer="t/alan")
    assert others.fingerprint == told.fingerprint


def test_a_fingerprint_looks_at_the_order_and_the_borders_of_texts():
    a, b = leg("a", 1), leg("b", 1)
    assert plan(a, b).fingerprint != plan(b, a).fingerprint
    glued = leg("a", 1, before="1", target="012"), leg("a", 1, before="10", target="12")
    assert plan(glued[0]).fingerprint != plan(glued[1]).fingerprint


@pytest.mark.parametrize(
    ("standings", "parked"),
    [
        # of legs: -10 of p, -3 of q, +4 of p, +3 of q
        ("oooo", {}),
        ("tooo", {"p": 10}),
        ("ttoo", {"p": 10, "q": 3}),
        ("ttto", {"p": 6, "q": 3}),
        ("tttt", {"p": 6}),
        ("ttbo", {"p": 10, "q": 3}),
        ("tbbb", {"p": 10}),
        ("bbbb", {}),
        ("ooto", {"p": -4}),
    ],
)
def test_what_is_given_and_not_taken_is_parked(standings, parked):
    known = {"o": Standing.OPEN, "t": Standing.THERE, "b": Standing.BACK}
    told = [leg("a", -10), leg("b", -3, "q"), leg("c", 4), leg("d", 3, "q"), leg("e", 0, "")]
    legs = [replace(it, standing=known[at]) for it, at in zip(told, standings + "t", strict=True)]
    assert plan(*legs).parked == parked


# --- its journal ------------------------------------------------------------------------------


def test_an_aim_is_turned_round_on_the_way_back():
    told = plan(leg(amount=5))
    assert told.aim(0) == ("10", "15", 5)
    assert replace(told, state=State.COMPENSATING).aim(0) == ("15", "10", -5)
    assert replace(told, state=State.NEEDS_PERSON).aim(0) == ("10", "15", 5)


def test_an_intent_is_another_attempt_of_which_nothing_is_known():
    first = plan().writing(0, NOW)
    it = first.legs[0]
    assert (it.writes, it.tries, it.first_at, it.written_at) == (1, 1, NOW, NOW)
    assert (it.answer, it.doubt, it.etag) == (Answer.NONE, True, "e")
    heard = first.answered(0, Answer.LATER, "Busy.", LATER)
    second = heard.writing(0, LATER, "f").legs[0]
    assert (second.writes, second.tries, second.first_at, second.written_at) == (2, 2, NOW, LATER)
    assert (second.answer, second.doubt, second.said, second.again_at) == (
        Answer.NONE, True, "", None,
    )  # fmt: skip
    assert second.etag == "f"


def test_an_intent_is_dated_when_it_is_kept_not_when_was_looked():
    first = plan().writing(0, NOW).sending(0, LATER).legs[0]
    assert (first.first_at, first.written_at) == (LATER, LATER)
    again = plan().writing(0, NOW).writing(0, NOW).sending(0, LATER).legs[0]
    assert (again.first_at, again.written_at) == (NOW, LATER)


@pytest.mark.parametrize(
    ("answer", "doubt", "may_land"),
    [
        (Answer.NONE, True, True),
        (Answer.TAKEN, True, True),
        (Answer.LATER, False, False),
        (Answer.NO, False, False),
    ],
)
def test_only_a_plain_no_leaves_no_doubt(answer, doubt, may_land):
    told = plan().writing(0, NOW).writing(0, NOW).answered(0, answer, "Said.", LATER).legs[0]
    assert (told.doubt, told.said, told.again_at) == (doubt, "Said.", LATER)
    assert told.may_land(NOW + SETTLE - timedelta(microseconds=1)) is may_land
    assert not told.may_land(NOW + SETTLE)


def test_what_was_never_written_cannot_land():
    assert not leg().may_land(NOW)


def test_what_is_turned_begins_anew_where_it_stands():
    told = plan(leg("a", -5), leg("b", 5)).taken_up(NOW)
    there = told.writing(0, NOW).answered(0, Answer.TAKEN).reached(0, Standing.THERE, "f", NOW)
    tried = there.writing(1, NOW).answered(1, Answer.NO, "No room.")
    back = tried.turned("No room.", LATER)
    assert (back.state, back.said, back.since, back.back) == (
        State.COMPENSATING, "No room.", LATER, True,
    )  # fmt: skip
    giver, taker = back.legs
    assert (giver.writes, giver.tries, giver.first_at, giver.written_at) == (1, 0, None, None)
    assert (giver.answer, giver.doubt, giver.etag, giver.standing) == (
        Answer.NONE, False, "f", Standing.THERE,
    )  # fmt: skip
    assert taker == tried.legs[1]


def test_patience_begins_with_each_step_there_and_once_on_the_way_back():
    told = plan(leg("a", -5), leg("b", -5), leg("c", 9)).taken_up(NOW)
    assert told.taken_up(LATER).since == NOW
    assert told.reached(0, Standing.THERE, "f", LATER).since == LATER
    back = told.reached(0, Standing.THERE, "f", NOW).turned("No.", NOW)
    assert back.reached(0, Standing.BACK, "g", LATER).since == NOW


def test_the_end_keeps_what_was_said_last():
    told = plan().turned("No room.", NOW)
    assert told.ended(State.REVERTED, LATER).said == "No room."
    ended = told.ended(State.NEEDS_PERSON, LATER, "Nor back.")
    assert (ended.said, ended.ended_at, ended.state) == ("Nor back.", LATER, State.NEEDS_PERSON)


def test_begun_is_what_was_ever_sent():
    assert not plan().begun
    assert plan(leg("a"), leg("b", 5)).writing(1, NOW).begun


def test_each_state_is_an_end_or_goes_on():
    assert set(plans.NEXT) | plans.FINAL == set(State)
    assert set(plans.NEXT) & plans.FINAL == set()
    assert {State.NEEDS_PERSON} == plans.ENDS - plans.FINAL
