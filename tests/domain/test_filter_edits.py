"""What changed of filters between two looks, by whom, and which way it went."""

import copy
import json
from datetime import timedelta

import pytest

from domain import filter_edits, frames, readings
from domain.readings import BLOCKLISTS, POLICIES, Snapshot, Trouble
from tests.domain.rows import ACCOUNT, NOW

BEFORE = NOW - timedelta(minutes=5)
LONG_AGO = NOW - timedelta(days=9)
OTHER = f"{ACCOUNT}-2"
HATE = {"name": "Hate", "source": "Prompt", "enabled": True, "blocking": True,
        "severityThreshold": "Low"}  # fmt: skip
JAILBREAK = {"name": "Jailbreak", "source": "Prompt", "enabled": True, "blocking": True}
DEFAULT = {"type": "SystemManaged", "mode": "Blocking", "contentFilters": [HATE, JAILBREAK]}
STRICT = {"basePolicyName": "Microsoft.Default", "mode": "Blocking", "contentFilters": [HATE]}


def policy(name="strict", body=STRICT, account=ACCOUNT, **fields):
    return {
        "resource": f"{account}/raipolicies/{name.lower()}",
        "account_id": account,
        "policy": name,
        "kind": "UserManaged",
        "body": json.dumps(body),
        "etag": '"1"',
        "modified_at": LONG_AGO,
        "modified_by": "leo",
        "seen_at": BEFORE,
        **fields,
    }


def default(body=DEFAULT, **fields):
    own = {"kind": "SystemManaged", "etag": None, "modified_at": None, "modified_by": None}
    return policy("Microsoft.Default", body, **{**own, **fields})


def rivals(terms, account=ACCOUNT, **fields):
    return {
        "resource": f"{account}/raiblocklists/rivals",
        "account_id": account,
        "blocklist": "rivals",
        "terms": json.dumps(terms),
        "etag": '"1"',
        "modified_at": LONG_AGO,
        "modified_by": "leo",
        "seen_at": BEFORE,
        **fields,
    }


def term(name, pattern=None):
    return {"name": name, "pattern": pattern or name, "isRegex": False, "etag": '"9"'}


def edits(topic, before, after, troubles=(), alive=(ACCOUNT, OTHER), at=BEFORE):
    old, new = (frames.frame(readings.kept_columns(topic), it) for it in (before, after))
    missing = tuple(Trouble(it, "Forbidden", "No.", at) for it in troubles)
    look = Snapshot(old, at, missing)
    if topic is POLICIES:
        return filter_edits.of_policies(look, new, NOW)
    return filter_edits.of_blocklists(look, new, alive, NOW)


def told(found):
    names = ["policy", "what", "before", "after", "way", "who"]
    return [
        tuple(None if it is None or it != it else it for it in row)
        for row in found[names].astype(object).where(found[names].notna(), None).to_numpy()
    ]


def of_policies(before, after, **options):
    return told(edits(POLICIES, before, after, **options))


def of_lists(before, after, **options):
    return told(edits(BLOCKLISTS, before, after, **options))


def changed(body, place=0, **fields):
    new = copy.deepcopy(body)
    new["contentFilters"][place] |= fields
    return new


def test_nothing_changed_and_another_order_or_spelling_is_no_edit():
    plain = changed(STRICT, name="HATE", source="prompt", severityThreshold="low")
    assert of_policies([default(), policy()], [default(), policy(body=plain, etag='"2"')]) == []


def test_an_edit_says_what_which_way_and_who():
    after = policy(body=changed(STRICT, severityThreshold="High"), modified_by="rob", etag='"2"')
    found = edits(POLICIES, [default(), policy()], [default(), after])
    assert told(found) == [
        ("strict", "Hate on prompts", "blocks low, medium and high", "blocks high only", "looser",
         "rob")
    ]  # fmt: skip
    (row,) = frames.records(found)
    assert (row["at"], row["account_id"], row["kind"]) == (NOW, ACCOUNT, "UserManaged")
    assert (row["resource"], row["subscription"]) == (after["resource"], ACCOUNT.split("/")[2])


