"""A change of tags from the plan to its end, whatever happens on the way."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actions import assign, undo
from domain import protocol
from domain.faults import OutOfRange
from domain.plans import SETTLE, State
from domain.roles import Person
from jobs import worker
from reads import audit, inventory
from reads import plans as seen_plans
from store import people, plans
from tests.jobs.looks import estate
from tests.world import ASSIST, BUSY, CHAT, SMALL

VERSION = "?api-version=2025-09-01"
WAS = {"business-unit": "retail-online"}
BECOMES = {"business-unit": "retail-online", "owner": "mira"}


@pytest.fixture
def planned(console):
    """The number of a plan that gives CHAT an owner."""
    (number,) = assign.deployments(console.visit("ada"), [CHAT], owner="mira", reason="new")
    return number


def plan_after(console, rounds, number=None, worker=None):
    """The plan, or the newest one, after so many rounds of the worker."""
    for _ in range(rounds):
        (worker or console.worker).run_once()
    with console.store.reading() as session:
        return plans.find(session, number) if number else plans.latest(session)[0]


def trail(console):
    """(what came, detail) of all that the worker wrote down, oldest first."""
    rows = audit.trail(console.store)
    ours = rows[rows["who"] == worker.AUTOMATON].iloc[::-1]
    return list(ours[["came", "detail"]].itertuples(index=False, name=None))


def tags_in_azure(console, resource=CHAT):
    account, _, name = resource.rpartition("/deployments/")
    return console.small.world.accounts.deployments[account][name].tags


def owner_known(console, resource=CHAT):
    return estate(console).frame.set_index("resource").at[resource, "owner"]


def fault(console, kind, times=1, **told):
    console.small.control.fault(kind, method="PATCH", times=times, **told)


def by_the_portal(console, method="PATCH", resource=CHAT, **body):
    told = console.small.control.portal(method, resource + VERSION, body)
    assert told["status"] < 300, told


# --- the plain way ----------------------------------------------------------------------------


@pytest.mark.usefixtures("planned")
def test_a_change_is_one_patch_of_the_tags_alone(console):
    assert plan_after(console, 2).state is State.DONE
    assert console.wire.writes == [("PATCH", CHAT, {"tags": BECOMES})]
    (patch,) = (it for it in console.wire.requests if it.method == "PATCH")
    assert patch.headers["If-Match"].startswith('"')
    assert tags_in_azure(console) == BECOMES


@pytest.mark.usefixtures("planned")
def test_it_is_known_to_readers_when_it_is_over(console):
    before = inventory.generation(console.store, (SMALL,))
    assert plan_after(console, 1).state is State.CONFIRMED
    assert owner_known(console) == "mira@contoso.com"
    assert plan_after(console, 1).state is State.DONE
    assert owner_known(console) == "mira"
    assert inventory.generation(console.store, (SMALL,)) > before


def test_it_is_written_down_before_and_after(console, planned):
    plan_after(console, 2)
    assert trail(console) == [("asked", ""), ("done", "done")]
    assert audit.broken(console.store) is None
    what = audit.trail(console.store)["what"].iloc[0]
    assert what == f"plan {planned}: tags of aoai-small-weu/chat, write 1"


@pytest.mark.usefixtures("planned")
def test_the_plan_in_words(console):
    (row,) = seen_plans.plans(console.store).to_dict("records")
    assert row["change"] == "owner: none → mira"
    assert (row["account"], row["deployment"]) == ("aoai-small-weu", "chat")
    assert (row["unit"], row["state"], row["reason"]) == ("retail-online", "waiting", "new")
    plan_after(console, 2)
    assert seen_plans.plans(console.store)["state"].tolist() == ["done"]


def test_nothing_is_asked_of_azure_without_a_plan(console):
    console.worker.run_once()
    assert console.wire.requests == []


@pytest.mark.usefixtures("planned")
def test_the_end_is_the_end(console):
    plan_after(console, 2)
    so_far = len(console.wire.requests)
    plan_after(console, 3)
    assert len(console.wire.requests) == so_far


def test_plans_of_one_account_go_one_after_the_other(console):
    numbers = assign.deployments(console.visit("ada"), [CHAT, BUSY, ASSIST], owner="mira")
    console.worker.run_once()
    assert sorted(it[1] for it in console.wire.writes) == sorted([CHAT, ASSIST])
    plan_after(console, 4)
    assert [plan_after(console, 0, it).state for it in numbers] == [State.DONE] * 3
    assert {tags_in_azure(console, it)["owner"] for it in (CHAT, BUSY, ASSIST)} == {"mira"}


# --- answers that are lost, late or no --------------------------------------------------------


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize("kind", ["lost", "drop", "fail", "html"])
def test_a_write_whose_answer_is_lost_settles(console, kind):
    fault(console, kind)
    plan_after(console, 2)
    console.clock.move(seconds=SETTLE.total_seconds())
    assert plan_after(console, 3).state is State.DONE
    assert tags_in_azure(console) == BECOMES
    assert ("unknown" in dict(trail(console))) or kind == "html"
    assert len(console.wire.writes) == (1 if kind == "lost" else 2)


@pytest.mark.usefixtures("planned")
def test_an_unanswered_write_is_not_repeated_before_it_settled(console):
    fault(console, "fail", status=503)
    assert plan_after(console, 5).state is State.CONFIRMED
    assert len(console.wire.writes) == 1
    console.clock.move(seconds=SETTLE.total_seconds() - 1)
    assert plan_after(console, 2).state is State.CONFIRMED
    assert len(console.wire.writes) == 1
    console.clock.move(seconds=1)
    plan_after(console, 1)
    assert len(console.wire.writes) == 2


@pytest.mark.usefixtures("planned")
def test_a_late_write_is_waited_for_and_found(console):
    fault(console, "late", seconds=100)
    assert plan_after(console, 2).state is State.CONFIRMED
    console.clock.move(seconds=101)
    assert plan_after(console, 1).state is State.CONFIRMED, "it may land a second time"
    console.clock.move(seconds=SETTLE.total_seconds() - 101)
    assert plan_after(console, 1).state is State.DONE
    assert len(console.wire.writes) == 1


@pytest.mark.usefixtures("planned")
def test_nobody_is_called_while_a_late_write_may_land(console):
    """Azure need not look at If-Match: the write lands on what the portal did meanwhile."""
    fault(console, "late", seconds=100)
    plan_after(console, 1)
    by_the_portal(console, tags={"owner": "leo"})
    assert plan_after(console, 2).state is State.CONFIRMED
    console.clock.move(seconds=SETTLE.total_seconds())
    assert plan_after(console, 1).state is State.DONE
    assert tags_in_azure(console) == BECOMES


@pytest.mark.usefixtures("planned")
def test_a_change_on_top_of_ours_needs_a_person(console):
    plan_after(console, 1)
    by_the_portal(console, tags={"owner": "leo"})
    console.clock.move(seconds=SETTLE.total_seconds())
    assert plan_after(console, 1).state is State.NEEDS_PERSON
    assert owner_known(console) == "leo"
    assert trail(console)[-1][0] == "failed"


@pytest.mark.usefixtures("planned")
def test_a_refusal_ends_it_at_once_in_our_words(console):
    fault(console, "forbid")
    plan = plan_after(console, 2)
    assert plan.state is State.REFUSED
    assert "lacks a role" in plan.said
    assert [it[0] for it in trail(console)] == ["asked", "refused", "failed"]
    assert len(console.wire.writes) == 1
    assert tags_in_azure(console) == WAS


@pytest.mark.usefixtures("planned")
def test_an_account_that_stays_busy_is_given_up_after_a_few_writes(console):
    fault(console, "conflict", times=-1)
    plan_after(console, 5)
    assert len(console.wire.writes) == 1, "an account that is busy is left alone for a while"
    while plan_after(console, 1).ended_at is None:
        console.clock.move(seconds=16)
    assert plan_after(console, 0).state is State.REFUSED
    assert len(console.wire.writes) == protocol.MOST_TRIES


@pytest.mark.usefixtures("planned")
def test_no_end_while_azure_is_at_work(console):
    console.small.control.configure(async_writes=True, write_seconds=60)
    assert plan_after(console, 3).state is State.CONFIRMED
    console.clock.move(seconds=61)
    assert plan_after(console, 1).state is State.DONE


@pytest.mark.usefixtures("planned")
def test_a_look_that_fails_decides_nothing(console):
    console.small.control.fault("fail", method="GET", status=503, times=-1)
    assert plan_after(console, 3).state is State.CONFIRMED
    assert console.wire.writes == []


# --- the world moves --------------------------------------------------------------------------


@pytest.mark.usefixtures("planned")
def test_a_plan_that_is_stale_is_dropped_and_the_news_are_known(console):
    by_the_portal(console, tags={"owner": "leo"})
    assert plan_after(console, 1).state is State.ABORTED
    assert console.wire.writes == []
    assert tags_in_azure(console) == {"owner": "leo"}
    assert owner_known(console) == "leo", "or the next plan would be stale as well"
    assign.deployments(console.visit("ada"), [CHAT], owner="mira")
    assert plan_after(console, 2).state is State.DONE


@pytest.mark.usefixtures("planned")
def test_a_deployment_that_is_gone_is_not_made_again(console):
    by_the_portal(console, "DELETE")
    assert plan_after(console, 1).state is State.ABORTED
    assert console.wire.writes == []
    assert CHAT not in set(estate(console).frame["resource"])


@pytest.mark.usefixtures("planned")
def test_a_deployment_that_goes_after_our_write_needs_a_person(console):
    plan_after(console, 1)
    by_the_portal(console, "DELETE")
    console.clock.move(seconds=SETTLE.total_seconds())
    assert plan_after(console, 1).state is State.NEEDS_PERSON


@pytest.mark.usefixtures("planned")
def test_a_role_that_was_taken_away_stops_the_plan(console):
    with console.store.begin() as session:
        people.enrol(session, Person("contoso", "ada", "Ada Byron", "viewer"))
    plan = plan_after(console, 1)
    assert plan.state is State.REFUSED
    assert "Ada Byron (viewer) may not change the tags" in plan.said
    assert console.wire.writes == []


@pytest.mark.usefixtures("planned")
def test_a_role_that_was_taken_away_between_two_writes_stops_the_second(console):
    fault(console, "drop")
    plan_after(console, 1)
    with console.store.begin() as session:
        people.enrol(session, Person("contoso", "ada", "Ada Byron", "viewer"))
    console.clock.move(seconds=SETTLE.total_seconds())
    assert plan_after(console, 1).state is State.REFUSED
    assert len(console.wire.writes) == 1


@pytest.mark.usefixtures("planned")
def test_a_console_that_became_read_only_writes_nothing(console):
    plan = plan_after(console, 1, worker=replace(console.worker, writes=False))
    assert plan.state is State.REFUSED
    assert "read-only" in plan.said
    assert console.wire.writes == []


@pytest.mark.usefixtures("planned")
def test_the_name_of_the_console_is_compared_without_its_case(console):
    plan_after(console, 1)
    shouting = replace(console.azure, identity=console.azure.identity.upper())
    assert (
        plan_after(console, 1, worker=replace(console.worker, azure=shouting)).state is State.DONE
    )


# --- two workers ------------------------------------------------------------------------------


@pytest.mark.usefixtures("planned")
def test_two_workers_do_one_plan_once(console):
    other = replace(console.worker, owner="other")
    with console.store.begin() as session:
        assert len(plans.claim(session, console.clock(), "other", worker.LEASE)) == 1
    assert plan_after(console, 2).state is State.CONFIRMED
    assert console.wire.requests == []
    assert plan_after(console, 2, worker=other).state is State.DONE
    assert len(console.wire.writes) == 1


@pytest.mark.usefixtures("planned")
def test_a_worker_that_died_is_followed_by_another(console):
    with console.store.begin() as session:
        plans.claim(session, console.clock(), "dead", worker.LEASE)
    console.clock.move(seconds=worker.LEASE.total_seconds())
    assert plan_after(console, 2).state is State.DONE


@pytest.mark.usefixtures("planned")
def test_a_worker_that_looked_for_too_long_leaves_the_plan_to_others(console):
    """Its lease may be over: another one may have written meanwhile."""
    other = replace(console.worker, owner="other")
    lever = worker.LEVERS["tags"]

    class Slow:
        write = staticmethod(lever.write)

        @staticmethod
        def look(azure, plan, at):
            found = lever.look(azure, plan, at)
            console.clock.move(seconds=worker.LEASE.total_seconds() + 1)
            return found

    patched = pytest.MonkeyPatch()
    patched.setitem(worker.LEVERS, "tags", Slow)
    plan_after(console, 1)
    patched.undo()
    assert console.wire.writes == []
    assert plan_after(console, 2, worker=other).state is State.DONE
    assert len(console.wire.writes) == 1


# --- undo -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("planned")
def test_undo_restores_exactly_what_was_there(console):
    by_the_portal(console, tags={"Business_Unit": "retail-online", "z": "é", "a": ""})
    plan_after(console, 1)
    before = dict(tags_in_azure(console))
    (number,) = assign.deployments(
        console.visit("ada"), [CHAT], unit="finance", owner="leo", standby=True
    )
    assert plan_after(console, 2, number).state is State.DONE
    assert tags_in_azure(console) != before
    taken_back = undo.change(console.visit("ada"), number)
    plan = plan_after(console, 2, taken_back)
    assert (plan.state, plan.undoes, plan.reason) == (State.DONE, number, f"Undo of plan {number}")
    assert tags_in_azure(console) == before


def test_undo_is_refused_when_somebody_changed_it_since(console, planned):
    plan_after(console, 2)
    by_the_portal(console, tags={"owner": "leo"})
    console.collected(minutes=5)
    with pytest.raises(OutOfRange, match="changed again since"):
        undo.change(console.visit("ada"), planned)


def test_undo_stops_when_somebody_changes_it_meanwhile(console, planned):
    plan_after(console, 2)
    number = undo.change(console.visit("ada"), planned)
    by_the_portal(console, tags={"owner": "leo"})
    assert plan_after(console, 1, number).state is State.ABORTED
    assert tags_in_azure(console) == {"owner": "leo"}


def test_undo_of_an_undo_is_the_change_again(console, planned):
    plan_after(console, 2)
    plan_after(console, 2, undo.change(console.visit("ada"), planned))
    back = undo.change(console.visit("ada"), 2)
    assert plan_after(console, 2, back).state is State.DONE
    assert tags_in_azure(console) == BECOMES


@pytest.mark.usefixtures("planned")
def test_a_plan_takes_no_longer_than_its_writes_may(console):
    fault(console, "drop", times=-1)
    began = console.clock()
    while plan_after(console, 1).ended_at is None:
        console.clock.move(seconds=15)
    assert console.clock() - began <= protocol.PATIENCE + SETTLE + timedelta(seconds=15)
    assert plan_after(console, 0).state is State.REFUSED
