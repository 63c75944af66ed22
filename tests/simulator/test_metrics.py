"""Metrics as Azure Monitor words them, with its traps."""

import pytest

SPLIT = "ModelDeploymentName eq '*'"
SPILLED = "IsSpillover eq '*'"
DAY = {"starttime": "2026-11-17T00:00:00Z", "endtime": "2026-11-18T00:00:00Z", "interval": "PT1H"}


def series_of(value, metric=0):
    return {
        tuple(it["value"] for it in one["metadatavalues"]): [
            point.get("total", 0.0) for point in one["data"]
        ]
        for one in value["value"][metric]["timeseries"]
    }


def test_a_batch_looks_as_recorded(azure, weu):
    (value,) = azure.batch([weu], "TokenTransaction", filter=SPLIT, top="100", **DAY)
    assert set(value) == {
        "cost",
        "starttime",
        "endtime",
        "interval",
        "namespace",
        "resourceregion",
        "resourceid",
        "value",
    }
    assert value["resourceid"] == weu
    (metric,) = value["value"]
    assert metric["id"] == f"{weu}/providers/Microsoft.Insights/metrics/TokenTransaction"
    assert metric["unit"] == "Count"
    assert metric["errorCode"] == "Success"
    one = metric["timeseries"][0]
    assert one["metadatavalues"][0]["name"]["value"] == "modeldeploymentname"
    assert len(one["data"]) == 24
    assert one["data"][0]["timeStamp"] == "2026-11-17T00:00:00Z"
    assert set(one["data"][10]) == {"timeStamp", "total"}


def test_the_idle_and_the_empty_have_no_series(azure, weu):
    (value,) = azure.batch([weu], "AzureOpenAIRequests", filter=SPLIT, top="100", **DAY)
    assert set(series_of(value)) == {("busy",), ("chat",)}
    (value,) = azure.batch([weu], "InputTokens", filter=SPLIT, **DAY)
    assert value["value"][0]["timeseries"] == []


def test_a_total_splits_into_its_statuses(azure, weu):
    both = "ModelDeploymentName eq 'busy' and StatusCode eq '*'"
    (split,) = azure.batch([weu], "AzureOpenAIRequests", filter=both, top="100", **DAY)
    (whole,) = azure.batch(
        [weu], "AzureOpenAIRequests", filter="ModelDeploymentName eq 'busy'", **DAY
    )
    parts = series_of(split)
    assert {code for _, code in parts} >= {"200", "429"}
    summed = [sum(column) for column in zip(*parts.values(), strict=True)]
    assert summed == series_of(whole)[("busy",)]


def test_tokens_are_prompt_plus_generated_minute_by_minute(azure, weu):
    hour = {"starttime": "2026-11-18T10:00:00Z", "endtime": "2026-11-18T11:00:00Z"}
    names = "TokenTransaction,ProcessedPromptTokens,GeneratedTokens"
    (value,) = azure.batch([weu], names, interval="PT1M", **hour)
    whole, prompt, generated = (series_of(value, it)[()] for it in range(3))
    assert len(whole) == 60
    assert whole == [one + other for one, other in zip(prompt, generated, strict=True)]


def test_or_within_a_dimension_and_top_of_ten_when_filtered(contoso, signed, path):
    hub = path("aoai-shared-hub-weu", "rg-hub-weu", "a2c7e9b4-58d1-4f36-8e0a-73bb914cd602")
    azure = signed(contoso)
    both = f"{SPLIT} and StatusCode eq '*'"
    (few,) = azure.batch([hub], "AzureOpenAIRequests", filter=both, **DAY)
    (all_,) = azure.batch([hub], "AzureOpenAIRequests", filter=both, top="500", **DAY)
    assert len(series_of(few)) == 10 < len(series_of(all_))
    assert sum(map(sum, series_of(few).values())) > 0.9 * sum(map(sum, series_of(all_).values()))
    either = f"{SPLIT} and StatusCode eq '200' or StatusCode eq '500'"
    (some,) = azure.batch([hub], "AzureOpenAIRequests", filter=either, top="500", **DAY)
    assert {code for _, code in series_of(some)} == {"200", "500"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"filter": "Colour eq '*'"}, "does not support requested dimension combination: colour"),
        ({"filter": "ModelDeploymentName"}, "Invalid filter"),
        ({"filter": "ModelDeploymentName eq 'a' or StatusCode eq 'b'"}, "within one dimension"),
        ({"interval": "PT7M"}, "Detected invalid time grain"),
        ({"aggregation": "median"}, "Invalid aggregation"),
        ({"top": "2147483648", "filter": SPLIT}, "Invalid value for top"),
        ({"endtime": "2026-11-16T00:00:00Z"}, "before the end"),
        ({"starttime": "yesterday"}, "Invalid time input"),
        ({"metricnames": "Nothing"}, "Failed to find metric configuration"),
    ],
)
def test_questions_that_are_refused(azure, weu, options, words):
    answer = azure.batch_raw([weu], "AzureOpenAIRequests", **(DAY | options))
    assert answer.status_code == 400
    assert words in answer.get_json()["error"]["message"]


