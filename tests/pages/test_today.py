"""Today on the overview: what waits for each person, and where each line leads."""

import pytest

from domain import today
from domain.findings import SEVERITIES
from domain.plans import Leg, Plan, State
from domain.roles import CAST, Permission
from store import exemptions, flips, maturity, plans
from store.flips import Flip
from tests.conftest import words
from tests.domain.test_today import EXEMPT, IN_FORCE
from tests.rolled import Desk
from tests.world import CHAT, NOON
from ui.components import today as shown

HOSTILE = "<script>alert(1)</script> **bold** :red[no]"
LEG = Leg("tags", CHAT, "1", "{}", '{"owner": "leo"}', unit="retail-online")


@pytest.fixture
def desk(console):
    """Where rollouts of this console are moved."""
    desk = Desk.__new__(Desk)
    desk.store, desk.clock = console.store, console.clock
    return desk


@pytest.fixture
def keep(console):
    """keep(state, ...): a plan is there already."""

    def keeping(state=State.PROPOSED, **fields):
        plan = Plan((LEG,), "contoso/ada", "x", NOON, "More for chat", state=state, **fields)
        with console.store.begin() as session:
            return plans.add(session, plan)

    return keeping


def lines(at):
    """What the list says, and where each line leads."""
    return [
        (it.proto.label.replace("\\", ""), it.proto.page, it.proto.query_string)
        for it in at.get("page_link")
        if "-badge[" in it.proto.label
    ]


def labels(at):
    """What the list says, with what leads nowhere."""
    told = [it.value for it in at.markdown if any(f"-badge[{of}]" in it.value for of in SEVERITIES)]
    return " ".join([label for label, *_ in lines(at)] + told).replace("\\", "")


@pytest.mark.parametrize("person", [it for it in CAST if it.may(Permission.LOOK)])
def test_who_has_nothing_to_do_is_told_what_was_looked_through(opened, person):
    at = opened("overview", person.id)
    assert not at.exception
    told = words(at)
    assert f"Nothing waits for you. Looked through: {', '.join(today.LOOKED_THROUGH)}." in told
    assert lines(at) == []


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ("paul", "Shop chat: Pilot waits for your approval"),
        ("tess", "Shop chat: Pilot waits for your approval"),
        ("sam", ""),
        ("cora", ""),
        ("vera", ""),
    ],
)
def test_a_gate_waits_for_who_has_its_grant(opened, desk, who, said):
    desk.asking()
    told = labels(opened("overview", who))
    assert (said or "waits for your approval") in told if said else not told


def test_plans_wait_for_a_second_person_and_parked_ones_come_first(opened, keep):
    waits, parked = keep(), keep(State.NEEDS_PERSON, said="Azure did not answer.")
    (first, page, query), (second, *_) = lines(opened("overview", "alan"))
    assert first.startswith(":red-badge[critical] **Change 2 needs a person: More for chat**")
    assert "Azure did not answer" in first
    assert (page, query) == ("plan", f"plan={parked}")
    assert second.startswith(f":orange-badge[warning] **Change {waits} waits for your approval")
    assert "needs a person" not in labels(opened("overview", "maria"))
    assert "waits for your approval" not in labels(opened("overview", "ada"))


def test_gates_that_turned_since_the_last_visit_are_told(opened, console, desk):
    id = desk.running()
    opened("overview", "cora")
    console.clock.move(hours=2)
    with console.store.begin() as session:
        flips.keep(session, Flip(id, 0, console.clock(), "awaiting approval", "active"))
    console.clock.move(hours=1)
    told = labels(opened("overview", "cora"))
    assert "Shop chat: the gate of Pilot has turned" in told
    assert "a criterion no longer holds" in told
    assert "has turned" not in labels(opened("overview", "maria"))
    opened("overview", "cora")
    console.clock.move(hours=3)
    assert "has turned" not in labels(opened("overview", "cora"))


def test_a_step_leads_to_the_part_that_it_is_for(opened, console):
    with console.store.begin() as session:
        step = maturity.Step("retail", "prompts", "contoso/maria", None, "contoso/cora", NOON)
        maturity.take(session, step)
    ((label, page, query),) = lines(opened("overview", "maria"))
    assert label.startswith(":blue-badge[notice] **Write prompts")
    assert (page, query) == ("maturity", "part=retail")


def test_exemptions_that_end_and_wait_are_told_in_words(opened, console):
    with console.store.begin() as session:
        exemptions.add(session, EXEMPT)
        exemptions.add(session, IN_FORCE)
    told = labels(opened("overview", "sam"))
    assert "Exemption 1 waits for approval" in told
    assert "Exemption 2 is due for review" in told


def test_more_than_a_few_are_in_a_table_with_the_worst_first(opened, keep):
    for number in range(shown.MOST + 3):
        keep(State.NEEDS_PERSON if number % 2 else State.PROPOSED)
    at = opened("overview", "alan")
    assert len(lines(at)) == shown.MOST
    assert f"{shown.MOST} of {shown.MOST + 3} matters: 4 critical, 5 warning, 0 notice" in words(at)
    rows = next(it.value for it in at.dataframe if "Why" in it.value.columns)
    assert [it[0] for it in rows["Severity"]] == ["critical"] * 4 + ["warning"] * 5


def test_text_of_people_stays_text(opened, keep):
    keep(policy=HOSTILE)
    at = opened("overview", "alan")
    (raw,) = (it.proto.label for it in at.get("page_link") if "-badge[" in it.proto.label)
    assert "**bold**" not in raw
    assert ":red[no]" not in raw
    assert "<script>" not in raw


def test_a_review_that_is_overdue_is_critical(opened, console):
    with console.store.begin() as session:
        exemptions.add(session, IN_FORCE)
    console.clock.move(days=12)
    assert IN_FORCE.review_by < console.clock()
    told = labels(opened("overview", "sam"))
    assert ":red-badge[critical] **Exemption 1 is overdue for review" in told
