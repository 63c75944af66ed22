"""Maturity on its page: who sees which part, what is held against it, what each click leaves."""

from datetime import timedelta

import pytest

from actions import mature
from domain.maturity import QUESTIONNAIRE
from domain.roles import CAST, Permission
from store import maturity
from store.tables import EvaluationRow
from tests.conftest import table, words
from tests.world import NOON

PAGE = "maturity"
HOSTILE = "=cmd|'/C calc'!A0 <script>alert(1)</script> **bold** :red[no]"


@pytest.fixture
def enter(console):
    """enter(unit, score, ...): an assessment is there already."""

    def entering(unit="", score=12, days=0, **told):
        usual = {"assessed_on": (NOON - timedelta(days=days)).date(), "assessor": "Mira Vos"}
        return mature.score(console.visit("cora"), unit, score, **usual | told)

    return entering


def kept(console):
    with console.store.reading() as session:
        return maturity.known(session)


def steps(console):
    with console.store.reading() as session:
        return maturity.steps(session)


def keys(at):
    return {it.key for it in at.button}


def figures(at):
    return {it.label: it.value for it in at.metric}


# --- who sees what ----------------------------------------------------------------------------


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
def test_everybody_sees_the_parts_that_are_theirs_and_is_offered_what_they_may(
    opened, enter, person
):
    enter(score=12)
    enter("retail", 16)
    enter("finance", 8)
    at = opened(PAGE, person.id)
    assert not at.exception
    if not person.may(Permission.LOOK):
        assert "may not" in at.error[0].value
        return
    parts = at.selectbox(key="part").options
    assert ("Whole organisation" in parts) == (person.units is None)
    for unit, name in (("retail", "Retail"), ("finance", "Finance")):
        assert (name in parts) == (person.units is None or unit in person.units)
    scores = {None: "12", "retail": "16", "finance": "8"}
    own = next(iter(person.units)) if person.units else None
    assert figures(at).get("Score") == scores.get(own)
    assert ("enter" in keys(at)) == person.may(Permission.ASSESS)
    assert ("step-complex-prompts" in keys(at)) == (person.may(Permission.ASSESS) and own is None)


def test_a_part_of_others_is_not_told_by_its_address(opened, enter):
    enter("finance", 8, note="Secret of finance")
    at = opened(PAGE, "maria", part="finance")
    assert "Secret" not in words(at)
    assert not at.dataframe
    assert "Retail was not assessed yet" in words(at)


def test_before_the_first_assessment_the_page_says_how_to_begin(opened):
    at = opened(PAGE, "cora")
    assert "was not assessed yet" in words(at)
    assert not at.metric
    assert QUESTIONNAIRE in {it.proto.url for it in at.get("link_button")}


# --- what is said -----------------------------------------------------------------------------


def test_level_gap_target_and_change_are_said(opened, enter):
    enter(score=8, days=100)
    enter(score=12, target=16)
    at = opened(PAGE, "cora")
    assert figures(at) == {
        "Level": "2 defined",
        "Score": "12",
        "Points to the next level": "3",
        "Target": "16",
        "Contradictions": figures(at)["Contradictions"],
    }
    deltas = {it.label: it.delta for it in at.metric}
    assert deltas["Score"] == f"+4 on {(NOON - timedelta(days=100)).date()}"
    assert deltas["Target"] == "4 points away"
    assert deltas["Points to the next level"] == "to level 3, managed"
    rows = table(at, "Assessor")
    assert list(rows["Score (of 28)"]) == [12, 8]
    assert "Next steps of level 2, defined" in words(at)


def test_a_claim_that_the_console_sees_to_be_otherwise_is_named_and_others_are_not(
    opened, enter, console
):
    enter(score=9)
    told = words(opened(PAGE, "cora"))
    assert "contradicts" not in told  # the lowest level claims nothing
    assert "self-declared" in told
    enter(score=16)
    at = opened(PAGE, "cora")
    told = words(at)
    assert "No way back was drilled in the last 12 months" in told
    assert "No evaluation was recorded in the last year" in told
    many = told.count("contradicts]")
    assert figures(at)["Contradictions"] == str(many)
    with console.store.begin() as session:
        session.add(
            EvaluationRow(
                rollout=1, deployment="/d/1", dataset="golden", metric="groundedness", value=0.9,
                threshold=0.8, pairs=120, link="", ran_at=NOON, said_by="contoso/cora", at=NOON,
            )
        )  # fmt: skip
    told = words(opened(PAGE, "cora"))
    assert "1 evaluation recorded in the last year" in told
    assert told.count("contradicts]") == many - 1