def test_a_batch_is_of_one_region_one_subscription_and_fifty(azure, weu, path):
    other = path("ais-small-sdc")
    assert azure.batch_raw([weu, other], "AzureOpenAIRequests", **DAY).status_code == 400
    strange = path("aoai-small-weu", subscription="6f1d8c52-3b7e-4a90-9c44-1de2a7b05f31")
    assert azure.batch_raw([weu, strange], "AzureOpenAIRequests", **DAY).status_code == 400
    assert azure.batch_raw([weu] * 51, "AzureOpenAIRequests", **DAY).status_code == 400
    assert azure.batch_raw([weu] * 50, "AzureOpenAIRequests", **DAY).status_code == 200


def test_a_sealed_subscription_gives_no_metrics(contoso, signed, path):
    place = path("aoai-treasury-weu", "rg-treasury", "f58a01c3-7d2b-49e6-8c17-b6e09d34a5f2")
    answer = signed(contoso).batch_raw([place], "AzureOpenAIRequests", **DAY)
    assert answer.status_code == 401


def test_the_last_minutes_are_not_there_yet_and_nothing_is_of_the_future(azure, weu):
    window = {"starttime": "2026-11-18T13:00:00Z", "endtime": "2026-11-18T15:00:00Z"}
    (value,) = azure.batch(
        [weu], "AzureOpenAIRequests", filter="ModelDeploymentName eq 'busy'", **window
    )
    (one,) = value["value"][0]["timeseries"]
    assert one["data"][-1] == {"timeStamp": "2026-11-18T13:29:00Z"}
    seen = [it["timeStamp"] for it in one["data"] if "total" in it]
    assert seen[-1] == "2026-11-18T13:26:00Z"


def test_ninety_three_days_are_kept(azure, weu):
    long = {"starttime": "2026-01-01T00:00:00Z", "endtime": "2026-11-18T00:00:00Z"}
    (value,) = azure.batch([weu], "AzureOpenAIRequests", interval="P1D", **long)
    (one,) = value["value"][0]["timeseries"]
    assert one["data"][0]["timeStamp"] == "2026-08-17T00:00:00Z"
    assert len(one["data"]) == 93


def test_families_follow_kind_and_format(azure, weu, path):
    foundry = path("ais-small-sdc")
    for place, region, classic, models in (
        (weu, "westeurope", {("busy",), ("chat",)}, set()),
        (foundry, "swedencentral", {("assist",)}, {("assist",), ("deep",)}),
    ):
        names = "TokenTransaction,TotalTokens"
        (value,) = azure.batch([place], names, region=region, filter=SPLIT, **DAY)
        assert (set(series_of(value)), set(series_of(value, 1))) == (classic, models)


def test_arm_metrics_are_the_same_and_fail_without_an_envelope(azure, weu):
    place = f"{weu}/providers/Microsoft.Insights/metrics"
    asked = {
        "timespan": "2026-11-17T00:00:00Z/2026-11-18T00:00:00Z",
        "interval": "PT1H",
        "metricnames": "TokenTransaction",
        "aggregation": "Total",
        "$filter": "ModelDeploymentName eq 'chat'",
        "api-version": "2024-02-01",
    }
    body = azure.get(place, None, query_string=asked).get_json()
    (value,) = azure.batch([weu], "TokenTransaction", filter="ModelDeploymentName eq 'chat'", **DAY)
    assert body["timespan"] == asked["timespan"]
    assert series_of(body) == series_of(value)
    refused = azure.get(place, None, query_string=asked | {"metricnames": "X"})
    assert refused.status_code == 400
    assert set(refused.get_json()) == {"code", "message"}


def test_averages_lie_between_their_bounds(azure, weu):
    for interval in ("PT5M", "PT1H", "P1D"):
        names = "AzureOpenAITimeToResponse,AzureOpenAIAvailabilityRate"
        window = DAY | {"interval": interval, "aggregation": "average,minimum,maximum,count"}
        (value,) = azure.batch([weu], names, filter=SPLIT, **window)
        points = [
            point
            for metric in value["value"]
            for one in metric["timeseries"]
            for point in one["data"]
            if "average" in point
        ]
        assert points
        assert all(it["minimum"] <= it["average"] <= it["maximum"] for it in points)


