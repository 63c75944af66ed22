"""A way back is written, drilled, and taken: by plan where the console can, by people elsewhere."""

from datetime import timedelta

import pytest

from actions import filter as filtering
from actions import rollout, task, way_back
from actions.rollout import Wanted
from actions.way_back import Way
from domain.criteria import Kind
from domain.faults import NotAllowed, Outdated, OutOfRange
from domain.plans import State as PlanState
from domain.roles import CAST
from domain.rollouts import State
from domain.templates import Template
from reads import audit
from store import rollback_plans, tasks, templates
from tests.filtered import TIGHT, after, made, pending, plan, policy_of
from tests.rolled import PHASES, TASK, WAY, Desk
from tests.world import ASSIST, BUSY, CHAT, QUIET, WEU

WHY = "people complain about wrong prices"
UNITS_BACK = {"lever": "capacity", "resource": CHAT, "target": 12}
FILTER_BACK = {"lever": "filter", "resource": BUSY, "target": None}


@pytest.fixture
def desk(console):
    """A desk at the console's own store and clock."""
    it = Desk(console.store)
    it.clock = console.clock
    return it


def way(*steps, **told):
    named = {"trigger": "a severe complaint", "owner": "contoso/cora", "most_minutes": 60, **told}
    return Way(steps=steps, **{"words": "We go back.", **named})


def kept(desk, id):
    with desk.store.reading() as session:
        return rollback_plans.of(session, id)


def asked(desk, id):
    with desk.store.reading() as session:
        return tasks.of(session, [id])


def begun(desk, *steps):
    """A running rollout of CHAT and BUSY whose first phase has this way back."""
    id = desk.running(deployments=(CHAT, BUSY))
    way_back.keep(desk.visit("cora"), id, 0, way(*steps))
    return id


def back(desk, id, who, *, writes=True):
    rollout.roll_back(desk.visit(who, writes=writes), id, desk.shown(id), reason=WHY)
    assert desk.now(id).state is State.ROLLED_BACK
    return desk.effects(id)


def units_of(console, name="chat"):
    return console.small.world.accounts.deployments[WEU][name].capacity


# --- written and drilled ----------------------------------------------------------------------


def test_a_way_back_is_kept_with_its_steps_and_another_one_is_not_drilled_yet(desk):
    id = desk.draft(ways=False, deployments=(CHAT, BUSY))
    way_back.keep(desk.visit("cora"), id, 0, way(UNITS_BACK, FILTER_BACK, TASK))
    it = kept(desk, id)[0]
    assert it.steps == (UNITS_BACK, FILTER_BACK, TASK)
    assert (it.trigger, it.said_by, it.drill_result) == ("a severe complaint", "contoso/cora", "")
    desk.drill(id, 0, note="in the evening")
    it = kept(desk, id)[0]
    assert (it.drill_minutes, it.drill_result, it.drill_note) == (20, "worked", "in the evening")
    assert (it.drilled_by, it.drilled_at) == ("contoso/cora", desk.clock())
    way_back.keep(desk.visit("cora"), id, 0, way(TASK))
    assert (kept(desk, id)[0].drilled_at, kept(desk, id)[0].drill_result) == (None, "")


def test_a_drill_that_took_too_long_or_did_not_work_is_none(desk):
    id = desk.draft()
    for told, result in (({"minutes": 61}, "too slow"), ({"worked": False}, "failed")):
        desk.drill(id, 0, note="the group stayed open", **told)
        assert kept(desk, id)[0].drill_result == result
    with pytest.raises(OutOfRange, match="Say what"):
        desk.drill(id, 0, worked=False)
    for minutes in (0, 99_999):
        with pytest.raises(OutOfRange, match="A drill takes"):
            desk.drill(id, 0, minutes=minutes)