def test_whoever_wrote_before_the_last_look_is_not_blamed():
    after = policy(body=changed(STRICT, enabled=False))
    ((*_, way, who),) = of_policies([default(), policy()], [default(), after])
    assert (way, who) == ("looser", None)


def test_microsoft_changes_a_default_and_all_that_rests_on_it():
    laxer = default(changed(DEFAULT, 1, blocking=False))
    assert of_policies([default(), policy()], [laxer, policy()]) == [
        ("Microsoft.Default", "Prompt attack on prompts", "blocks", "annotates only", "looser",
         None),
        ("strict", "Prompt attack on prompts", "blocks", "annotates only", "looser", None),
    ]  # fmt: skip


def test_the_base_is_to_blame_for_what_it_changed():
    base, mine = policy("house", DEFAULT), policy(body=STRICT | {"basePolicyName": "House"})
    laxer = policy("house", changed(DEFAULT, 1, enabled=False), etag='"2"', modified_by="rob")
    assert {it[-1] for it in of_policies([base, mine], [laxer, mine])} == {"rob"}


def test_what_we_do_not_know_is_told_and_can_go_either_way():
    found = of_policies([policy()], [policy(body=STRICT | {"newThing": 1}, etag='"2"')])
    assert [(it[1], it[4]) for it in found] == [("what it says of newthing", "different")]


def test_a_policy_that_comes_and_one_that_goes():
    found = of_policies([default(), policy("old")], [default(), policy("new")])
    assert found == [
        ("new", "policy", None, "created", "different", "leo"),
        ("old", "policy", "there", "deleted", "different", None),
    ]


def test_the_first_look_at_an_account_makes_none():
    assert of_policies([default()], [default(), policy(account=OTHER)]) == []
    assert of_policies([], [default(), policy()]) == []


def test_what_went_with_its_account_is_no_edit():
    gone = [default(account=OTHER), policy(account=OTHER)]
    assert of_policies([default(), *gone], [default()]) == []
    assert of_lists([rivals([], OTHER)], [], alive=[ACCOUNT]) == []


def test_the_terms_of_a_blocklist():
    before, after = [term("a"), term("b"), term("c")], [term("b"), term("c", "d"), term("e")]
    found = of_lists([rivals(before)], [rivals(after, etag='"2"', modified_by="rob")])
    assert [it[1:] for it in found] == [
        ('term c', '"c"', '"d"', "different", "rob"),
        ('term "a"', '"a"', "gone", "looser", "rob"),
        ('term "e"', "not there", '"e"', "stricter", "rob"),
    ]  # fmt: skip


def test_another_etag_of_a_term_or_another_order_is_no_edit():
    after = [term("b") | {"etag": None}, term("a")]
    assert of_lists([rivals([term("a"), term("b")])], [rivals(after)]) == []


def test_thousands_of_terms_are_counted():
    many = [term(f"t{n}") for n in range(10_000)]
    found = of_lists([rivals(many)], [rivals([term("new")])])
    assert [it[1:5] for it in found] == [
        ("10,000 terms", "there", "gone", "looser"),
        ('term "new"', "not there", '"new"', "stricter"),
    ]


@pytest.mark.parametrize(("terms", "way"), [([], "different"), ([term("a")], "looser")])
def test_a_blocklist_that_goes_stops_nothing_any_more(terms, way):
    assert of_lists([rivals(terms)], []) == [("rivals", "blocklist", "there", "deleted", way, None)]


def test_a_blocklist_that_comes_is_an_edit_where_it_would_have_been_seen():
    new = rivals([term("a")], modified_at=NOW)
    created = [("rivals", "blocklist", None, "created", "different", "leo")]
    assert of_lists([], [new]) == created
    assert of_lists([], [rivals([], modified_at=None)]) == created
    assert of_lists([], [new], troubles=[ACCOUNT]) == []
    assert of_lists([], [new], troubles=[""]) == []
    assert of_lists([], [new], troubles=[OTHER]) == created
    assert of_lists([], [rivals([term("a")])]) == [], "it was there, and is seen only now"