def test_utilisation_is_of_provisioned_deployments_and_spillover_lands_elsewhere(
    contoso, signed, path, prod
):
    azure, place = signed(contoso), path("aoai-ptu-sdc", "rg-ai-ptu", prod)
    asked = {"region": "swedencentral", "top": "100", **DAY}
    (value,) = azure.batch(
        [place],
        "AzureOpenAIProvisionedManagedUtilizationV2",
        filter=SPLIT,
        **(asked | {"aggregation": "average"}),
    )
    peaks = {
        one["metadatavalues"][0]["value"]: max(it.get("average", 0) for it in one["data"])
        for one in value["value"][0]["timeseries"]
    }
    assert set(peaks) == {"banking-ptu", "risk-ptu", "letters-ptu"}
    assert peaks["banking-ptu"] > 90
    assert peaks["risk-ptu"] < 40
    both = f"{SPLIT} and IsSpillover eq 'True'"
    (value,) = azure.batch([place], "AzureOpenAIRequests", filter=both, **asked)
    assert ("banking-overflow", "True") in series_of(value)


def test_safety_counts_split_by_category(azure, weu):
    (value,) = azure.batch(
        [weu], "RAITotalRequests,RAIRejectedRequests,RAIHarmfulRequests", filter="", **DAY
    )
    sent, rejected, harmful = (sum(series_of(value, it)[()]) for it in range(3))
    assert sent > harmful > rejected > 0
    (value,) = azure.batch([weu], "RAIRejectedRequests", filter="Category eq '*'", **DAY)
    assert sum(map(sum, series_of(value).values())) == rejected
    assert ("Violence",) in series_of(value)


def test_tiers_split_the_answers_and_add_up_to_them(contoso, signed, path, prod):
    azure, place = signed(contoso), path("aoai-retail-online-eus2", "rg-ai-retail-prod", prod)
    one = "ModelDeploymentName eq 'shop-reasoning' and StatusCode eq '200'"
    asked = {"region": "eastus2", "top": "100"}
    for interval in ("PT1H", "P1D"):
        window = asked | DAY | {"interval": interval}
        both = f"{one} and ServiceTierResponse eq '*'"
        (split,) = azure.batch([place], "AzureOpenAIRequests", filter=both, **window)
        (whole,) = azure.batch([place], "AzureOpenAIRequests", filter=one, **window)
        parts = {key[-1]: it for key, it in series_of(split).items()}
        assert set(parts) == {"flex", "default"}
        summed = [sum(column) for column in zip(*parts.values(), strict=True)]
        assert [summed] == list(series_of(whole).values())
        assert 0.2 < sum(parts["flex"]) / sum(summed) < 0.4


def test_what_spilled_over_has_its_tokens_where_it_went(contoso, signed, path, prod):
    azure, place = signed(contoso), path("aoai-ptu-sdc", "rg-ai-ptu", prod)
    one = "ModelDeploymentName eq 'banking-overflow'"
    asked = {"region": "swedencentral", "top": "100"} | DAY
    (requests,) = azure.batch(
        [place], "AzureOpenAIRequests", filter=f"{SPILLED} and {one}", **asked
    )
    (tokens,) = azure.batch([place], "ProcessedPromptTokens,GeneratedTokens", filter=one, **asked)
    (spilled,) = (it for key, it in series_of(requests).items() if "True" in key)
    (own,) = (it for key, it in series_of(requests).items() if "False" in key)
    (prompt,), (generated,) = series_of(tokens).values(), series_of(tokens, 1).values()
    hour = spilled.index(max(spilled))
    assert spilled[hour] > own[hour]
    quiet = next(at for at, it in enumerate(spilled) if not it and own[at])
    assert prompt[hour] > 2 * prompt[quiet]
    assert generated[hour] > 2 * generated[quiet]


def test_images_pages_and_reads_from_a_cache_are_counted(contoso, signed, path, prod):
    azure = signed(contoso)
    shop = path("aoai-retail-online-weu", "rg-ai-retail-prod", prod)
    (value,) = azure.batch([shop], "GeneratedImages", filter=SPLIT, top="100", **DAY)
    assert set(series_of(value)) == {("campaign-images",)}
    shared = "a2c7e9b4-58d1-4f36-8e0a-73bb914cd602"
    hub = path("ais-shared-foundry-sdc", "rg-foundry", shared)
    names = "cacheReadInputTokens,InputTokens,OutputTokens,TotalTokens,ephemeral5mInputTokens"
    one = "ModelDeploymentName eq 'claude-sonnet'"
    (value,) = azure.batch([hub], names, region="swedencentral", filter=one, **DAY)
    cached, rest, output, whole = (sum(map(sum, series_of(value, it).values())) for it in range(4))
    assert cached > 0
    assert cached + rest + output == whole
    assert value["value"][4]["timeseries"] == []
