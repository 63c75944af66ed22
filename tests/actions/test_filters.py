"""Content filters are changed safely: by plan, by two where they become weaker, and back again."""

from datetime import timedelta

import pytest

from actions import approve, undo
from actions import filter as filtering
from actions.proposing import Terms
from domain.faults import NotAllowed, Outdated, OutOfRange, ReadOnly
from domain.filters import Strength, contents
from domain.plans import Standing, State
from reads import audit
from reads import plans as shown
from tests.filtered import (
    DEFAULT,
    LAX,
    LOOSE,
    STRICT,
    TIGHT,
    after,
    by_the_portal,
    in_azure,
    kept,
    look_again,
    made,
    pending,
    plan,
    policy_of,
    sent,
    there,
)
from tests.world import ASSIST, BUSY, CHAT, QUIET, WEU

WHY = Terms("a review found it wanting")
LOOSER = "Hate on prompts becomes looser"


def trail(console):
    rows = audit.trail(console.store).iloc[::-1]
    return list(rows[["who", "what", "came", "detail"]].itertuples(index=False, name=None))


def tightened(console, *repoint, **told):
    """The number of a plan that makes "strict" and points these to it."""
    body = made(console, TIGHT)
    return filtering.policy(console.visit("ada"), WEU, "Strict", body, repoint=repoint, **told)


# --- a new policy and a repoint: the usual way ------------------------------------------------


def test_a_new_policy_is_there_before_a_deployment_names_it(console):
    number = tightened(console, CHAT, BUSY)
    waiting = plan(console, number)
    assert (waiting.state, waiting.policy) == (State.CONFIRMED, "")
    assert waiting.title == "Create filter policy strict of aoai-small-weu, for 2 deployments"
    found = after(console, number)
    assert found.state is State.DONE
    assert [leg.standing for leg in found.legs] == [Standing.THERE] * 3
    assert sent(console) == [("PUT", "strict"), ("PUT", "busy"), ("PUT", "chat")]
    assert (policy_of(console, CHAT), policy_of(console, QUIET)) == ("strict", None)
    assert contents(kept(console, "strict")) == contents(made(console, TIGHT))
    who, what, came, _ = trail(console)[0]
    assert (who, came) == ("contoso/ada", "asked")
    assert what == f"create filter policy Strict in {WEU}"
    assert any(what == f"plan {number}: {found.title}" for _, what, came, _ in trail(console))
    assert audit.broken(console.store) is None


def test_what_a_repoint_writes_is_the_name_of_the_policy_alone(console):
    before = console.small.control.portal("GET", f"{CHAT}?api-version=2025-09-01")["body"]
    after(console, tightened(console, CHAT))
    now = console.small.control.portal("GET", f"{CHAT}?api-version=2025-09-01")["body"]
    was, be = before["properties"], now["properties"]
    assert be.pop("raiPolicyName") == "strict"
    told = ("raiPolicyName", "provisioningState", "rateLimits", "capabilities")
    plain = [{key: it for key, it in of.items() if key not in told} for of in (was, be)]
    assert plain[0] == plain[1]
    assert (before["sku"], before.get("tags")) == (now["sku"], now.get("tags"))


def test_to_undo_a_tightening_is_a_weakening(console):
    number = tightened(console, CHAT)
    after(console, number)
    back = undo.change(console.visit("ada"), number)
    waiting = plan(console, back)
    assert waiting.state is State.PROPOSED
    assert LOOSER in waiting.policy
    print_ = waiting.fingerprint
    with pytest.raises(NotAllowed, match="Nobody approves what they propose themselves"):
        approve.plan(console.visit("ada"), back, fingerprint=print_)
    with pytest.raises(NotAllowed, match="wants an admin or a security approver"):
        approve.plan(console.visit("tess"), back, fingerprint=print_)
    approve.plan(console.visit("sam"), back, fingerprint=print_)
    assert after(console, back).state is State.DONE
    assert (policy_of(console, CHAT), in_azure(console, STRICT)) == (None, None)
    assert sent(console)[-2:] == [("PUT", "chat"), ("DELETE", "strict")]
    again = undo.change(console.visit("ada"), back)
    assert plan(console, again).policy == ""
    assert after(console, again).state is State.DONE
    assert policy_of(console, CHAT) == "strict"


