"""What people vouch for, say and measure of a rollout, kept or refused in words."""

import json
from datetime import timedelta

import pytest

from actions import answer, evaluate, feedback, rollout
from actions.rollout import Change
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.readiness import Says, Status
from domain.roles import CAST, Permission
from reads import readiness
from store import answers, audit, evaluations
from store import feedback as kept
from store.engine import opened
from tests.rolled import MONDAY, Desk

KEY = "critical.outcome"


@pytest.fixture
def desk(url):
    store = opened(url)
    yield Desk(store)
    store.close()


@pytest.fixture
def id(desk):
    return desk.running()


def vouch(desk, id, who="cora", item=KEY, **told):
    named = {"met": True, "owner": "contoso/cora", "evidence": "https://wiki/outcome", **told}
    answer.say(desk.visit(who), id, item, **named)


def answered(desk, id):
    with desk.store.reading() as session:
        return answers.find(session, id, KEY)


def say(desk, id, who="cora", **told):
    at = desk.clock().date()
    named = {"theme": "Tone", "severity": "major", "words": "Too cheerful", "said_on": at, **told}
    return feedback.add(desk.visit(who), id, named.pop("phase", 0), **named)


def found(desk, number):
    with desk.store.reading() as session:
        return kept.find(session, number)


def sums(desk, id):
    with desk.store.reading() as session:
        return kept.sums(session, [id])[id, 0]


def record(desk, id, who="cora", **told):
    named = {
        "deployment": "", "dataset": "golden", "metric": "groundedness", "value": 4.2,
        "pairs": 120, "ran_at": desk.clock(), **told,
    }  # fmt: skip
    return evaluate.record(desk.visit(who), id, **named)


VERBS = {
    "answer": vouch,
    "feedback": say,
    "survey": lambda desk, id, who: feedback.add_many(
        desk.visit(who), id, 0, f"theme,severity,words,date\nA,minor,Of {who},2026-11-01\n"
    ),
    "count": lambda desk, id, who: feedback.count(desk.visit(who), id, 0, asked=9, answered=3),
    "evaluation": lambda desk, id, who: record(desk, id, who, metric=f"of {who}"),
    "evaluations": lambda desk, id, who: evaluate.record_many(
        desk.visit(who),
        id,
        json.dumps({"metric": who, "result": 1, "pairs": 1}),
        dataset="golden",
        ran_at=desk.clock(),
    ),
}


@pytest.mark.parametrize("name", VERBS)
def test_who_may_testify_of_what_they_see(desk, id, name):
    for it in CAST:
        visit = desk.visit(it.id)
        may = visit.may(Permission.TESTIFY) and (it.units is None or "retail" in it.units)
        try:
            VERBS[name](desk, id, it.id)
            assert may, it.id
        except NotAllowed:
            assert not may, it.id


# --- readiness --------------------------------------------------------------------------------


def test_an_answer_holds_as_long_as_its_item_lets_it(desk, id):
    vouch(desk, id)
    it = answered(desk, id)
    assert (it.status, it.owner, it.said_by) == (Says.MET, "contoso/cora", "contoso/cora")
    assert it.expires_at == desk.clock() + timedelta(days=180)
    vouch(desk, id, until=desk.clock() + timedelta(days=5))
    assert answered(desk, id).expires_at == desk.clock() + timedelta(days=5)
    vouch(desk, id, met=False, evidence="")
    assert answered(desk, id).status == Says.OPEN


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"evidence": "  "}, "Show where"),
        ({"evidence": "x" * 301}, "300 printable"),
        ({"evidence": "a\x00b"}, "printable"),
        ({"owner": "contoso/nobody"}, "somebody whom"),
        ({"item": "nothing"}, "of the list"),
    ],
)
def test_a_wrong_answer_is_refused_in_words(desk, id, told, words):
    with pytest.raises(OutOfRange, match=words):
        vouch(desk, id, **told)
    assert answered(desk, id) is None


@pytest.mark.parametrize("days", [-1, 0, 181])
def test_evidence_ends_in_time(desk, id, days):
    with pytest.raises(OutOfRange, match="at the most"):
        vouch(desk, id, until=desk.clock() + timedelta(days=days))


