"""What a change of content filters weakens: what cannot be told counts, and order does not."""

import json
from dataclasses import replace

import pytest

from domain import filters, frames
from domain.consent import needed
from domain.filter_legs import ANY, alike, described, policy_id, repointed, termed
from domain.inventory import INVENTORY
from domain.moderation import BLOCKLISTS, POLICIES
from domain.plans import GONE, Leg
from domain.safeguards import Safeguards, weakened
from tests.domain.estates import ACCOUNT, holder

DEFAULT = "Microsoft.DefaultV2"


def entry(name, source, level, *, blocking=True, enabled=True):
    told = {"name": name, "source": source, "enabled": enabled, "blocking": blocking}
    return told | ({"severityThreshold": level} if level else {})


def body(hate="Medium", *, mode="Default", base=DEFAULT, kind="UserManaged", **more):
    told = {"type": kind, "mode": mode, "contentFilters": [
        entry("Hate", "Prompt", hate), entry("Jailbreak", "Prompt", None)], **more}  # fmt: skip
    return told | ({"basePolicyName": base} if base else {})


BODIES = {
    DEFAULT: body(base=None, kind="SystemManaged"),
    "strict": body("Low"),
    "loose": body("High"),
    "late": body("Low", mode="Asynchronous_filter"),
    "odd": body("Severe"),
    "strange": body("Low", futureKnob=1),
    "heir": body(None, base="strict") | {"contentFilters": []},
}


def known(*, environment="dev", policy=None, bodies=BODIES):
    rows = [
        {
            "resource": policy_id(ACCOUNT, name), "account_id": ACCOUNT, "policy": name,
            "kind": it["type"], "body": json.dumps(it), "etag": '"1"',
        }
        for name, it in bodies.items()
    ]  # fmt: skip
    deployed = holder("chat", environment=environment, filter_policy=policy)
    return Safeguards(
        frames.frame(POLICIES, rows),
        frames.frame(BLOCKLISTS, []),
        frames.frame(INVENTORY, [deployed]),
    )


def repoint(before, after):
    values = [known().value(ACCOUNT, it) for it in (before, after)]
    return Leg("filter", f"{ACCOUNT}/deployments/chat", "e", *values)


def edit(name, new):
    before = filters.canonical(BODIES[name])
    return Leg("policy", policy_id(ACCOUNT, name), '"1"', before, filters.canonical(new))


def make(new, name="new"):
    return Leg("policy", policy_id(ACCOUNT, name), "", GONE, filters.canonical(new))


CANT = "can't be told"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (None, "strict", ""),
        ("strict", "STRICT", ""),
        ("strict", None, "Hate on prompts becomes looser"),
        ("strict", "loose", "blocks low, medium and high → blocks high only"),
        ("loose", "strict", ""),
        (None, DEFAULT, ""),
        ("strict", "late", "the mode becomes looser"),
        ("late", "strict", ""),
        ("strict", "odd", CANT),
        ("odd", "strict", CANT),
        ("odd", "odd", ""),
        ("strict", "strange", CANT),
        # what it does not state is its base's
        ("strict", "heir", ""),
        ("heir", None, "Hate on prompts becomes looser"),
        # not listed
        ("strict", "nobody", CANT),
        ("nobody", "strict", CANT),
    ],
)
def test_a_repoint_is_measured_between_the_contents(before, after, why):
    found = needed([repoint(before, after)], {}, {}, known=known())
    assert why in found
    assert bool(found) is bool(why)


def test_what_is_not_known_needs_two():
    assert CANT in needed([repoint("loose", "strict")], {}, {})


def test_a_repoint_to_contents_that_are_not_those_that_were_read_needs_two():
    leg = repoint("loose", "strict")
    other = replace(leg, target=repointed("strict", "0" * 64))
    assert CANT in needed([other], {}, {}, known=known())
    other = replace(leg, before=repointed("loose", "0" * 64))
    assert CANT in needed([other], {}, {}, known=known())


def test_production_may_be_tightened_by_one():
    where = {f"{ACCOUNT}/deployments/chat": "prod"}
    assert needed([repoint("loose", "strict")], where, {}, known=known(environment="prod")) == ""


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (body("Low"), ""),
        (body(), ""),
        (body("High"), ""),  # loose is there already
        (body("High", mode="Deferred"), "callers may name new"),
        (body("Low") | {"contentFilters": [entry("Hate", "Prompt", "Low", enabled=False)]},
         "Hate on prompts becomes looser"),
        (body("Low", base="nobody"), "callers may name new"),
    ],
)  # fmt: skip
def test_a_new_policy_may_be_named_by_any_caller(new, why):
    found = needed([make(new)], {}, {}, known=known())
    assert why in found
    assert bool(found) is bool(why)