def test_a_refused_repoint_takes_the_new_policy_back(console):
    number = tightened(console, CHAT)
    told = {"status": 400, "code": "InvalidResourceProperties", "path": "/deployments/chat"}
    console.small.control.fault("fail", method="PUT", **told)
    found = after(console, number)
    assert found.state is State.REVERTED
    assert in_azure(console, STRICT) is None
    assert policy_of(console, CHAT) is None


def test_it_is_read_as_what_it_is(console):
    number = tightened(console, CHAT)
    after(console, number)
    rows = shown.one(console.store, number).legs
    assert rows["change"].tolist() == [
        "create filter policy strict", "filter policy: the default → strict",
    ]  # fmt: skip


# --- what is weaker needs two -------------------------------------------------------------------


def test_a_weaker_policy_waits_for_security(console):
    resource = there(console, "loose", LAX)
    number = filtering.assign(console.visit("ada"), [CHAT], "loose", terms=WHY)
    waiting = plan(console, number)
    assert waiting.state is State.PROPOSED
    assert waiting.policy == f"{LOOSER} (blocks medium and high → off)"
    assert after(console, number, 3).state is State.PROPOSED
    assert sent(console) == []
    approve.plan(console.visit("alan"), number, fingerprint=waiting.fingerprint)
    assert after(console, number).state is State.DONE
    assert policy_of(console, CHAT) == "loose"
    assert resource == LOOSE


def test_a_weaker_policy_may_not_even_be_there_for_callers_to_name(console):
    number = filtering.policy(console.visit("ada"), WEU, "loose", made(console, LAX))
    assert "callers may name loose" in plan(console, number).policy
    there(console, "looser", {**LAX, ("sexual", "prompt"): Strength.OFF})
    number = filtering.policy(console.visit("ada"), WEU, "less", made(console, LAX))
    assert plan(console, number).policy == ""


@pytest.mark.parametrize(
    ("mode", "why"), [("asynchronous", "the mode becomes looser"), ("buffered", "")]
)
def test_asynchronous_is_weaker(console, mode, why):
    there(console, "other", {}, mode=mode)
    number = filtering.assign(console.visit("ada"), [CHAT], "other")
    assert plan(console, number).policy.startswith(why)
    assert bool(plan(console, number).policy) is bool(why)


def test_what_goes_back_by_itself_to_less_is_approved_before(console):
    there(console, "strict", TIGHT)
    until = console.clock() + timedelta(hours=1)
    number = filtering.assign(console.visit("ada"), [CHAT], "strict", terms=Terms(until=until))
    waiting = plan(console, number)
    assert waiting.policy.startswith(f"when it goes back, {LOOSER}")
    approve.plan(console.visit("sam"), number, fingerprint=waiting.fingerprint)
    assert after(console, number).state is State.DONE
    console.clock.move(hours=2)
    console.calendar.run_once()
    (back, *_) = pending(console)
    assert (back.undoes, back.state) == (number, State.CONFIRMED)
    assert after(console, back.id).state is State.DONE
    assert policy_of(console, CHAT) is None


# --- in place -----------------------------------------------------------------------------------


def production(console, *names):
    for name in names:
        deployment = console.small.world.accounts.deployments[WEU][name]
        deployment.tags = {**(deployment.tags or {}), "environment": "prod"}
    console.collector.look_again(CHAT)


