"""Safeguards: acted on once for the same fall, and never on what cannot be told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain import braking
from domain.braking import Action, Safeguard
from domain.criteria import Criterion, Kind, Reading, Verdict
from domain.faults import OutOfRange

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
REFUSED = Criterion(
    "refused", "Few requests are refused", Kind.METRIC, "throttled_share", "at most", 5.0,
    "percent", least_sample=100, passes=3,
)  # fmt: skip
GUARD = Safeguard(REFUSED)
BAD, GOOD, FEW, NONE = 9.0, 1.0, "few", None


def held(*values):
    """What these readings mean, one an hour, the last one of now."""
    times = [NOW - HOUR * (len(values) - at - 1) for at in range(len(values))]
    told = [
        Reading(at, 9.0, 5, at) if it == FEW else Reading(at, it, 500, at)
        for at, it in zip(times, values, strict=True)
    ]
    return braking.held(GUARD, told, NOW)


@pytest.mark.parametrize(
    ("values", "verdict", "failed", "fallen"),
    [
        ((), Verdict.INCONCLUSIVE, 0, False),
        ((BAD, BAD), Verdict.FAIL, 2, False),
        ((BAD, BAD, BAD), Verdict.FAIL, 3, True),
        ((GOOD, BAD, BAD, BAD, BAD), Verdict.FAIL, 4, True),
        ((BAD, BAD, GOOD, BAD), Verdict.FAIL, 1, False),
        ((BAD, BAD, FEW, BAD), Verdict.FAIL, 1, False),
        ((BAD, BAD, BAD, FEW), Verdict.INCONCLUSIVE, 0, False),
        ((BAD, BAD, BAD, NONE), Verdict.INCONCLUSIVE, 0, False),
        ((BAD, BAD, BAD, GOOD), Verdict.PASS, 0, False),
    ],
)
def test_it_falls_after_so_many_failures_in_a_row(values, verdict, failed, fallen):
    it = held(*values)
    assert (it.judged.verdict, it.failed, it.fallen) == (verdict, failed, fallen)
    assert [one.safeguard.key for one in braking.falling([it], ())] == ["refused"] * fallen


def test_a_fall_is_acted_on_once_until_it_holds_again():
    down, unknown, up = held(BAD, BAD, BAD), held(BAD, BAD, BAD, FEW), held(GOOD)
    assert braking.falling([down], {"refused"}) == []
    assert braking.recovered([down], {"refused"}) == []
    assert braking.recovered([unknown], {"refused"}) == []
    assert braking.recovered([up], {"refused"}) == ["refused"]
    assert braking.recovered([up], ()) == []


def test_stale_data_is_no_fall():
    told = [Reading(NOW - HOUR, 9.0, 500, NOW - 30 * HOUR)]
    assert not braking.held(Safeguard(replace(REFUSED, passes=1)), told, NOW).fallen


def test_words_name_value_threshold_and_how_often():
    told = "Few requests are refused: 9 percent, wanted at most 5, in 3 readings in a row."
    assert braking.words(held(BAD, BAD, BAD)) == told


@pytest.mark.parametrize(
    ("those", "words"),
    [
        ((GUARD, GUARD), "there twice"),
        ((Safeguard(replace(REFUSED, kind=Kind.MANUAL)),), "read from metric"),
        ((Safeguard(replace(REFUSED, passes=7), Action.PREPARE),), "6 readings in a row"),
        (tuple(Safeguard(replace(REFUSED, key=str(it))) for it in range(11)), "10 safeguards"),
    ],
)
def test_what_cannot_be_is_refused_in_words(those, words):
    with pytest.raises(OutOfRange, match=words):
        braking.checked(those)
