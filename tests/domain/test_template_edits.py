"""Steps of editing a template, what each refuses, and the differences that are told."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from domain import reading_words, templates
from domain.braking import Action, Safeguard
from domain.criteria import Criterion, Kind, Severity
from domain.faults import OutOfRange
from domain.rollouts import Cohort, Cohorts, Phase, Stage
from domain.template_edits import (
    READS,
    differences,
    key_of,
    moved,
    require_kept,
    with_criterion,
    with_phase,
    with_safeguard,
    without_criterion,
    without_phase,
    without_safeguard,
)

SHIPPED = json.loads((Path(__file__).parents[2] / "reference/rollout_templates.json").read_text())
FOUR = templates.parsed(SHIPPED[0])
PILOT = FOUR.phases[0]
NEW = Criterion("tone", "The tone fits", Kind.MANUAL, "tone", severity=Severity.OBSERVE)


def keys(it):
    return [one.key for one in it.phases]


def phase(key="before", **told):
    named = {"title": "Before all", "bake_days": 1, **told}
    return Phase(key, stage=Stage.WAITING, cohort=Cohort(Cohorts.NAMED, 5), criteria=(), **named)


def test_what_is_shipped_could_be_kept_and_differs_from_itself_in_nothing():
    require_kept(FOUR)
    assert differences(FOUR, FOUR) == ()
    assert differences(None, FOUR) == ("It is the first version.",)


def test_a_phase_is_added_changed_moved_and_taken_away():
    more = with_phase(FOUR, None, phase())
    assert keys(more) == [*keys(FOUR), "before"]
    assert differences(FOUR, more) == ("Before all is new, with 0 criteria.",)
    first = moved(more, 4, -4)
    assert keys(first) == ["before", *keys(FOUR)]
    assert moved(first, 0, -1) == first
    assert differences(more, first)[0].startswith("The order is now Before all, Internal pilot,")
    assert without_phase(first, 0) == FOUR
    assert differences(first, FOUR) == ("Before all is gone.",)


def test_a_phase_that_is_changed_keeps_its_key_and_its_criteria():
    told = phase("other", title="Pilot", approvals=("security",), one_way=True)
    it = with_phase(FOUR, 0, told)
    assert (it.phases[0].key, it.phases[0].criteria) == ("pilot", PILOT.criteria)
    assert differences(FOUR, it) == (
        "Pilot: title Pilot, was Internal pilot.",
        "Pilot: bake days 1, was 10.",
        "Pilot: approvals security, was product, technical.",
        "Pilot: readiness lists none, was critical.",
        "Pilot: no way back without a drill yes, was no.",
        "Pilot: planned people 5, was 25.",
    )


def test_a_criterion_is_added_changed_and_taken_away():
    more = with_criterion(FOUR, 0, NEW)
    assert differences(FOUR, more) == ("Internal pilot: The tone fits is new, observed only.",)
    changed = replace(NEW, threshold=2.5, oldest=timedelta(hours=36), severity=Severity.BLOCKING)
    again = with_criterion(more, 0, changed)
    assert len(again.phases[0].criteria) == len(PILOT.criteria) + 1
    assert differences(more, again) == (
        "Internal pilot, The tone fits: threshold 2.5, was 0.",
        "Internal pilot, The tone fits: greatest age of data 36 hours, was 24 hours.",
        "Internal pilot, The tone fits: what it stops blocking, was observed only.",
    )
    assert without_criterion(again, 0, "tone") == FOUR
    assert differences(again, FOUR) == ("Internal pilot: The tone fits is gone.",)


def test_every_field_that_can_be_edited_is_told_when_it_differs():
    """What differs and is not told would be kept unseen, or refused as no difference."""
    other = {
        "title": "x", "kind": Kind.MANUAL, "reads": "x", "compares": "below", "threshold": 77.0,
        "unit": "x", "window_days": 77, "least_sample": 77, "oldest": timedelta(days=77),
        "passes": 77, "severity": Severity.OBSERVE,
    }  # fmt: skip
    assert {"key", *other} == set(Criterion.__dataclass_fields__)
    for name, value in other.items():
        one = replace(PILOT.criteria[0], **{name: value})
        it = replace(FOUR, phases=(replace(PILOT, criteria=(one, *PILOT.criteria[1:])),))
        assert len(differences(replace(FOUR, phases=(PILOT,)), it)) == 1, name
    for name, value in {
        "kind": Cohorts.UNIT,
        "planned": 7,
        "reference": "x",
        "channel": "x",
    }.items():
        it = replace(PILOT, cohort=replace(PILOT.cohort, **{name: value}))
        both = (replace(FOUR, phases=(one,)) for one in (PILOT, it))
        assert len(differences(*both)) == 1, name


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda: without_phase(replace(FOUR, phases=(PILOT,)), 0), "at least one phase"),
        (lambda: with_phase(FOUR, None, phase("pilot")), "same name"),
        (lambda: with_phase(FOUR, None, phase(bake_days=367)), "366 days of bake"),
        (lambda: with_phase(FOUR, None, phase(bake_days=-1)), "counted from 0"),
        (lambda: with_phase(FOUR, None, phase(title="x" * 301)), "300 printable"),
        (lambda: with_phase(FOUR, None, phase(features=("a\nb",))), "printable"),
        (lambda: with_phase(FOUR, None, phase(checklist=("luck",))), "no readiness list 'luck'"),
        (lambda: with_phase(FOUR, None, phase(approvals=("friends",))), "nobody can give"),
        (lambda: with_criterion(FOUR, 0, replace(NEW, title=" ")), "needs a title"),
        (lambda: with_criterion(FOUR, 0, replace(NEW, kind=Kind.METRIC)), "a metric reads avail"),
        (lambda: with_criterion(FOUR, 0, replace(NEW, threshold=float("nan"))), "is a number"),
        (lambda: with_criterion(FOUR, 0, replace(NEW, threshold=-2e12)), "past all measure"),
        (lambda: with_criterion(FOUR, 0, replace(NEW, passes=367)), "past all measure"),
        (lambda: with_criterion(FOUR, 0, replace(NEW, passes=0)), "counted from 1"),
        (lambda: with_criterion(FOUR, 0, replace(NEW, window_days=367)), "366 days at the most"),
        (lambda: with_criterion(FOUR, 0, replace(NEW, compares="like")), "compare by"),
    ],
)
def test_a_step_that_cannot_be_is_refused_in_words(edit, words):
    with pytest.raises(OutOfRange, match=words):
        edit()


def test_a_key_is_of_letters_and_of_its_own():
    assert key_of("Say: how it FEELS!", ()) == "say-how-it-feels"
    assert key_of("Pilot", {"pilot", "pilot-2"}) == "pilot-3"
    with pytest.raises(OutOfRange, match="letters or digits"):
        key_of("...", ())


def test_all_kinds_but_those_with_names_of_their_own_have_a_list():
    assert set(Kind) - set(READS) == {Kind.EVALUATION, Kind.MANUAL}


def test_a_safeguard_is_added_changed_and_taken_away():
    few = replace(NEW, kind=Kind.METRIC, reads="requests", severity=Severity.BLOCKING)
    more = with_safeguard(FOUR, Safeguard(few))
    assert differences(FOUR, more) == ("Safeguards: The tone fits is new, pause.",)
    again = with_safeguard(more, Safeguard(replace(few, passes=2), Action.PREPARE))
    assert differences(more, again) == (
        "Safeguards, The tone fits: failures in a row 2, was 1.",
        "Safeguards, The tone fits: what is done prepare rollback, was pause.",
    )
    assert templates.parsed(templates.told(again)).safeguards == again.safeguards
    assert without_safeguard(again, "tone") == FOUR
    assert differences(again, FOUR) == ("Safeguards: The tone fits is gone.",)
    with pytest.raises(OutOfRange, match="a metric reads"):
        with_safeguard(FOUR, Safeguard(replace(few, reads="luck")))


def test_all_that_can_be_read_has_words_and_a_unit():
    assert {it for those in READS.values() for it in those} == set(reading_words.WORDS)
    assert reading_words.said("tone") == "tone"
    assert set(reading_words.WORDS) > reading_words.WINDOWED > set(READS[Kind.METRIC])