def test_an_edit_in_place_says_how_many_it_changes(console):
    there(console, "strict", TIGHT)
    for name in (CHAT, BUSY):
        after(console, filtering.assign(console.visit("ada"), [name], "strict"))
    tighter = made(console, {("sexual", "prompt"): Strength.LOW}, base="strict")
    body = {**tighter, "basePolicyName": DEFAULT}
    number = filtering.edit(console.visit("ada"), STRICT, body)
    found = plan(console, number)
    assert found.policy == ""
    assert found.title.endswith("changes 2 deployments at once")
    assert after(console, number).state is State.DONE
    assert contents(in_azure(console, STRICT)) == contents(body)
    back = undo.change(console.visit("ada"), number)
    assert "Sexual on prompts becomes looser" in plan(console, back).policy


def test_an_edit_in_place_of_what_production_uses_needs_two_and_a_reason(console):
    there(console, "strict", TIGHT)
    after(console, filtering.assign(console.visit("ada"), [CHAT], "strict"))
    production(console, "chat")
    body = {**made(console, {("sexual", "prompt"): Strength.LOW}, base="strict")}
    body["basePolicyName"] = DEFAULT
    with pytest.raises(OutOfRange, match="chat is production: say why"):
        filtering.edit(console.visit("ada"), STRICT, body)
    number = filtering.edit(console.visit("ada"), STRICT, body, terms=WHY)
    assert plan(console, number).policy == "it is edited in place and production uses it"


def test_production_is_tightened_by_one_who_says_why(console):
    production(console, "chat")
    with pytest.raises(OutOfRange, match="say why"):
        tightened(console, CHAT)
    number = tightened(console, CHAT, terms=WHY)
    assert plan(console, number).policy == ""


def test_what_we_do_not_know_survives_an_edit(console):
    strange = {**made(console, TIGHT), "futureKnob": {"a": [1, None]}}
    by_the_portal(console, "PUT", STRICT, strange)
    look_again(console)
    body = {key: it for key, it in kept(console, "strict").items() if key != "type"}
    hate = next(it for it in body["contentFilters"] if it["name"] == "Sexual")
    hate["severityThreshold"] = "Low"
    lost = {key: it for key, it in body.items() if key != "futureKnob"}
    with pytest.raises(OutOfRange, match="they have to stay"):
        filtering.edit(console.visit("ada"), STRICT, lost)
    number = filtering.edit(console.visit("ada"), STRICT, body)
    assert after(console, number).state is State.DONE
    written = console.wire.writes[-1][2]["properties"]
    assert written.pop("contentFilters") == sorted(
        body["contentFilters"], key=lambda it: (it["name"].lower(), it["source"].lower())
    )
    assert written == {key: it for key, it in body.items() if key != "contentFilters"}


# --- two at once, and others --------------------------------------------------------------------


def test_of_two_admins_who_edit_one_policy_the_second_is_refused(console):
    there(console, "strict", TIGHT)
    bodies = [
        {**made(console, {(it, "prompt"): Strength.LOW}, base="strict"), "basePolicyName": DEFAULT}
        for it in ("sexual", "violence")
    ]
    first = filtering.edit(console.visit("ada"), STRICT, bodies[0])
    with pytest.raises(OutOfRange, match="aoai-small-weu/strict is still under way"):
        filtering.edit(console.visit("alan"), STRICT, bodies[1])
    assert after(console, first).state is State.DONE
    second = filtering.edit(console.visit("alan"), STRICT, bodies[1])
    assert "Sexual on prompts becomes looser" in plan(console, second).policy


def test_a_policy_that_the_portal_changed_since_is_left_alone(console):
    there(console, "strict", TIGHT)
    body = {**made(console, {("sexual", "prompt"): Strength.LOW}, base="strict")}
    number = filtering.edit(console.visit("ada"), STRICT, {**body, "basePolicyName": DEFAULT})
    theirs = made(console, {("violence", "prompt"): Strength.LOW})
    by_the_portal(console, "PUT", STRICT, theirs)
    found = after(console, number)
    assert (found.state, found.said) == (State.ABORTED, "It was changed by others in the meantime.")
    assert sent(console) == []
    assert contents(in_azure(console, STRICT)) == contents(theirs)


