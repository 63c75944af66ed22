"""One filter policy, and blocklists, from the page to the far end."""

import json

import pytest

from domain import filters
from domain.filter_legs import list_id, policy_id
from domain.filters import Strength
from domain.plans import State
from tests import filtered
from tests.conftest import table
from tests.pages.test_filters import (
    LOW,
    MEDIUM,
    button,
    carried_out,
    pointed,
    pressed,
    reviewed,
    said,
    ticked,
)
from tests.world import CHAT, WEU

TABS = ["Filters", "In use by", "History", "JSON"]
DEFAULT = policy_id(WEU, "Microsoft.DefaultV2")
WORDS = list_id(WEU, "rivals")


@pytest.fixture
def used(console):
    """A policy that CHAT uses, which has a field that we do not know."""
    body = {**filtered.made(console, filtered.TIGHT), "somethingNew": {"deep": [1, 2]}}
    resource = policy_id(WEU, "strict")
    filtered.by_the_portal(console, "PUT", resource, body)
    pointed(console, CHAT, "strict")
    filtered.look_again(console)
    console.finder.run_once()
    return resource


@pytest.fixture
def rivals(console):
    """A blocklist with one term, which no policy names."""
    filtered.by_the_portal(console, "PUT", WORDS, {"description": "Names of others"})
    term = f"{WORDS}/raiblocklistitems/first"
    filtered.by_the_portal(console, "PUT", term, {"pattern": "fabrikam", "isRegex": False})
    filtered.look_again(console)
    return WORDS


@pytest.mark.parametrize("person", ["ada", "maria", "cora", "sam"])
def test_every_tab_of_a_policy_opens(opened, used, person):
    at = opened("policy", person, policy=used)
    for tab in TABS:
        at.session_state["tab"] = tab
        at = at.run()
        assert not at.exception
        assert not at.error
    assert "strict" in said(at)
    assert (button(at, "change-policy") is not None) is (person == "ada")


def test_a_policy_that_is_not_there_or_not_ones_own(opened, used):
    assert "There is no such policy here" in said(opened("policy", policy="nothing"))
    assert "There is no such policy here" in said(opened("policy", "mark", policy=used))


def test_what_a_policy_does_is_told_with_who_says_it(opened, used):
    at = opened("policy", policy=used)
    shown = table(at, "Said by").set_index("Filter")
    assert shown.loc["Hate on prompts", "Does"] == LOW
    assert shown.loc["Hate on completions", "Does"] == MEDIUM
    assert "somethingnew" in said(at)
    at = opened("policy", policy=used, tab="In use by")
    assert table(at, "Deployment")["Deployment"].tolist() == ["chat"]


def test_microsofts_own_are_neither_edited_nor_deleted(opened):
    at = opened("policy", policy=DEFAULT)
    assert button(at, "delete-policy") is None
    at = pressed(pressed(at, "change-policy"), "filter-next")
    assert at.radio(key="filter-way").options == ["A new policy, given to deployments"]
    assert "nobody edits" in said(at)


def test_a_policy_is_edited_in_place_and_keeps_what_nobody_knows(opened, console, used):
    at = pressed(opened("policy", policy=used), "change-policy")
    at.selectbox(key="filter-hate-completion").set_value(Strength.LOW)
    at = pressed(at.run(), "filter-next")
    at = at.radio(key="filter-way").set_value("in place").run()
    assert "changes 1 deployment at once" in said(at)
    at = pressed(at, "filter-next")
    assert table(at, "Which way")["What"].tolist() == ["Hate on completions"]
    at.text_input(key="filter-reason").set_value("Customers").run()
    at = pressed(at, "filter-confirm")
    assert not at.error
    assert carried_out(console).state is State.DONE
    body = filtered.in_azure(console, used)
    assert body["somethingNew"] == {"deep": [1, 2]}
    assert filters.read(body).strength(("hate", "completion")) is Strength.LOW
    assert filtered.policy_of(console, CHAT) == "strict"


def test_a_name_that_azure_would_refuse_is_refused_first(opened, used):
    at = pressed(pressed(opened("policy", policy=used), "change-policy"), "filter-next")
    at = at.text_input(key="filter-name").set_value("two words").run()
    assert "A name has no blanks" in said(at)
    assert at.button(key="filter-next").disabled
    at = at.text_input(key="filter-name").set_value("strict").run()
    assert "There is a policy strict in this account already" in said(at)


