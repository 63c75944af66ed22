"""Filter policies, blocklists and the catalogue on the wire: shapes, refusals, traces, memory."""

from copy import deepcopy

import pytest
from azure.core.exceptions import HttpResponseError
from azure.mgmt.cognitiveservices.models import (
    RaiBlocklist,
    RaiBlocklistItem,
    RaiBlocklistItemBulkRequest,
    RaiBlocklistItemProperties,
    RaiBlocklistProperties,
    RaiPolicy,
    RaiPolicyContentFilter,
    RaiPolicyProperties,
)

from simulator.app import Simulator

SMALL = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"
WHERE = ("rg-ai-small", "aoai-small-weu")
BUILT_IN = {"Microsoft.Default", "Microsoft.DefaultV2"}
HATE = {
    "name": "Hate",
    "source": "Prompt",
    "enabled": True,
    "blocking": True,
    "severityThreshold": "Low",
}
BODY = {
    "properties": {
        "basePolicyName": "Microsoft.DefaultV2",
        "mode": "Default",
        "contentFilters": [HATE],
    }
}


def changed(**properties):
    return {"properties": BODY["properties"] | properties}


def filtered(**one):
    return changed(contentFilters=[{it: HATE[it] for it in HATE if it not in one} | one])


@pytest.fixture
def policy(weu):
    return f"{weu}/raiPolicies/own"


@pytest.fixture
def lists(weu):
    return f"{weu}/raiBlocklists"


@pytest.fixture
def words(azure, lists):
    """A blocklist with one term."""
    assert azure.put(f"{lists}/words", {"properties": {"description": "w"}}).status_code == 201
    term(azure, lists, "one")
    return f"{lists}/words"


def term(azure, lists, name, pattern="fabrikam", **more):
    body = {"properties": {"pattern": pattern, "isRegex": False} | more}
    return azure.put(f"{lists}/words/raiBlocklistItems/{name}", body)


def error(answer):
    return answer.status_code, answer.get_json()["error"]["code"]


def test_the_sdk_writes_reads_and_deletes_a_policy(small, sdk):
    policies = sdk(small).cognitive(SMALL).rai_policies
    one = RaiPolicyContentFilter(
        name="Hate", source="Prompt", enabled=True, blocking=True, severity_threshold="High"
    )
    told = RaiPolicyProperties(mode="Asynchronous_filter", content_filters=[one])
    made = policies.create_or_update(*WHERE, "own", RaiPolicy(properties=told))
    assert (made.name, made.properties.type) == ("own", "UserManaged")
    found = {it.name: it for it in policies.list(*WHERE)}
    assert set(found) == {*BUILT_IN, "own"}
    assert {found[it].properties.type for it in BUILT_IN} == {"SystemManaged"}
    assert policies.get(*WHERE, "own").properties.content_filters[0].severity_threshold == "High"
    policies.begin_delete(*WHERE, "own", polling_interval=0).result()
    assert {it.name for it in policies.list(*WHERE)} == BUILT_IN


def test_the_sdk_writes_a_blocklist_and_its_terms(small, sdk):
    client = sdk(small).cognitive(SMALL)
    described = RaiBlocklist(properties=RaiBlocklistProperties(description="Names"))
    assert client.rai_blocklists.create_or_update(*WHERE, "words", described).name == "words"
    items, plain = client.rai_blocklist_items, RaiBlocklistItemProperties(pattern="a")
    items.create_or_update(*WHERE, "words", "one", RaiBlocklistItem(properties=plain))
    more = RaiBlocklistItemProperties(pattern="b+", is_regex=True)
    bulk = [RaiBlocklistItemBulkRequest(name=it, properties=more) for it in ("two", "three")]
    items.batch_add(*WHERE, "words", bulk)
    assert [it.name for it in items.list(*WHERE, "words")] == ["one", "three", "two"]
    items.batch_delete(*WHERE, "words", ["two", "none"])
    items.begin_delete(*WHERE, "words", "three", polling_interval=0).result()
    (left,) = items.list(*WHERE, "words")
    assert (left.properties.pattern, left.type.split("/")[-1]) == ("a", "raiBlocklistItems")
    client.rai_blocklists.begin_delete(*WHERE, "words", polling_interval=0).result()
    assert list(client.rai_blocklists.list(*WHERE)) == []
    with pytest.raises(HttpResponseError) as refused:
        list(items.list(*WHERE, "words"))
    assert refused.value.status_code == 404