def test_what_was_shown_is_what_is_done(console):
    there(console, "strict", TIGHT)
    with pytest.raises(Outdated):
        filtering.assign(
            console.visit("ada"), [CHAT], "strict", terms=Terms(confirmed="0123456789abcdef")
        )


# --- what is deleted ----------------------------------------------------------------------------


def test_a_policy_in_use_is_not_deleted_and_one_that_is_not_comes_back(console):
    there(console, "strict", TIGHT)
    after(console, filtering.assign(console.visit("ada"), [CHAT], "strict"))
    deleting = {"named": "strict", "terms": WHY}
    with pytest.raises(OutOfRange, match="chat uses it"):
        filtering.delete(console.visit("ada"), STRICT, **deleting)
    there(console, "spare", TIGHT)
    spare = STRICT.replace("strict", "spare")
    before = in_azure(console, spare)
    deleting["named"] = "spare"
    number = filtering.delete(console.visit("ada"), spare, **deleting)
    assert plan(console, number).policy == ""
    assert after(console, number).state is State.DONE
    assert in_azure(console, spare) is None
    back = undo.change(console.visit("ada"), number)
    assert plan(console, back).policy == ""
    assert after(console, back).state is State.DONE
    assert contents(in_azure(console, spare)) == contents(before)


def test_a_policy_on_which_another_is_based_is_not_deleted(console):
    there(console, "strict", TIGHT)
    heir = {**made(console, {}, base=DEFAULT), "basePolicyName": "strict"}
    by_the_portal(console, "PUT", STRICT.replace("strict", "heir"), heir)
    look_again(console)
    with pytest.raises(OutOfRange, match="heir is based on it"):
        filtering.delete(console.visit("ada"), STRICT, named="strict", terms=WHY)


@pytest.mark.parametrize(
    ("named", "why", "words"),
    [("Strict", WHY, "name does not match"), ("strict", Terms(), "Say why")],
)
def test_a_name_and_a_reason_are_asked_for(console, named, why, words):
    there(console, "strict", TIGHT)
    with pytest.raises(OutOfRange, match=words):
        filtering.delete(console.visit("ada"), STRICT, named=named, terms=why)


# --- what cannot be -----------------------------------------------------------------------------


def first(body, **fields):
    """This body with its first filter changed so."""
    one, *rest = body["contentFilters"]
    return {**body, "contentFilters": [{**one, **fields}, *rest]}


BAD = {
    "no filter of ours": (lambda it: first(it, name="Rudeness"), "no category"),
    "no direction": (lambda it: first(it, source="Sideways"), "no direction"),
    "no threshold": (lambda it: first(it, severityThreshold="Severe"), "no threshold"),
    "a threshold that is missing": (lambda it: first(it, severityThreshold=None), "needs a thresh"),
    "text for a flag": (lambda it: first(it, enabled="yes"), "true or false"),
    "a field nobody knows": (lambda it: first(it, tone="firm"), "not known here"),
    "a threshold on a binary filter": (
        lambda it: {**it, "contentFilters": [
            {"name": "Jailbreak", "source": "Prompt", "enabled": True, "blocking": True,
             "severityThreshold": "Low"}]},
        "has no levels",
    ),
    "the same twice": (
        lambda it: {**it, "contentFilters": [
            {"name": "Hate", "enabled": True, "blocking": True, "severityThreshold": "Low"},
            {"name": "hate", "source": "prompt", "enabled": True, "blocking": True,
             "severityThreshold": "High"}]},
        "twice",
    ),
    "no mode": (lambda it: {**it, "mode": "Relaxed"}, "no mode"),
    "no base": (lambda it: {**it, "basePolicyName": "nobody"}, "not listed"),
    "no property": (lambda it: {**it, "kindness": 1}, "no property"),
    "no list": (lambda it: {**it, "contentFilters": "all"}, "list of at most"),
    "no blocklist": (
        lambda it: {**it, "customBlocklists": [{"blocklistName": "x", "blocking": True}]},
        "no blocklist x",
    ),
}  # fmt: skip