@pytest.mark.parametrize("who", ["maria", "mark", "paul", "vera", "otto"])
def test_ways_back_are_for_those_who_run_rollouts(desk, who):
    id = desk.draft()
    with pytest.raises(NotAllowed, match="run rollouts"):
        way_back.keep(desk.visit(who), id, 0, WAY)
    with pytest.raises(NotAllowed, match="run rollouts"):
        way_back.drill(desk.visit(who), id, 0, minutes=3, worked=True)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"steps": ()}, "1 to 20 steps"),
        ({"steps": (TASK,) * 21}, "1 to 20 steps"),
        ({"steps": ({"lever": "capacity"},)}, "A step is a lever"),
        ({"steps": ("close it",)}, "A step is a lever"),
        ({"steps": ({**UNITS_BACK, "lever": "tags"},)}, "capacity or filter"),
        ({"steps": ({**UNITS_BACK, "resource": QUIET},)}, "of this rollout"),
        ({"steps": ({**UNITS_BACK, "target": "12"},)}, "whole number"),
        ({"steps": ({**UNITS_BACK, "target": 0},)}, "whole number"),
        ({"steps": ({**UNITS_BACK, "target": True},)}, "whole number"),
        ({"steps": ({**FILTER_BACK, "target": 7},)}, "by its name"),
        ({"steps": (UNITS_BACK, {**FILTER_BACK, "resource": CHAT})}, "by one lever"),
        ({"steps": ({**TASK, "minutes": 61},)}, "1 minute to the 60"),
        ({"steps": ({**TASK, "minutes": 0},)}, "1 minute to the 60"),
        ({"steps": ({**TASK, "task": " "},)}, "printable characters"),
        ({"most_minutes": 0}, "minutes"),
        ({"owner": ""}, "an owner"),
        ({"trigger": " "}, "a trigger"),
        ({"words": "x" * 301}, "printable"),
    ],
)
def test_a_way_back_that_cannot_be_is_refused_in_words(desk, told, said):
    id = desk.draft(deployments=(CHAT, BUSY))
    before = kept(desk, id)
    steps = told.pop("steps", (TASK,))
    with pytest.raises(OutOfRange, match=said):
        way_back.keep(desk.visit("cora"), id, 0, way(*steps, **told))
    assert kept(desk, id) == before


def test_where_nobody_will_go_there_is_no_way_back_to_write(desk):
    id = desk.running()
    for number in (-1, 3):
        with pytest.raises(OutOfRange, match="no such phase"):
            way_back.keep(desk.visit("cora"), id, number, WAY)
    desk.further(id)
    with pytest.raises(OutOfRange, match="Pilot is passed"):
        desk.drill(id, 0)
    rollout.abort(desk.visit("cora"), id, desk.shown(id), reason=WHY)
    with pytest.raises(OutOfRange, match="is aborted"):
        way_back.keep(desk.visit("cora"), id, 1, WAY)
    lacking = desk.draft(ways=False)
    with pytest.raises(OutOfRange, match="no way back yet from Pilot"):
        desk.drill(lacking, 0)


# --- taken ------------------------------------------------------------------------------------


def test_a_rollback_is_one_plan_and_tasks_with_a_timer(console, desk):
    by_hand = filtering.policy(
        console.visit("ada"), WEU, "strict", made(console, TIGHT), repoint=[BUSY]
    )
    assert after(console, by_hand).state is PlanState.DONE
    assert units_of(console) != 12
    id = begun(desk, UNITS_BACK, {**FILTER_BACK, "target": "strict"}, TASK)
    # BUSY is where it is to be already: only CHAT is put back.
    effects = back(desk, id, "ada")
    (asked_of,) = asked(desk, id)
    assert effects == {"plan": by_hand + 1, "refused": "", "tasks": [asked_of.id]}
    found = plan(console, by_hand + 1)
    assert [(leg.lever, leg.resource) for leg in found.legs] == [("capacity", CHAT)]
    assert (found.title, found.reason) == ("Roll back Shop chat", WHY)
    assert (found.state, found.policy) == (PlanState.CONFIRMED, "")
    assert (asked_of.title, asked_of.owner) == (TASK["task"], "contoso/mark")
    assert asked_of.due_at - asked_of.asked_at == timedelta(minutes=30)
    assert after(console, found.id).state is PlanState.DONE
    assert units_of(console) == 12