def test_what_nobody_knows_is_kept_and_given_back(azure, policy):
    body = deepcopy(changed(reviewedUntil={"year": 2030}, mode="Blocking"))
    body["properties"]["contentFilters"][0] |= {"name": "hate", "annotationDetail": ["full"]}
    made = azure.put(policy, body)
    assert made.status_code == 201
    told = made.get_json()["properties"]
    assert told == {"type": "UserManaged"} | body["properties"]
    again = azure.put(policy, {"properties": told})
    assert (again.status_code, again.get_json()["properties"]) == (200, told)
    assert again.headers["etag"] == again.get_json()["etag"] != made.get_json()["etag"]
    whole = azure.put(policy, changed()).get_json()["properties"]
    assert "reviewedUntil" not in whole


def test_older_versions_name_the_mode_and_the_level_otherwise(azure, policy):
    azure.put(policy, changed(mode="Asynchronous_filter"))
    older = azure.get(policy, "2024-10-01").get_json()["properties"]
    assert older["mode"] == "Deferred"
    oldest = azure.get(policy, "2023-10-01-preview").get_json()["properties"]["contentFilters"]
    assert oldest[0]["allowedContentLevel"] == "Low"
    assert "severityThreshold" not in oldest[0]
    assert azure.get(policy).get_json()["properties"]["mode"] == "Asynchronous_filter"
    old = azure.put(policy, changed(mode="Asynchronous_filter"), version="2024-10-01")
    assert error(old) == (400, "InvalidResourceProperties")
    azure.put(policy, changed(mode="Deferred"), version="2024-10-01")
    assert azure.get(policy).get_json()["properties"]["mode"] == "Asynchronous_filter"
    assert azure.get(policy, "2023-05-01").status_code == 400


def test_an_older_version_neither_shows_nor_loses_what_came_later(azure, policy):
    agents = HATE | {"source": "PreToolCall"}
    now = changed(contentFilters=[HATE | {"action": "Blocking"}, agents])
    azure.put(policy, now, version="2025-12-01")
    assert azure.get(policy).get_json()["properties"]["contentFilters"] == [HATE]
    azure.put(policy, filtered(severityThreshold="High"))
    (one, other) = azure.get(policy, "2026-09-01").get_json()["properties"]["contentFilters"]
    assert one == HATE | {"severityThreshold": "High", "action": "Blocking"}
    assert other == agents


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (filtered(name="Rudeness"), "Resource has invalid content filter"),
        (filtered(name=None), "Resource has invalid content filter"),
        (filtered(source="Everywhere"), "Resource has invalid content filter"),
        (filtered(severityThreshold="Severe"), "Resource has invalid content filter"),
        (filtered(severityThreshold=None), "Resource has invalid content filter"),
        (filtered(name="Jailbreak", source="Completion"), "Resource has invalid content filter"),
        (changed(contentFilters=[HATE, HATE | {"name": "hate", "source": None}]), None),
        (filtered(blocking="yes"), "InvalidRequestContent"),
        (changed(mode="Sometimes"), "InvalidResourceProperties"),
        (changed(basePolicyName="none"), "InvalidResourceProperties"),
        (changed(basePolicyName="own"), "InvalidResourceProperties"),
        (changed(contentFilters="Hate"), "InvalidResourceProperties"),
        (changed(customBlocklists=[{"blocklistName": "none"}]), "InvalidResourceProperties"),
        ({"properties": None}, "InvalidRequestContent"),
    ],
)
def test_what_makes_no_policy_is_refused_and_leaves_none(azure, policy, body, code):
    answer = azure.put(policy, body)
    assert answer.status_code == 400
    assert code is None or error(answer) == (400, code)
    assert azure.get(policy).status_code == 404