def test_a_policy_in_use_is_not_deleted_and_an_unused_one_is(opened, console, used):
    at = pressed(opened("policy", policy=used), "delete-policy")
    assert "1 deployment use it" in said(at)
    at.text_input(key="delete-policy-name").set_value("strict")
    at.text_input(key="delete-policy-reason").set_value("Old").run()
    assert at.button(key="delete-policy-confirm").disabled

    pointed(console, CHAT, "Microsoft.DefaultV2")
    filtered.look_again(console)
    at = pressed(opened("policy", policy=used), "delete-policy")
    at.text_input(key="delete-policy-reason").set_value("Old")
    at = at.text_input(key="delete-policy-name").set_value("strct").run()
    assert at.button(key="delete-policy-confirm").disabled
    at = at.text_input(key="delete-policy-name").set_value("strict").run()
    at = pressed(at, "delete-policy-confirm")
    assert not at.error
    assert carried_out(console).state is State.DONE
    assert filtered.in_azure(console, used) is None


def test_a_new_policy_begins_from_the_default_of_an_account(opened, console):
    at = opened("filters", tab="Policies and blocklists")
    at = at.selectbox(key="new-policy-account").set_value(WEU).run()
    at = pressed(pressed(at, "new-policy"), "filter-next")
    at = at.text_input(key="filter-name").set_value("fresh").run()
    at = pressed(at, "filter-next")
    assert "No deployment yet" in said(at)
    shown = json.loads(next(it.value for it in at.code if it.value.startswith("{")))
    assert shown["basePolicyName"] == "Microsoft.DefaultV2"
    at = pressed(at, "filter-confirm")
    assert not at.error
    assert carried_out(console).state is State.DONE
    assert filtered.in_azure(console, policy_id(WEU, "fresh"))["basePolicyName"] == (
        "Microsoft.DefaultV2"
    )


# --- blocklists ---------------------------------------------------------------------------------


def lists(opened, number=None):
    at = opened("filters", tab="Policies and blocklists")
    return at if number is None else ticked(at, "blocklists", number)


def test_a_blocklist_is_made_with_its_terms(opened, console):
    at = pressed(lists(opened), "new-blocklist")
    at.selectbox(key="blocklist-account").set_value(WEU)
    at.text_input(key="blocklist-name").set_value("rivals")
    at.text_area(key="terms-plain").set_value("fabrikam\nnorthwind\n")
    at = at.text_area(key="terms-regex").set_value("wood(grove").run()
    assert "no valid regular expression" in said(at)
    assert at.button(key="blocklist-confirm").disabled
    at = at.text_area(key="terms-regex").set_value("wood.?grove").run()
    at = pressed(at, "blocklist-confirm")
    assert not at.error
    assert carried_out(console).state is State.DONE
    filtered.look_again(console)
    at = lists(opened, 0)
    assert table(at, "In force by")["Terms"].tolist() == [3]
    assert set(table(at, "Pattern")["Pattern"]) == {"fabrikam", "northwind", "wood.?grove"}


def test_a_term_that_goes_needs_a_second_person(opened, console, rivals):
    at = pressed(lists(opened, 0), "change-terms")
    at.multiselect(key="terms-gone").set_value(["first"])
    at = at.text_area(key="terms-plain").set_value("northwind").run()
    ways = [it[0] for it in table(at, "Which way")["Which way"]]
    assert sorted(ways) == ["looser", "stricter"]
    assert "A second person has to approve it" in said(at)
    at = pressed(at, "terms-confirm")
    assert filtered.plan(console, 1).state is State.PROPOSED
    assert filtered.in_azure(console, f"{rivals}/raiblocklistitems/first")


def test_a_blocklist_is_deleted_by_its_name(opened, console, rivals):
    at = pressed(lists(opened, 0), "delete-blocklist")
    at.text_input(key="delete-blocklist-name").set_value("rivals")
    at = at.text_input(key="delete-blocklist-reason").set_value("Unused").run()
    at = pressed(at, "delete-blocklist-confirm")
    assert not at.error
    assert filtered.plan(console, 1).policy
    assert filtered.in_azure(console, rivals)


def test_a_blocklist_is_put_in_force_by_a_policy(opened, console, used, rivals):
    assert rivals
    at = pressed(opened("policy", policy=used), "change-policy")
    at = at.multiselect(key="filter-lists-prompt").set_value(["rivals"]).run()
    at = reviewed(at)
    assert table(at, "Which way")["What"].tolist() == ["blocklist rivals on prompts"]
    at.text_input(key="filter-reason").set_value("Rivals").run()
    at = pressed(at, "filter-confirm")
    assert not at.error
    assert carried_out(console).state is State.DONE
    name = filtered.policy_of(console, CHAT)
    told = filtered.in_azure(console, policy_id(WEU, name))
    assert told["customBlocklists"] == [
        {"blocklistName": "rivals", "blocking": True, "source": "Prompt"}
    ]