def test_a_new_policy_and_what_it_is_for_are_judged_together():
    """The deployment is pointed to what the plan itself makes."""
    new = body("Low", more=1)
    value = repointed("new", filters.contents(new))
    leg = replace(repoint("loose", "strict"), target=value)
    assert CANT in needed([make(new), leg], {}, {}, known=known())
    new = body("Low")
    leg = replace(leg, target=repointed("new", filters.contents(new)))
    assert needed([make(new), leg], {}, {}, known=known()) == ""
    assert CANT in needed([leg], {}, {}, known=known())


@pytest.mark.parametrize(
    ("name", "new", "where", "policy", "why"),
    [
        ("strict", body("Medium"), "dev", None, "Hate on prompts becomes looser"),
        ("loose", body("Medium"), "dev", "loose", ""),
        ("loose", body("Medium"), "Prod", "loose", "it is edited in place"),
        ("loose", body("Medium"), "Prod", "LOOSE", "it is edited in place"),
        ("loose", body("Medium"), "prod", "strict", ""),
        ("strict", body("Low") | {"mode": "Blocking"}, "prod", "heir", "it is edited in place"),
        ("strict", body("Low", futureKnob=2), "dev", None, CANT),
    ],
)
def test_an_edit_in_place(name, new, where, policy, why):
    found = weakened([edit(name, new)], known(environment=where, policy=policy))
    assert why in "; ".join(found)
    assert bool(found) is bool(why)


def test_a_policy_that_goes_weakens_nothing():
    leg = edit("loose", body())
    assert weakened([replace(leg, target=GONE)], known()) == []


@pytest.mark.parametrize(
    ("legs", "why"),
    [
        ([("blocklist", "words", GONE, described({}))], ""),
        ([("blocklist", "words", described({"description": "a"}), described({}))], ""),
        ([("blocklist", "words", described({}), GONE)], "blocklist words is removed"),
        ([("term", "words/raiblocklistitems/a", GONE, termed({"pattern": "x"}))], ""),
        ([("term", "words/raiblocklistitems/a", termed({"pattern": "x"}), GONE)], "becomes looser"),
        (
            [("term", "words/raiblocklistitems/a", termed({"pattern": "x"}),
              termed({"pattern": "x", "isRegex": True}))],
            CANT,
        ),
        (  # the same under another name, in one list and in two
            [("term", "words/raiblocklistitems/a", termed({"pattern": "x"}), GONE),
             ("term", "words/raiblocklistitems/b", GONE, termed({"pattern": "x"}))],
            "",
        ),
        (
            [("term", "words/raiblocklistitems/a", termed({"pattern": "x"}), GONE),
             ("term", "other/raiblocklistitems/b", GONE, termed({"pattern": "x"}))],
            "becomes looser",
        ),
    ],
)  # fmt: skip
def test_blocklists_and_their_terms(legs, why):
    told = [
        Leg(lever, f"{ACCOUNT}/raiblocklists/{place}", ANY, before, after)
        for lever, place, before, after in legs
    ]
    found = "; ".join(weakened(told, known()))
    assert why in found
    assert bool(found) is bool(why)


def test_whose_a_policy_is():
    told = known(policy="heir")
    assert told.heirs(policy_id(ACCOUNT, "strict")) == [policy_id(ACCOUNT, "heir")]
    assert told.users(policy_id(ACCOUNT, "strict"))["deployment"].tolist() == ["chat"]
    assert told.users(policy_id(ACCOUNT, "loose")).empty
    by_default = known().users(policy_id(ACCOUNT, DEFAULT))
    assert by_default["deployment"].tolist() == ["chat"]


def test_policies_that_are_based_on_each_other_end():
    ring = {"a": body(base="b"), "b": body(base="a"), DEFAULT: BODIES[DEFAULT]}
    assert known(bodies=ring).heirs(policy_id(ACCOUNT, "a")) == [policy_id(ACCOUNT, "b")]


def test_what_azure_orders_and_spells_in_its_own_way_is_the_same():
    leg = edit("strict", body("Medium"))
    told = body("Medium")
    told["contentFilters"] = [
        {**it, "name": it["name"].upper(), "source": it["source"].lower()}
        for it in reversed(told["contentFilters"])
    ]
    assert alike(leg, filters.canonical(told)) == leg.target
    assert alike(leg, filters.canonical(BODIES["strict"])) == leg.before
    assert alike(leg, GONE) == GONE
    other = filters.canonical(body("High"))
    assert alike(leg, other) == other
    moved = repoint("loose", "strict")
    assert alike(moved, moved.target.replace("strict", "Strict")) == moved.target