# --- excuses ----------------------------------------------------------------------------------


def excuse(desk, id, who="maria", item=KEY, **told):
    until = desk.clock() + timedelta(days=30)
    named = {"says": Says.WAIVED, "reason": "The pilot is small", "until": until, **told}
    answer.excuse(desk.visit(who), id, item, **named)


def decide(desk, id, who="tess", *, approves=True, **told):
    named = {"asked_at": answered(desk, id).at, **told}
    answer.decide(desk.visit(who), id, KEY, approves=approves, **named)


def stands(desk, id):
    with desk.store.reading() as session:
        said = answers.of(session, [id])[id]
    those = readiness.vouched(desk.now(id), said, desk.clock())
    return next(it.status for it in those if it.item.key == KEY)


def test_a_waiver_counts_from_a_second_persons_yes_until_it_ends(desk, id):
    excuse(desk, id)
    assert stands(desk, id) is Status.UNKNOWN
    decide(desk, id)
    it = answered(desk, id)
    assert (it.approver, it.said_by) == ("contoso/tess", "contoso/maria")
    assert stands(desk, id) is Status.WAIVED
    with pytest.raises(OutOfRange, match="agreed to this already"):
        decide(desk, id, "sam")
    assert answered(desk, id).approver == "contoso/tess"
    desk.clock.move(days=30)
    assert stands(desk, id) is Status.UNKNOWN


def test_not_required_has_no_end_and_what_is_seen_alone_may_be_waived(desk, id):
    excuse(desk, id, says=Says.NOT_REQUIRED, until=None)
    decide(desk, id, "sam")
    assert stands(desk, id) is Status.NOT_REQUIRED
    excuse(desk, id, item="seen.local_auth")


def test_what_is_declined_is_open_for_a_reason(desk, id):
    excuse(desk, id)
    with pytest.raises(OutOfRange, match="Say why"):
        decide(desk, id, approves=False, comment=" ")
    decide(desk, id, approves=False, comment="It is not small")
    it = answered(desk, id)
    assert (it.status, it.note) == ("open", "That it is waived was declined: It is not small")
    assert stands(desk, id) is Status.NOT_MET


@pytest.mark.parametrize("person", [it.id for it in CAST if it.id not in ("tess", "sam")])
def test_nobody_else_agrees(desk, id, person):
    excuse(desk, id)
    for approves in (True, False):
        with pytest.raises(NotAllowed):
            decide(desk, id, person, approves=approves, comment="no")
    assert answered(desk, id).waits


def test_another_one_than_was_shown_is_not_agreed_to(desk, id):
    excuse(desk, id)
    seen = answered(desk, id).at
    desk.clock.move(minutes=1)
    excuse(desk, id, reason="For good")
    with pytest.raises(Outdated):
        decide(desk, id, asked_at=seen)
    desk.clock.move(days=31)
    with pytest.raises(OutOfRange, match="asked anew"):
        decide(desk, id)
    assert answered(desk, id).waits


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"reason": " "}, "Say why"),
        ({"reason": "x" * 301}, "300 printable"),
        ({"until": MONDAY - timedelta(days=1)}, "lies ahead"),
        ({"item": "nothing"}, "of the list"),
    ],
)
def test_a_wrong_excuse_is_refused_in_words(desk, id, told, words):
    with pytest.raises(OutOfRange, match=words):
        excuse(desk, id, **told)
    assert answered(desk, id) is None


def test_what_is_vouched_for_needs_no_excuse(desk, id):
    vouch(desk, id)
    with pytest.raises(OutOfRange, match="nothing to excuse"):
        excuse(desk, id)
    assert answered(desk, id).status == Says.MET


# --- feedback ---------------------------------------------------------------------------------


