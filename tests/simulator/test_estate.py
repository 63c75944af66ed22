"""The default estate holds what pages and tests count on, the unlucky ones by name."""

from collections import Counter

import pytest

from simulator.regions import plain

WEEK = {"starttime": "2026-11-11T00:00:00Z", "endtime": "2026-11-18T00:00:00Z", "interval": "P1D"}
MONTH = {"starttime": "2026-10-19T00:00:00Z", "endtime": "2026-11-18T00:00:00Z", "interval": "P1D"}
STATUSES = "ModelDeploymentName eq '*' and StatusCode eq '*'"


@pytest.fixture
def estate(contoso):
    found = contoso.world.accounts
    return [(account, found.below(account)) for account in found.accounts.values()]


def named(estate, account, deployment):
    below = next(rows for it, rows in estate if it.name == account)
    return next(it for it in below if it.name == deployment)


def totals(signed, contoso, estate, window, name):
    account = next(it for it, _ in estate if it.name == name)
    options = {"filter": STATUSES, "top": "500", "region": plain(account.location)} | window
    (value,) = signed(contoso).batch([account.path], "AzureOpenAIRequests", **options)
    found = Counter()
    for one in value["value"][0]["timeseries"]:
        deployment, status = (it["value"] for it in one["metadatavalues"])
        found[deployment, status] = sum(it.get("total", 0) for it in one["data"])
    return found


def test_its_size_and_variety(contoso, estate):
    hosts = [it for it, _ in estate if it.kind in ("OpenAI", "AIServices")]
    others = {it.kind for it, _ in estate} - {"OpenAI", "AIServices"}
    assert len(hosts) >= 25
    assert others == {"Face", "FormRecognizer", "TextAnalytics"}
    below = [it for _, rows in estate for it in rows]
    assert len(below) >= 130
    assert {str(it.sku["name"]) for it in below} == {
        "Standard",
        "GlobalStandard",
        "DataZoneStandard",
        "ProvisionedManaged",
        "GlobalProvisionedManaged",
        "DataZoneProvisionedManaged",
        "GlobalBatch",
        "DataZoneBatch",
        "DeveloperTier",
    }
    spellings = {it.location for it, _ in estate}
    assert len({plain(it) for it in spellings}) >= 6
    assert len(spellings) > len({plain(it) for it in spellings})
    assert len(contoso.world.subscriptions.all()) == 6


def test_tags_have_gaps_and_misspellings(estate):
    keys = Counter(key for it, _ in estate for key in it.tags or {})
    assert {"business-unit", "BusinessUnit", "businessunit", "environment", "Environment"} <= set(
        keys
    )
    assert any(it.tags is None for it, _ in estate)
    values = {(it.tags or {}).get("business-unit") for _, rows in estate for it in rows}
    assert {"", "skunkworks", "finance-bankng", None} <= values


@pytest.mark.parametrize(
    ("account", "deployment", "least"),
    [
        ("aoai-retail-online-weu", "shop-chat", 0.2),
        ("aoai-shared-hub-eus2", "gpt-4o-mini", 0.1),
        ("aoai-reg-risk-frc", "reg-scoring", 0.05),
        ("aoai-fin-risk-frc", "risk-summaries", 0.05),
    ],
)
def test_the_throttled(signed, contoso, estate, account, deployment, least):
    found = totals(signed, contoso, estate, WEEK, account)
    rejected = found[deployment, "429"]
    assert rejected / (rejected + found[deployment, "200"]) > least


@pytest.mark.parametrize(
    ("account", "deployments"),
    [
        ("aoai-fin-risk-frc", {"model-cards"}),
        ("aoai-retail-online-sdc", {"shop-chat-standby", "shop-search-standby"}),
        ("aoai-dev-retail-weu", {"old-proto"}),
        ("aoai-retail-stores-weu", {"season-finder"}),
        ("aoai-reg-people-weu", {"hr-embeddings"}),
    ],
)
def test_the_idle_and_the_standby(signed, contoso, estate, account, deployments):
    found = totals(signed, contoso, estate, MONTH, account)
    assert not {it for it, _ in found} & deployments