def test_a_policy_is_not_its_own_base(azure, policy):
    azure.put(policy, BODY)
    assert error(azure.put(policy, changed(basePolicyName="OWN")))[0] == 400
    assert azure.get(policy).get_json()["properties"]["basePolicyName"] == "Microsoft.DefaultV2"


def test_thresholds_on_binary_filters_do_no_harm(azure, policy):
    assert azure.put(policy, filtered(name="Jailbreak")).status_code == 201


@pytest.mark.parametrize("name", ["my own", "-own", "o" * 65, "öwn"])
@pytest.mark.parametrize("kind", ["raiPolicies", "raiBlocklists"])
def test_names_follow_the_published_pattern(azure, weu, kind, name):
    body = BODY if kind == "raiPolicies" else {"properties": {}}
    assert error(azure.put(f"{weu}/{kind}/{name}", body)) == (400, "InvalidResourceName")


def test_nobody_changes_what_is_microsofts(azure, weu):
    for name in ("microsoft.defaultv2", "Microsoft.Mine"):
        answer = azure.put(f"{weu}/raiPolicies/{name}", BODY)
        assert error(answer) == (400, "InvalidOperation")
    assert error(azure.delete(f"{weu}/raiPolicies/Microsoft.Default"))[0] == 400


def test_a_policy_in_use_stays(azure, weu, chat, policy):
    azure.put(policy, BODY)
    azure.put(f"{weu}/raiPolicies/leaning", changed(basePolicyName="OWN"))
    model = azure.get(chat).get_json()
    named = {"sku": model["sku"], "properties": model["properties"] | {"raiPolicyName": "Own"}}
    assert azure.put(chat, named).status_code == 200
    refused = azure.delete(policy)
    assert error(refused) == (409, "ResourceInUse")
    assert "deployments/chat" in refused.get_json()["error"]["message"]
    named["properties"] |= {"raiPolicyName": "Microsoft.DefaultV2"}
    azure.put(chat, named)
    assert "raiPolicies/leaning" in azure.delete(policy).get_json()["error"]["message"]
    assert azure.delete(f"{weu}/raiPolicies/leaning").status_code == 202
    assert azure.delete(policy).status_code == 202
    assert azure.delete(policy).status_code == 204
    named["properties"] |= {"raiPolicyName": "own"}
    assert error(azure.put(chat, named)) == (400, "InvalidResourceProperties")


def test_a_linked_blocklist_stays_and_takes_its_terms_with_it(azure, policy, words):
    linked = changed(customBlocklists=[{"blocklistName": "Words", "blocking": True}])
    azure.put(policy, linked)
    assert error(azure.delete(words)) == (409, "ResourceInUse")
    azure.delete(policy)
    assert azure.delete(words).status_code == 202
    assert azure.get(f"{words}/raiBlocklistItems/one").status_code == 404
    azure.put(words, {"properties": {}})
    assert azure.get(f"{words}/raiBlocklistItems").get_json()["value"] == []


@pytest.mark.parametrize(
    ("pattern", "more"), [("(", {"isRegex": True}), (" ", {}), ("x" * 1001, {}), (7, {})]
)
def test_patterns_that_are_none_are_refused_alone_and_in_a_batch(
    azure, lists, words, pattern, more
):
    assert error(term(azure, lists, "two", pattern, **more)) == (400, "InvalidBlocklistItem")
    good = {"name": "good", "properties": {"pattern": "x"}}
    bad = {"name": "bad", "properties": {"pattern": pattern} | more}
    batch = azure.ask("POST", f"{words}/addRaiBlocklistItems", json=[good, bad])
    assert error(batch) == (400, "InvalidBlocklistItem")
    names = [it["name"] for it in azure.get(f"{words}/raiBlocklistItems").get_json()["value"]]
    assert names == ["one"]


