"""Excuses of readiness: for how long, and by whom they count."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain import excuses
from domain.faults import OutOfRange
from domain.readiness import Answer, Says
from domain.roles import Grant
from domain.rollouts import Rollout
from tests.world import person

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ASKED = Answer(1, "a.b", "waived", "t/o", "", "why", NOW + DAY, "contoso/maria", NOW)
ROLLOUT = Rollout("Shop", "shop", "contoso/cora", "t/s", (), (), "four", 1, (),
                  proposer="contoso/alan")  # fmt: skip


@pytest.mark.parametrize(
    ("says", "until"),
    [
        (Says.WAIVED, NOW + timedelta(seconds=1)),
        (Says.WAIVED, NOW + 180 * DAY),
        (Says.NOT_REQUIRED, None),
    ],
)
def test_an_excuse_that_can_be(says, until):
    excuses.require(says, until, NOW)


@pytest.mark.parametrize(
    ("says", "until", "words"),
    [
        (Says.WAIVED, None, "lies ahead"),
        (Says.WAIVED, NOW, "lies ahead"),
        (Says.WAIVED, NOW + 180 * DAY + timedelta(seconds=1), "17 May 2027 at the most"),
        (Says.NOT_REQUIRED, NOW + DAY, "has no end"),
        (Says.MET, NOW + DAY, "not required"),
    ],
)
def test_an_excuse_that_cannot_be(says, until, words):
    with pytest.raises(OutOfRange, match=words):
        excuses.require(says, until, NOW)


@pytest.mark.parametrize(
    ("id", "grants", "words"),
    [
        ("tess", {Grant.TECHNICAL}, ""),
        ("sam", {Grant.SECURITY}, ""),
        ("bea", {Grant.BUSINESS, Grant.PRODUCT}, "technical approver or security approver"),
        ("ada", set(), "technical approver or security approver"),
        ("maria", {Grant.TECHNICAL}, "asked for themselves"),
        ("cora", {Grant.TECHNICAL}, "plan or own"),
        ("alan", {Grant.SECURITY}, "plan or own"),
    ],
)
def test_a_second_person_agrees(id, grants, words):
    told = excuses.barred(replace(person(id), grants=frozenset(grants)), ASKED, ROLLOUT)
    assert (words in told) if words else told == ""


@pytest.mark.parametrize(
    ("told", "holds"),
    [
        ({"status": "met", "evidence": "e"}, True),
        ({"status": "met", "evidence": " "}, False),
        ({"status": "met", "evidence": "e", "expires_at": NOW}, False),
        ({"evidence": "e"}, False),
    ],
)
def test_what_is_vouched_for(told, holds):
    assert excuses.vouched(replace(ASKED, **told), NOW) is holds
    assert excuses.vouched(None, NOW) is False
