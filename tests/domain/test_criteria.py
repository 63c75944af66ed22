"""Criteria: a gate that was never seen to block proves nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import criteria
from domain.criteria import ORDER, Criterion, Judged, Kind, Reading, Severity, Verdict
from domain.faults import OutOfRange

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
SHARE = Criterion(
    "throttled", "Few requests are refused", Kind.METRIC, "throttled_share", "at most", 1.0,
    "percent", least_sample=1_000,
)  # fmt: skip


def reading(value, sample=5_000, age=timedelta(hours=1), at=NOW, said=""):
    return Reading(at, value, sample, at - age, said)


@pytest.mark.parametrize(
    ("it", "verdict", "words"),
    [
        (reading(0.4), Verdict.PASS, "0.4 percent, wanted at most 1."),
        (reading(1.0), Verdict.PASS, "1 percent, wanted at most 1."),
        (reading(1.01), Verdict.FAIL, "1.01 percent, wanted at most 1."),
        (reading(0.4, sample=999), Verdict.INCONCLUSIVE, "Only 999 of at least 1,000 samples."),
        (reading(0.4, age=timedelta(hours=25)), Verdict.INCONCLUSIVE, "older than 24 hours"),
        (reading(None), Verdict.INCONCLUSIVE, "There is no data."),
        (reading(None, said="Azure did not answer."), Verdict.ERROR, "Azure did not answer."),
    ],
)
def test_what_a_reading_means(it, verdict, words):
    found = criteria.judged(SHARE, [it], NOW)
    assert found.verdict is verdict
    assert words in found.words


def test_nothing_read_yet_is_inconclusive():
    assert criteria.judged(SHARE, [], NOW).verdict is Verdict.INCONCLUSIVE


def test_an_evaluation_over_too_few_pairs_is_inconclusive_whatever_the_template_says():
    grounded = Criterion("grounded", "Grounded", Kind.EVALUATION, "groundedness", threshold=4.0)
    assert criteria.judged(grounded, [reading(5.0, 99)], NOW).verdict is Verdict.INCONCLUSIVE
    assert criteria.judged(grounded, [reading(5.0, 100)], NOW).verdict is Verdict.PASS


def test_consecutive_passes_are_counted_from_the_last_failure():
    thrice = replace(SHARE, passes=3)
    hours = [NOW - timedelta(hours=it) for it in (4, 3, 2, 1)]
    told = [reading(it, at=at) for it, at in zip((0.1, 2.0, 0.1, 0.1), hours, strict=True)]
    found = criteria.judged(thrice, told, NOW)
    assert (found.verdict, found.run) == (Verdict.INCONCLUSIVE, 2)
    assert "Passed 2 of 3 times in a row." in found.words
    assert criteria.judged(thrice, [*told, reading(0.1)], NOW).verdict is Verdict.PASS


@given(st.lists(st.sampled_from(Verdict)))
def test_the_worst_blocking_criterion_decides(verdicts):
    those = [
        Judged(replace(SHARE, key=str(at)), reading(1), it, "") for at, it in enumerate(verdicts)
    ]
    assert criteria.gate(those) is criteria.worst(verdicts)
    assert all(ORDER[criteria.gate(those)] >= ORDER[it] for it in verdicts)
    assert (criteria.gate(those) is Verdict.PASS) is all(it is Verdict.PASS for it in verdicts)


@pytest.mark.parametrize("severity", [Severity.ADVISORY, Severity.OBSERVE])
def test_what_only_advises_stops_nothing(severity):
    soft = Judged(replace(SHARE, severity=severity), reading(9), Verdict.FAIL, "")
    assert criteria.gate([soft]) is Verdict.PASS
    assert criteria.gate([soft, Judged(SHARE, reading(9), Verdict.FAIL, "")]) is Verdict.FAIL


def test_only_fresh_data_of_all_that_blocks_counts_towards_a_bake():
    good = criteria.judged(SHARE, [reading(9.0)], NOW)
    assert criteria.fresh([good], NOW)  # a gate that fails is watched all the same
    assert not criteria.fresh([good], NOW + timedelta(days=2))
    assert not criteria.fresh([good, criteria.judged(SHARE, [], NOW)], NOW)
    assert not criteria.fresh([criteria.judged(SHARE, [reading(None)], NOW)], NOW)


@pytest.mark.parametrize(
    ("those", "said"),
    [
        ([SHARE, SHARE], "twice"),
        ([replace(SHARE, compares="roughly")], "compare by"),
        ([replace(SHARE, threshold=float("nan"))], "is a number"),
        ([replace(SHARE, title=" ")], "needs a title"),
        ([replace(SHARE, passes=0)], "counted from 1"),
    ],
)
def test_what_cannot_be_is_refused_in_words(those, said):
    with pytest.raises(OutOfRange, match=said):
        criteria.checked(those)