def test_a_list_and_a_batch_have_room_for_so_many(azure, lists, words, monkeypatch):
    rows = [{"name": f"t{it}", "properties": {"pattern": f"{it}"}} for it in range(101)]
    place = f"{words}/addRaiBlocklistItems"
    too_many = azure.ask("POST", place, json=rows)
    assert error(too_many) == (400, "BlocklistItemLimitExceeded")
    monkeypatch.setattr("simulator.moderation.checks.MOST_ITEMS", 3)
    assert azure.ask("POST", place, json=rows[:2]).status_code == 200
    assert azure.ask("POST", place, json=rows[:2]).status_code == 200
    assert error(term(azure, lists, "four")) == (400, "BlocklistItemLimitExceeded")
    assert term(azure, lists, "one", "other").status_code == 200


def test_terms_written_at_once_fail_but_one_after_the_other_do_not(small, azure, lists, words):
    body = {"properties": {"pattern": "y"}}
    small.control.meddle("PUT", f"{words}/raiBlocklistItems/theirs", body, before="Items/mine")
    assert error(term(azure, lists, "mine")) == (412, "PreconditionFailed")
    assert term(azure, lists, "mine").status_code == 201


@pytest.mark.parametrize("honoured", [False, True])
def test_preconditions_hold_where_they_are_honoured(small, azure, policy, honoured):
    small.control.configure(honour_if_match=honoured)
    new = {"If-None-Match": "*"}
    etag = azure.put(policy, BODY, headers=new).get_json()["etag"]
    assert azure.put(policy, BODY, headers={"If-Match": etag}).status_code == 200
    wrong = 412 if honoured else 200
    assert azure.put(policy, BODY, headers={"If-Match": etag}).status_code == wrong
    assert azure.put(policy, BODY, headers=new).status_code == wrong
    gone = azure.delete(policy, headers={"If-Match": etag}).status_code
    assert gone == (412 if honoured else 202)


def test_one_write_at_a_time(small, azure, clock, chat, policy):
    azure.put(policy, BODY)
    small.control.configure(async_writes=True, write_seconds=20)
    begun = azure.delete(policy)
    assert begun.status_code == 202
    where = begun.headers["Azure-AsyncOperation"]
    assert azure.follow(where).get_json()["status"] == "Running"
    assert azure.get(policy).status_code == 200
    assert error(azure.patch(chat, {"sku": {"capacity": 11}})) == (409, "RequestConflict")
    assert error(azure.put(policy, BODY)) == (409, "RequestConflict")
    clock.move(seconds=21)
    assert azure.follow(where).get_json()["status"] == "Succeeded"
    assert azure.get(policy).status_code == 404
    assert azure.put(policy, BODY).status_code == 201


def test_a_deletion_that_fails_leaves_the_policy(small, azure, clock, policy):
    azure.put(policy, BODY)
    small.control.fault("fails", path="raiPolicies", seconds=5)
    where = azure.delete(policy).headers["Azure-AsyncOperation"]
    clock.move(seconds=6)
    assert azure.follow(where).get_json()["status"] == "Failed"
    assert azure.get(policy).status_code == 200
    assert azure.delete(policy).status_code == 202
    assert azure.get(policy).status_code == 404


def test_lists_come_in_pages(small, azure, weu):
    small.control.configure(page_size=2)
    small.control.configure(page_everything=True)
    for name in ("a", "b", "c"):
        azure.put(f"{weu}/raiPolicies/{name}", BODY)
    found, url = [], f"https://management.azure.com{weu}/raiPolicies?api-version=2025-09-01"
    while url:
        page = azure.follow(url).get_json()
        found += [it["name"] for it in page["value"]]
        url = page.get("nextLink")
    assert found == ["Microsoft.Default", "Microsoft.DefaultV2", "a", "b", "c"]


def test_the_catalogue_tells_slugs_names_and_sources(azure):
    place = f"/subscriptions/{SMALL}/providers/Microsoft.CognitiveServices/locations/westeurope"
    rows = azure.get(f"{place}/raiContentFilters").get_json()["value"]
    by = {it["name"]: it["properties"] for it in rows}
    assert len(by) == 9
    assert by["Hate"] == {"name": "Hate", "isMultiLevelFilter": True}
    assert by["ProtectedMaterialText"] == {
        "name": "Protected Material Text",
        "isMultiLevelFilter": False,
        "source": "Completion",
    }
    one = azure.get(f"{place}/raiContentFilters/indirectattack").get_json()
    assert one["properties"]["name"] == "Indirect Attack"
    assert azure.get(f"{place}/raiContentFilters/none").status_code == 404


