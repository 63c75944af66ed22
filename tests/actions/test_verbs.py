"""Every verb for every person of the cast, and what a verb refuses whoever asks."""

import inspect
import pkgutil
from dataclasses import replace
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

import actions
from actions import approve, assign, deploy, refresh, resolve, rollout, simulate, undo, withdraw
from actions.price import Offer
from actions.visit import Visit
from domain.faults import NotAllowed, OutOfRange, ReadOnly, Refused, Rejected
from domain.making import Wanted
from domain.plans import Leg, Plan, State
from domain.readiness import Says
from domain.roles import CAST, Permission, stranger
from domain.templates import Template
from domain.units import CONTOSO
from reads import audit, sources
from simulator.orders import KINDS
from store import plans, units
from tests.world import ASSIST, BUSY, CHAT, QUIET, SDC, SMALL, WEU

WANTED = Wanted("OpenAI", "gpt-4o", "2024-11-20", "Standard", 20)
NOWHERE = f"{WEU}/deployments/nowhere"
SIGHT = "This deployment is not among those you may change. Ask an administrator for the role."
SIMULATE = {it.id for it in CAST}
COLLECT = {"ada", "alan", "maria", "mark", "cora"}
TAG = {"ada", "alan", "maria"}
"""Of those whose role may change tags, Mark's units do not hold CHAT."""


def trail(console):
    """(who, what, came, detail), oldest first, without what the worker wrote."""
    rows = audit.trail(console.store).iloc[::-1]
    told = rows[["who", "what", "came", "detail"]].itertuples(index=False, name=None)
    return [it for it in told if it[0] != "worker"]


def pending(console):
    with console.store.reading() as session:
        return plans.latest(session)


def done(console, resource=CHAT, **changes):
    """The number of a plan that was carried out."""
    (number,) = assign.deployments(console.visit("ada"), [resource], **changes)
    for _ in range(2):
        console.worker.run_once()
    with console.store.reading() as session:
        assert plans.find(session, number).state is State.DONE
    return number


# --- every verb, every person -----------------------------------------------------------------


VERBS = [
    ("assign", TAG, lambda visit: assign.deployments(visit, [CHAT], owner="leo")),
    ("undo", TAG, lambda visit: undo.change(visit, 1)),
    ("refresh", COLLECT, lambda visit: refresh.now(visit, ["usages"])),
    ("reset", SIMULATE, lambda visit: simulate.reset(visit, "small")),
    ("move the clock", SIMULATE, lambda visit: simulate.move_clock(visit, 1)),
    ("order the fault", SIMULATE, lambda visit: simulate.fault(visit, "drop")),
    (
        "let a portal user",
        SIMULATE,
        lambda visit: simulate.interfere(visit, CHAT, 5, "later", 60),
    ),
    ("clear", SIMULATE, lambda visit: simulate.clear(visit)),
]


@pytest.mark.parametrize(("name", "allowed", "verb"), VERBS, ids=[it[0] for it in VERBS])
def test_a_verb_is_for_those_who_may_and_refusals_are_audited(console, name, allowed, verb):
    done(console, owner="mira")
    for person in CAST:
        before = len(trail(console))
        visit = console.visit(person.id)
        if person.id in allowed:
            verb(visit)
            for _ in range(2):
                console.worker.run_once()
        else:
            with pytest.raises(NotAllowed):
                verb(visit)
        ((who, what, came, detail),) = trail(console)[before:]
        assert who == person.key
        assert what.startswith(name)
        assert came == ("asked" if person.id in allowed else "refused")
        assert bool(detail) is (person.id not in allowed)
        if name in ("assign", "undo") and person.id in allowed:
            restore(console)
    assert audit.broken(console.store) is None


def restore(console):
    """Let plan 1 be what was done last, so that the next person can undo it too."""
    chat = console.small.world.accounts.deployments[WEU]["chat"]
    chat.tags = {"business-unit": "retail-online", "owner": "mira"}
    console.collector.look_again(CHAT)


