"""A gate is approved by grant, by somebody else, as it was shown, and only while it asks."""

from dataclasses import replace

import pytest

from actions import approve_gate, rollout
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.roles import CAST, Grant
from domain.rollouts import Stage
from reads import audit
from store import people
from store.engine import opened
from tests.rolled import GRANTED, Desk, phase

PRODUCT = phase("pilot", "product")


@pytest.fixture
def desk(url):
    store = opened(url)
    yield Desk(store)
    store.close()


@pytest.mark.parametrize("grant", GRANTED)
def test_each_approval_is_for_whoever_has_its_grant_and_for_nobody_else(desk, grant):
    id = desk.asking(phases=(phase("pilot", grant),))
    for person in CAST:
        visit, mark = desk.visit(person.id), desk.gate(id).mark
        if person.id == GRANTED[grant]:
            approve_gate.say(visit, id, grant, approves=True, mark=mark)
        else:
            with pytest.raises(NotAllowed):
                approve_gate.say(visit, id, grant, approves=True, mark=mark)
        row = audit.trail(desk.store).iloc[0]
        assert (row["who"], row["what"]) == (person.key, f"approve the gate of rollout {id}")
        assert row["came"] == ("asked" if person.id == GRANTED[grant] else "refused")
    assert desk.gate(id).gate.approved == {grant}
    assert desk.gate(id).missing == ()


def test_a_grant_that_the_phase_does_not_ask_for_is_no_approval_of_it(desk):
    id = desk.asking(phases=(PRODUCT,))
    for grant in ("security", "all", ""):
        with pytest.raises(OutOfRange, match="does not ask for such"):
            desk.say(id, "sam", grant)
    assert desk.said(id) == []


@pytest.mark.parametrize("part", ["owner", "proposer"])
def test_nobody_approves_what_is_theirs_and_no_such_yes_counts(desk, part):
    id = desk.asking(phases=(PRODUCT,), **{part: "contoso/paul"})
    with pytest.raises(NotAllowed, match="plan or own"):
        desk.say(id, "paul", "product")
    assert desk.said(id) == []


def test_a_no_says_why_and_leaves_the_phase_where_it_is(desk):
    id = desk.asking()
    before = desk.now(id)
    with pytest.raises(OutOfRange, match="Say why"):
        desk.say(id, "paul", "product", approves=False, comment=" ")
    desk.say(id, "paul", "product", approves=False, comment="Answers are rude.")
    assert desk.now(id) == before
    (said,) = desk.said(id)
    assert (said.approves, said.comment, said.void_at) == (False, "Answers are rude.", None)
    assert "the product and the technical approval are missing" in desk.gate(id).missing
    desk.say(id, "paul", "product")
    assert desk.gate(id).gate.approved == {"product"}
    assert [it.void_why for it in desk.said(id)] == ["said again", ""]


def test_somebody_elses_yes_does_not_outvote_a_no(desk):
    id = desk.asking()
    pam = replace(desk.visit("paul").person, id="pam", name="Pam")
    with desk.store.begin() as session:
        people.enrol(session, pam)
    desk.say(id, "paul", "product", approves=False, comment="Not yet.")
    visit = replace(desk.visit("paul"), person=pam)
    approve_gate.say(visit, id, "product", approves=True, mark=desk.gate(id).mark)
    assert desk.gate(id).gate.approved == frozenset()
    desk.say(id, "paul", "product")
    assert desk.gate(id).gate.approved == {"product"}


def test_only_the_gate_that_was_shown_is_approved(desk):
    id = desk.asking()
    shown = desk.gate(id).mark
    desk.clock.move(days=1)
    desk.sweep(id)
    with pytest.raises(Outdated, match="changed since"):
        approve_gate.say(desk.visit("paul"), id, "product", approves=True, mark=shown)
    assert desk.said(id) == []


def test_a_gate_is_not_approved_before_it_asks(desk):
    id = desk.running()
    with pytest.raises(OutOfRange, match="does not ask for approval yet: it is active"):
        desk.say(id, "paul", "product")
    desk.sweep(id)
    with pytest.raises(OutOfRange, match="it is baking"):
        desk.say(id, "paul", "product")
    desk.bake(id)
    rollout.pause(desk.visit("cora"), id, desk.shown(id), reason="a holiday")
    with pytest.raises(OutOfRange, match="is paused"):
        desk.say(id, "paul", "product")
    rollout.resume(desk.visit("cora"), id, desk.shown(id))
    desk.say(id, "paul", "product")
    assert desk.now(id).phase.stage is Stage.ASKING


def test_a_gate_whose_data_is_too_old_by_now_does_not_ask_whatever_the_last_sweep_found(desk):
    id = desk.asking()
    desk.clock.move(days=2)
    assert desk.now(id).phase.stage is Stage.ASKING
    with pytest.raises(OutOfRange, match="does not ask for approval yet"):
        desk.say(id, "paul", "product")


@pytest.mark.parametrize("comment", ["x" * 301, "a\x00b"])
def test_a_comment_that_cannot_be_kept_is_refused(desk, comment):
    id = desk.asking()
    with pytest.raises(OutOfRange, match="printable"):
        desk.say(id, "paul", "product", comment=comment)
    assert desk.said(id) == []


def test_a_rollout_of_other_units_is_approved_by_nobody_who_does_not_see_it(desk):
    id = desk.asking()
    narrow = replace(desk.visit("paul").person, units=frozenset({"finance"}))
    words = []
    for number in (id, 99):
        with pytest.raises(NotAllowed) as refusal:
            approve_gate.say(
                replace(desk.visit("paul"), person=narrow), number, "product",
                approves=True, mark=desk.gate(id).mark,
            )  # fmt: skip
        words.append(refusal.value.words)
    assert words[0] == words[1]


def test_a_grant_alone_approves_nothing_where_the_role_may_not(desk):
    id = desk.asking()
    vera = replace(desk.visit("vera").person, units=None, grants=frozenset({Grant.PRODUCT}))
    with pytest.raises(NotAllowed, match="may not approve changes"):
        approve_gate.say(
            replace(desk.visit("vera"), person=vera), id, "product",
            approves=True, mark=desk.gate(id).mark,
        )  # fmt: skip
