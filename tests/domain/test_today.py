"""What waits for whom: every kind for every person of the cast, the worst first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from domain import today
from domain.demands import Baseline
from domain.exemptions import DEVIATION, Exemption
from domain.filters import Strength
from domain.pending import (
    Asking,
    Ending,
    Facts,
    Of,
    Step,
    Task,
    Turned,
    Unanswered,
    Waiver,
)
from domain.roles import CAST, Grant, Permission
from domain.units import CONTOSO

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SHOP = Of(7, "Shop chat", ("retail",), "contoso/cora", "contoso/cora")
ASKED = Asking(SHOP, "Pilot", ("product", "security"))
FLIP = Turned(SHOP, "Pilot", "awaiting approval", "active", NOW - DAY)
TASK = Task(SHOP, 3, "Close the group", "contoso/mark", NOW + DAY)
EXEMPT = Exemption(
    DEVIATION, "/d/1", "violence", "completion", Strength.HIGH, "Medical texts", "", "Sam Adeyemi",
    NOW + 9 * DAY, "retail", "contoso/ada", NOW - 90 * DAY, id=4,
)  # fmt: skip
IN_FORCE = replace(EXEMPT, decision="approved", approver="contoso/sam")
BASELINE = Baseline(
    "chat", 2, "Chat", "external", "", {}, "", NOW, None, "contoso/ada", NOW, note="",
)  # fmt: skip
NOBODY = frozenset()
WHO = {it.id: it for it in CAST}
SEE_RETAIL = {it.id for it in CAST if it.units is None or "retail" in it.units} - {"otto"}


def matters(person, now=NOW, **facts):
    return today.waiting(Facts(**facts), WHO[person], CONTOSO, now)


def keys(person, **facts):
    return [it.key for it in matters(person, **facts)]


KINDS = [
    ("gate:7:product", {"asking": (ASKED,)}, {"paul"}),
    ("gate:7:security", {"asking": (ASKED,)}, {"sam"}),
    ("turned:7:Pilot", {"turned": (FLIP,)}, {"ada", "alan", "cora"}),
    ("task:3", {"tasks": (TASK,)}, {"ada", "alan", "cora", "mark"}),
    (
        "feedback:7",
        {"feedback": (Unanswered(SHOP, 3, 0, NOW),)},
        {"ada", "alan", "cora", "maria"},
    ),
    (
        "ending:7:dpia",
        {"ending": (Ending(SHOP, "dpia", False, "contoso/vera", NOW + DAY),)},
        {"ada", "alan", "cora", "maria", "vera"},
    ),
    (
        "waiver:7:dpia",
        {"waivers": (Waiver(SHOP, "dpia", "contoso/ada"),)},
        {"tess", "sam"},
    ),
    ("exemption:4", {"exemptions": (EXEMPT,)}, {"alan", "sam"}),
    ("review:4", {"exemptions": (IN_FORCE,)}, {"ada", "alan", "sam"}),
    ("baseline:chat:2", {"baselines": (BASELINE,)}, {"alan", "sam"}),
    ("month:2026-10:EUR", {"months": (("2026-10", "EUR"),)}, {"ada", "alan"}),
    ("step::Write prompts", {"steps": (Step("", "Write prompts", "contoso/tess"),)}, {"tess"}),
]


@pytest.mark.parametrize("person", CAST, ids=lambda it: it.id)
@pytest.mark.parametrize(("key", "facts", "whose"), KINDS, ids=[it[0] for it in KINDS])
def test_each_matter_waits_for_those_who_can_do_something_about_it(person, key, facts, whose):
    assert (key in keys(person.id, **facts)) is (person.id in whose)


def test_nothing_waits_where_there_is_nothing():
    assert all(matters(it.id) == [] for it in CAST)


@pytest.mark.parametrize("part", ["owner", "proposer"])
def test_nobody_is_asked_to_approve_what_is_theirs(part):
    own = replace(ASKED, of=replace(SHOP, **{part: "contoso/paul"}))
    assert keys("paul", asking=(own,)) == []


def test_who_has_spoken_is_not_asked_again():
    spoken = replace(ASKED, said=frozenset({("product", "contoso/paul")}))
    assert keys("paul", asking=(spoken,)) == []
    assert keys("sam", asking=(spoken,)) == ["gate:7:security"]


def test_what_is_of_units_of_others_is_not_told():
    finance = replace(SHOP, units=("retail", "finance"))
    facts = {
        "feedback": (Unanswered(finance, 3, 1, NOW),),
        "ending": (Ending(finance, "dpia", False, "", NOW),),
    }
    assert keys("maria", **facts) == []
    assert len(keys("cora", **facts)) == 2
    assert keys("maria", exemptions=(replace(IN_FORCE, reviewer="Maria Merian"),)) == ["review:4"]
    everything = replace(IN_FORCE, reviewer="Maria Merian", unit="")
    assert keys("maria", exemptions=(everything,)) == []


def test_an_approver_sees_only_their_own_units():
    paul = replace(WHO["paul"], units=frozenset({"finance"}))
    assert today.waiting(Facts(asking=(ASKED,)), paul, CONTOSO, NOW) == []
    plain = replace(WHO["maria"], grants=frozenset({Grant.PRODUCT}))
    assert not plain.may(Permission.APPROVE)
    assert today.waiting(Facts(asking=(ASKED,)), plain, CONTOSO, NOW) == []


# --- how bad, and in what order ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "severity"),
    [(-1, "critical"), (0, "critical"), (1, "warning"), (3, "warning"), (4, "notice")],
)
def test_what_ends_is_the_more_pressing_the_sooner(days, severity):
    end = Ending(SHOP, "dpia", False, "", NOW + days * DAY)
    (found,) = matters("cora", ending=(end,))
    assert found.severity == severity
    (review,) = matters("ada", exemptions=(replace(IN_FORCE, review_by=NOW + days * DAY),))
    assert review.severity == severity


def test_what_ends_later_than_a_fortnight_is_not_told_yet():
    assert keys("cora", ending=(Ending(SHOP, "dpia", False, "", NOW + 14 * DAY + DAY / 99),)) == []
    assert keys("ada", exemptions=(replace(IN_FORCE, review_by=NOW + 15 * DAY),)) == []


def test_a_waiver_that_ends_is_called_one():
    (found,) = matters("cora", ending=(Ending(SHOP, "dpia", True, "", NOW - DAY),))
    assert found.title == "Shop chat: waiver for dpia has ended"
    assert found.query == (("rollout", "7"), ("tab", "Readiness"))


def test_a_late_task_and_severe_feedback_come_first_and_what_is_due_before_what_is_not():
    facts = {
        "turned": (FLIP,),
        "tasks": (TASK, replace(TASK, id=4, due_at=NOW - DAY)),
        "feedback": (Unanswered(SHOP, 3, 2, NOW),),
        "steps": (Step("", "Write prompts", "contoso/cora"),),
    }
    assert keys("cora", **facts) == [
        "task:4", "feedback:7", "task:3", "turned:7:Pilot", "step::Write prompts",
    ]  # fmt: skip


def test_a_gate_that_came_back_to_where_it_stood_has_not_turned():
    back = replace(FLIP, before="active", after="awaiting approval", at=NOW)
    assert keys("cora", turned=(FLIP, back)) == []
    (found,) = matters("cora", turned=(FLIP,))
    assert "It stood at awaiting approval and is active" in found.words
    assert (found.severity, found.page) == ("warning", "rollout")
    (good,) = matters("cora", turned=(back,))
    assert good.severity == "notice"


def test_what_is_decided_or_ended_waits_for_nobody():
    ended = replace(IN_FORCE, ended_at=NOW - DAY)
    declined = replace(EXEMPT, decision="declined")
    assert keys("alan", exemptions=(ended, declined)) == []
    over = replace(BASELINE, ends=NOW)
    approved = replace(BASELINE, approved_at=NOW)
    assert keys("alan", baselines=(over, approved)) == []