def test_the_day_of_the_spike(signed, contoso, estate):
    account = next(it for it, _ in estate if it.name == "aoai-retail-online-eus2")
    options = {"filter": "ModelDeploymentName eq 'product-texts-us'", "region": "eastus2"}
    days = MONTH | {"starttime": "2026-11-02T00:00:00Z", "endtime": "2026-11-16T00:00:00Z"}
    (value,) = signed(contoso).batch([account.path], "AzureOpenAIRequests", **options, **days)
    (one,) = value["value"][0]["timeseries"]
    by_day = {it["timeStamp"][:10]: it["total"] for it in one["data"]}
    assert max(by_day, key=by_day.get) == "2026-11-09"
    assert by_day["2026-11-09"] > 2 * by_day["2026-11-02"]


def test_states_and_penalties(contoso, signed, estate):
    states = {
        named(estate, "aoai-dev-finance-sdc", "stuck-rollout").state,
        named(estate, "aoai-dev-finance-sdc", "failed-rollout").state,
        named(estate, "ais-dev-playground-ncus", "playground-disabled").state,
    }
    assert states == {"Creating", "Failed", "Disabled"}
    assert named(estate, "ais-dev-lab-eus2", "lab-paused").running == "Paused"
    bad = next(it for it, _ in estate if it.name == "ais-dev-playground-ncus")
    penalty = signed(contoso).get(bad.path).get_json()["properties"]["abusePenalty"]
    assert penalty == {
        "action": "Throttle",
        "rateLimitPercentage": 50,
        "expiration": "2026-12-02T00:00:00Z",
    }
    assert next(it for it, _ in estate if it.name == "ais-dev-agents-sdc").state == "Accepted"


def test_spillover_goes_to_the_same_or_another_version(estate):
    same = named(estate, "aoai-ptu-sdc", "banking-ptu")
    other = named(estate, "aoai-ptu-sdc", "letters-ptu")
    for ptu, matches in ((same, True), (other, False)):
        target = named(estate, "aoai-ptu-sdc", ptu.properties["spilloverDeploymentName"])
        assert (target.model == ptu.model) is matches
    assert "spilloverDeploymentName" not in named(estate, "aoai-ptu-sdc", "risk-ptu").properties


def test_upgrade_options_are_mixed_and_sometimes_absent(estate):
    options = {it.properties.get("versionUpgradeOption") for _, rows in estate for it in rows}
    assert options == {
        "OnceNewDefaultVersionAvailable",
        "OnceCurrentVersionExpired",
        "NoAutoUpgrade",
        None,
    }


def test_full_pools_and_an_unlisted_version(contoso, signed, estate, prod):
    azure = signed(contoso)
    above = f"/subscriptions/{prod}/providers/Microsoft.CognitiveServices/locations"
    rows = azure.get(f"{above}/westeurope/usages").get_json()["value"]
    full = {it["name"]["value"] for it in rows if it["currentValue"] == it["limit"] > 0}
    assert {"OpenAI.GlobalStandard.gpt-4o-mini", "OpenAI.Standard.whisper"} <= full
    model = named(estate, "aoai-ops-service-eus", "warranty-check").model
    assert (model["name"], model["version"]) == ("gpt-4-32k", "0613")
    listed = azure.get(f"{above}/eastus/models").get_json()["value"]
    assert not any(it["model"]["name"] == "gpt-4-32k" for it in listed)


def test_no_pool_is_overdrawn_by_the_seed(contoso, estate):
    quota = contoso.world.accounts.quota
    for account, _ in estate:
        for pool, _, used, limit in quota.rows(account.subscription, plain(account.location)):
            assert used <= limit, pool
