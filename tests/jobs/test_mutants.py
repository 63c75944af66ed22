"""Mistakes in the worker and in the store of plans, each noticed by a test that is there for it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import pytest

from actions import assign
from domain.faults import Fault
from domain.plans import State
from jobs import worker
from store import plans
from tests.domain import protocol_world
from tests.jobs import test_moves, test_worker
from tests.jobs.test_moves import move, pair
from tests.mutants import Mutant, copied
from tests.store import test_plans
from tests.world import CHAT

__all__ = ["move", "pair"]

WORKER, STORE = "jobs.worker", "store.plans"
NOTICED = (AssertionError, pytest.fail.Exception, Fault)


class Planted(NamedTuple):
    """A mistake, and the test that has to notice it, of a console."""

    mutant: Mutant
    notice: Callable


def tagged(test, *told):
    """A test of tests/jobs/test_worker.py, which begins with a plan that gives CHAT an owner."""

    def run(console, _request):
        assign.deployments(console.visit("ada"), [CHAT], owner="mira", reason="new")
        test(console, *told)

    return run


def kept(test, *told):
    """A test of tests/store/test_plans.py, which begins with an empty store."""

    def run(console, _request):
        def begin(verb, *args, **fields):
            with console.store.begin() as session:
                return verb(session, *args, **fields)

        def read(question, *args, **fields):
            with console.store.reading() as session:
                return question(session, *args, **fields)

        test(begin, read, *told)

    return run


def moved(test):
    """A test of tests/jobs/test_moves.py of a plan that moves units."""

    def run(console, request):
        test(console, request.getfixturevalue("move"))

    return run


def paired(test):
    """One that makes a plan of its own."""

    def run(console, _request):
        test(console)

    return run


def written_down(console):
    test_worker.plan_after(console, 2)
    assert test_worker.trail(console) == [("asked", ""), ("done", "done")]


WORKERS = [
    Planted(
        Mutant(
            "a write without its intent",
            WORKER,
            'self._record(plan, fence, _named(plan, number), "asked", until=at + LEASE)',
            "pass",
        ),
        tagged(written_down),
    ),
    Planted(
        Mutant(
            "an old look is acted upon",
            WORKER,
            "FRESH = timedelta(seconds=45)",
            "FRESH = timedelta(days=1)",
        ),
        tagged(test_worker.test_a_worker_that_looked_for_too_long_leaves_the_plan_to_others),
    ),
    Planted(
        Mutant(
            "whoever lost the right goes on",
            WORKER,
            "                self._authorise(plan)",
            "                pass",
        ),
        tagged(test_worker.test_a_role_that_was_taken_away_stops_the_plan),
    ),
    Planted(
        Mutant(
            "a second person is not asked for",
            WORKER,
            "                require_approval("
            "proposer, approvers, {leg.lever for leg in plan.legs})",
            "                pass",
        ),
        paired(test_moves.test_without_a_second_person_nothing_is_written),
    ),
    Planted(
        Mutant(
            "read-only is for others",
            WORKER,
            "            require_writes(self.writes)",
            "            pass",
        ),
        tagged(test_worker.test_a_console_that_became_read_only_writes_nothing),
    ),
    Planted(
        Mutant(
            "busy is a plain no",
            WORKER,
            "except Rejected as fault:",
            "except (Rejected, Busy) as fault:",
        ),
        tagged(test_worker.test_an_account_that_stays_busy_is_given_up_after_a_few_writes),
    ),
    Planted(
        Mutant(
            "busy is not known",
            WORKER,
            "except (Busy, Throttled) as fault:",
            "except Throttled as fault:",
        ),
        tagged(test_worker.test_an_account_that_stays_busy_is_given_up_after_a_few_writes),
    ),
    Planted(
        Mutant(
            "a lost answer is a plain no",
            WORKER,
            "answer, said = Answer.NONE, fault.words",
            "answer, said = Answer.NO, fault.words",
        ),
        tagged(partial(test_worker.test_a_write_whose_answer_is_lost_settles, kind="lost")),
    ),
    Planted(
        Mutant(
            "a plain no is a lost answer",
            WORKER,
            "answer, said = Answer.NO, fault.words",
            "answer, said = Answer.NONE, fault.words",
        ),
        tagged(test_worker.test_a_refusal_ends_it_at_once_in_our_words),
    ),
    Planted(
        Mutant(
            "a pool has room for everything",
            WORKER,
            "        return quotas.room(rows, usage)",
            "        return 1e9",
        ),
        paired(test_moves.test_nothing_is_sent_that_does_not_fit),
    ),
    Planted(
        Mutant(
            "a pool that cannot be read has room",
            WORKER,
            "        except (Fault, IndexError):\n            return None\n        return quotas",
            "        except (Fault, IndexError):\n            return 1e9\n        return quotas",
        ),
        moved(test_moves.test_a_pool_that_cannot_be_read_takes_nothing),
    ),
    Planted(
        Mutant(
            "the end is said before it is known",
            WORKER,
            "            self.collector.look_again("
            "resource, quota=bool(plan.pools), filters=filters)",
            "            pass",
        ),
        tagged(test_worker.test_a_plan_that_is_stale_is_dropped_and_the_news_are_known),
    ),
]
STORES = [
    Planted(
        Mutant(
            "an old number may save",
            STORE,
            "ours = (PlanRow.id == plan.id) & (PlanRow.fence == fence)",
            "ours = PlanRow.id == plan.id",
        ),
        kept(test_plans.test_an_old_number_saves_nothing),
    ),
    Planted(
        Mutant(
            "a new owner gets the old number",
            STORE,
            "    if row.owner != owner:\n",
            "    if False:\n",
        ),
        kept(test_plans.test_an_old_number_saves_nothing),
    ),
    Planted(
        Mutant(
            "a lease keeps nobody away",
            STORE,
            "theirs = row.owner not in (None, owner) and",
            "theirs = False and",
        ),
        kept(test_plans.test_an_account_gives_its_oldest_plan_and_only_that),
    ),
    Planted(
        Mutant(
            "pools are not held",
            STORE,
            " | set(plan.pools)",
            "",
        ),
        kept(test_plans.test_a_pool_is_one_plans_until_its_end),
    ),
    Planted(
        Mutant(
            "what a plan holds is free when nobody has it in hand",
            STORE,
            "    nobody = {",
            "    session.execute(delete(HoldRow))\n    nobody = {",
        ),
        kept(test_plans.test_what_is_approved_late_does_not_stop_what_has_begun),
    ),
    Planted(
        Mutant(
            "what was approved late goes before what has begun",
            STORE,
            "wanting & blocked",
            "needed & blocked",
        ),
        kept(test_plans.test_what_is_approved_late_does_not_stop_what_has_begun),
    ),
    Planted(
        Mutant(
            "the end frees nothing",
            STORE,
            "    _keep_legs(session, plan.id, plan.legs)\n    if plan.state in ENDS:",
            "    _keep_legs(session, plan.id, plan.legs)\n    if False:",
        ),
        kept(partial(test_plans.test_what_has_ended_stays_ended, end=State.REVERTED)),
    ),
    Planted(
        Mutant("what has ended goes on", STORE, ".where(ours, _GOING_ON)", ".where(ours)"),
        kept(partial(test_plans.test_what_has_ended_stays_ended, end=State.DONE)),
    ),
    Planted(
        Mutant("a person takes back what has begun", STORE, "~written.exists()", "PlanRow.id > 0"),
        kept(test_plans.test_a_person_moves_only_what_no_worker_has_begun),
    ),
]


def begun(console, mutant):
    """The console with a worker that makes this mistake."""
    it = copied(WORKER, mutant)
    it.LEVERS = worker.LEVERS  # the same ones, which tests change
    old = console.worker
    made = it.Worker(old.azure, old.store, old.clock, old.collector, old.writes, old.owner, old.at)
    return replace(console, wiring=replace(console.wiring, worker=made))


@pytest.mark.parametrize("planted", WORKERS, ids=lambda it: it.mutant.name)
def test_a_mistake_of_the_worker_is_noticed(planted, request):
    console = begun(request.getfixturevalue("pair"), planted.mutant)
    with pytest.raises(NOTICED):
        planted.notice(console, request)


@pytest.mark.parametrize("planted", STORES, ids=lambda it: it.mutant.name)
def test_a_mistake_of_the_store_is_noticed(planted, console, request, monkeypatch):
    copy = copied(STORE, planted.mutant)
    for name, it in vars(copy).items():
        if callable(it) and getattr(it, "__module__", "") == STORE:
            monkeypatch.setattr(plans, name, it)
    with pytest.raises(NOTICED):
        planted.notice(console, request)


@pytest.mark.parametrize("planted", WORKERS, ids=lambda it: it.mutant.name)
def test_without_the_mistake_there_is_nothing_to_notice(planted, request):
    planted.notice(begun(request.getfixturevalue("pair"), None), request)


def test_the_world_of_histories_keeps_the_times_of_the_worker():
    told = (worker.LEASE.total_seconds(), worker.FRESH.total_seconds(), worker.PROMPT_S)
    assert told == (protocol_world.LEASE, protocol_world.FRESH, protocol_world.PROMPT)
