"""Rollouts are moved by those who may, by the gate as it is, once, and along one path."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from actions import approve_gate, rollout
from domain.adjusting import Change
from domain.braking import WATCHER, Safeguard
from domain.criteria import Verdict
from domain.faults import NotAllowed, Outdated, OutOfRange, Refused
from domain.roles import CAST
from domain.rollouts import ENDS, MAY, UNDER_WAY, Move, Stage, State
from reads import audit
from store import people
from store.engine import opened
from tests import pg
from tests.mutants import Mutant, copied
from tests.rolled import GRANTED, PHASES, QUALITY, Desk, click, phase

WHY = "the pilots have seen enough of it"
GUARDS = (Safeguard(QUALITY),)
ROLL = {"ada", "alan", "cora"}
OTHERS = {"ada", "alan"}
"""Admins who neither planned nor own what Cora did."""


@pytest.fixture
def desk(url):
    store = opened(url)
    yield Desk(store)
    store.close()


@pytest.fixture(scope="module")
def server():
    with pg.server() as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def anywhere(request, url):
    """A desk on either database."""
    if request.param == "sqlite":
        store = opened(url)
        yield Desk(store)
        store.close()
        return
    with pg.database(request.getfixturevalue("server")) as fresh:
        store = opened(fresh)
        yield Desk(store)
        store.close()


def last(desk):
    """(who, what, came, detail) of the newest row of the audit trail."""
    row = audit.trail(desk.store).iloc[0]
    return row["who"], row["what"], row["came"], row["detail"]


# --- every move, every person -----------------------------------------------------------------


MOVES = [
    ("make rollout", ROLL, Desk.draft, lambda v, id, it: rollout.prepare(v, id, it)),
    ("start", ROLL, Desk.ready, lambda v, id, it: rollout.start(v, id, it)),
    ("advance", ROLL, Desk.asking, lambda v, id, it: rollout.advance(v, id, it)),
    ("override", OTHERS, Desk.running, lambda v, id, it: rollout.override(v, id, it, reason=WHY)),
    ("pause", ROLL, Desk.running, lambda v, id, it: rollout.pause(v, id, it, reason=WHY)),
    ("resume", ROLL, Desk.running, lambda v, id, it: rollout.resume(v, id, it)),
    ("roll back", ROLL, Desk.running, lambda v, id, it: rollout.roll_back(v, id, it, reason=WHY)),
    ("abort", ROLL, Desk.running, lambda v, id, it: rollout.abort(v, id, it, reason=WHY)),
    (
        "adjust",
        ROLL,
        Desk.running,
        lambda v, id, it: rollout.adjust(v, id, 0, Change(reached=12), it),
    ),
]


@pytest.mark.parametrize(("name", "allowed", "stand", "verb"), MOVES, ids=[it[0] for it in MOVES])
def test_a_move_is_for_those_who_may_and_is_audited(desk, name, allowed, stand, verb):
    for person in CAST:
        id = stand(desk)
        if name == "advance":
            desk.approve(id)
        if name == "resume":
            rollout.pause(desk.visit("cora"), id, desk.shown(id), reason=WHY)
        before, shown = desk.now(id), desk.shown(id)
        if person.id in allowed:
            verb(desk.visit(person.id), id, shown)
            move = desk.moves(id)[-1]
            assert (move.person, move.version) == (person.key, desk.now(id).version)
        else:
            with pytest.raises(NotAllowed):
                verb(desk.visit(person.id), id, shown)
            assert desk.now(id) == before
        who, what, came, detail = last(desk)
        assert (who, what.startswith(name)) == (person.key, True)
        assert came == ("asked" if person.id in allowed else "refused")
        assert bool(detail) is (person.id not in allowed)


def test_what_is_out_of_sight_and_what_never_was_are_refused_in_the_same_words(desk):
    id, words = desk.running(), []
    narrow = replace(desk.visit("cora").person, units=frozenset({"finance"}))
    for number in (id, 99, -1):
        with pytest.raises(NotAllowed) as refusal:
            rollout.pause(
                replace(desk.visit("cora"), person=narrow), number, desk.shown(id), reason=WHY
            )
        words.append(refusal.value.words)
    assert len(set(words)) == 1


# --- what is refused, whoever asks ------------------------------------------------------------


def test_an_approval_is_asked_for_in_words_and_nothing_is_lost(desk):
    id = desk.asking()
    desk.say(id, "paul", "product")
    before = desk.now(id)
    with pytest.raises(OutOfRange, match="the technical approval is missing"):
        rollout.advance(desk.visit("cora"), id, desk.shown(id))
    assert desk.now(id) == before
    assert [it.person for it in desk.said(id) if it.void_at is None] == ["contoso/paul"]


def test_evidence_that_has_expired_lets_nobody_through(desk):
    id = desk.asking()
    desk.approve(id)
    shown = desk.shown(id)
    desk.clock.move(days=2)
    with pytest.raises(Outdated, match="changed since"):
        rollout.advance(desk.visit("cora"), id, shown)
    with pytest.raises(OutOfRange, match="a criterion can't be told"):
        rollout.advance(desk.visit("cora"), id, desk.shown(id))
    assert desk.now(id).number == 0


def test_a_gate_that_flips_between_look_and_click_refuses(anywhere):
    desk, id = anywhere, anywhere.asking()
    desk.approve(id)
    shown, before = desk.shown(id), desk.now(id)
    desk.sweep(id, 0.0)
    with pytest.raises(Outdated, match="changed since"):
        rollout.advance(desk.visit("cora"), id, shown)
    assert desk.now(id).version == before.version
    assert {it.void_why for it in desk.said(id)} == {"the gate is another now"}
    desk.clock.move(minutes=5)
    desk.sweep(id)
    with pytest.raises(Outdated):
        rollout.advance(desk.visit("cora"), id, shown)  # the approvals were for what was
    desk.approve(id)
    rollout.advance(desk.visit("cora"), id, desk.shown(id))
    assert desk.now(id).number == 1


def test_an_approver_who_is_one_no_longer_has_not_approved(desk):
    id = desk.asking()
    desk.approve(id)
    shown = desk.shown(id)
    with desk.store.begin() as session:
        people.enrol(session, replace(desk.visit("paul").person, grants=frozenset()))
    with pytest.raises(Outdated):
        rollout.advance(desk.visit("cora"), id, shown)
    with pytest.raises(OutOfRange, match="the product approval is missing"):
        rollout.advance(desk.visit("cora"), id, desk.shown(id))


def test_a_door_of_no_return_wants_a_drill_in_time(desk):
    id = desk.running()
    desk.further(id)
    desk.bake(id)
    desk.approve(id)
    with pytest.raises(OutOfRange, match="not drilled in the last 90 days"):
        rollout.advance(desk.visit("cora"), id, desk.shown(id))
    with pytest.raises(OutOfRange, match="has to be drilled"):
        rollout.override(desk.visit("ada"), id, desk.shown(id), reason=WHY)
    desk.drill(id, 1, worked=False, note="the group could not be closed")
    desk.drill(id, 2, minutes=61)
    with pytest.raises(OutOfRange, match="not drilled"):
        rollout.advance(desk.visit("cora"), id, desk.shown(id))
    desk.drill(id, 2)
    rollout.advance(desk.visit("cora"), id, desk.shown(id))
    desk.further(id)
    assert desk.now(id).state is State.COMPLETED


@pytest.mark.parametrize(
    ("told", "said"),
    [({"ways": False}, "no way back yet"), ({"deployments": ()}, "at least one deployment")],
)
def test_a_draft_that_lacks_something_is_not_ready(desk, told, said):
    id = desk.draft(**told)
    with pytest.raises(OutOfRange, match=said):
        rollout.prepare(desk.visit("cora"), id, desk.shown(id))
    assert desk.now(id).state is State.DRAFT


def test_phases_without_any_checklist_are_not_ready(desk):
    id = desk.draft(phases=(phase("pilot", checklist=()),))
    with pytest.raises(OutOfRange, match="checklist"):
        rollout.prepare(desk.visit("cora"), id, desk.shown(id))


@pytest.mark.parametrize(
    ("verb", "reason", "said"),
    [
        (rollout.pause, " ", "Say why"),
        (rollout.abort, "", "Say why"),
        (rollout.roll_back, "", "Say why"),
        (rollout.pause, "x" * 301, "printable"),
        (rollout.pause, "a\x07bell", "printable"),
    ],
)
def test_what_ends_or_stops_it_says_why(desk, verb, reason, said):
    id = desk.running()
    before = desk.now(id)
    with pytest.raises(OutOfRange, match=said):
        verb(desk.visit("cora"), id, desk.shown(id), reason=reason)
    assert desk.now(id) == before


def test_an_override_says_at_length_why_and_shows_for_ever(desk):
    id = desk.running()
    with pytest.raises(OutOfRange, match="20 characters"):
        rollout.override(desk.visit("ada"), id, desk.shown(id), reason="because")
    rollout.override(desk.visit("ada"), id, desk.shown(id), reason=WHY)
    move = desk.moves(id)[-1]
    assert (move.move, move.person, move.reason) == (Move.OVERRIDE, "contoso/ada", WHY)
    assert json.loads(move.gate)["missing"]
    assert [it.stage for it in desk.now(id).phases[:2]] == [Stage.SKIPPED, Stage.ACTIVE]


# --- adjusting --------------------------------------------------------------------------------


def adjust(desk, id, number, **change):
    rollout.adjust(desk.visit("cora"), id, number, Change(**change), desk.shown(id))


def test_what_is_counted_and_planned_is_adjusted_and_told(desk):
    id = desk.asking()
    desk.say(id, "paul", "product")
    adjust(desk, id, 0, reached=14)
    assert desk.now(id).phases[0].cohort.reached == 14
    assert desk.effects(id) == {"phase": "Pilot", "reached": [None, 14]}
    days = desk.clock() + timedelta(days=30), desk.clock() + timedelta(days=40)
    adjust(desk, id, 1, dates=days, features=("upload",))
    growth = desk.now(id).phases[1]
    assert (growth.planned_start, growth.planned_end, growth.features) == (*days, ("upload",))
    assert desk.gate(id).gate.approved == {"product"}
    assert desk.now(id).phase.stage is Stage.ASKING


def test_another_feature_in_the_middle_is_another_thing_to_watch(desk):
    id = desk.asking()
    desk.approve(id)
    desk.clock.move(days=1)
    adjust(desk, id, 0, features=("voice", " voice "))
    assert desk.now(id).phase.features == ("voice",)
    assert desk.now(id).phase.stage is Stage.ACTIVE
    assert desk.gate(id).gate.baked == 0
    assert {it.void_why for it in desk.said(id)} == {"its features were changed"}


@pytest.mark.parametrize(
    ("number", "change", "said"),
    [
        (1, {"reached": 3}, "has not begun"),
        (0, {"reached": -1}, "fewer than nobody"),
        (0, {"dates": "now"}, "only what is to come"),
        (1, {"dates": "back"}, "after the start"),
        (1, {"features": ("",)}, "features at the most"),
        (1, {"features": ()}, "Nothing would change"),
        (7, {"reached": 3}, "no such phase"),
        (-1, {"reached": 3}, "no such phase"),
    ],
)
def test_what_cannot_be_adjusted_is_refused_in_words(desk, number, change, said):
    id, now = desk.running(), desk.clock()
    before = desk.now(id)
    dates = {"now": (now, now + timedelta(days=1)), "back": (now, now)}
    told = {k: dates[v] if k == "dates" else v for k, v in change.items()}
    with pytest.raises(OutOfRange, match=said):
        adjust(desk, id, number, **told)
    assert desk.now(id) == before


# --- separation of duties, broken on purpose --------------------------------------------------


def owner_says_yes(desk, module):
    id = desk.asking(owner="contoso/paul")
    with pytest.raises(NotAllowed, match="plan or own"):
        module.say(desk.visit("paul"), id, "product", approves=True, mark=desk.gate(id).mark)


def proposer_says_yes(desk, module):
    id = desk.asking(proposer="contoso/paul")
    with pytest.raises(NotAllowed, match="plan or own"):
        module.say(desk.visit("paul"), id, "product", approves=True, mark=desk.gate(id).mark)


def anybody_says_yes(desk, module):
    id = desk.asking()
    with pytest.raises(NotAllowed, match="is for a product approver"):
        module.say(desk.visit("ada"), id, "product", approves=True, mark=desk.gate(id).mark)


def owner_overrides(desk, module):
    id = desk.running(owner="contoso/ada")
    with pytest.raises(NotAllowed, match="neither planned nor owns"):
        module.override(desk.visit("ada"), id, desk.shown(id), reason=WHY)


def proposer_overrides(desk, module):
    id = desk.running(proposer="contoso/ada")
    with pytest.raises(NotAllowed, match="neither planned nor owns"):
        module.override(desk.visit("ada"), id, desk.shown(id), reason=WHY)


def coordinator_overrides(desk, module):
    id = desk.running(owner="contoso/maria", proposer="contoso/maria")
    with pytest.raises(NotAllowed, match="by an admin"):
        module.override(desk.visit("cora"), id, desk.shown(id), reason=WHY)


def flipped_gate_lets_through(desk, module):
    id = desk.asking()
    desk.approve(id)
    shown = desk.shown(id)
    desk.clock.move(days=1)
    desk.sweep(id)  # still good, and a day more: not what was shown
    with pytest.raises(Outdated):
        module.advance(desk.visit("cora"), id, shown)


SAY, ROLLOUT = "actions.approve_gate", "actions.rollout"
ROLES = "if visit.person.key in (it.proposer, it.owner):"
ADMIN = 'visit.person.role != "admin" or visit.person.key in (it.proposer, it.owner)'
SEEN = """if found.mark != shown.mark:
            raise Outdated("The gate has changed since this was shown.")
        return moving.advanced"""
DUTIES = [
    (Mutant("an owner approves", SAY, ROLES, ROLES.replace(", it.owner", ",")), owner_says_yes),
    (
        Mutant(
            "a proposer approves", SAY, ROLES, ROLES.replace("it.proposer, it.owner", "it.owner,")
        ),
        proposer_says_yes,
    ),
    (
        Mutant("anybody approves", SAY, "GRANTS[grant] not in visit.person.grants", "False"),
        anybody_says_yes,
    ),
    (
        Mutant(
            "an admin overrides what is theirs", ROLLOUT, ADMIN, ADMIN.replace(", it.owner", ",")
        ),
        owner_overrides,
    ),
    (
        Mutant(
            "an admin overrides what they planned",
            ROLLOUT,
            ADMIN,
            ADMIN.replace("it.proposer, it.owner", "it.owner,"),
        ),
        proposer_overrides,
    ),
    (
        Mutant("anybody overrides", ROLLOUT, 'visit.person.role != "admin" or ', ""),
        coordinator_overrides,
    ),
    (
        Mutant(
            "any gate will do", ROLLOUT, SEEN, SEEN.replace("found.mark != shown.mark", "False")
        ),
        flipped_gate_lets_through,
    ),
]


@pytest.mark.parametrize(("mutant", "notice"), DUTIES, ids=[it[0].name for it in DUTIES])
def test_duties_are_separate_and_a_broken_wall_is_noticed(desk, mutant, notice):
    notice(desk, {SAY: approve_gate, ROLLOUT: rollout}[mutant.module])
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        notice(desk, copied(mutant.module, mutant))


# --- many at once, and any history ------------------------------------------------------------


def test_fifty_people_who_click_at_once_move_it_once(anywhere):
    desk, id = anywhere, anywhere.asking()
    desk.approve(id)
    shown = desk.shown(id)

    def press(number):
        visit = desk.visit(sorted(ROLL)[number % 3])
        try:
            rollout.advance(visit, id, replace(shown, click=click()))
        except Outdated as refusal:
            return refusal.words
        return ""

    with ThreadPoolExecutor(16) as threads:
        came = list(threads.map(press, range(50)))
    assert came.count("") == 1
    assert all("moved on" in it for it in came if it)
    assert [it.move for it in desk.moves(id)].count(Move.ADVANCE) == 1
    assert [it.stage for it in desk.now(id).phases[:2]] == [Stage.PASSED, Stage.ACTIVE]
    trail = audit.trail(desk.store)
    told = trail[trail["what"].eq(f"advance rollout {id}")]["came"].tolist()
    assert (told.count("asked"), told.count("refused")) == (1, 49)


def test_the_same_click_that_arrives_often_is_one_move(anywhere):
    desk, id = anywhere, anywhere.running()
    shown = desk.shown(id)
    with ThreadPoolExecutor(8) as threads:
        list(
            threads.map(
                lambda _: rollout.pause(desk.visit("cora"), id, shown, reason=WHY), range(8)
            )
        )
    assert [it.move for it in desk.moves(id)].count(Move.PAUSE) == 1


VERBS = {
    Move.PREPARE: rollout.prepare,
    Move.START: rollout.start,
    Move.OVERRIDE: rollout.override,
    Move.PAUSE: rollout.pause,
    Move.RESUME: rollout.resume,
    Move.ABORT: rollout.abort,
    Move.ROLL_BACK: rollout.roll_back,
}


class History(RuleBasedStateMachine):
    """Whatever people click, read, approve and drill: one linear path, its inputs kept."""

    desk: Desk

    @initialize(stand=st.sampled_from([Desk.draft, Desk.running, Desk.asking, Desk.asking]))
    def begin(self, stand):
        self.id, self.fell = stand(self.desk, safeguards=GUARDS), False

    @rule(
        value=st.sampled_from([1.0, 1.0, 1.0, 0.0, None]),
        guard=st.sampled_from([1.0, 1.0, 1.0, 0.0, None]),
        days=st.integers(0, 3),
    )
    def sweep(self, value, guard, days):
        """A safeguard that falls pauses what is under way, once for the same fall."""
        for _ in range(days):
            self.desk.clock.move(days=1)
            before = self.desk.now(self.id)
            self.desk.sweep(self.id, value, guard)
            if before.number is None or before.state not in (State.RUNNING, State.PAUSED):
                continue
            brakes = guard == 0.0 and before.state is State.RUNNING and not self.fell
            assert (self.desk.now(self.id).version > before.version) is brakes
            self.fell = brakes or (self.fell and guard != 1.0)

    @rule(
        grant=st.sampled_from(sorted(GRANTED)),
        who=st.sampled_from([None, None, "ada", "cora"]),
        yes=st.booleans(),
    )
    def say(self, grant, who, yes):
        self.click(self.desk.say, self.id, who or GRANTED[grant], grant, approves=yes, comment="so")

    @rule()
    def all_say_yes(self):
        if self.desk.now(self.id).phase:
            self.click(self.desk.approve, self.id)

    @rule(number=st.integers(0, 2), worked=st.booleans())
    def drill(self, number, worked):
        self.click(self.desk.drill, self.id, number, worked=worked, note="so")

    @rule(number=st.integers(0, 2), reached=st.integers(0, 20))
    def adjust(self, number, reached):
        change = Change(reached=reached)
        shown = self.desk.shown(self.id)
        self.click(rollout.adjust, self.desk.visit("cora"), self.id, number, change, shown)

    @rule(drilled=st.booleans())
    def further(self, drilled):
        """What people do when all is well."""
        it = self.desk.now(self.id)
        if it.state is State.RUNNING:
            if drilled:
                self.click(self.desk.drill, self.id, it.number)
            self.desk.bake(self.id)
            self.fell = False
            self.click(self.desk.approve, self.id)
            self.advance()

    @rule()
    def advance(self):
        """It is let through if, and only if, nothing is missing."""
        it, found = self.desk.now(self.id), self.desk.gate(self.id)
        shown = self.desk.shown(self.id)
        came = self.click(rollout.advance, self.desk.visit("cora"), self.id, shown)
        assert came is (it.state is State.RUNNING and not found.missing)

    @rule(
        at=st.integers(0, 9),
        who=st.sampled_from(["cora", "ada", "ada", "paul"]),
        end=st.sampled_from([False, False, True]),
    )
    def what_may_be(self, at, who, end):
        """A move that may be made there; an end now and then."""
        state = self.desk.now(self.id).state
        last = set() if end else {Move.ABORT, Move.ROLL_BACK}
        if moves := sorted(MAY.get(state, set()) - last - {Move.ADVANCE, Move.ADJUST}):
            self.move(moves[at % len(moves)], who, 0)

    @rule(
        move=st.sampled_from(sorted(set(VERBS) - {Move.ABORT, Move.ROLL_BACK})),
        who=st.sampled_from(["cora", "ada", "paul"]),
        old=st.sampled_from([0, 1]),
    )
    def move(self, move, who, old):
        """Any move, wherever it stands, and by what was true a move ago."""
        shown = self.desk.shown(self.id)
        shown = replace(shown, version=shown.version - old)
        why = {} if move in (Move.PREPARE, Move.START) else {"reason": WHY}
        self.click(VERBS[move], self.desk.visit(who), self.id, shown, **why)

    def click(self, verb, *told, **named):
        """Whether it came through; what is refused changes nothing."""
        before = self.desk.now(self.id), self.desk.moves(self.id)
        try:
            verb(*told, **named)
        except Refused:
            assert (self.desk.now(self.id), self.desk.moves(self.id)) == before
            return False
        return True

    @invariant()
    def one_path(self):
        it, moves = self.desk.now(self.id), self.desk.moves(self.id)
        assert [move.version for move in moves] == list(range(1, it.version + 1))
        state, number = State.DRAFT, None
        for move in moves:
            before, after = (State(told.partition(",")[0]) for told in (move.before, move.after))
            assert before is state
            assert move.move in MAY[before]
            assert number is None or move.phase is None or move.phase >= number
            state, number = after, move.phase
            self.complete(move)
        assert it.state is state
        stages = [phase.stage for phase in it.phases]
        assert stages.count(Stage.PASSED) == [m.move for m in moves].count(Move.ADVANCE)
        assert stages.count(Stage.SKIPPED) == [m.move for m in moves].count(Move.OVERRIDE)
        assert (it.state in ENDS) is not any(
            stage in UNDER_WAY or stage is Stage.WAITING for stage in stages
        ) or it.state in (State.ABORTED, State.ROLLED_BACK)

    def complete(self, move):
        told = json.loads(move.gate)
        assert set(told) == {
            "verdict",
            "baked",
            "approved",
            "drilled",
            "missing",
            "criteria",
            "safeguards",
        }
        wanted = [] if move.phase is None else [it.key for it in PHASES[move.phase].criteria]
        assert [it["key"] for it in told["criteria"]] == wanted
        assert {it["verdict"] for it in told["criteria"]} <= set(Verdict)
        if move.move is Move.ADVANCE:
            phase = PHASES[move.phase]
            assert (told["verdict"], told["missing"]) == ("pass", [])
            assert told["baked"] >= phase.bake_days
            assert set(phase.approvals) <= set(told["approved"])
        if move.move is Move.OVERRIDE:
            assert move.person == "contoso/ada"
        if move.person == WATCHER:
            assert move.move is Move.PAUSE
            assert [it["verdict"] for it in told["safeguards"]] == ["fail"]


def test_every_history_is_one_linear_path_with_its_gate_inputs(anywhere):
    machine = type("Histories", (History,), {"desk": anywhere})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=25, stateful_step_count=20, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