ALLOCATE = {"ada", "alan"}
APPROVE = ALLOCATE | {"paul", "tess", "bea", "sam"}
QUOTA = [
    ("approve plan", APPROVE, lambda visit: approve.plan(visit, 1, fingerprint="")),
    ("decline plan", APPROVE, lambda visit: approve.decline(visit, 1, comment="no")),
    ("withdraw plan", TAG | {"mark"}, lambda visit: withdraw.plan(visit, 1)),
    ("adopt", ALLOCATE, lambda visit: resolve.adopt(visit, 1, reason="so")),
    ("restore", ALLOCATE, lambda visit: resolve.restore(visit, 1, reason="so")),
    ("create", ALLOCATE, lambda visit: deploy.create(visit, WEU, "x", WANTED)),
    ("delete", ALLOCATE, lambda visit: deploy.delete(visit, CHAT, named="")),
    ("upgrade policy", ALLOCATE, lambda visit: deploy.upgrade(visit, CHAT, "")),
]
"""Verbs that are tried in the void: whoever may is refused for another reason than the role."""


@pytest.mark.parametrize(("name", "allowed", "verb"), QUOTA, ids=[it[0] for it in QUOTA])
def test_a_role_opens_what_it_should_and_no_more(console, name, allowed, verb):
    for person in CAST:
        words = ""
        try:
            verb(console.visit(person.id))
        except Refused as refusal:
            words = refusal.words
        assert (f"({person.role}) may not" in words) is (person.id not in allowed), person.id
        who, what, came, _ = trail(console)[-1]
        assert (who, what.startswith(name)) == (person.key, True)
        assert came == ("refused" if words else "asked")


def test_every_verb_is_tried():
    written = "".join(it.read_text() for it in Path(__file__).parent.glob("test_*.py"))
    tried = {_called(it.__module__) + "." + it.__name__ for it in verbs()}
    assert [it for it in sorted(tried) if f"{it}(" not in written] == []


def _called(module):
    """What the tests call a room of verbs; one has the name of a function of Python's own."""
    return {"actions.filter": "filtering"}.get(module, module.removeprefix("actions."))


def test_a_stranger_may_nothing(console):
    visit = replace(console.visit("ada"), person=stranger("contoso", "eve"))
    for _, _, verb in VERBS:
        with pytest.raises(NotAllowed):
            verb(visit)
    assert {it[0] for it in trail(console)} == {"contoso/eve"}
    assert pending(console) == []


# --- the shape of a verb ----------------------------------------------------------------------


SHARED = (
    *("visit", "sight", "proposing", "dating", "ruled", "obstacles", "guarding"),
    *("rolling", "restoring"),
)


AT_THE_DOOR = {"sign_in.present", "sign_in.leave"}
"""Who comes in or goes is nobody yet, or no more: there is no visit to ask."""


def verbs():
    """Every public function of actions/* that takes a visit, besides what verbs share, which is no
    verb."""
    for module in pkgutil.iter_modules(actions.__path__):
        if module.name in SHARED:
            continue
        room = import_module(f"actions.{module.name}")
        for name, function in inspect.getmembers(room, inspect.isfunction):
            public = not name.startswith("_") and function.__module__ == room.__name__
            if public and f"{module.name}.{name}" not in AT_THE_DOOR:
                yield function


@pytest.mark.parametrize("verb", list(verbs()), ids=lambda it: f"{it.__module__}.{it.__name__}")
def test_every_verb_takes_the_visit_first_and_attempts_with_a_permission(verb):
    first = next(iter(inspect.signature(verb).parameters.values()))
    assert first.name == "visit"
    assert first.annotation is Visit
    asked = inspect.getsource(verb).split("visit.attempt(", 1)
    assert len(asked) == 2, "no attempt"
    permission = asked[1].lstrip().split(",")[0].removeprefix("Permission.")
    assert permission in Permission.__members__
    assert "raises refused" in " ".join(verb.__doc__.split()).lower()


