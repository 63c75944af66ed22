"""Templates of rollouts: read by everybody, edited in words by who runs rollouts, to the store."""

import json
from pathlib import Path

import pytest

from actions import template
from domain import template_edits
from domain.criteria import Criterion, Kind, Severity
from domain.roles import CAST, Permission
from store import templates
from tests.conftest import table, words
from tests.pages.test_rollout import click, done, keys
from tests.rolled import MONDAY, Here

PAGE = "templates"
SHIPPED = Path(__file__).parents[2] / "reference/rollout_templates.json"
TONE = Criterion("tone", "The tone fits", Kind.MANUAL, "tone", threshold=1)


@pytest.fixture
def desk(console):
    it = Here(console)
    with it.store.begin() as session:
        templates.enrol(session, json.loads(SHIPPED.read_text()), MONDAY, "the console")
    return it


def known(desk):
    with desk.store.reading() as session:
        return templates.known(session)


def kept(desk, at, note="as tried"):
    """The page after what is edited was kept, and its newest version in the store."""
    at = click(at, "keep-template")
    assert at.button(key="keep-template-confirm").disabled
    at.text_input(key="template-note").set_value(note).run()
    at = click(at, "keep-template-confirm")
    return at, known(desk)[0]


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("person", ["cora", "vera"])
def test_everybody_reads_and_who_runs_rollouts_edits(opened, person):
    at = opened(PAGE, person)
    assert not at.exception
    assert "Internal pilot" in words(at)
    may = next(it for it in CAST if it.id == person).may(Permission.ROLL)
    assert ("edit-template" in keys(at)) is may is (person == "cora")


def test_what_is_edited_is_kept_as_a_version_with_its_reason(opened, desk):
    desk.draft(template="four-phases")
    at = opened(PAGE, "cora")
    assert list(table(at, "Under way")["Under way"]) == [1]
    at = click(click(at, "edit-template"), "phase-0")
    at.number_input(key="phase-days").set_value(3).run()
    at = click(at, "phase-confirm")
    at = click(at, "criterion-0-severe")
    at.number_input(key="criterion-threshold").set_value(1.0).run()
    at = click(at, "criterion-confirm")
    at = click(at, "add-1")
    assert at.selectbox(key="criterion-severity").value == Severity.OBSERVE
    at.text_input(key="criterion-title").set_value("It is used").run()
    at.selectbox(key="criterion-reads-METRIC").set_value("requests").run()
    assert at.text_input(key="criterion-unit-requests").value == "requests"
    at = click(at, "criterion-confirm")
    at = click(click(at, "criterion-0-relevance"), "criterion-remove")
    at = click(at, "move-3--1")
    at = click(at, "safeguard-refused")
    at.selectbox(key="safeguard-action").set_value("prepare rollback").run()
    at = click(at, "safeguard-confirm")
    assert "6 differences** to version 1" in words(at)
    at, it = kept(desk, at)
    assert (it.version, it.note, it.said_by) == (2, "as tried", "contoso/cora")
    pilot, second = it.phases[:2]
    assert (pilot.bake_days, pilot.criteria[1].threshold) == (3, 1)
    assert it.safeguards[1].action == "prepare rollback"
    assert "relevance" not in {one.key for one in pilot.criteria}
    assert second.criteria[-1].title == "It is used"
    assert [one.key for one in it.phases] == ["pilot", "improvement", "full", "expansion"]
    assert "Version 2 of" in done(at)
    assert list(table(at, "Under way")["Under way"]) == [0, 1]  # what runs keeps its own


def test_what_cannot_be_is_refused_in_words_and_nothing_is_lost(opened, desk):
    at = click(click(opened(PAGE, "cora"), "edit-template"), "criterion-0-severe")
    at.number_input(key="criterion-threshold").set_value(2e12).run()
    at = click(at, "criterion-confirm")
    assert "past all measure" in words(at)
    assert at.number_input(key="criterion-threshold").value == 2e12
    at.number_input(key="criterion-threshold").set_value(2.0).run()
    at = click(at, "criterion-confirm")
    template.keep(desk.visit("ada"), template_edits.with_criterion(known(desk)[0], 0, TONE),
                  note="sooner")  # fmt: skip
    at = click(at, "keep-template")
    at.text_input(key="template-note").set_value("later").run()
    at = click(at, "keep-template-confirm")
    assert "There is another version" in words(at)
    assert len(known(desk)) == 2
    at = click(at.run(), "follow-template")
    told = words(at)
    assert "Internal pilot: The tone fits is gone" in told.replace("\\", "")
    click(at, "keep-template-confirm")
    it = known(desk)[0]
    assert (it.version, it.phases[0].criteria[1].threshold) == (3, 2)


def test_a_new_template_is_made_of_another_and_versions_are_compared(opened, desk):
    at = click(opened(PAGE, "cora"), "new-template")
    at.text_input(key="template-title").set_value("Short way").run()
    at = click(at, "new-template-confirm")
    at = click(click(at, "phase-3"), "phase-remove")
    at, _ = kept(desk, at)
    it = next(one for one in known(desk) if one.key == "short-way")
    assert (it.version, it.title, len(it.phases)) == (1, "Short way", 3)
    template.keep(desk.visit("ada"), template_edits.without_phase(it, 2), note="shorter")
    told = words(opened(PAGE, "vera", template="short-way", against="1"))
    assert "Version 2 against version 1" in told
    assert "Expansion is gone" in told.replace("\\", "")


def test_what_is_discarded_is_gone(opened, desk):
    at = click(click(opened(PAGE, "cora"), "edit-template"), "move-0-1")
    at = click(click(at, "discard-template"), "discard-template-confirm")
    assert "edit-template" in keys(at)
    assert len(known(desk)) == 1
