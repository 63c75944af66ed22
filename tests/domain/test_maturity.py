"""Maturity: bands as published, and claims held against what is seen."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from domain import maturity
from domain.faults import OutOfRange
from domain.maturity import Assessment, Seen

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
GOOD = Seen(NOW - timedelta(days=30), 4, 2, 0, 0.95, 0.9, 0, 0)
KEPT = Assessment("", 16, 22, date(2026, 11, 1), "Mira Vos", "", "contoso/cora", NOW)


@pytest.mark.parametrize(
    ("score", "words", "gap"),
    [
        (0, "Level 1, initial", 10),
        (9, "Level 1, initial", 1),
        (10, "Level 2, defined", 5),
        (14, "Level 2, defined", 1),
        (15, "Level 3, managed", 5),
        (19, "Level 3, managed", 1),
        (20, "Level 4, optimised", None),
        (28, "Level 4, optimised", None),
    ],
)
def test_bands(score, words, gap):
    assert maturity.level(score).words == words
    assert maturity.gap(score) == gap


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"score": 29}, "from 0 to 28"),
        ({"score": -1}, "from 0 to 28"),
        ({"score": True}, "from 0 to 28"),
        ({"score": 9.5}, "from 0 to 28"),
        ({"target": 12}, "below the score"),
        ({"assessed_on": date(2026, 11, 3)}, "in the future"),
        ({"assessor": " "}, "who assessed"),
        ({"note": "x" * 301}, "300 printable"),
    ],
)
def test_what_cannot_be_is_refused_in_words(change, said):
    maturity.checked(KEPT, NOW.date())
    with pytest.raises(OutOfRange, match=said):
        maturity.checked(replace(KEPT, **change), NOW.date())


def test_who_works_as_they_claim_is_not_contradicted():
    assert maturity.contradictions(28, GOOD, NOW) == []


@pytest.mark.parametrize(
    ("change", "least", "said"),
    [
        ({"unowned": 3}, 10, "3 deployments without a unit"),
        ({"below_baseline": 7}, 10, "7 deployments below"),
        ({"evaluations": 0}, 10, "No evaluation"),
        ({"alerted": 0.5}, 15, "50% of the accounts have an alert rule"),
        ({"diagnosed": 0.79}, 15, "79% of the accounts have logs"),
        ({"drilled_at": NOW - timedelta(days=366)}, 15, "No way back was drilled"),
        ({"drilled_at": None}, 15, "No way back was drilled"),
        ({"overrides": 1}, 15, "1 gate overridden"),
        ({"blocked_moves": 0}, 20, "No gate has blocked"),
    ],
)
def test_a_claim_is_contradicted_from_the_level_that_makes_it(change, least, said):
    seen = replace(GOOD, **change)
    (found,) = maturity.contradictions(least, seen, NOW)
    assert said in found.seen
    assert maturity.contradictions(least - 1, seen, NOW) == []


def test_what_cannot_be_told_contradicts_nothing_but_a_drill_that_never_was():
    (found,) = maturity.contradictions(28, Seen(), NOW)
    assert found.claim == "There is a way back"


def test_what_cannot_be_told_is_said_to_be_self_declared():
    told = {it.key: it.holds for it in maturity.signs(Seen(), NOW)}
    assert [key for key, holds in told.items() if holds is not None] == ["drilled"]
    declared = [it.seen for it in maturity.signs(Seen(), NOW) if it.holds is None]
    assert declared == ["Not seen here: self-declared."] * 7


def test_what_is_seen_is_said_with_its_figure():
    told = {it.key: (it.holds, it.seen) for it in maturity.signs(GOOD, NOW)}
    assert told["owned"] == (True, "Every deployment has a unit.")
    assert told["evaluated"] == (True, "4 evaluations recorded in the last year.")
    assert told["alerted"] == (True, "95% of the accounts have an alert rule.")
    assert told["drilled"] == (True, "Last drilled on 2026-10-03.")
    assert told["blocked"] == (True, "2 moves stopped by a gate in the last year.")


def test_each_level_of_the_reference_has_actions_with_sources():
    path = Path(__file__).parents[2] / "reference" / "maturity_actions.json"
    known = maturity.of_reference(json.loads(path.read_text()))
    assert len({it.key for it in known}) == len(known)
    assert {it.level for it in known} == {it.number for it in maturity.LEVELS}
    assert all(url.startswith("https://") for it in known for _, url in it.sources)
    assert all(it.sources for it in known)