@pytest.mark.parametrize("verb", list(verbs()), ids=lambda it: f"{it.__module__}.{it.__name__}")
def test_no_verb_does_anything_before_it_may(console, verb):
    """Called with nonsense by somebody who may nothing, it refuses before it looks."""
    visit = replace(console.visit("ada"), person=stranger("contoso", "eve"), simulator=None)
    needed = [
        it
        for it in inspect.signature(verb).parameters.values()
        if it.default is inspect.Parameter.empty
    ][1:]
    nonsense = {
        "resources": [],
        "plan": -1,
        "hours": -1.0,
        "scenario": "",
        "kind": "",
        "topics": [],
        "resource": "",
        "capacity": -1,
        "moment": "",
        "fingerprint": "",
        "guaranteed": -1,
        "comment": "",
        "reason": "",
        "account": "",
        "name": "",
        "spec": WANTED,
        "named": "",
        "option": "",
        "targets": {},
        "pool": "",
        "unit": "",
        "amount": -1,
        "id": -1,
        "status": "",
        "note": "",
        "request": -1,
        "deleted": "",
        "month": "",
        "currency": "",
        "generation": -1,
        "cause": "",
        "number": "",
        "data": b"",
        "by": "",
        "value": "",
        "told": {},
        "rule": "",
        "starts": None,
        "ends": None,
        "grain": "",
        "thresholds": (),
        "readings": [],
        "offer": Offer("EUR", date(2026, 11, 1)),
        "body": {},
        "deployments": [],
        "policy": "",
        "key": "",
        "title": "",
        "audience": "",
        "environment": "",
        "least": {},
        "mode": "",
        "version": -1,
        "justification": "",
        "reviewer": "",
        "review_by": None,
        "exemption": -1,
        "approves": True,
        "wanted": rollout.Wanted("", "", "", "", (), (), "", -1),
        "shown": None,
        "grant": "",
        "mark": "",
        "phase": -1,
        "way": None,
        "minutes": -1,
        "worked": True,
        "change": None,
        "score": None,
        "step": "",
        "assessed_on": None,
        "assessor": "",
        "known": (),
        "owner": "",
        "item": "",
        "met": True,
        "evidence": "",
        "theme": "",
        "severity": "",
        "words": "",
        "said_on": None,
        "text": "",
        "asked": -1,
        "answered": -1,
        "deployment": "",
        "dataset": "",
        "metric": "",
        "pairs": -1,
        "ran_at": None,
        "template": Template("", 0, "", ()),
        "says": Says.WAIVED,
        "asked_at": None,
        "tenant": "",
        "person": "",
    }
    with pytest.raises(NotAllowed, match="may not"):
        verb(visit, **{it.name: nonsense[it.name] for it in needed})


# --- what is out of sight ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "resource",
    [
        ASSIST,
        NOWHERE,
        WEU,
        SDC,
        CHAT.upper(),
        "",
        "chat",
        CHAT.replace(SMALL, "00000000-0000-0000-0000-000000000000"),
        f"{CHAT}/../busy",
        "' OR 1=1 --",
    ],
)
def test_out_of_scope_and_non_existent_are_refused_in_the_same_words(console, resource):
    """ASSIST exists, and belongs to no unit of Maria's."""
    with pytest.raises(NotAllowed) as refusal:
        assign.deployments(console.visit("maria"), [resource], owner="leo")
    assert refusal.value.words == SIGHT
    assert trail(console)[-1][2:] == ("refused", SIGHT)
    assert pending(console) == []


def test_an_admin_sees_what_belongs_to_nobody(console):
    assert assign.deployments(console.visit("ada"), [ASSIST], owner="leo") == [1]


def test_the_units_below_ones_own_are_seen(console):
    assert assign.deployments(console.visit("maria"), [CHAT], owner="leo") == [1]


@pytest.mark.parametrize("unit", ["retail", "retail-stores"])
def test_a_manager_moves_within_own_units(console, unit):
    assert assign.deployments(console.visit("maria"), [CHAT], unit=unit) == [1]


def test_a_manager_moves_nothing_into_the_units_of_others(console):
    with pytest.raises(NotAllowed, match="Maria Merian may not act on Finance"):
        assign.deployments(console.visit("maria"), [CHAT], unit="finance")


def test_a_plan_out_of_sight_and_one_that_never_was_are_refused_in_the_same_words(console):
    number = done(console, owner="mira")
    for wanted in (number, 999, -1):
        with pytest.raises(NotAllowed) as refusal:
            undo.change(console.visit("mark"), wanted)
        assert refusal.value.words == SIGHT


def test_a_change_under_way_out_of_sight_is_not_given_away(console):
    number = done(console, owner="mira")
    assign.deployments(console.visit("ada"), [CHAT], owner="leo")
    with pytest.raises(NotAllowed) as refusal:
        undo.change(console.visit("mark"), number)
    assert refusal.value.words == SIGHT


def test_undo_brings_nothing_back_to_the_units_of_others(console):
    console.small.world.accounts.deployments[WEU]["chat"].tags = {"business-unit": "finance"}
    console.collected(minutes=5)
    number = done(console, unit="retail")
    with pytest.raises(NotAllowed, match="may not act on Finance"):
        undo.change(console.visit("maria"), number)
    assert undo.change(console.visit("ada"), number) > number