def test_feedback_is_entered_accepted_and_closed_by_a_change(desk, id):
    number = say(desk, id, severity="severe")
    assert sums(desk, id).open_severe == 1
    feedback.settle(desk.visit("cora"), number, "accepted")
    assert (sums(desk, id).accepted, sums(desk, id).open_severe) == (1, 1)
    with pytest.raises(OutOfRange, match="which change"):
        feedback.settle(desk.visit("cora"), number, "closed")
    with pytest.raises(OutOfRange, match="which change"):
        feedback.settle(desk.visit("cora"), number, "closed", change="we did something")
    desk.clock.move(hours=1)
    feedback.settle(desk.visit("cora"), number, "closed", change="prompt: version 4")
    it = found(desk, number)
    assert (it.change, it.closed_at) == ("prompt: version 4", desk.clock())
    assert (sums(desk, id).closed_share, sums(desk, id).open_severe) == (100.0, 0)
    with pytest.raises(OutOfRange, match="closed already"):
        feedback.settle(desk.visit("cora"), number, "declined")


def test_two_who_deal_with_the_same_are_told_apart(desk, id):
    number = say(desk, id)
    before = found(desk, number)
    feedback.settle(desk.visit("cora"), number, "accepted")
    with desk.store.begin() as session, pytest.raises(Outdated):
        kept.settle(session, before, before)


@pytest.mark.parametrize(
    "words", ["failed on 2026-11-26", "order 1234567890", "3 of 0.5 s", "v1.2"]
)
def test_numbers_that_are_nobodys_are_kept(desk, id, words):
    assert found(desk, say(desk, id, words=words)).words == words


def test_a_refusal_that_is_kept_does_not_repeat_who_it_was(desk, id):
    survey = "theme,severity,words,date\nTone,Mira Klein,told mira@contoso.com,2026-11-01\n"
    with pytest.raises(OutOfRange):
        feedback.add_many(desk.visit("cora"), id, 0, survey)
    with pytest.raises(OutOfRange):
        say(desk, id, words="Herr Klein finds it slow")
    with desk.store.reading() as session:
        told = [it.detail for it in audit.trail(session)]
    assert not [it for it in told if "klein" in it.lower() or "mira" in it.lower()]
    assert "Leave out" in "".join(told)


def test_what_answers_feedback_names_nobody_either(desk, id):
    number = say(desk, id)
    with pytest.raises(OutOfRange, match="an e-mail address"):
        feedback.settle(desk.visit("cora"), number, "closed", change="told mira@contoso.com")
    with pytest.raises(OutOfRange, match="reads like a name"):
        feedback.settle(
            desk.visit("cora"), number, "closed", change="prompt: as Maria Merian has it"
        )
    assert found(desk, number).status == "new"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"words": "ring 030 123 4567"}, "a telephone number"),
        ({"words": " "}, "says something"),
        ({"words": "ask mira@contoso.com"}, "an e-mail address"),
        ({"words": "call +49 30 1234567"}, "a telephone number"),
        ({"theme": "Cora Diaz"}, "reads like a name"),
        ({"words": "Mira said it is slow"}, "reads like a name"),
        ({"theme": "x" * 301}, "300 printable"),
        ({"severity": "huge"}, "none of"),
        ({"phase": 1}, "has not begun"),
        ({"phase": 9}, "no such phase"),
    ],
)
def test_wrong_feedback_is_refused_in_words(desk, id, told, words):
    with pytest.raises(OutOfRange, match=words):
        say(desk, id, **told)
    with desk.store.reading() as session:
        assert kept.of(session, id) == []


def test_nothing_is_said_in_the_future_or_of_what_is_over(desk, id):
    with pytest.raises(OutOfRange, match="future"):
        say(desk, id, said_on=desk.clock().date() + timedelta(days=1))
    rollout.abort(desk.visit("cora"), id, desk.shown(id), reason="no longer wanted")
    for verb in VERBS.values():
        with pytest.raises(OutOfRange, match="is aborted"):
            verb(desk, id, "cora")


def test_a_survey_is_kept_as_a_whole_or_not_at_all(desk, id):
    day = desk.clock().date()
    survey = f"theme,severity,words,date\nTone,severe,Too loud,{day}\nSpeed,praise,=1+1,{day}\n"
    assert feedback.add_many(desk.visit("cora"), id, 0, survey) == 2
    assert (sums(desk, id).told, sums(desk, id).open_severe) == (2, 1)
    with pytest.raises(OutOfRange, match=r"Row 2: This is entered already\. Row 3: This"):
        feedback.add_many(desk.visit("cora"), id, 0, survey)
    with pytest.raises(OutOfRange, match="has not begun"):
        feedback.add_many(desk.visit("cora"), id, 1, survey)
    assert sums(desk, id).told == 2


