"""What people vouch for, say and measure, on the page of a rollout and in the store."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from actions import feedback as verbs
from domain.criteria import Criterion, Kind, Verdict
from domain.roles import CAST, Permission
from store import answers, evaluations, feedback
from tests.conftest import table, words
from tests.pages.test_rollout import HOSTILE, at, click, desk, done, keys
from tests.rolled import phase
from tests.world import CHAT

__all__ = ["at", "desk"]


@pytest.fixture
def id(desk):
    return desk.running()


@pytest.mark.parametrize("person", [it.id for it in CAST])
def test_only_who_may_testify_is_offered_to(at, desk, id, person):
    visit = desk.visit(person)
    if not visit.may(Permission.LOOK) or not (
        visit.person.units is None or "retail" in visit.person.units
    ):
        return
    may = visit.may(Permission.TESTIFY)
    assert ("answer-critical.outcome" in keys(at(id, person, tab="Readiness"))) is may
    assert ("feedback-0" in keys(at(id, person, tab="Feedback"))) is may
    assert ("evaluation" in keys(at(id, person, tab="Evaluations"))) is may


def test_an_item_is_vouched_for_with_evidence(at, desk, id):
    page = click(at(id, tab="Readiness"), "answer-critical.outcome")
    assert page.button(key="answer-confirm").disabled
    page.text_input(key="answer-evidence").set_value(HOSTILE).run()
    page = click(page, "answer-confirm")
    assert "said to be met" in done(page)
    with desk.store.reading() as session:
        it = answers.find(session, id, "critical.outcome")
    assert (it.status, it.evidence, it.said_by) == ("met", HOSTILE, "contoso/cora")
    assert "Vouched for until" in words(at(id, tab="Readiness"))


def test_a_waiver_is_asked_for_and_a_second_person_agrees(at, desk, id):
    page = click(at(id, "maria", tab="Readiness"), "excuse-critical.outcome")
    assert page.button(key="excuse-confirm").disabled
    page.text_input(key="excuse-reason").set_value(HOSTILE).run()
    click(page, "excuse-confirm")
    assert "decide-critical.outcome" not in keys(at(id, "maria", tab="Readiness"))
    page = at(id, "tess", tab="Readiness")
    assert "waits for a second person's yes" in words(page)
    page = click(page, "decide-critical.outcome")
    page.radio(key="decide-says").set_value("Decline").run()
    assert page.button(key="decide-confirm").disabled
    page.radio(key="decide-says").set_value("Agree").run()
    assert "is waived until" in done(click(page, "decide-confirm"))
    with desk.store.reading() as session:
        it = answers.find(session, id, "critical.outcome")
    assert (it.status, it.note, it.approver) == ("waived", HOSTILE, "contoso/tess")
    page = at(id, tab="Readiness")
    assert ", 1 waived" in words(page)
    page.multiselect(key="ready-statuses").set_value(["waived"]).run()
    assert [it for it in keys(page) if it.startswith("answer-")] == ["answer-critical.outcome"]


def test_feedback_is_entered_and_closed(at, desk, id):
    assert "as soon as the first phase has begun" in words(at(desk.draft(), tab="Feedback"))
    assert "Nobody has counted yet" in words(at(id, tab="Feedback"))
    page = click(at(id, tab="Feedback"), "feedback-0")
    page.text_input(key="feedback-theme").set_value("Tone").run()
    page.text_input(key="feedback-words").set_value("Cora Diaz finds it too cheerful").run()
    assert "\u201cCora Diaz\u201d: leave out what reads like a name, or say it" in plain(page)
    assert page.button(key="feedback-confirm").disabled
    page.text_input(key="feedback-words").set_value("Too cheerful").run()
    click(page, "feedback-confirm")
    with desk.store.reading() as session:
        (it,) = feedback.of(session, id)
    page = click(at(id, tab="Feedback"), f"settle-{it.id}")
    page.radio(key="settle-status").set_value("closed").run()
    assert page.button(key="settle-confirm").disabled
    page.text_input(key="settle-change").set_value("prompt: version 4").run()
    click(page, "settle-confirm")
    with desk.store.reading() as session:
        (it,) = feedback.of(session, id)
    assert (it.status, it.change) == ("closed", "prompt: version 4")


HEAD = "theme,severity,words,date\n"
ROW = "Tone,major,Too cheerful,2026-11-01\n"


def said(desk, id):
    with desk.store.reading() as session:
        return feedback.of(session, id)


def test_a_survey_is_taken_in(at, desk, id):
    page = click(at(id, tab="Feedback"), "survey-0")
    assert page.button(key="survey-confirm").disabled
    page.text_area(key="survey-text").set_value(HEAD + ROW).run()
    assert page.button(key="survey-confirm").label == "Enter 1 row"
    page = click(page, "survey-confirm")
    assert "1 row of the survey entered." in done(page)
    (it,) = said(desk, id)
    assert (it.theme, it.words, it.entered_by) == ("Tone", "Too cheerful", "contoso/cora")


def test_bad_rows_are_told_and_good_ones_kept_only_on_request(at, desk, id):
    page = click(at(id, tab="Feedback"), "survey-0")
    bad = "Tone,huge,Too loud,2026-11-01\nTone,minor,ask mira@contoso.com,2026-11-01\n"
    page.text_area(key="survey-text").set_value(HEAD + bad + ROW).run()
    rows = table(page, "What is wrong")
    assert list(rows["Row"]) == [2, 3]
    assert "an e-mail address" in rows["What is wrong"].iloc[1]
    assert list(rows["Where"]) == ["", "mira@contoso.com"]
    assert page.button(key="survey-confirm").disabled
    page.checkbox(key="survey-good-only").set_value(True).run()
    page = click(page, "survey-confirm")
    assert "1 row of the survey entered; 2 rows left out." in done(page)
    assert [it.words for it in said(desk, id)] == ["Too cheerful"]


def test_a_text_that_is_no_survey_is_refused_as_a_whole(at, id):
    page = click(at(id, tab="Feedback"), "survey-0")
    page.text_area(key="survey-text").set_value("who,what\nMira,hello\n").run()
    assert "missing: theme, severity, words, date" in plain(page)
    assert page.button(key="survey-confirm").disabled


def test_a_large_survey_does_not_flood_the_page(at, desk, id):
    many = "".join(f"Tone,minor,Thing {it},2026-11-01\n" for it in range(40))
    verbs.add_many(desk.visit("cora"), id, 0, HEAD + many)
    page = at(id, tab="Feedback")
    assert len([it for it in keys(page) if it.startswith("settle-")]) == 30
    assert "30 of 40" in words(page)
    (theme,) = table(page, "Who has to act").to_dict("records")
    assert (theme["Theme"], theme["Open"], theme["Gravest open"]) == ("Tone", 40, ["minor"])
    assert theme["Who has to act"] == "Cora Diaz: accept or decline 40"
    assert {it.key for it in page.get("download_button")} == {"csv-feedback", "excel-feedback"}


def test_answers_are_counted(at, desk, id):
    page = click(at(id, tab="Feedback"), "count-0")
    page.number_input(key="count-asked").set_value(20).run()
    page.number_input(key="count-answered").set_value(21).run()
    assert page.button(key="count-confirm").disabled
    page.number_input(key="count-answered").set_value(9).run()
    click(page, "count-confirm")
    with desk.store.reading() as session:
        assert feedback.sums(session, [id])[id, 0].response_rate == 45.0
    assert "9 of 20 people have answered: 45 percent" in words(at(id, tab="Feedback"))


GROUNDED = Criterion("g", "Grounded", Kind.EVALUATION, "groundedness", threshold=4,
                     oldest=timedelta(days=30))  # fmt: skip


@pytest.fixture
def measured(desk):
    """The number of a rollout whose gate reads an evaluation."""
    return desk.running(phases=(replace(phase("pilot"), criteria=(GROUNDED,)), phase("growth")))


def plain(page):
    """What the page says, as it is read."""
    return words(page).replace("\\", "")


def results(desk, id):
    with desk.store.reading() as session:
        return evaluations.of(session, [id])


def test_an_evaluation_is_recorded_with_all_that_is_known_of_it(at, desk, measured):
    page = click(at(measured, tab="Evaluations"), "evaluation")
    page.text_input(key="evaluation-metric").set_value("Groundedness").run()
    page.text_input(key="evaluation-dataset").set_value("golden").run()
    page.number_input(key="evaluation-value").set_value(4.5).run()
    page.number_input(key="evaluation-threshold").set_value(3.5).run()
    page.number_input(key="evaluation-pairs").set_value(99).run()
    ran = desk.clock() - timedelta(days=1)
    page.datetime_input[0].set_value(ran.replace(tzinfo=None) + timedelta(days=2)).run()
    assert "in the future" in words(page)
    assert page.button(key="evaluation-confirm").disabled
    page.datetime_input[0].set_value(ran.replace(tzinfo=None)).run()
    told = plain(page)
    assert "Inconclusive: 99 pairs" in told
    assert "It ran before Pilot began." in told
    click(page, "evaluation-confirm")
    (it,) = results(desk, measured)
    assert (it.metric, it.value, it.pairs, it.threshold) == ("groundedness", 4.5, 99, 3.5)
    assert it.ran_at == ran.replace(second=0)
    told = plain(at(measured, tab="Evaluations"))
    assert "Inconclusive: 99 pairs" in told
    assert "wanted 3.5; the gate of Pilot wants at least 4" in told


def test_pasted_results_are_told_one_by_one_and_good_ones_kept_only_on_request(at, desk, measured):
    page = click(at(measured, tab="Evaluations"), "evaluations")
    assert page.button(key="import-confirm").disabled
    each = [{"metric": "groundedness", "data set": HOSTILE, "pairs": 200, "result": value,
             "ran at": f"2026-11-1{day}"}
            for day, value in enumerate((3.1, 3.8, 4.4), 5)]  # fmt: skip
    page.text_area(key="import-text").set_value(json.dumps([{"metric": 1}, *each])).run()
    rows = table(page, "What is wrong")
    assert (list(rows["Row"]), "metric is a text" in rows["What is wrong"].iloc[0]) == ([1], True)
    assert list(table(page, "What a gate makes of it")["Result"]) == [3.1, 3.8, 4.4]
    assert page.button(key="import-confirm").disabled
    page.checkbox(key="import-good-only").set_value(True).run()
    page = click(page, "import-confirm")
    assert "3 results recorded; 1 result left out." in done(page)
    assert [it.value for it in results(desk, measured)] == [4.4, 3.8, 3.1]
    page = at(measured, tab="Evaluations")
    assert "4.4 over 200 pairs" in words(page)
    assert list(table(page, "Own threshold")["Result"]) == [3.8, 3.1]  # the older ones
    assert "from 3.1 to 4.4 in 3 runs, wanted at least 4" in plain(page)


def test_what_people_say_is_what_the_gate_reads(at, desk, console):
    """From the click to the verdict."""
    it = Criterion("support", "There is a support route", Kind.MANUAL, "support_route", threshold=1,
                   oldest=timedelta(days=9))  # fmt: skip
    id = desk.running(phases=(replace(phase("pilot"), criteria=(it,)), phase("growth")))
    console.watcher.run_once()
    assert desk.gate(id).judged[0].verdict is Verdict.INCONCLUSIVE
    page = click(at(id, tab="Readiness"), "answer-support_route")
    page.text_input(key="answer-evidence").set_value("https://wiki/support").run()
    console.clock.move(seconds=5)
    click(page, "answer-confirm")
    console.clock.move(seconds=5)
    console.watcher.run_once()
    assert desk.gate(id).judged[0].verdict is Verdict.PASS


def test_what_the_console_sees_is_answered_by_nobody(at, desk):
    id = desk.running(deployments=(CHAT,))
    page = at(id, tab="Readiness")
    assert "Unit, owner and environment are tagged" in words(page)
    assert not [it for it in keys(page) if it.startswith("answer-seen.")]
