"""Evaluations: which one counts, what a gate makes of it, what is read of pasted JSON."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain import evaluations
from domain.criteria import Criterion, Kind
from domain.evaluation_entries import Usual, read
from domain.evaluations import Evaluation
from domain.gauges import evaluated
from domain.rollouts import Cohort, Cohorts, Phase, Rollout, Stage
from domain.sheets import MOST_ROWS

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
ACCOUNT = "/subscriptions/s/resourcegroups/g/providers/microsoft.cognitiveservices/accounts/a"
CHAT = f"{ACCOUNT}/deployments/chat"
ASK = f"{ACCOUNT}/deployments/ask"
GROUNDED = Criterion(
    "g",
    "Answers are grounded",
    Kind.EVALUATION,
    "groundedness",
    threshold=4,
    least_sample=100,
    oldest=30 * DAY,
    passes=3,
)


def phase(key, stage, *criteria, **told):
    return Phase(
        key, key.capitalize(), stage, Cohort(Cohorts.NAMED, 10), criteria, bake_days=5, **told
    )


PILOT = phase("pilot", Stage.ACTIVE, GROUNDED, started_at=NOW - 5 * DAY)
GROWTH = phase(
    "growth",
    Stage.WAITING,
    replace(GROUNDED, threshold=4.5),
    Criterion("r", "Relevant", Kind.EVALUATION, "Answer Relevance", threshold=3),
)
ROLLOUT = Rollout("Chat", "chat", "o", "s", ("retail",), (CHAT, ASK), "t", 1, (PILOT, GROWTH), id=7)


def result(
    value=4.2, pairs=120, metric="groundedness", deployment="", ran=DAY, id=0, threshold=None
):
    return Evaluation(
        7,
        deployment,
        "golden",
        metric,
        value,
        threshold,
        pairs,
        "",
        NOW - ran,
        "contoso/cora",
        NOW,
        id,
    )


# --- what counts --------------------------------------------------------------------------------


def test_the_newest_of_each_counts_and_the_older_ones_are_its_course():
    those = [
        result(3.9, id=4),
        result(4.1, ran=2 * DAY, id=3),
        result(4.4, ran=3 * DAY, id=2),
        result(4.0, deployment=CHAT, ran=4 * DAY, id=1),
        result(1, metric="fluency", id=5),
    ]
    fluency, grounded = evaluations.measured(those)
    assert (fluency.metric, grounded.metric) == ("fluency", "groundedness")
    assert [it.id for it in grounded.counting] == [4, 1]
    assert [it.id for it in grounded.older] == [3, 2]
    assert [it.id for it in grounded.course("")] == [2, 3, 4]
    assert grounded.course(CHAT) == []  # one is no course
    assert evaluations.measured([]) == []


def test_the_gate_reads_the_same_ones_and_takes_the_worst():
    those = [result(4.4), result(4.9, deployment=CHAT), result(4.1, ran=2 * DAY)]
    assert evaluated(those, ROLLOUT.deployments, GROUNDED, NOW).value == 4.4
    other = replace(GROUNDED, reads="Answer Relevance")
    named = [result(3.5, metric=evaluations.metric(" Answer  RELEVANCE "))]
    assert evaluated(named, (), other, NOW).value == 3.5
    assert evaluated(named, (), GROUNDED, NOW).value is None


@pytest.mark.parametrize(
    ("it", "verdict", "words"),
    [
        (result(4.0), "pass", "Gate of Pilot: 4, wanted at least 4."),
        (result(3.99), "fail", "3.99, wanted at least 4."),
        (result(5, pairs=99), "inconclusive", "99 pairs of question and answer, at least 100 are"),
        (result(5, ran=31 * DAY), "inconclusive", "older than 30 days"),
        (result(3, metric="answer_relevance"), "pass", "Gate of Growth: 3,"),
        (result(3, metric="answer_relevance", pairs=9), "inconclusive", "9 pairs"),
        (result(1, metric="fluency"), None, "No gate of this rollout reads it."),
        (result(1, metric="fluency", pairs=1), "inconclusive", "1 pairs"),
    ],
)
def test_what_a_gate_makes_of_it(it, verdict, words):
    told, said = evaluations.means(it, ROLLOUT, NOW)
    assert (told, words in said) == (verdict, True), said


@pytest.mark.parametrize(
    ("it", "words"),
    [
        (result(threshold=4), []),
        (result(threshold=3.5), ["wanted 3.5; the gate of Pilot wants at least 4"]),
        (result(metric="answer_relevance", threshold=1), ["gate of Growth wants at least 3"]),
        (result(metric="fluency", threshold=1), []),
        (result(ran=6 * DAY), ["ran before Pilot began"]),
        (result(ran=6 * DAY, threshold=0), ["wanted 0; ", "ran before"]),
        (result(ran=5 * DAY), []),
    ],
)
def test_what_is_to_be_known_before_it_is_relied_on(it, words):
    told = evaluations.remarks(it, ROLLOUT)
    assert len(told) == len(words)
    assert all(word in one for word, one in zip(words, told, strict=True)), told


# --- pasted JSON --------------------------------------------------------------------------------

GOOD = {
    "metric": "groundedness",
    "data set": "golden",
    "result": 4.2,
    "pairs": 120,
    "ran at": "2026-11-25T09:30Z",
}


def found(told, before=(), **usual):
    text = told if isinstance(told, str) else json.dumps(told)
    return read(text, ROLLOUT, before, Usual("contoso/cora", NOW, **usual))


@pytest.mark.parametrize(
    "told",
    [
        GOOD,
        [GOOD],
        {
            "Metric": " Groundedness ",
            "dataset": "golden",
            "RESULT": 4.2,
            "pairs": 120,
            "ran_at": "2026-11-25T10:30+01:00",
            "link": None,
            "deployment": "",
        },
        "\ufeff" + json.dumps(GOOD | {"ran at": "2026-11-25 09:30"}),
    ],
)
def test_results_by_hand(told):
    assert found(told).wrong == ()
    assert found(told).good == (result(),)


@pytest.mark.parametrize("name", [CHAT.upper(), "a/chat", "CHAT"])
def test_a_deployment_is_known_by_any_of_its_names(name):
    (it,) = found(GOOD | {"deployment": name}).good
    assert it.deployment == CHAT


def test_what_a_result_does_not_say_is_what_the_form_says():
    bare = {"metric": "groundedness", "result": 4.2, "pairs": 120}
    (it,) = found(bare, dataset="mine", ran_at=NOW).good
    assert (it.dataset, it.ran_at) == ("mine", NOW)
    (own,) = found(GOOD, dataset="mine", ran_at=NOW).good
    assert own == result()
    assert "data set" in found(bare, ran_at=NOW).wrong[0].words
    assert "Ran at" in found(bare, dataset="mine").wrong[0].words


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"result": "4.2"}, "result is a number"),
        ({"result": True}, "result is a number"),
        ({"result": None}, "result is a number"),
        ({"result": float("nan")}, "result is a number"),
        ({"result": float("inf")}, "result is a number"),
        ({"result": 10**400}, "result is a number"),
        ({"threshold": "high"}, "threshold is a number"),
        ({"pairs": 0}, "how many pairs"),
        ({"pairs": 99.5}, "Pairs is the number"),
        ({"pairs": "many"}, "Pairs is the number"),
        ({"metric": ""}, "a data set and a metric"),
        ({"metric": 5}, "metric is a text"),
        ({"data set": "a\nb"}, "printable"),
        ({"ran at": "yesterday"}, "Ran at is a time"),
        ({"ran at": 5}, "Ran at is a time"),
        ({"ran at": "0001-01-01T00:00+09:00"}, "Ran at is a time"),
        ({"ran at": "2026-11-26T09:31Z"}, "in the future"),
        ({"deployment": "other"}, "none of this rollout"),
        ({"weather": "fine"}, "Not known: weather. Known are deployment, metric"),
        ({"dataset": "twice"}, "same thing twice"),
    ],
)
def test_a_result_that_cannot_be_is_named_and_the_others_are_read(told, words):
    both = found([GOOD, GOOD | told, GOOD | {"result": 4.3}])
    assert [it.value for it in both.good] == [4.2, 4.3]
    (wrong,) = both.wrong
    assert (wrong.row, words in wrong.words) == (2, True), wrong.words


def test_what_is_recorded_is_recorded_once():
    assert "already" in found([GOOD, GOOD]).wrong[0].words
    assert "already" in found(GOOD, [result(id=3)]).wrong[0].words
    assert found(GOOD, [result(4.3, id=3)]).wrong == ()  # a correction


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no JSON"),
        ('{"metric": 1,\n}', "in line 2"),
        ('{"metric": "a", "metric": "b"}', "the same thing twice"),
        ("[" * 100_000, "cannot be read"),
        ("9" * 5_000, "cannot be read"),
        ("5", "one object, or a list"),
        ("[]", "no results"),
        (json.dumps([1] * (MOST_ROWS + 1)), "more than 2,000"),
        ('"' + "x" * 1_000_001 + '"', "longer than"),
        ("[5]", "is no object"),
    ],
)
def test_a_text_that_is_none_is_refused(text, words):
    told = found(text)
    assert told.good == ()
    assert words in told.wrong[0].words


def test_what_azure_writes_is_read():
    rows = [{"inputs.query": "?", "outputs.groundedness.groundedness": it} for it in (4, 5, None)]
    told = {
        "metrics": {
            "groundedness.groundedness": 4.5,
            "groundedness.gpt_groundedness": 4.4,
            "f1_score.f1_score": float("nan"),
        },
        "rows": rows,
        "studio_url": "https://ai/run",
    }
    it = found(told, dataset="golden", ran_at=NOW)
    assert [(one.metric, one.value, one.pairs, one.link) for one in it.good] == [
        ("groundedness", 4.5, 2, "https://ai/run"),  # two rows have a value
        ("groundedness.gpt_groundedness", 4.4, 3, "https://ai/run"),
    ]
    assert [(one.row, one.words) for one in it.wrong] == [(3, "The result is a number.")]
    assert "no results" in found({"metrics": {}, "rows": 5}).wrong[0].words


@given(
    some.recursive(
        some.none() | some.booleans() | some.floats() | some.text(max_size=9),
        lambda it: (
            some.lists(it, max_size=4)
            | some.dictionaries(
                some.sampled_from(["metric", "pairs", "result", "metrics", "rows"]), it
            )
        ),
    )
)
@settings(max_examples=150, deadline=None)
def test_no_json_breaks_the_reading(told):
    it = found(told, dataset="d", ran_at=NOW)
    assert it.good or it.wrong