# --- what cannot be ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resources", "changes", "words"),
    [
        ([CHAT], {}, "at least one"),
        ([], {"owner": "leo"}, "at least one"),
        ([CHAT], {"unit": "retial"}, "business unit of the list"),
        ([CHAT], {"unit": "Retail"}, "business unit of the list"),
        ([CHAT], {"unit": "   "}, "business unit of the list"),
        ([CHAT], {"unit": "unassigned"}, "business unit of the list"),
        ([CHAT], {"owner": "x" * 257}, "256 printable characters, not 257"),
        ([CHAT], {"owner": "a\nb"}, "printable"),
        ([CHAT], {"environment": "a\0b"}, "printable"),
        ([CHAT], {"owner": "\u202egpj.exe"}, "printable"),
        ([CHAT], {"owner": "\ud800"}, "printable"),
        ([CHAT], {"unit": "retail-online"}, "these tags already"),
        ([CHAT], {"owner": ""}, "these tags already"),
        ([CHAT], {"standby": False}, "these tags already"),
        ([f"{CHAT}-{at}" for at in range(101)], {"owner": "leo"}, "100 deployments"),
    ],
)
def test_what_cannot_be_is_refused_and_audited(console, resources, changes, words):
    with pytest.raises(OutOfRange, match=words):
        assign.deployments(console.visit("ada"), resources, **changes)
    assert trail(console)[-1][2] == "refused"
    assert words in trail(console)[-1][3]
    assert pending(console) == []


def test_a_change_under_way_keeps_others_off(console):
    assign.deployments(console.visit("ada"), [CHAT], owner="leo")
    with pytest.raises(OutOfRange, match="aoai-small-weu/chat is still under way"):
        assign.deployments(console.visit("alan"), [CHAT], owner="mira")
    for _ in range(2):
        console.worker.run_once()
    assert assign.deployments(console.visit("alan"), [CHAT], owner="mira") == [2]


def test_all_or_none(console):
    with pytest.raises(NotAllowed):
        assign.deployments(console.visit("ada"), [CHAT, BUSY, NOWHERE], owner="leo")
    assert pending(console) == []
    assert [it[2] for it in trail(console)] == ["refused"]
    assert assign.deployments(console.visit("ada"), [CHAT, BUSY, QUIET], owner="leo") == [1, 2, 3]
    assert [it[2] for it in trail(console)] == ["refused", "asked"]


def test_the_same_deployment_twice_is_one_plan(console):
    assert assign.deployments(console.visit("ada"), [CHAT, CHAT], owner="leo") == [1]


def test_a_plan_says_what_there_was_and_what_is_wanted(console):
    assign.deployments(
        console.visit("ada"),
        [CHAT],
        owner=" leo ",
        environment="Prod",
        standby=True,
        reason=" why ",
    )
    (plan,) = pending(console)
    (leg,) = plan.legs
    assert leg.before == '{"business-unit": "retail-online"}'
    assert leg.target == (
        '{"business-unit": "retail-online", "environment": "Prod", "owner": "leo",'
        ' "standby": "true"}'
    )
    assert (plan.reason, plan.proposer, plan.state) == ("why", "contoso/ada", State.CONFIRMED)
    assert leg.etag.startswith('"')
    assert leg.unit == "retail-online"


def test_a_read_only_console_takes_no_plans(console):
    visit = console.visit("ada", writes=False)
    number = done(console, owner="mira")
    for verb in (
        lambda: assign.deployments(visit, [CHAT], owner="leo"),
        lambda: undo.change(visit, number),
    ):
        with pytest.raises(ReadOnly, match="read-only"):
            verb()
        assert trail(console)[-1][2] == "refused"


@pytest.mark.parametrize("state", sorted(set(State) - {State.DONE}))
def test_only_what_was_done_can_be_undone(console, state):
    legs = (Leg("tags", CHAT, "1", "{}", "{}"),)
    plan = Plan(legs, "contoso/ada", "", console.clock())
    with console.store.begin() as session:
        number = plans.add(session, replace(plan, state=state))
    with pytest.raises(OutOfRange, match="was not carried out"):
        undo.change(console.visit("ada"), number)


def test_what_is_being_undone_is_not_undone_twice(console):
    number = done(console, owner="mira")
    undo.change(console.visit("ada"), number)
    with pytest.raises(OutOfRange, match="under way"):
        undo.change(console.visit("alan"), number)


# --- refresh ----------------------------------------------------------------------------------


