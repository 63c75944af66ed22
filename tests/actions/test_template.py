"""Templates of rollouts: kept as versions, by who may, the slower of two refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from actions import rollout, template
from domain import template_edits
from domain.criteria import Criterion, Kind, Severity
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.roles import CAST, Permission
from domain.templates import Template
from reads import audit
from store import templates
from store.engine import opened
from tests.rolled import MONDAY, Desk

SHIPPED = Path(__file__).parents[2] / "reference/rollout_templates.json"
TONE = Criterion("tone", "The tone fits", Kind.MANUAL, "tone", threshold=1,
                 severity=Severity.OBSERVE)  # fmt: skip


@pytest.fixture
def desk(url):
    store = opened(url)
    with store.begin() as session:
        templates.enrol(session, json.loads(SHIPPED.read_text()), MONDAY, "the console")
    yield Desk(store)
    store.close()


def known(desk):
    with desk.store.reading() as session:
        return templates.known(session)


def newest(desk):
    return known(desk)[0]


def more(it):
    return template_edits.with_criterion(it, 0, TONE)


def test_what_was_edited_is_the_next_version_and_what_runs_keeps_its_own(desk):
    first = newest(desk)
    wanted = rollout.Wanted("Shop chat", "shop-chat", "contoso/cora", "contoso/maria", ("retail",),
                            (), first.key, 1)  # fmt: skip
    id = rollout.plan(desk.visit("cora"), wanted)
    assert template.keep(desk.visit("cora"), more(first), note=" the tone matters ") == 2
    after, before = known(desk)
    assert (after.version, after.note, after.said_by) == (2, "the tone matters", "contoso/cora")
    assert after.at == desk.clock()
    assert after.phases[0].criteria[-1] == TONE
    assert before == first
    assert TONE not in desk.now(id).phases[0].criteria
    assert desk.now(id).template_version == 1
    assert "keep a version of the template four-phases" in set(audit.trail(desk.store)["what"])


def test_a_template_of_ones_own_begins_with_version_1(desk):
    it = replace(newest(desk), key="short", title="Short way", version=0)
    assert template.keep(desk.visit("ada"), it, note="for small changes") == 1
    assert {(one.key, one.version) for one in known(desk)} == {("four-phases", 1), ("short", 1)}


def test_the_slower_of_two_is_told_so(desk):
    first = newest(desk)
    template.keep(desk.visit("cora"), more(first), note="one")
    other = template_edits.without_phase(first, 3)
    with pytest.raises(Outdated, match="another version"):
        template.keep(desk.visit("ada"), other, note="two")
    with pytest.raises(Outdated, match="another version"):
        template.keep(desk.visit("ada"), replace(other, version=0), note="two")
    assert [it.version for it in known(desk)] == [2, 1]
    with desk.store.begin() as session, pytest.raises(Outdated, match="made meanwhile"):
        templates.add(session, replace(other, version=2, said_by="x", at=MONDAY))


def test_templates_are_for_who_runs_rollouts(desk):
    for it in CAST:
        visit, before = desk.visit(it.id), newest(desk)
        edited = replace(before, title=f"By {it.name}")
        try:
            template.keep(visit, edited, note="mine")
            assert visit.may(Permission.ROLL), it.id
        except NotAllowed:
            assert not visit.may(Permission.ROLL), it.id
            assert newest(desk) == before


@pytest.mark.parametrize(
    ("made", "note", "words"),
    [
        (more, " ", "Say why"),
        (more, "x" * 301, "300 printable"),
        (lambda it: it, "so", "Nothing differs from version 1"),
        (lambda it: replace(it, phases=()), "so", "at least one phase"),
        (lambda it: replace(it, phases=it.phases[:1] * 2), "so", "same name"),
        (lambda it: replace(it, title=""), "so", "no title"),
        (lambda it: replace(it, title="x" * 301), "so", "300 printable"),
        (
            lambda it: replace(
                it, phases=(replace(it.phases[0], criteria=(TONE, TONE)), *it.phases[1:])
            ),
            "so",
            "there twice",
        ),
        (lambda _: Template("", 0, "", ()), "so", "no key"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words_and_nothing_is(desk, made, note, words):
    with pytest.raises(OutOfRange, match=words):
        template.keep(desk.visit("cora"), made(newest(desk)), note=note)
    assert [it.version for it in known(desk)] == [1]
