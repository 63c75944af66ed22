"""Filters through the real worker, and whatever comes between: others, refusals, lost answers,
killed workers."""

import pytest

from actions import approve, undo
from actions import filter as filtering
from actions.proposing import Terms
from domain import filters
from domain.faults import OutOfRange
from domain.filter_legs import policy_id, repointed
from domain.plans import GONE, SETTLE, Leg, Plan, State
from domain.roles import Person
from jobs.worker import LEASE, Worker
from reads import activity, audit
from store import people, plans
from tests.filtered import (
    DEFAULT,
    LAX,
    STRICT,
    TIGHT,
    after,
    by_the_portal,
    in_azure,
    kept,
    look_again,
    made,
    plan,
    policy_of,
    sent,
    there,
)
from tests.jobs.site import Frail, Killed
from tests.world import CHAT, WEU

MOVED = "It was changed by others in the meantime."


def planned(console, *legs, **told):
    """The number of a plan by Ada that no verb has looked at."""
    fields = {"state": State.CONFIRMED, **told}
    new = Plan(legs, "contoso/ada", "x", console.clock(), "A change", **fields)
    with console.store.begin() as session:
        return plans.add(session, new)


def repoint(console, before, after_):
    """A leg that points CHAT from one policy to another, None for the default."""
    etag = console.small.world.accounts.deployments[WEU]["chat"].etag
    values = [
        repointed(it, filters.contents(kept(console, it or DEFAULT))) for it in (before, after_)
    ]
    return Leg("filter", CHAT, etag, *values)


# --- decided again ------------------------------------------------------------------------------


def test_the_worker_decides_again_who_has_to_be_asked(console):
    there(console, "loose", LAX)
    number = planned(console, repoint(console, None, "loose"))
    found = after(console, number)
    assert found.state is State.REFUSED
    assert found.said.startswith("It needs a second person, because Hate on prompts becomes looser")
    assert sent(console) == []


def test_nobody_weakens_a_filter_by_a_policy_that_is_not_known(console):
    value = repointed("nobody", "0" * 64)
    leg = repoint(console, None, DEFAULT)
    number = planned(console, Leg("filter", CHAT, leg.etag, leg.before, value))
    assert "can't be told" in after(console, number).said
    assert sent(console) == []


def test_a_yes_of_somebody_who_is_no_security_approver_any_more_is_none(console):
    there(console, "loose", LAX)
    number = filtering.assign(console.visit("ada"), [CHAT], "loose")
    waiting = plan(console, number)
    approve.plan(console.visit("sam"), number, fingerprint=waiting.fingerprint)
    with console.store.begin() as session:
        people.enrol(session, Person("contoso", "sam", "Sam", "approver"))
    found = after(console, number)
    assert (found.state, sent(console)) == (State.REFUSED, [])
    assert "No second person" in found.said


# --- others -------------------------------------------------------------------------------------


def test_a_target_that_others_changed_since_the_review_is_not_put_in_force(console):
    there(console, "strict", TIGHT)
    number = filtering.assign(console.visit("ada"), [CHAT], "strict")
    by_the_portal(console, "PUT", STRICT, made(console, LAX))
    found = after(console, number)
    assert found.state is State.REFUSED
    assert found.said.startswith("Filter policy strict was changed since this was reviewed")
    assert (sent(console), policy_of(console, CHAT)) == ([], None)


def test_a_policy_in_force_that_others_changed_since_ends_the_plan(console):
    there(console, "strict", TIGHT)
    there(console, "tighter", {**TIGHT, ("sexual", "prompt"): filters.Strength.LOW})
    after(console, filtering.assign(console.visit("ada"), [CHAT], "strict"))
    number = filtering.assign(console.visit("ada"), [CHAT], "tighter")
    by_the_portal(console, "PUT", STRICT, made(console, {("hate", "completion"): 4, **TIGHT}))
    before = sent(console)
    found = after(console, number)
    assert (found.state, found.said, sent(console)) == (State.ABORTED, MOVED, before)


def test_a_default_that_microsoft_changed_since_ends_the_plan(console):
    there(console, "strict", TIGHT)
    number = filtering.assign(console.visit("ada"), [CHAT], "strict")
    console.small.control.default(DEFAULT, name="Hate", source="Prompt", word="High")
    found = after(console, number)
    assert (found.state, found.said, sent(console)) == (State.ABORTED, MOVED, [])


def test_nobody_goes_back_to_a_default_that_is_another_by_now(console):
    there(console, "strict", TIGHT)
    number = filtering.assign(console.visit("ada"), [CHAT], "strict")
    assert after(console, number).state is State.DONE
    console.small.control.default(DEFAULT, name="Hate", source="Prompt", word="off")
    look_again(console)
    with pytest.raises(OutOfRange, match="The default policy is not what it was then"):
        undo.change(console.visit("ada"), number)


def edit(console):
    """The number of a plan that makes "strict" stricter."""
    there(console, "strict", TIGHT)
    body = {**made(console, {("sexual", "prompt"): filters.Strength.LOW}, base="strict")}
    return filtering.edit(console.visit("ada"), STRICT, {**body, "basePolicyName": DEFAULT})