def test_what_weakens_a_filter_wants_a_second_person_on_the_way_back_too(console, desk):
    by_hand = filtering.policy(
        console.visit("ada"), WEU, "strict", made(console, TIGHT), repoint=[BUSY]
    )
    assert after(console, by_hand).state is PlanState.DONE
    effects = back(desk, begun(desk, UNITS_BACK, FILTER_BACK), "ada")
    found = plan(console, effects["plan"])
    assert found.state is PlanState.PROPOSED
    assert "becomes looser" in found.policy
    assert {leg.lever for leg in found.legs} == {"filter", "capacity"}
    assert policy_of(console, BUSY) == "strict"


@pytest.mark.parametrize(
    ("who", "writes", "said"),
    [("cora", True, "may not change quota"), ("ada", False, "read-only")],
)
def test_what_is_refused_is_a_task_and_the_rollout_is_rolled_back_all_the_same(
    desk, console, who, writes, said
):
    id = begun(desk, UNITS_BACK, TASK)
    effects = back(desk, id, who, writes=writes)
    assert effects["plan"] is None
    assert said in effects["refused"]
    first, second = asked(desk, id)
    assert effects["tasks"] == [first.id, second.id]
    assert (first.title, first.owner) == (
        "Set aoai-small-weu/chat to 12 units",
        "contoso/cora",
    )
    assert first.due_at - first.asked_at == timedelta(minutes=60)
    assert pending(console) == []


def test_more_than_the_pool_holds_is_refused_like_everywhere(desk):
    effects = back(desk, begun(desk, {**UNITS_BACK, "target": 100_000}), "ada")
    assert "too many" in effects["refused"]
    assert (effects["plan"], len(effects["tasks"])) == (None, 1)


def test_where_all_is_as_it_is_to_be_there_is_no_plan(desk, console):
    here = {**UNITS_BACK, "target": units_of(console)}
    effects = back(desk, begun(desk, here, FILTER_BACK), "ada")
    assert effects == {"plan": None, "refused": "", "tasks": []}


def test_the_same_click_takes_one_way_back(desk, console):
    id = begun(desk, UNITS_BACK, TASK)
    shown = desk.shown(id)
    for _ in range(2):
        rollout.roll_back(desk.visit("ada"), id, shown, reason=WHY)
    assert len(pending(console)) == 1
    assert len(asked(desk, id)) == 1


# --- tasks ------------------------------------------------------------------------------------


@pytest.fixture
def duty(desk):
    """The number of a task of Mark's."""
    id = begun(desk, TASK)
    (number,) = back(desk, id, "cora")["tasks"]
    return number


def task_of(desk, number):
    with desk.store.reading() as session:
        return tasks.find(session, number)


@pytest.mark.parametrize("who", ["mark", "cora", "ada"])
def test_a_task_is_done_by_whom_it_was_asked_of_or_who_runs_rollouts(desk, duty, who):
    with desk.store.reading() as session:
        assert [it.id for it in tasks.waiting(session)] == [duty]
    task.done(desk.visit(who), duty, note="The group is closed.")
    it = task_of(desk, duty)
    assert (it.done_by, it.done_at, it.note) == (
        f"contoso/{who}",
        desk.clock(),
        "The group is closed.",
    )
    with pytest.raises(Outdated, match="already"):
        task.done(desk.visit("cora"), duty, note="Again.")
    with desk.store.reading() as session:
        assert tasks.waiting(session) == []
    assert audit.trail(desk.store).iloc[1]["what"] == f"finish task {duty}"