def test_good_rows_are_kept_only_on_request(desk, id):
    day = desk.clock().date()
    bad = "".join(f"Tone,huge,Too loud {it},{day}\n" for it in range(12))
    survey = f"theme,severity,words,date\n{bad}Speed,minor,Slow,{day}\n"
    with pytest.raises(OutOfRange, match=r"Row 2: The severity is none of .* And 2 more"):
        feedback.add_many(desk.visit("cora"), id, 0, survey)
    with desk.store.reading() as session:
        assert kept.of(session, id) == []
    assert feedback.add_many(desk.visit("cora"), id, 0, survey, good_only=True) == 1
    with desk.store.reading() as session:
        (it,) = kept.of(session, id)
    assert (it.words, it.status, it.entered_by) == ("Slow", "new", "contoso/cora")
    with pytest.raises(OutOfRange, match="And 3 more"):  # nothing good is left
        feedback.add_many(desk.visit("cora"), id, 0, survey, good_only=True)


@pytest.mark.parametrize(("asked", "answered"), [(0, 0), (5, 6), (5, -1), (-3, 0)])
def test_a_count_that_cannot_be_is_refused(desk, id, asked, answered):
    with pytest.raises(OutOfRange, match="as many or fewer"):
        feedback.count(desk.visit("cora"), id, 0, asked=asked, answered=answered)


def test_no_more_are_asked_than_were_reached(desk, id):
    rollout.adjust(desk.visit("cora"), id, 0, Change(reached=10), desk.shown(id))
    with pytest.raises(OutOfRange, match="10 are reached"):
        feedback.count(desk.visit("cora"), id, 0, asked=11, answered=2)
    feedback.count(desk.visit("cora"), id, 0, asked=10, answered=3)
    assert sums(desk, id).response_rate == 30.0


# --- evaluations ------------------------------------------------------------------------------


def test_an_evaluation_is_kept_as_it_was_found(desk, id):
    number = record(desk, id, deployment="/d/1", threshold=4.0, link="https://runs/7")
    with desk.store.reading() as session:
        (it,) = evaluations.of(session, [id])
    assert (it.id, it.value, it.pairs, it.threshold) == (number, 4.2, 120, 4.0)
    assert (it.deployment, it.link, it.said_by) == ("/d/1", "https://runs/7", "contoso/cora")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"deployment": "/d/other"}, "of this rollout"),
        ({"metric": ""}, "a data set and a metric"),
        ({"value": float("nan")}, "is a number"),
        ({"value": float("inf")}, "is a number"),
        ({"pairs": 0}, "how many pairs"),
        ({"link": "a\nb"}, "printable"),
    ],
)
def test_a_wrong_evaluation_is_refused_in_words(desk, id, told, words):
    with pytest.raises(OutOfRange, match=words):
        record(desk, id, **told)


def test_pasted_evaluations_are_kept_as_a_whole_or_the_good_ones_on_request(desk, id):
    good = {"metric": "relevance", "data set": "golden", "result": 4, "pairs": 120}
    both = json.dumps([good, good | {"result": "high"}])
    visit, at = desk.visit("cora"), desk.clock()
    with pytest.raises(OutOfRange, match="Row 2: The result is a number"):
        evaluate.record_many(visit, id, both, ran_at=at)
    with desk.store.reading() as session:
        assert evaluations.of(session, [id]) == []
    assert evaluate.record_many(visit, id, both, ran_at=at, good_only=True) == 1
    with desk.store.reading() as session:
        (it,) = evaluations.of(session, [id])
    assert (it.metric, it.value, it.ran_at, it.said_by) == ("relevance", 4, at, "contoso/cora")
    with pytest.raises(OutOfRange, match="recorded already"):
        record(desk, id, metric="Relevance", value=4, ran_at=at)


def test_an_evaluation_of_the_future_is_refused(desk, id):
    with pytest.raises(OutOfRange, match="future"):
        record(desk, id, ran_at=desk.clock() + timedelta(minutes=1))