NAMES = {
    "": "missing",
    "my policy": "no blanks",
    "a" * 65: "1 to 64",
    "a/b": "1 to 64",
    "Microsoft.Mine": "Microsoft's own",
    "microsoft.default": "Microsoft's own",
}


def test_what_cannot_be_is_refused_before_anything_is_planned(console):
    body = made(console, TIGHT)
    tried = [("strict", spoilt(body), words) for spoilt, words in BAD.values()]
    tried += [(name, body, words) for name, words in NAMES.items()]
    for name, told, words in tried:
        with pytest.raises(OutOfRange, match=words):
            filtering.policy(console.visit("ada"), WEU, name, told)
        assert trail(console)[-1][2] == "refused"
        assert words in trail(console)[-1][3]
    assert pending(console) == []


def test_microsofts_own_policies_are_left_alone(console):
    own = f"{WEU}/raipolicies/microsoft.defaultv2"
    with pytest.raises(OutOfRange, match="Microsoft's own"):
        filtering.edit(console.visit("ada"), own, made(console, TIGHT))
    with pytest.raises(OutOfRange, match="Microsoft's own"):
        filtering.delete(console.visit("ada"), own, named=DEFAULT, terms=WHY)


def test_what_cannot_be_assigned(console):
    there(console, "strict", TIGHT)
    for deployments, policy, words in (
        ([], DEFAULT, "1 to 99"),
        ([f"{CHAT}-{at}" for at in range(100)], DEFAULT, "1 to 99"),
        ([CHAT, CHAT], "strict", "each once"),
        ([CHAT], "nobody", "no filter policy nobody"),
        ([CHAT], None, "this filter policy already"),
        ([CHAT, ASSIST], "strict", "no filter policy strict"),
    ):
        with pytest.raises(OutOfRange, match=words):
            filtering.assign(console.visit("ada"), deployments, policy)
    assert pending(console) == []


def test_to_name_the_default_is_a_change_that_weakens_nothing(console):
    number = filtering.assign(console.visit("ada"), [CHAT], DEFAULT.lower())
    assert plan(console, number).policy == ""
    assert after(console, number).state is State.DONE
    assert policy_of(console, CHAT) == DEFAULT


def test_an_image_model_takes_the_default_whatever_is_said(console):
    console.small.world.accounts.deployments[WEU]["chat"].model["name"] = "gpt-image-1"
    console.collector.look_again(CHAT)
    there(console, "strict", TIGHT)
    with pytest.raises(OutOfRange, match="always takes the default"):
        filtering.assign(console.visit("ada"), [CHAT], "strict")


def test_a_policy_that_says_so_already(console):
    there(console, "strict", TIGHT)
    body = kept(console, "strict")
    with pytest.raises(OutOfRange, match="says this already"):
        filtering.edit(console.visit("ada"), STRICT, body)
    with pytest.raises(OutOfRange, match="There is a filter policy strict"):
        tightened(console)


def test_accounts_and_policies_that_are_none(console):
    for account in (f"{WEU}x", "", "x", CHAT):
        with pytest.raises(NotAllowed):
            filtering.policy(console.visit("ada"), account, "strict", {})
    for resource in (STRICT, "", CHAT, f"{WEU}/raipolicies/"):
        with pytest.raises(NotAllowed):
            filtering.edit(console.visit("ada"), resource, {})
        with pytest.raises(NotAllowed):
            filtering.delete(console.visit("ada"), resource, named="x", terms=WHY)


def test_only_admins_change_filters_and_only_where_the_console_writes(console):
    for person in ("maria", "vera", "tess", "sam", "cora", "otto"):
        with pytest.raises(NotAllowed, match="may not change content filters"):
            filtering.assign(console.visit(person), [CHAT], None)
    with pytest.raises(ReadOnly):
        filtering.assign(console.visit("ada", writes=False), [CHAT], None)