def test_every_write_is_an_event(azure, clock, policy, words):
    azure.put(policy, BODY)
    azure.put(policy, changed(mode="Sometimes"))
    azure.delete(policy)
    azure.ask("POST", f"{words}/deleteRaiBlocklistItems", json=["one"])
    clock.move(minutes=20)
    place = f"/subscriptions/{SMALL}/providers/Microsoft.Insights/eventtypes/management/values"
    asked = f"{place}?$filter=eventTimestamp ge '2026-11-18T13:00:00Z'"
    rows = azure.get(asked, "2015-04-01").get_json()["value"]
    told = [(it["operationName"]["value"], it["status"]["value"]) for it in rows]
    above = "Microsoft.CognitiveServices/accounts/rai"
    assert told.count((f"{above}Policies/write", "Succeeded")) == 1
    assert told.count((f"{above}Policies/write", "Failed")) == 1
    assert told.count((f"{above}Policies/delete", "Succeeded")) == 1
    assert told.count((f"{above}Blocklists/write", "Succeeded")) == 1
    assert told.count((f"{above}Blocklists/raiBlocklistItems/write", "Succeeded")) == 1
    assert (f"{above}Blocklists/deleteRaiBlocklistItems/action", "Succeeded") in told


def test_what_was_written_outlives_the_process_and_a_reset_does_not(tmp_path, signed, clock, weu):
    file = tmp_path / "world.db"
    first = Simulator(file, scenario="small", clock=clock)
    azure = signed(first)
    azure.put(f"{weu}/raiBlocklists/words", {"properties": {"description": "w"}})
    term(azure, f"{weu}/raiBlocklists", "one")
    azure.put(f"{weu}/raiPolicies/own", BODY)
    azure.put(f"{weu}/raiPolicies/gone", BODY)
    azure.delete(f"{weu}/raiPolicies/gone")
    first.world.close()
    second = Simulator(file, scenario="small", clock=clock)
    azure = signed(second)
    names = [it["name"] for it in azure.get(f"{weu}/raiPolicies").get_json()["value"]]
    assert names == ["Microsoft.Default", "Microsoft.DefaultV2", "own"]
    there = azure.get(f"{weu}/raiBlocklists/words/raiBlocklistItems/one").get_json()
    assert there["properties"]["pattern"] == "fabrikam"
    second.control.reset()
    assert azure.get(f"{weu}/raiPolicies/own").status_code == 404
    assert azure.get(f"{weu}/raiBlocklists").get_json()["value"] == []


def test_an_account_made_anew_has_nothing_of_its_forerunner(azure, weu, policy):
    azure.put(policy, BODY)
    azure.delete(weu)
    place = "/".join(weu.split("/")[:3])
    gone = f"{place}/providers/Microsoft.CognitiveServices/locations/westeurope"
    azure.delete(f"{gone}/resourceGroups/rg-ai-small/deletedAccounts/aoai-small-weu")
    again = {"kind": "OpenAI", "location": "westeurope", "sku": {"name": "S0"}}
    assert azure.put(weu, again).status_code == 201
    assert azure.get(policy).status_code == 404


def test_files_of_before_policies_were_resources_still_open(tmp_path, signed, clock, weu):
    file = tmp_path / "world.db"
    first = Simulator(file, scenario="small", clock=clock)
    signed(first).patch(weu, {"tags": {"a": "b"}})
    archive = first.world._archive
    ((path, body),) = archive.documents("account")
    archive.keep("account", path, body | {"policies": ["of-old"]})
    first.world.close()
    azure = signed(Simulator(file, scenario="small", clock=clock))
    assert azure.get(weu).get_json()["tags"] == {"a": "b"}
    assert {it["name"] for it in azure.get(f"{weu}/raiPolicies").get_json()["value"]} == BUILT_IN