@pytest.mark.parametrize("who", ["maria", "paul", "vera", "otto"])
def test_nobody_else_finishes_it_and_what_never_was_is_refused_in_the_same_words(desk, duty, who):
    with pytest.raises(NotAllowed) as refusal:
        task.done(desk.visit(who), duty, note="Done.")
    with pytest.raises(NotAllowed) as other:
        task.done(desk.visit(who), 999, note="Done.")
    assert refusal.value.words == other.value.words
    assert task_of(desk, duty).done_at is None


@pytest.mark.parametrize("note", ["", "  ", "x" * 301])
def test_a_task_is_done_with_words_only(desk, duty, note):
    with pytest.raises(OutOfRange):
        task.done(desk.visit("mark"), duty, note=note)
    assert task_of(desk, duty).done_at is None


# --- planning ---------------------------------------------------------------------------------


@pytest.fixture
def planner(console):
    with console.store.begin() as session:
        templates.add(session, Template("three", 1, "Three phases", PHASES, at=console.clock()))
    return console.visit("cora")


def wanted(**told):
    named = {
        "owner": "contoso/cora", "sponsor": "contoso/maria", "units": ("retail",),
        "deployments": (CHAT,), "template": "three", "version": 1, **told,
    }  # fmt: skip
    return Wanted(**{"title": "Shop chat", "workload": "shop-chat", **named})


def test_a_rollout_is_planned_from_a_template(console, planner):
    starts = console.clock() + timedelta(days=1)
    days = {"pilot": (starts, starts + timedelta(days=20))}
    id = rollout.plan(planner, wanted(planned={"growth": 300}, dates=days))
    it = Desk.now(console, id)
    assert (it.state, it.proposer, it.template) == (State.DRAFT, "contoso/cora", "three")
    assert [phase.cohort.planned for phase in it.phases] == [20, 300, 20]
    assert (it.phases[0].planned_start, it.phases[0].planned_end) == days["pilot"]
    assert {c.kind for c in it.phases[0].criteria} == {Kind.METRIC}


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"people": {"retail": 299}, "planned": {"growth": 300}}, "the units have 299"),
        ({"planned": {"pilot": 0}}, "at least one person"),
        ({"template": "none"}, "Choose a template"),
        ({"version": 2}, "Choose a template"),
        ({"owner": "Cora Diaz"}, "whom this console knows"),
        ({"sponsor": ""}, "whom this console knows"),
        ({"units": ()}, "at least one business unit"),
        ({"units": ("moon",)}, "Choose business units"),
        ({"title": " "}, "has a title"),
        ({"workload": "x" * 301}, "printable"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_words(console, planner, told, said):
    with pytest.raises(OutOfRange, match=said):
        rollout.plan(planner, wanted(**told))
    assert Desk.now(console, 1) is None


def test_an_end_before_its_start_is_refused(console, planner):
    now = console.clock()
    with pytest.raises(OutOfRange, match="after the start"):
        rollout.plan(planner, wanted(dates={"pilot": (now, now - timedelta(days=1))}))
    days = {"pilot": (now, now + timedelta(days=9)), "growth": (now, now + timedelta(days=9))}
    with pytest.raises(OutOfRange, match="starts before"):
        rollout.plan(planner, wanted(dates=days))


@pytest.mark.parametrize("resource", [f"{WEU}/deployments/nowhere", "", "/d/1"])
def test_a_rollout_is_of_deployments_that_its_planner_sees(planner, resource):
    with pytest.raises(NotAllowed, match="This deployment is not among those"):
        rollout.plan(planner, wanted(deployments=(CHAT, resource)))
    assert rollout.plan(planner, wanted(deployments=(CHAT,), paired=((CHAT, ASSIST),))) == 1


@pytest.mark.usefixtures("planner")
def test_rollouts_are_planned_by_those_who_run_them(console):
    for person in CAST:
        visit = console.visit(person.id)
        if person.id in ("ada", "alan", "cora"):
            assert rollout.plan(visit, wanted()) > 0
        else:
            with pytest.raises(NotAllowed, match="run rollouts"):
                rollout.plan(visit, wanted())
