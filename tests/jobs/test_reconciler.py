"""Half an hour after a plan, Azure's own log is asked who else was at work."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actions import assign, undo
from domain import activity
from domain.plans import State
from jobs.reconciler import NAME, UNREAD, Reconciler
from reads import activity as seen_activity
from reads import audit
from store import contests, findings, plans
from tests.world import ASSIST, CHAT, MINUTE, NOON, SMALL

PORTAL = "?api-version=2025-09-01"
HALF_HOUR = timedelta(minutes=30)
ANOTHER = {"x-ms-client-request-id": "0b1f6471-1bf0-4dda-aec3-cb9272f09590"}
LOG = "/eventtypes/management/values"


def by_the_portal(console, resource=CHAT, who="rob@contoso.example", **body):
    told = console.small.control.portal("PATCH", resource + PORTAL, body, who)
    assert told["status"] < 300, told


@pytest.fixture
def done(console):
    """The number of a plan by Ada that has given CHAT an owner, just now."""
    (number,) = assign.deployments(console.visit("ada"), [CHAT], owner="mira", reason="new")
    for _ in range(2):
        console.worker.run_once()
    assert found(console, number).state is State.DONE
    return number


def found(console, number):
    with console.store.reading() as session:
        return plans.find(session, number)


def later(console, **by):
    """The collector and the reconciler once more, half an hour later or when it is said."""
    console.collected(**(by or {"minutes": 35}))
    console.reconciler.run_once()


def told(console):
    """(plan, who) of every contest."""
    rows = seen_activity.contested(console.store)
    return list(rows[["plan", "who"]].itertuples(index=False, name=None))


def trail(console):
    rows = audit.trail(console.store)
    return rows[rows["who"] == NAME]["detail"].tolist()


def checks(console, number):
    with console.store.reading() as session:
        rows = session.connection().exec_driver_sql("SELECT plan, checks FROM reconciliations")
        return dict(rows.all()).get(number, 0)


# --- nobody else ------------------------------------------------------------------------------


def test_a_plan_that_was_alone_is_held_against_the_log_and_nothing_said(console, done):
    later(console)
    assert (checks(console, done), told(console), trail(console)) == (1, [], [])


def test_each_write_bears_the_name_of_its_plan(console, done):
    later(console)
    (it,) = (it for it in console.wire.requests if it.method == "PATCH")
    name = activity.request_id(found(console, done), 0, 1)
    assert it.headers["x-ms-client-request-id"] == name
    rows = seen_activity.log(console.store, [SMALL], console.clock()).frame
    assert rows.loc[rows["request"] == name, "resource"].tolist() == [CHAT]


def test_it_is_not_looked_at_before_the_log_can_know(console, done):
    later(console, minutes=29)
    assert checks(console, done) == 0
    console.clock.move(minutes=1)
    console.reconciler.run_once()
    assert checks(console, done) == 0, "it was last read a minute too early"
    later(console, minutes=5)
    assert checks(console, done) == 1


def test_it_costs_azure_nothing(console, done):
    later(console)
    so_far = len(console.wire.requests)
    console.reconciler.run_once()
    assert len(console.wire.requests) == so_far
    assert checks(console, done) == 1


def test_its_own_undo_in_the_same_minute_is_nobody_else(console, done):
    undo.change(console.visit("ada"), done)
    for _ in range(2):
        console.worker.run_once()
    later(console)
    assert (checks(console, done), checks(console, done + 1)) == (1, 1)
    assert told(console) == []


def test_a_plan_that_wrote_nothing_needs_no_look(console):
    (number,) = assign.deployments(console.visit("ada"), [CHAT], owner="mira", reason="new")
    by_the_portal(console, tags={"owner": "rob"})
    console.worker.run_once()
    assert found(console, number).state is State.ABORTED
    later(console)
    assert (checks(console, number), told(console)) == (0, [])


# --- somebody else ----------------------------------------------------------------------------


def test_a_write_of_others_right_after_ours_is_a_finding_with_its_author(console, done):
    console.clock.move(seconds=90)
    by_the_portal(console, tags={"owner": "rob"})
    later(console)
    assert told(console) == [(done, "rob@contoso.example")]
    words = (
        "rob@contoso.example wrote to aoai-small-weu/chat at 2026-11-18 12:36 UTC "
        f"(deployment written) while plan {done} was at work."
    )
    assert trail(console) == [words]
    assert audit.broken(console.store) is None
    console.collected(minutes=5)
    with console.store.reading() as session:
        rows = findings.current(session, [SMALL])
    (row,) = rows[rows["kind"] == "contested"].to_dict("records")
    assert (row["what"], row["resource"], row["unit"]) == (words, CHAT, "retail-online")


@pytest.mark.parametrize(("request_", "strange"), [({}, False), (ANOTHER, True)])
def test_one_that_uses_our_name_past_us(console, done, request_, strange):
    """A request without a name may be one of ours; one with another name is none."""
    url = f"https://management.azure.com{CHAT}{PORTAL}"
    headers = {"Authorization": f"Bearer {console.azure.identity}", **request_}
    it = console.azure.session.patch(url, json={"tags": {"owner": "rob"}}, headers=headers)
    assert it.status_code == 200
    later(console)
    assert told(console) == ([(done, console.azure.identity)] if strange else [])


@pytest.mark.parametrize(
    ("wait", "resource"),
    [(timedelta(minutes=10), CHAT), (MINUTE, ASSIST)],
)
def test_one_that_came_long_after_or_elsewhere_is_none_of_ours(console, done, wait, resource):
    console.clock.now += wait
    by_the_portal(console, resource, tags={"owner": "rob"})
    later(console, minutes=45)
    assert (checks(console, done), told(console)) == (1, [])


def test_one_that_azure_refused_changed_nothing(console, done):
    told_ = console.small.control.portal("PATCH", CHAT + PORTAL, {"nonsense": 1}, "rob@x.example")
    assert told_["status"] == 400, told_
    later(console)
    rows = seen_activity.log(console.store, [SMALL], console.clock()).frame
    assert rows.loc[rows["who"] == "rob@x.example", "status"].tolist() == ["Failed"]
    assert (checks(console, done), told(console)) == (1, [])


def test_it_is_said_once_however_often_it_is_found(console, done):
    by_the_portal(console, tags={"owner": "rob"})
    later(console)
    other = Reconciler(console.store, console.clock, console.azure.identity)
    other.run_once()
    later(console, hours=14)
    assert checks(console, done) == 2
    assert len(told(console)) == len(trail(console)) == 1


def test_what_comes_late_is_found_at_night(console, done):
    console.small.control.configure(activity_delay_s=3_600.0)
    by_the_portal(console, tags={"owner": "rob"})
    later(console)
    assert (checks(console, done), told(console)) == (1, [])
    console.clock.now = NOON.replace(day=19, hour=2, minute=0, second=0)
    console.reconciler.run_once()
    assert checks(console, done) == 1, "the log was last read yesterday"
    later(console, minutes=1)
    assert checks(console, done) == 2
    assert [it[1] for it in told(console)] == ["rob@contoso.example"]


# --- a log that cannot be read ----------------------------------------------------------------


def test_a_silent_log_is_waited_for(console, done):
    by_the_portal(console, tags={"owner": "rob"})
    console.small.control.fault("forbid", path=LOG, times=-1)
    later(console)
    assert (checks(console, done), told(console), trail(console)) == (0, [], [])
    console.small.control.clear()
    later(console, minutes=5)
    assert (checks(console, done), told(console)) == (1, [(done, "rob@contoso.example")])


def test_a_log_that_stays_silent_is_said(console, done):
    console.small.control.fault("forbid", path=LOG, times=-1)
    later(console, hours=24)
    assert trail(console) == [UNREAD]
    assert checks(console, done) == 2
    console.small.control.clear()
    later(console)
    assert trail(console) == [UNREAD]


def test_a_console_that_was_down_for_days_leaves_the_old_ones(console, done):
    console.clock.move(days=4)
    later(console)
    assert checks(console, done) == 0


def test_the_window_of_a_plan_ends_where_it_ended(console, done):
    """Somebody who resolves a plan an hour later does not make the hour a part of it."""
    with console.store.begin() as session:
        (due,) = contests.due(session, console.clock() + HALF_HOUR)
        contests.checked(session, due, console.clock(), 1)
    with console.store.begin() as session:
        text = "UPDATE plans SET ended_at = '2026-11-18 15:00:00.000000'"
        session.connection().exec_driver_sql(text)
    with console.store.reading() as session:
        (due,) = contests.due(session, NOON + timedelta(hours=20))
    assert due.until == found(console, done).legs[0].written_at
    assert replace(due, checks=0).plan.ended_at.hour == 15


# --- who changed what -------------------------------------------------------------------------


def test_every_change_has_its_author_and_ours_its_plan(console, done):
    console.clock.move(minutes=2)
    by_the_portal(console, ASSIST, tags={"owner": "rob"})
    later(console)
    rows = seen_activity.changes_outside(console.store, [SMALL], NOON - MINUTE, console.clock())
    told = {it["resource"]: it for it in rows.to_dict("records") if it["what"] == "tag owner"}
    assert set(told) == {CHAT, ASSIST}
    assert (told[CHAT]["plan"], told[CHAT]["after"]) == (done, "mira")
    assert told[CHAT]["who"] == console.azure.identity
    assert told[ASSIST]["who"] == "rob@contoso.example"
    assert told[ASSIST]["plan"] is not done
    assert (told[ASSIST]["at"], told[ASSIST]["after"]) == (console.clock() - 35 * MINUTE, "rob")
    assert seen_activity.generation(console.store, [SMALL]) > 0
