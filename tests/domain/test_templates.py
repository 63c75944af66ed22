"""Templates: what people edit is checked, and comes back as it was kept."""

import copy
import json
from pathlib import Path

import pytest

from domain import templates
from domain.criteria import Kind, Severity
from domain.faults import OutOfRange

SHIPPED = json.loads((Path(__file__).parents[2] / "reference/rollout_templates.json").read_text())


def test_the_shipped_template_has_the_four_phases_and_a_door_of_no_return():
    (told,) = SHIPPED
    it = templates.parsed(told)
    assert [phase.key for phase in it.phases] == ["pilot", "improvement", "expansion", "full"]
    assert [phase.bake_days for phase in it.phases] == [10, 10, 5, 20]
    assert [phase.approvals for phase in it.phases] == [
        ("product", "technical"),
        ("product",),
        ("technical", "business"),
        ("business", "security"),
    ]
    assert [phase.one_way for phase in it.phases] == [False, False, False, True]
    every = {each.kind for phase in it.phases for each in phase.criteria}
    assert every == set(Kind)
    advisory = [
        each for phase in it.phases for each in phase.criteria if each.severity is Severity.ADVISORY
    ]
    assert [it.key for it in advisory] == ["blocked"]


def test_a_template_comes_back_as_it_was():
    it = templates.parsed(SHIPPED[0])
    assert templates.parsed(json.loads(json.dumps(templates.told(it)))) == it
    for phase in it.phases:
        assert templates.phase_of(templates.phase_text(phase)) == phase


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("title",), "", "no title"),
        (("phases",), [], "at least one phase"),
        (("phases",), "four", "is no list"),
        (("phases", 0, "cohort", "planned"), 0, "at least one person"),
        (("phases", 0, "cohort", "kind"), "everybody", "is none of"),
        (("phases", 0, "bake_days"), 2.5, "no whole number"),
        (("phases", 0, "bake_days"), True, "is no number"),
        (("phases", 1, "key"), "pilot", "same name"),
        (("phases", 0, "approvals"), ["friends"], "nobody can give"),
        (("phases", 0, "criteria", 0, "kind"), "gut feeling", "is none of"),
        (("phases", 0, "criteria", 0, "threshold"), "many", "is no number"),
        (("phases", 0, "criteria", 1, "key"), "response", "twice"),
        (("phases", 0, "criteria", 0), "anything", "has no"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(path, value, said):
    told = copy.deepcopy(SHIPPED[0])
    at = told
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    with pytest.raises(OutOfRange, match=said):
        templates.parsed(told)