def test_a_412_is_tried_again_and_done(console):
    number = edit(console)
    told = {"status": 412, "code": "IfMatchPreconditionFailed", "path": "/raipolicies/strict"}
    console.small.control.fault("fail", method="PUT", **told)
    assert after(console, number, 3).state is State.CONFIRMED
    assert after(console, number, seconds=20).state is State.DONE
    assert sent(console) == [("PUT", "strict")] * 2


def test_a_412_because_others_wrote_between_look_and_write_changes_nothing(console):
    console.small.control.configure(honour_if_match=True)
    number = edit(console)
    theirs = made(console, {("violence", "prompt"): filters.Strength.LOW})
    body = {"properties": theirs}
    path = f"{STRICT}?api-version=2025-09-01"
    console.small.control.meddle("PUT", path, body, on="PUT", before="/raipolicies/strict")
    found = after(console, number, seconds=20)
    assert (found.state, found.said) == (State.ABORTED, MOVED)
    assert filters.contents(in_azure(console, STRICT)) == filters.contents(theirs)


def test_where_azure_ignores_if_match_the_log_tells_who_else_wrote(console):
    number = edit(console)
    console.clock.move(minutes=5)
    body = {"properties": made(console, {("violence", "prompt"): filters.Strength.LOW})}
    path = f"{STRICT}?api-version=2025-09-01"
    console.small.control.meddle("PUT", path, body, on="PUT", before="/raipolicies/strict")
    assert after(console, number, seconds=20).state is State.DONE
    console.collected(rounds=2, minutes=40)
    console.reconciler.run_once()
    (words,) = activity.contested(console.store, number)["words"]
    assert "wrote to aoai-small-weu/strict" in words
    assert "filter policy written" in words


def test_a_policy_that_came_into_use_since_is_not_deleted(console):
    there(console, "strict", TIGHT)
    why = Terms("unused")
    number = filtering.delete(console.visit("ada"), STRICT, named="strict", terms=why)
    deployment = console.small.control.portal("GET", f"{CHAT}?api-version=2025-09-01")["body"]
    properties = {"model": deployment["properties"]["model"], "raiPolicyName": "Strict"}
    by_the_portal(console, "PUT", CHAT, properties, sku=deployment["sku"])
    found = after(console, number)
    assert found.state is State.REFUSED
    assert found.said.startswith("filter policy strict of aoai-small-weu is in use by chat.")
    assert sent(console) == []
    assert in_azure(console, STRICT)


def test_microsofts_own_is_not_written_whatever_a_plan_says(console):
    default = policy_id(WEU, DEFAULT)
    now = kept(console)
    tighter = filters.edited(now, TIGHT, graded={})
    etag = console.small.control.portal("GET", f"{default}?api-version=2025-09-01")["body"]["etag"]
    for target in (filters.canonical(tighter), GONE):
        number = planned(console, Leg("policy", default, etag, filters.canonical(now), target))
        found = after(console, number)
        assert (found.state, sent(console)) == (State.REFUSED, [])
        assert "Microsoft's own" in found.said


# --- answers that are lost, workers that are killed -----------------------------------------------


@pytest.mark.parametrize("kind", ["lost", "late"])
def test_a_write_without_an_answer_settles(console, kind):
    number = edit(console)
    console.small.control.fault(kind, method="PUT", path="/raipolicies/strict")
    assert after(console, number, 3).state is State.CONFIRMED
    assert after(console, number, seconds=SETTLE.total_seconds()).state is State.DONE
    assert audit.broken(console.store) is None


POINTS = (
    "lease:after", "look:after", "intent:before", "intent:after", "request:before",
    "request:after", "response:before", "response:after", "leg:before", "outcome:before",
)  # fmt: skip


def dies(console, point):
    """A worker on the way whose process is gone once it comes to this point."""
    frail = Frail(console.store)

    def at(here):
        if here == point:
            frail.dead = True
            raise Killed

    return Worker(console.azure, frail, console.clock, console.collector, True, "first", at)


def rounds(console, worker):
    for _ in range(6):
        console.clock.move(seconds=5)
        worker.run_once()


def test_a_killed_worker_leaves_nothing_half_written(console):
    """Wherever it dies: another takes the plan over, and it ends as it was meant to."""
    bodies = [made(console, {**TIGHT, ("profanity", it): 1}) for it in ("prompt", "completion")]
    for number, point in enumerate(POINTS):
        name = f"p{number}"
        made_ = filtering.policy(
            console.visit("ada"), WEU, name, bodies[0], repoint=[CHAT], terms=Terms("x")
        )
        with pytest.raises(Killed):
            rounds(console, dies(console, point))
        console.clock.move(seconds=LEASE.total_seconds())
        found = after(console, made_, 12, seconds=SETTLE.total_seconds() / 2)
        assert (found.state, point) == (State.DONE, point)
        assert policy_of(console, CHAT) == name
        assert filters.contents(in_azure(console, policy_id(WEU, name))) == filters.contents(
            bodies[0]
        )
    with console.store.reading() as session:
        assert plans.holds(session) == []
    assert audit.broken(console.store) is None