def test_refresh_makes_everything_due_but_what_azure_wants_asked_sparingly(console):
    told = sources.sources(console.store).set_index("topic")
    rare = ["metrics", "ledger", "booked", "harms"]
    assert refresh.now(console.visit("cora")) == len(told) - 4
    due = sources.sources(console.store).set_index("topic")["due_at"]
    assert due.drop(rare).max() <= console.clock()
    assert due[rare].tolist() == told.loc[rare, "due_at"].tolist()
    assert due[rare].min() > console.clock()
    console.clock.move(minutes=5)
    assert refresh.now(console.visit("cora")) == len(told) - 3
    console.clock.move(hours=6)
    assert refresh.now(console.visit("cora")) == len(told)


def test_however_often_somebody_refreshes_metrics_are_asked_once_in_five_minutes(made):
    console = made(cloud="public").collected()
    so_far = len(console.wire.requests)
    for _ in range(9):
        console.clock.move(seconds=30)
        refresh.now(console.visit("cora"))
        console.collector.run_once()
    assert not [it for it in console.wire.requests[so_far:] if "getbatch" in it.path]


def test_refresh_of_one_topic_leaves_the_others(console):
    assert refresh.now(console.visit("cora"), ["usages"]) == 1
    due = sources.sources(console.store).set_index("topic")["due_at"]
    assert due["usages"] == console.clock()
    assert (due.drop("usages") > console.clock()).all()


def test_refresh_of_a_topic_that_there_is_not(console):
    with pytest.raises(OutOfRange, match="weather is not collected"):
        refresh.now(console.visit("cora"), ["usages", "weather"])


# --- simulate ---------------------------------------------------------------------------------


def test_the_faults_that_can_be_ordered_are_those_of_the_simulator():
    assert sorted(simulate.KINDS) == sorted(KINDS)


@pytest.mark.parametrize("kind", simulate.KINDS)
def test_every_fault_can_be_ordered_and_cleared(console, kind):
    visit = console.visit("vera")
    simulate.fault(visit, kind, path="/deployments", method="GET", times=2, seconds=1)
    (order,) = console.small.control.state()["faults"]
    assert (order["kind"], order["path"], order["times"]) == (kind, "/deployments", 2)
    simulate.clear(visit)
    assert console.small.control.state()["faults"] == []


@pytest.mark.parametrize("hours", [0, -1, 1_441, float("nan"), float("inf")])
def test_the_clock_goes_forward_and_not_too_far(console, hours):
    with pytest.raises(OutOfRange, match="moves forward"):
        simulate.move_clock(console.visit("vera"), hours)


def test_moving_the_clock(console):
    simulate.move_clock(console.visit("vera"), 2)
    assert console.small.control.state()["offset_seconds"] == 7_200


@pytest.mark.parametrize(("kind", "times"), [("explode", 1), ("drop", 0)])
def test_a_fault_that_there_is_not(console, kind, times):
    with pytest.raises(OutOfRange):
        simulate.fault(console.visit("vera"), kind, times=times)


def test_a_scenario_that_there_is_not(console):
    with pytest.raises(OutOfRange, match="no scenario mars"):
        simulate.reset(console.visit("vera"), "mars")


def test_a_reset_has_everything_collected_again(console):
    console.clock.move(seconds=1)
    simulate.reset(console.visit("vera"), "scale-1000")
    due = sources.sources(console.store)["due_at"]
    assert (due <= console.clock()).all()
    assert console.small.control.state()["scenario"] == "scale-1000"


def test_nothing_can_be_simulated_on_a_real_cloud(console):
    real = replace(console.visit("ada"), simulator=None)
    for verb in (
        lambda: simulate.reset(real, "small"),
        lambda: simulate.move_clock(real, 1),
        lambda: simulate.fault(real, "drop"),
        lambda: simulate.clear(real),
    ):
        with pytest.raises(NotAllowed, match="Only the local cloud"):
            verb()
        assert trail(console)[-1][2] == "refused"


def test_a_simulator_that_says_no_leaves_no_trace_of_a_success(console):
    class Refusing:
        def clear(self):
            raise Rejected("No.")

    with pytest.raises(Rejected):
        simulate.clear(replace(console.visit("ada"), simulator=Refusing()))
    assert trail(console) == []


def test_names_of_units_are_those_of_the_store(console):
    """A verb goes by the administrators' tree, not by the one in the code."""
    with console.store.begin() as session:
        units.keep(session, replace(CONTOSO, units={"retail": CONTOSO.units["retail"]}))
    with pytest.raises(OutOfRange, match="of the list"):
        assign.deployments(console.visit("ada"), [CHAT], unit="finance")