def test_an_old_assessment_is_said_to_be_old(opened, enter):
    enter(days=200)
    (contradictions,) = (it for it in opened(PAGE).metric if it.label == "Contradictions")
    assert "over half a year" in contradictions.delta


def test_the_scope_bar_narrows_the_parts(opened, enter):
    enter(score=12)
    enter("finance", 8)
    at = opened(PAGE, unit="finance")
    assert [it.strip() for it in at.selectbox(key="part").options] == ["Finance", "Banking", "Risk"]
    assert figures(at)["Score"] == "8"
    assert len(opened(PAGE, unit="unassigned").selectbox(key="part").options) > 3


def test_text_of_people_is_shown_as_it_is(opened, enter):
    enter(assessor=HOSTILE, note=HOSTILE)
    at = opened(PAGE)
    assert table(at, "Assessor")["Assessor"].iloc[0] == HOSTILE
    assert "**bold**" not in words(at)
    assert ":red[no]" not in words(at)


# --- what a click leaves ----------------------------------------------------------------------


def test_a_score_is_entered(opened, console):
    at = opened(PAGE, "cora", part="retail")
    at.button(key="enter").click().run()
    assert at.button(key="maturity-confirm").disabled
    at.number_input(key="maturity-score").set_value(15).run()
    at.number_input(key="maturity-target").set_value(20).run()
    at.text_input(key="maturity-assessor").set_value("Mira Vos").run()
    assert "Level 3, managed" in words(at)
    at.button(key="maturity-confirm").click().run()
    assert not at.exception
    assert "Retail: 15 points, level 3, managed" in at.success[0].value.replace("\\", "")
    (it,) = kept(console)
    assert (it.unit, it.score, it.target, it.assessor) == ("retail", 15, 20, "Mira Vos")
    assert (it.said_by, it.assessed_on) == ("contoso/cora", NOON.date())


@pytest.mark.parametrize(
    ("score", "target", "assessor", "said"),
    [
        (15, 12, "Mira Vos", "target lies below"),
        (15, None, "", "Say who assessed it"),
        (None, None, "Mira Vos", "Points by level"),
    ],
)
def test_what_cannot_be_is_said_and_cannot_be_entered(
    opened, console, score, target, assessor, said
):
    at = opened(PAGE, "cora")
    at.button(key="enter").click().run()
    if score is not None:
        at.number_input(key="maturity-score").set_value(score).run()
    if target is not None:
        at.number_input(key="maturity-target").set_value(target).run()
    at.text_input(key="maturity-assessor").set_value(assessor).run()
    assert said in words(at)
    assert at.button(key="maturity-confirm").disabled
    assert kept(console) == []


def test_a_step_is_given_to_somebody_and_done(opened, enter, console):
    enter(score=12)
    at = opened(PAGE, "cora")
    at.button(key="step-delivery").click().run()
    at.selectbox(key="step-owner").set_value("contoso/maria").run()
    at.button(key="step-confirm").click().run()
    assert [(it.step, it.owner, it.done_at) for it in steps(console)] == [
        ("delivery", "contoso/maria", None)
    ]
    assert "seen to by Maria Merian" in words(at)
    at.button(key="step-delivery").click().run()
    at.checkbox(key="step-done").check().run()
    at.button(key="step-confirm").click().run()
    assert steps(console)[0].done_at == NOON
    assert "done on 2026" in words(at)


def test_a_claim_about_the_estate_leads_to_where_it_is_seen(opened, enter):
    enter(score=12)
    at = opened(PAGE)
    there = {it for it in keys(at) if it and it.startswith("claim-")}
    assert there <= {"claim-owned", "claim-safe"}
    assert there
