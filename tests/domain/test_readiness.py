"""Where items of readiness stand: what is seen goes before what is said, and what nobody can tell
is never counted as met."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from domain import readiness
from domain.criteria import Criterion, Kind
from domain.readiness import (
    ALWAYS,
    CLOSED,
    EXTERNAL,
    INSIDE,
    NEVER,
    OUTSIDE,
    UNSAID,
    Answer,
    Item,
    Says,
    Seen,
    Status,
)
from domain.rollouts import Rollout
from tests.rolled import PHASES

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SHIPPED = json.loads((Path(__file__).parents[2] / "reference" / "readiness_items.json").read_text())
ITEM = Item("a.b", "critical", "Section", "It is so", "How", "high", "S1-01", 90)
CHECKED = replace(ITEM, check="it")


def answer(status="met", **told):
    named = {
        "rollout": 1, "item": "a.b", "status": status, "owner": "t/o", "evidence": "https://e",
        "note": "why", "expires_at": NOW + DAY, "said_by": "t/x", "at": NOW - DAY, **told,
    }  # fmt: skip
    return Answer(**named)


def stands(item=ITEM, seen=None, said=None, audience=INSIDE, now=NOW):
    (it,) = readiness.standings(
        [item], {item.check: seen} if seen else {}, {"a.b": said} if said else {}, audience, now
    )
    return it


def look(status):
    return Seen(status, "It was seen.", NOW - DAY)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (None, Status.UNKNOWN),
        (answer(), Status.MET),
        (answer(evidence=" "), Status.NOT_MET),
        (answer(expires_at=NOW), Status.EXPIRED),
        (answer(expires_at=None), Status.EXPIRED),
        (answer("open"), Status.NOT_MET),
        (answer("waived"), Status.UNKNOWN),
        (answer("waived", approver="t/y"), Status.WAIVED),
        (answer("waived", approver="t/y", expires_at=NOW), Status.UNKNOWN),
        (answer("not required"), Status.UNKNOWN),
        (answer("not required", approver="t/y", expires_at=None), Status.NOT_REQUIRED),
    ],
)
def test_what_people_say_counts_while_it_is_shown_and_agreed_to(said, wanted):
    it = stands(said=said)
    assert it.status is wanted
    assert it.holds is (wanted in CLOSED)
    assert it.words


@pytest.mark.parametrize(
    ("seen", "said", "wanted"),
    [
        (None, None, Status.UNKNOWN),
        (look(Status.MET), None, Status.MET),
        (look(Status.MET), answer("open"), Status.MET),
        (look(Status.NOT_MET), answer(), Status.NOT_MET),
        (look(Status.NOT_MET), answer("waived", approver="t/y"), Status.WAIVED),
        (look(Status.NOT_MET), answer("waived"), Status.NOT_MET),
        (look(Status.UNKNOWN), None, Status.UNKNOWN),
        (look(Status.UNKNOWN), answer(), Status.MET),
        (look(Status.UNKNOWN), answer(expires_at=NOW), Status.EXPIRED),
        (look(Status.NOT_REQUIRED), None, Status.NOT_REQUIRED),
    ],
)
def test_what_is_seen_goes_before_what_is_said(seen, said, wanted):
    assert stands(CHECKED, seen, said).status is wanted


def test_no_word_makes_met_what_only_a_check_can_tell():
    item = replace(CHECKED, by_check_only=True)
    assert stands(item, look(Status.UNKNOWN), answer()).status is Status.UNKNOWN
    assert stands(item, None, answer()).status is Status.UNKNOWN
    assert stands(item, look(Status.MET)).status is Status.MET


def test_nothing_unknown_is_ever_closed_by_one_person_without_evidence():
    seen = [None, *(look(it) for it in (Status.UNKNOWN, Status.NOT_MET))]
    said = [None, *(answer(it, evidence=e) for it, e in product(Says, ("", "x")))]
    for one, other in product(seen, said):
        it = stands(CHECKED, one, other)
        vouched = other is not None and other.status == Says.MET and other.evidence == "x"
        unseen = one is None or one.status is Status.UNKNOWN
        assert it.holds is (vouched and unseen), (one, other)


@pytest.mark.parametrize(
    ("mandatory", "audience", "due"),
    [
        (ALWAYS, INSIDE, True),
        (EXTERNAL, INSIDE, False),
        (EXTERNAL, OUTSIDE, True),
        (EXTERNAL, UNSAID, True),
        (NEVER, OUTSIDE, False),
    ],
)
def test_people_outside_ask_for_more(mandatory, audience, due):
    assert stands(replace(ITEM, mandatory=mandatory), audience=audience).mandatory is due


def test_a_phase_counts_what_its_lists_name_and_the_oldest_data_by_which_it_holds():
    old = replace(look(Status.MET), data_at=NOW - 3 * DAY)
    those = (
        stands(CHECKED, old),
        stands(replace(ITEM, key="a.c", of="deployment", section="Security")),
        stands(replace(ITEM, key="a.d", mandatory=NEVER)),
        stands(said=answer()),
    )
    assert readiness.open_items(those, ["critical"], NOW) == (0, 2, NOW - 3 * DAY)
    assert readiness.open_items(those, ["critical", "deployment"], NOW)[:2] == (1, 3)
    assert readiness.open_items(those, ["Security"], NOW) == (1, 1, NOW)
    assert readiness.open_items(those, ["a.c"], NOW)[:2] == (1, 1)
    assert readiness.open_items(those, ["nothing"], NOW) == (0, 0, None)


def test_the_score_tells_what_is_unknown_apart():
    those = [
        stands(said=answer()),
        stands(),
        stands(said=answer("waived", approver="t/y")),
        stands(said=answer("open")),
    ]
    counted = readiness.score(those)
    assert list(counted) == list(Status)
    assert (counted[Status.MET], counted[Status.UNKNOWN], counted[Status.EXPIRED]) == (1, 1, 0)
    assert readiness.share(those) == pytest.approx(1 / 3)
    assert readiness.share([those[2]]) is None


def test_the_shipped_items_are_of_the_sources_and_of_two_lists():
    items = readiness.of_reference(SHIPPED)
    assert {"critical", "deployment"} == {it.of for it in items}
    assert {f"S1-{it:02}" for it in (1, 2, 3, 4, 5, *range(15, 21))} <= {it.source for it in items}
    assert all("." in it.key for it in items)


@pytest.mark.parametrize("wrong", [{"severity": "grave"}, {"mandatory": "perhaps"}])
def test_items_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValueError, match=r"critical\.outcome"):
        readiness.of_reference([{**SHIPPED[0], **wrong}])
    with pytest.raises(ValueError, match="twice"):
        readiness.of_reference([SHIPPED[0], SHIPPED[0]])


def test_what_gates_ask_for_by_hand_is_an_item_of_that_rollout():
    asked = Criterion("it", "Support is there", Kind.MANUAL, "support_route", "at least", 1)
    phase = replace(PHASES[0], criteria=(asked,))
    rollout = Rollout("Shop", "shop", "t/o", "t/s", ("retail",), (), "four", 1, (phase,))
    items = readiness.items_for([ITEM], rollout)
    assert [(it.key, it.section, it.mandatory) for it in items[1:]] == [
        ("support_route", readiness.GATE, NEVER)
    ]
    again = readiness.items_for([replace(ITEM, key="support_route")], rollout)
    assert len(again) == 1
