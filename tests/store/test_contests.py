"""Plans are held against the log twice, and a contest is kept once, on both databases."""

from datetime import timedelta

from domain import contests as rules
from domain import frames
from domain.contests import CONTESTS, LATE
from domain.plans import Leg, Plan, State
from store import audit, contests, plans
from tests.store.conftest import MINUTE, NOW

CHAT = (
    "/subscriptions/s/resourcegroups/g/providers/microsoft.cognitiveservices/accounts/a"
    "/deployments/c"
)


def plan(store, ended=NOW, *, writes=1, state=State.DONE, resource=CHAT):
    """Keep a plan that has ended; returns its number."""
    leg = Leg("tags", resource, '"e"', "{}", "{}", writes=writes)
    with store.begin() as session:
        return plans.add(
            session, Plan((leg,), "t/ada", "", NOW - MINUTE, state=state, ended_at=ended)
        )


def contest(number, key="k", **fields):
    row = {"plan": number, "key": key, "at": NOW, "resource": CHAT, "subscription": "s"}
    return row | {"operation": "deployment written", "words": f"words of {key}"} | fields


def found(*rows):
    return frames.frame(CONTESTS, rows)


def test_a_plan_is_due_half_an_hour_after_its_end_and_once_more_at_night(store, begin, read):
    number = plan(store)
    assert read(contests.due, NOW + LATE - MINUTE) == []
    (due,) = read(contests.due, NOW + LATE)
    assert (due.plan.id, due.until, due.checks) == (number, NOW, 0)
    begin(contests.checked, due, NOW + LATE, 1)
    assert read(contests.due, NOW + 2 * LATE) == []
    night = rules.second(NOW)
    assert read(contests.due, night - MINUTE) == []
    (again,) = read(contests.due, night)
    assert again.checks == 1
    begin(contests.checked, again, night, 2)
    assert read(contests.due, night + timedelta(days=1)) == []


def test_only_what_wrote_and_ended_of_late_is_due(store, read):
    later = NOW + timedelta(days=2)
    wanted = plan(store, later)
    plan(store, later, writes=0)
    plan(store, None, state=State.CONFIRMED)
    plan(store, later - timedelta(days=4))
    stopped = plan(store, later, state=State.NEEDS_PERSON)
    assert [it.plan.id for it in read(contests.due, later + LATE)] == [wanted, stopped]


def test_a_contest_is_kept_and_said_once(begin, read):
    assert begin(contests.keep, found(contest(1), contest(1, "l"))) == ["words of k", "words of l"]
    assert begin(contests.keep, found(contest(1), contest(2))) == ["words of k"]
    assert begin(contests.keep, found()) == []
    told = read(contests.listed)
    assert told.dtypes.astype(str).to_dict() == dict(CONTESTS)
    assert told[["plan", "key"]].sort_values(["plan", "key"]).to_numpy().tolist() == [
        [1, "k"],
        [1, "l"],
        [2, "k"],
    ]
    assert told["who"].isna().all()


def test_contests_are_found_by_plan_by_subscription_and_by_time(begin, read):
    old = NOW - timedelta(days=8)
    begin(contests.keep, found(contest(1), contest(2, at=old), contest(3, subscription="t")))

    def numbers(*args, **told):
        return sorted(read(contests.listed, *args, **told)["plan"])

    assert numbers() == [1, 2, 3]
    assert numbers(["s"]) == [1, 2]
    assert numbers(["s"], NOW - rules.SHOWN) == [1]
    assert numbers(plan=3) == [3]
    assert numbers([]) == []


def test_when_it_began_is_in_the_trail(begin, read):
    for minutes, who, what, came in (
        (0, "ada", "plan 1: x", "asked"),
        (1, "worker", "plan 11: x", "asked"),
        (2, "worker", "plan 1: tags of a/c, write 1", "asked"),
        (3, "worker", "plan 1: tags of a/c, write 1", "done"),
        (4, "worker", "plan 1: tags of a/c, write 2", "asked"),
    ):
        begin(audit.add, NOW + minutes * MINUTE, who, what, came)
    assert read(contests.began, 1, "worker") == NOW + 2 * MINUTE
    assert read(contests.began, 2, "worker") is None


def test_the_plans_of_one_thing(store, read):
    first, _, third = plan(store), plan(store, resource=CHAT + "x"), plan(store)
    assert [it.id for it in read(contests.others, [CHAT])] == [third, first]
    assert read(contests.others, []) == []
