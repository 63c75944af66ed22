"""What filters catch: the same harm comes along whatever they do; a change holds from its minute
on."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from simulator.app import Simulator
from simulator.insights.harm import LEAVES

SEEN = ("RAIHarmfulRequests", "Severity eq '*'")
STOPPED = ("RAIRejectedRequests", "")
TODAY = {"starttime": "2026-11-18T00:00:00Z", "endtime": "2026-11-19T00:00:00Z"}
GRADED = ("Hate", "Sexual", "Violence", "Selfharm")
WEEKS = {"starttime": "2026-10-19T00:00:00Z", "endtime": "2026-11-18T00:00:00Z", "interval": "P1D"}


ONE = "stores-assistant-mini"


@pytest.fixture
def azure(contoso, signed):
    return signed(contoso)


@pytest.fixture
def weu(path, prod):
    return path("aoai-retail-stores-weu", "rg-ai-retail-prod", prod)


@pytest.fixture
def chat(weu):
    """Under the default policy, and much used."""
    return f"{weu}/deployments/{ONE}"


def policy(word, *others, **more):
    """All that is graded at one level, in both directions."""
    one = {"enabled": word != "off", "blocking": word not in ("off", "annotate")}
    one["severityThreshold"] = word if word in ("Low", "Medium", "High") else "Medium"
    filters = [{"name": it, **one} for it in GRADED]
    told = {"basePolicyName": "Microsoft.DefaultV2", "contentFilters": [*filters, *others]}
    return {"properties": told | more}


def counts(azure, account, deployment, metric, extra="", region="westeurope", **window):
    """By category, direction and whatever else is asked: the buckets."""
    asked = f"ModelDeploymentName eq '{deployment}' and Category eq '*' and TextType eq '*'"
    asked = f"{asked} and {extra}" if extra else asked
    options = {"top": "1000", "interval": "PT1H"} | TODAY | window
    (value,) = azure.batch([account], metric, region=region, filter=asked, **options)
    return {
        tuple(it["value"] for it in one["metadatavalues"])[1:]: [
            point.get("total", 0.0) for point in one["data"]
        ]
        for one in value["value"][0]["timeseries"]
    }


def whole(rows, **only):
    """Buckets added up over the rows of these values."""
    chosen = [it for key, it in rows.items() if all(value in key for value in only.values())]
    return [sum(column) for column in zip(*chosen, strict=True)] if chosen else []


def assign(azure, path, name):
    found = azure.get(path).get_json()
    body = {"sku": found["sku"], "properties": found["properties"] | {"raiPolicyName": name}}
    answer = azure.put(path, body)
    assert answer.status_code == 200, answer.text


@pytest.fixture
def own(azure, weu, chat):
    """Puts the deployment under a policy with these contents."""

    def put(word, *others, **more):
        assert azure.put(f"{weu}/raiPolicies/own", policy(word, *others, **more)).status_code < 300
        assign(azure, chat, "own")

    return put


def test_the_default_stops_medium_and_high_and_sees_the_rest(azure, weu):
    seen, stopped = counts(azure, weu, ONE, *SEEN), counts(azure, weu, ONE, *STOPPED)
    for category in GRADED:
        for direction in ("Prompt", "Completion"):
            caught = sum(sum(seen[category, direction, it]) for it in ("Medium", "High"))
            assert sum(stopped[category, direction]) == caught
    assert sum(stopped["Jailbreak", "Prompt"]) == sum(seen["Jailbreak", "Prompt", ""]) > 0
    code = ("Protected Material Code", "Completion")
    assert sum(seen[(*code, "")]) > 0
    assert code not in stopped
    assert not [key for key in seen if key[0] in ("Indirect Attack", "Profanity")]


def test_a_change_moves_what_is_stopped_from_its_minute_on_and_never_before(azure, weu, own, clock):
    before = counts(azure, weu, ONE, *STOPPED, interval="PT1M")
    clock.move(minutes=10)
    own("High")
    clock.move(hours=2)
    after = counts(azure, weu, ONE, *STOPPED, interval="PT1M")
    seen = counts(azure, weu, ONE, *SEEN, interval="PT1M")
    mark = 13 * 60 + 41  # the change was made at 13:40, and holds from the minute after it
    old = whole(before, one="Violence")[: 13 * 60 + 27]
    assert whole(after, one="Violence")[: len(old)] == old
    high, all_ = (whole(seen, one="Violence", **it) for it in ({"two": "High"}, {}))
    low = whole(seen, one="Violence", two="Low")
    stopped = whole(after, one="Violence")
    assert stopped[mark:] == high[mark:]
    assert stopped[:mark] == [one - other for one, other in zip(all_, low, strict=True)][:mark]
    assert sum(all_[mark:]) > sum(high[mark:]) > 0


def test_hours_and_days_are_the_sums_of_their_minutes_across_a_change(azure, weu, own, clock):
    clock.move(minutes=17)
    own("Low")
    clock.move(hours=3)
    own("annotate")
    clock.move(days=1)
    two = TODAY | {"endtime": "2026-11-20T00:00:00Z"}
    for metric in (SEEN, STOPPED):
        minutes, hours, days = (
            counts(azure, weu, ONE, *metric, **(two | {"interval": it}))
            for it in ("PT1M", "PT1H", "P1D")
        )
        assert set(minutes) == set(hours) == set(days)
        for key, found in minutes.items():
            starts = range(0, len(found), 60)
            assert [sum(found[it : it + 60]) for it in starts] == hours[key]
            assert [sum(hours[key][:24]), sum(hours[key][24:])] == days[key]


def test_what_is_found_does_not_depend_on_what_is_stopped(contoso, azure, weu, own, clock):
    def tomorrow(word, *others):
        clock.now = datetime(2026, 11, 18, 13, 30, tzinfo=UTC)
        contoso.control.reset()
        own(word, *others)
        clock.move(days=1)
        window = {"starttime": "2026-11-18T14:00:00Z", "endtime": "2026-11-19T13:00:00Z"}
        return (
            counts(azure, weu, ONE, *SEEN, **window),
            sum(whole(counts(azure, weu, ONE, *STOPPED, **window))),
        )

    (low, most), (high, some), (noted, few) = map(tomorrow, ("Low", "High", "annotate"))
    assert low == high == noted
    assert most > some > few > 0
    seen, _ = tomorrow("off")
    assert not {category for category, *_ in seen} & set(GRADED)
    jailbreak = {"name": "jailbreak", "source": "prompt", "enabled": False, "blocking": True}
    seen, _ = tomorrow("Low", jailbreak)
    assert "Jailbreak" not in {category for category, *_ in seen}


def test_repointing_counts_as_editing_does(azure, weu, chat, clock):
    azure.put(f"{weu}/raiPolicies/mild", policy("annotate"))
    clock.move(minutes=30)
    assign(azure, chat, "MILD")
    clock.move(hours=2)
    hours = whole(counts(azure, weu, ONE, *STOPPED), one="Hate")
    assert sum(hours[:13]) > 0
    assert sum(hours[14:]) == 0


def test_the_past_of_filters_outlives_the_process(tmp_path, signed, clock, weu, chat):
    file = tmp_path / "world.db"
    first = Simulator(file, clock=clock)
    azure = signed(first)
    azure.put(f"{weu}/raiPolicies/own", policy("High"))
    assign(azure, chat, "own")
    clock.move(hours=1)
    azure.put(f"{weu}/raiPolicies/own", policy("Low"))
    first.control.default(name="Jailbreak", source="Prompt", word="off")
    clock.move(hours=2)
    told = [counts(azure, weu, it, *STOPPED) for it in (ONE, "shelf-planner")]
    first.world.close()
    azure = signed(Simulator(file, clock=clock))
    assert [counts(azure, weu, it, *STOPPED) for it in (ONE, "shelf-planner")] == told
    default = azure.get(f"{weu}/raiPolicies/Microsoft.DefaultV2").get_json()["properties"]
    assert [it["enabled"] for it in default["contentFilters"] if it["name"] == "Jailbreak"] == [
        False
    ]


def test_microsoft_changes_its_default_for_all_who_have_it(contoso, azure, weu, clock):
    place = f"{weu}/raiPolicies/Microsoft.DefaultV2"
    before = azure.get(place).get_json()
    contoso.control.default(name="Indirect Attack", source="Prompt")
    after = azure.get(place).get_json()
    assert after["etag"] != before["etag"]
    assert after["systemData"]["lastModifiedAt"].startswith("2026-11-18T13:30")
    assert len(after["properties"]["contentFilters"]) == 1 + len(
        before["properties"]["contentFilters"]
    )
    clock.move(hours=9)
    stopped = counts(azure, weu, ONE, *STOPPED)
    assert sum(stopped["Indirect Attack", "Prompt"][14:]) > 0
    assert sum(stopped["Indirect Attack", "Prompt"][:13]) == 0
    contoso.control.default(name="Indirect Attack", source="Prompt", word="off")
    assert len(azure.get(place).get_json()["properties"]["contentFilters"]) == 12


def test_a_portal_user_weakens_the_strictest_policy_in_use(contoso, signed, path, prod):
    azure = signed(contoso)
    done = contoso.control.weaken()
    assert done["status"] == 200
    found = azure.get(done["policy"]).get_json()
    assert found["systemData"]["lastModifiedBy"] == "portal.user@contoso.com"
    graded = [it for it in found["properties"]["contentFilters"] if "severityThreshold" in it]
    assert {it["severityThreshold"] for it in graded if it["blocking"]} == {"High"}
    assert found["properties"]["mode"] == "Asynchronous_filter"
    finance = path("aoai-fin-banking-sdc", "rg-ai-finance-prod", prod)
    one = f"{finance}/raiPolicies/contoso-finance-test"
    assert contoso.control.weaken(one)["policy"].lower() == one.lower()
    client = signed(contoso).client
    where = {"base_url": "http://127.0.0.1/"}
    assert client.post("/_simulator/weaken", json={"path": "/none"}, **where).status_code == 404
    assert client.post("/_simulator/default", json={"name": "x"}, **where).status_code == 400
    good = {"name": "Hate", "source": "Prompt", "word": "High"}
    assert client.post("/_simulator/default", json=good, **where).status_code == 200


def test_images_are_under_the_default_whatever_they_name(contoso, signed, path, prod):
    azure, place = signed(contoso), path("aoai-retail-online-weu", "rg-ai-retail-prod", prod)
    before = counts(azure, place, "campaign-images", *STOPPED, **WEEKS)
    assign(azure, f"{place}/deployments/campaign-images", "shop-stream")
    history = contoso.world.moderation.history
    images = f"{place}/deployments/campaign-images".lower()
    assert history.policy(images) == ""
    assert counts(azure, place, "campaign-images", *STOPPED, **WEEKS) == before


def test_contosos_american_shop_was_weakened_and_then_attacked(contoso, signed, path, prod):
    """The deployment that an admin should find first; what happened to it is in the log."""
    azure, place = signed(contoso), path("aoai-retail-online-eus2", "rg-ai-retail-prod", prod)
    told = ("shop-chat-us", *STOPPED)
    stopped = counts(azure, place, *told, region="eastus2", **WEEKS)
    seen = counts(azure, place, "shop-chat-us", *SEEN, region="eastus2", **WEEKS)
    jailbreaks = seen["Jailbreak", "Prompt", ""]
    assert max(jailbreaks[-8:]) > 4 * sorted(jailbreaks)[15]
    assert sum(stopped["Jailbreak", "Prompt"][-8:]) == 0 < stopped["Jailbreak", "Prompt"][-12]
    assert 0 < stopped["Violence", "Prompt"][-5] < stopped["Violence", "Prompt"][-15] / 3
    kept = counts(azure, place, "product-texts-us", *STOPPED, region="eastus2", **WEEKS)
    assert min(kept["Violence", "Prompt"]) >= 0 < kept["Violence", "Prompt"][-5]
    log = f"/subscriptions/{prod}/providers/Microsoft.Insights/eventtypes/management/values"
    asked = f"{log}?$filter=eventTimestamp ge '2026-11-01T00:00:00Z'"
    rows = azure.get(asked, "2015-04-01").get_json()["value"]
    policies = [it for it in rows if it["resourceId"].endswith("raiPolicies/shop-us")]
    assert {it["caller"] for it in policies} == {"tess.ruiz@contoso.com"}
    assert {it["operationName"]["value"] for it in policies} == {
        "Microsoft.CognitiveServices/accounts/raiPolicies/write"
    }


def test_contosos_deployments_name_policies_that_are_there(contoso):
    world, odd = contoso.world, set[str]()
    used = set[str]()
    for account in world.accounts.accounts.values():
        known = world.moderation.names(account, "raiPolicies")
        for it in world.accounts.below(account):
            if name := it.properties.get("raiPolicyName"):
                used.add(name)
                if name.lower() not in known:
                    odd.add(name)
    assert not odd
    assert used >= {"contoso-retail-strict", "contoso-finance", "risk-minimal", "shop-us"}
    named = [
        one["name"]
        for account in world.accounts.accounts.values()
        for it in world.moderation.policies(account)
        for one in it.properties["contentFilters"]
    ]
    assert {"hate", "SelfHarm"} <= set(named)


def test_generated_estates_have_policies_too():
    world = Simulator(scenario="scale-20").world
    account = next(iter(world.accounts.accounts.values()))
    own = [it.name for it in world.moderation.policies(account) if not it.system]
    assert own == ["house-strict", "house-usual"]
    named = {it.properties.get("raiPolicyName") for it in world.accounts.below(account)}
    assert named == {None, "house-strict", "house-usual"}


def test_the_leaves_are_the_whole():
    inner = [it.part for it in LEAVES if it.slot is not None]
    assert inner[0][0] == 0.0
    assert inner[-1][1] == 1.0
    assert all(one[1] == other[0] for one, other in pairwise(inner))
