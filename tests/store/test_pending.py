"""What waits is read as it is, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actions import rollout
from actions import task as verb
from domain.pending import Step
from reads import today
from reads.readiness import items
from store import baselines, exemptions, flips, maturity, pending
from store.flips import Flip
from store.tables import AnswerRow, FeedbackRow
from tests.domain.test_today import BASELINE, EXEMPT, IN_FORCE
from tests.rolled import MONDAY, Desk, phase

DAY = timedelta(days=1)


@pytest.fixture
def desk(store):
    return Desk(store)


def facts(desk, since=None):
    return today.waiting(desk.store, since, desk.clock())


def add(desk, *rows):
    with desk.store.begin() as session:
        session.add_all(rows)


def answer(id, item, status="met", expires_at=None, approver=""):
    return AnswerRow(
        rollout=id, item=item, status=status, owner="contoso/maria", evidence="", note="",
        expires_at=expires_at, said_by="contoso/cora", at=MONDAY, approver=approver,
        approved_at=None,
    )  # fmt: skip


def said(id, severity="minor", status="new", at=MONDAY):
    return FeedbackRow(
        rollout=id, phase=0, theme="speed", severity=severity, status=status, words="Slow",
        said_on=MONDAY.date(), change="", entered_by="contoso/cora", at=at, closed_at=None,
    )  # fmt: skip


def test_an_empty_console_has_nothing_waiting(desk):
    assert facts(desk, MONDAY - DAY) == type(facts(desk))()


def test_a_gate_that_asks_is_told_with_what_nobody_has_given(desk):
    desk.running()  # asks for nothing yet
    id = desk.asking()
    (asked,) = facts(desk).asking
    assert (asked.of.id, asked.of.title, asked.of.units) == (id, "Shop chat", ("retail",))
    assert (asked.phase, asked.lacking, asked.said) == (
        "Pilot", ("product", "technical"), frozenset(),
    )  # fmt: skip
    desk.say(id, "paul", "product")
    (asked,) = facts(desk).asking
    assert asked.lacking == ("technical",)
    assert asked.said == {("product", "contoso/paul")}
    desk.say(id, "tess", "technical", approves=False, comment="Too slow")
    (asked,) = facts(desk).asking
    assert asked.lacking == ("technical",)
    rollout.pause(desk.visit("cora"), id, desk.shown(id), reason="Holidays")
    assert facts(desk).asking == ()


def test_gates_that_turned_since_then_are_told(desk):
    id = desk.running()
    with desk.store.begin() as session:
        flips.keep(session, Flip(id, 0, MONDAY, "active", "baking"))
        flips.keep(session, Flip(id, 0, MONDAY + DAY, "baking", "active"))
        flips.keep(session, Flip(99, 0, MONDAY + DAY, "baking", "active"))
    assert facts(desk).turned == ()
    (found,) = facts(desk, MONDAY).turned
    assert (found.of.id, found.phase, found.before, found.after) == (
        id,
        "Pilot",
        "baking",
        "active",
    )
    assert len(facts(desk, MONDAY - DAY).turned) == 2
    rollout.abort(desk.visit("cora"), id, desk.shown(id), reason="No money")
    assert facts(desk, MONDAY - DAY).turned == ()
    with desk.store.begin() as session:
        assert flips.prune(session, MONDAY + DAY) == 1


def test_when_a_gate_last_came_to_ask_is_told(desk):
    id = desk.asking()
    assert facts(desk).asking[0].since is None
    with desk.store.begin() as session:
        for days, after in ((0, "awaiting approval"), (1, "active"), (2, "awaiting approval")):
            flips.keep(session, Flip(id, 0, MONDAY + days * DAY, "", after))
        flips.keep(session, Flip(id, 1, MONDAY + 3 * DAY, "", "awaiting approval"))
    assert facts(desk).asking[0].since == MONDAY + 2 * DAY


def test_tasks_of_a_rollback_wait_until_they_are_done(desk):
    id = desk.running(phases=(phase("pilot"),))
    rollout.roll_back(desk.visit("cora"), id, desk.shown(id), reason="Severe complaints")
    (task,) = facts(desk).tasks
    assert (task.of.id, task.title, task.owner) == (
        id, "Close the group of pilots", "contoso/mark",
    )  # fmt: skip
    verb.done(desk.visit("mark"), task.id, note="Closed")
    assert facts(desk).tasks == ()


def test_feedback_is_counted_by_rollout(desk):
    id, other = desk.running(), desk.running()
    add(
        desk, said(id, "severe", at=MONDAY - DAY), said(id), said(id, status="accepted"),
        said(other, status="closed"),
    )  # fmt: skip
    (found,) = facts(desk).feedback
    assert (found.of.id, found.many, found.severe, found.since) == (id, 2, 1, MONDAY - DAY)


def test_evidence_ends_and_waivers_wait(desk):
    id = desk.running()
    add(
        desk,
        answer(id, "soon", expires_at=MONDAY + 3 * DAY),
        answer(id, "late", expires_at=MONDAY + 30 * DAY),
        answer(id, "ever"),
        answer(id, "open", "open", MONDAY),
        answer(id, "asked", "waived", MONDAY + 5 * DAY),
        answer(id, "needless", "not required"),
        answer(id, "given", "waived", MONDAY + 5 * DAY, "contoso/ada"),
    )
    found = facts(desk)
    assert [(it.item, it.waived, it.owner) for it in found.ending] == [
        ("given", True, "contoso/maria"), ("soon", False, "contoso/maria"),
    ]  # fmt: skip
    assert [(it.item, it.said_by) for it in found.waivers] == [
        ("asked", "contoso/cora"),
        ("needless", "contoso/cora"),
    ]


def test_steps_of_maturity_wait_for_their_owner(desk):
    with desk.store.begin() as session:
        for key, owner, done_at in (
            ("prompts", "contoso/maria", None),
            ("models", "contoso/maria", MONDAY),
            ("tune", "", None),
        ):
            step = maturity.Step("retail", key, owner, done_at, "contoso/cora", MONDAY)
            maturity.take(session, step)
        assert pending.steps(session, {}) == [Step("retail", "prompts", "contoso/maria")]
    (found,) = facts(desk).steps
    assert found.title.startswith("Write prompts in a structured way")


def test_exemptions_wait_for_a_decision_or_a_review_and_baselines_for_a_second_person(desk):
    soon, later = MONDAY + 5 * DAY, MONDAY + 50 * DAY
    with desk.store.begin() as session:
        for it in (
            replace(EXEMPT, review_by=later),
            replace(IN_FORCE, review_by=soon),
            replace(IN_FORCE, review_by=later),
            replace(IN_FORCE, review_by=soon, ended_at=MONDAY),
            replace(EXEMPT, decision="declined"),
        ):
            exemptions.add(session, replace(it, id=0))
        baselines.add(session, replace(BASELINE, version=1, approved_at=MONDAY))
    assert [it.id for it in facts(desk).exemptions] == [1, 2]
    assert facts(desk).baselines == ()
    with desk.store.begin() as session:
        baselines.add(session, BASELINE)
    assert [(it.key, it.version) for it in facts(desk).baselines] == [("chat", 2)]


def test_an_item_of_the_reference_is_told_by_its_title(desk):
    first = items()[0]
    add(desk, answer(desk.running(), first.key, expires_at=MONDAY))
    (found,) = facts(desk).ending
    assert found.item == first.title != first.key
