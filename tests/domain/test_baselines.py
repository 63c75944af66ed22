"""Filters held against baselines: which one, how far from it, since when, and what is found."""

import json
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import baselines, filter_findings, frames, inventory, moderation
from domain.baselines import DEVIATIONS, Baseline, chosen, compared, loosens, measured
from domain.exemptions import Exemption
from domain.faults import OutOfRange
from domain.filters import Strength, read
from domain.weakening import Way
from tests.domain.policies import STRENGTHS, policies, unhurried
from tests.domain.rows import ACCOUNT, NOW, SUB, deployment

DAY = timedelta(days=1)
ROOT = Path(__file__).parents[2]
HATE, JAILBREAK = ("hate", "prompt"), ("jailbreak", "prompt")


def baseline(key="b", **fields):
    told = {
        "version": 1,
        "title": key,
        "audience": "",
        "environment": "",
        "least": {HATE: Strength.LOW, JAILBREAK: Strength.BLOCKS},
        "mode": "",
        "starts": NOW - DAY,
        "approved_at": NOW - DAY,
        **fields,
    }
    return Baseline(key, **told)


def entry(name, **fields):
    told = {"name": name, "source": "Prompt", "enabled": True, "blocking": True}
    return {**told, **({} if name == "Jailbreak" else {"severityThreshold": "Low"}), **fields}


def body(*filters, **fields):
    return {"mode": "Default", "contentFilters": list(filters), **fields}


DEFAULT = body(entry("Hate", severityThreshold="Medium"), entry("Jailbreak"), type="SystemManaged")
STRICT = body(entry("Hate"), entry("Jailbreak"), basePolicyName="Microsoft.DefaultV2")
LOOSE = body(
    entry("Hate", enabled=False),
    entry("Jailbreak", blocking=False),
    basePolicyName="Microsoft.DefaultV2",
    mode="Deferred",
)


def listed(account=ACCOUNT, **bodies):
    bodies = {"Microsoft.DefaultV2": DEFAULT, **bodies}
    rows = [
        {
            "resource": f"{account}/raipolicies/{name.lower()}",
            "account_id": account,
            "policy": name,
            "kind": it.get("type", "UserManaged"),
            "body": json.dumps(it),
        }
        for name, it in bodies.items()
    ]
    return frames.frame(moderation.POLICIES, rows)


def estate(*deployments):
    told = {"subscription": SUB, "account": "aoai-shop", "unit": "retail"}
    return frames.frame(inventory.INVENTORY, [{**told, **it} for it in deployments])


def held(rows, policies, demanded=(), excused=(), since=(), at=NOW):
    dated = frames.frame(DEVIATIONS, since)
    return measured(rows, policies, demanded, excused, dated, at)


def cell(found, key=HATE):
    rows = frames.records(found.cells)
    return next(it for it in rows if (it["category"], it["direction"]) == key)


def exemption(**fields):
    told = {
        "kind": "deviation",
        "resource": f"{ACCOUNT}/deployments/chat",
        "category": "hate",
        "direction": "prompt",
        "accepts": Strength.OFF,
        "justification": "a study of slurs",
        "reference": "",
        "reviewer": "Ada",
        "review_by": NOW + DAY,
        "unit": "retail",
        "proposer": "t/a",
        "at": NOW - DAY,
        "decision": "approved",
        **fields,
    }
    return Exemption(**told)


@pytest.mark.parametrize(
    ("audience", "environment", "key"),
    [
        ("internal", "dev", "internal"),
        ("internal", "prod", "internal prod"),
        ("internal", "live", "internal prod"),
        ("external", "dev", "external"),
        (None, "dev", "external"),
        ("partner", None, "external"),
        (None, "prod", "external"),
    ],
)
def test_the_most_specific_baseline_wins_and_who_says_nothing_is_external(
    audience, environment, key
):
    known = [
        baseline("every"),
        baseline("prod", environment="production"),
        baseline("external", audience="external"),
        baseline("internal", audience="internal"),
        baseline("internal prod", audience="internal", environment="PROD"),
    ]
    found = chosen(known, audience, environment, NOW)
    assert found is not None
    assert found.key == key
    assert chosen(known[:2], audience, "prod", NOW).key == "prod"


def test_a_version_is_in_force_once_approved_and_begun_until_it_ends():
    first = baseline()
    waits = baseline(version=2, approved_at=None)
    later = baseline(version=3, starts=NOW + DAY)
    assert chosen([later, waits, first], None, None, NOW) == first
    assert chosen([later, waits, first], None, None, NOW + DAY) == later
    over = baseline(version=2, ends=NOW)
    assert chosen([first, over], None, None, NOW - timedelta(seconds=1)) == over
    assert chosen([first, over], None, None, NOW) is None


def test_distance_is_the_steps_by_which_all_fall_short():
    rows = estate(
        deployment("chat", filter_policy="loose"),
        deployment("talk", filter_policy=None),
        deployment("safe", filter_policy="STRICT"),
        deployment("lost", filter_policy="gone"),
        deployment("image", filter_policy="strict", model="gpt-image-1"),
    )
    demanded = [baseline(mode="buffered")]
    matrix = held(rows, listed(Strict=STRICT, Loose=LOOSE), demanded).matrix
    found = matrix.set_index(matrix["resource"].str.rpartition("/")[2])
    # Hate off: 4, prompt attacks marked only: 3, not buffered: 1.
    assert found.loc["chat", ["distance", "looser", "different"]].tolist() == [8, 3, 0]
    assert found.loc["talk", ["policy", "distance"]].tolist() == ["Microsoft.DefaultV2", 1]
    assert found.loc["safe", ["distance", "looser", "by_default"]].tolist() == [0, 0, False]
    assert found.loc["image", ["policy", "choices"]].tolist() == ["Microsoft.DefaultV2", 0]
    assert found.loc["lost", ["distance", "looser", "policy_resource"]].isna().all()
    assert found.loc["safe", ["weakest", "weakest_distance", "choices"]].tolist() == ["Loose", 8, 2]
    assert set(found["baseline"]) == {"b v1"}


def test_what_cannot_be_told_falls_short_of_the_whole_demand_and_is_different():
    odd = body(entry("Hate", severityThreshold="Safe"), entry("Jailbreak"), mode="Another")
    rows = estate(deployment("chat", filter_policy="odd"))
    found = held(rows, listed(Odd=odd), [baseline(mode="buffered")])
    assert found.matrix.loc[0, ["distance", "looser", "different"]].tolist() == [5, 0, 2]
    assert (cell(found)["words"], cell(found)["way"]) == ("can't be told", "different")


def test_a_deployment_without_policies_or_baselines_has_no_distance():
    rows = estate(deployment("chat"))
    unread = held(rows, listed()[:0], [baseline()])
    assert unread.matrix["distance"].isna().all()
    assert unread.cells.empty
    free = held(rows, listed())
    assert free.matrix[["distance", "looser", "baseline"]].isna().all().all()
    assert cell(free)["way"] == ""
    assert free.matrix.at[0, "choices"] == 0


def test_a_deviation_has_an_age_and_may_be_excused():
    rows = estate(deployment("chat", filter_policy="loose"), deployment("talk"))
    resource = rows.at[0, "resource"]
    since = {"resource": resource, "category": "hate", "direction": "prompt", "way": "looser"}
    told = [{**since, "subscription": SUB, "since": NOW - DAY}]
    policies_ = listed(Loose=LOOSE)
    found = held(rows, policies_, [baseline()], [exemption()], told)
    assert (cell(found)["exempt"], cell(found)["since"]) == (True, pd.Timestamp(NOW - DAY))
    assert not cell(found, JAILBREAK)["exempt"]
    assert found.matrix["exempted"].tolist() == [1, 0]
    for other in (
        exemption(accepts=Strength.ANNOTATES),
        exemption(decision=""),
        exemption(decision="declined"),
        exemption(review_by=NOW),
        exemption(ended_at=NOW),
        exemption(direction="completion"),
        exemption(resource=rows.at[1, "resource"]),
    ):
        assert not cell(held(rows, policies_, [baseline()], [other]))["exempt"]


def test_the_mode_is_excused_by_an_exemption_of_its_own():
    rows = estate(deployment("chat", filter_policy="loose"))
    demanded = [baseline(mode="buffered")]
    found = held(rows, listed(Loose=LOOSE), demanded)
    assert found.modes[["category", "way", "exempt"]].values.tolist() == [["mode", "looser", False]]
    it = exemption(category="mode", direction="")
    assert held(rows, listed(Loose=LOOSE), demanded, [it]).modes["exempt"].tolist() == [True]
    deviations = baselines.deviations(found, NOW)
    assert sorted(deviations["category"]) == ["hate", "jailbreak", "mode"]


KEYS = st.tuples(
    st.sampled_from(["hate", "violence", "jailbreak", "somethingnew", "profanity"]),
    st.sampled_from(["prompt", "completion"]),
)


@unhurried
@given(policies(), st.dictionaries(KEYS, STRENGTHS, max_size=5), st.sampled_from(["", "buffered"]))
def test_distance_is_nothing_just_where_nothing_is_looser(policy, least, mode):
    found = compared(read(policy), baseline(least=least, mode=mode))
    worse = found.many(Way.LOOSER, Way.DIFFERENT)
    assert (found.distance == 0) == (worse == 0)
    assert found.distance >= worse


@unhurried
@given(st.dictionaries(KEYS, STRENGTHS, max_size=5), st.dictionaries(KEYS, STRENGTHS, max_size=5))
def test_a_baseline_loosens_just_where_less_is_demanded(first, second):
    before, after = baseline(least=first), baseline(least=second, version=2)
    less = any(second.get(key, 0) < it for key, it in first.items())
    assert loosens(before, after) == less


def test_a_baseline_loosens_also_by_its_mode_its_end_and_whom_it_is_for():
    it = baseline(mode="buffered", audience="external")
    assert not loosens(it, replace(it, version=2))
    assert not loosens(None, it)
    assert loosens(it, replace(it, mode=""))
    assert loosens(it, replace(it, audience="internal"))
    assert loosens(it, replace(it, ends=NOW + DAY))
    assert not loosens(replace(it, ends=NOW), replace(it, ends=NOW + DAY))


@unhurried
@given(st.dictionaries(KEYS, STRENGTHS, max_size=5), st.sampled_from(["", "buffered"]))
def test_what_is_demanded_is_kept_as_text(least, mode):
    assert baselines.parsed(baselines.text(least, mode)) == (least, mode)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"audience": "partners"}, "external or internal"),
        ({"mode": "asynchronous"}, "weaker mode"),
        ({"mode": "fast"}, "'fast' is no mode"),
        ({"least": {}}, "at least one filter"),
        ({"least": {("hats", "prompt"): Strength.LOW}}, "'hats' is no category"),
        ({"least": {("hate", "up"): Strength.LOW}}, "'up' is no direction"),
        ({"least": {JAILBREAK: Strength.MEDIUM}}, "has no levels"),
        ({"least": {HATE: 9}}, "9 is no strength"),
        ({"ends": NOW - 2 * DAY}, "ends after it begins"),
        ({"title": " "}, "title is missing"),
        ({"key": "other"}, "is for them already"),
    ],
)
def test_a_baseline_that_cannot_be_is_refused_in_words(fields, says):
    with pytest.raises(OutOfRange, match=says):
        baselines.checked(replace(baseline(), **fields), [baseline()])


def test_a_baseline_is_kept_with_its_names_folded():
    told = replace(baseline(), environment="Live", least={("Self-Harm", "Prompt"): 3})
    found = baselines.checked(told, [baseline()])
    assert (found.environment, found.least) == ("production", {("selfharm", "prompt"): 3})


def test_the_first_baselines_are_stringent_and_can_be():
    told = json.loads((ROOT / "reference" / "filter_baselines.json").read_text())
    first = baselines.of_reference(told, NOW, "console")
    assert [baselines.checked(it, first) for it in first] == first
    external = chosen(first, None, None, NOW)
    assert external.mode == "buffered"
    assert {*external.least.values()} == {Strength.LOW}
    assert len(external.least) == 12
    internal = chosen(first, "internal", "prod", NOW)
    assert not any(internal.least[it] > external.least[it] for it in external.least)


def test_two_thousand_deployments_are_measured_in_a_second():
    accounts = [f"{ACCOUNT}{it}" for it in range(300)]
    rows = estate(
        *(
            deployment(f"d{it}", account_id=account, filter_policy=[None, "mine"][it % 2])
            for account in accounts
            for it in range(7)
        )
    )
    mine = [listed(it, Mine={**LOOSE, "novel": it}) for it in accounts]
    policies_ = pd.concat(mine, ignore_index=True)
    held(rows[:10], policies_[:10], [baseline()])
    began = time.process_time()
    found = held(rows, policies_, [baseline()])
    assert time.process_time() - began < 1
    assert len(found.matrix) == 2100
    assert found.matrix["distance"].value_counts().to_dict() == {1: 1200, 7: 900}


def find(rows, policies_, demanded=(), excused=(), accounts=(), edits=(), at=NOW):
    found = held(rows, policies_, demanded, excused, at=at)
    return filter_findings.found(
        rows,
        policies_,
        found,
        excused,
        frames.frame(frames.ACCOUNTS, accounts),
        frames.frame(moderation.FILTER_EDITS, edits),
        at,
    ).set_index("kind")


def test_a_deployment_below_its_baseline_is_one_finding_that_names_the_worst():
    rows = estate(deployment("chat", filter_policy="loose", audience="internal"))
    found = find(rows, listed(Loose=LOOSE), [baseline(mode="buffered")])
    assert found.loc[
        "filter below baseline", ["severity", "what", "unit", "deployment"]
    ].tolist() == [
        "warning",
        "Below baseline b v1: Hate on prompts: off, demanded is blocks low, medium and high; "
        "Prompt attack on prompts: annotates only, demanded is blocks.",
        "retail",
        "chat",
    ]
    assert found.at["asynchronous filter", "severity"] == "warning"
    assert "before it is filtered" in found.at["asynchronous filter", "what"]


@pytest.mark.parametrize(
    ("fields", "policy", "severity"),
    [
        ({"audience": "internal", "environment": "dev"}, LOOSE, "warning"),
        ({"audience": "internal", "environment": "prod"}, LOOSE, "critical"),
        ({"audience": "external", "environment": "dev"}, LOOSE, "critical"),
        ({}, LOOSE, "critical"),
        ({}, DEFAULT, "warning"),
        ({}, body(entry("Hate", blocking=False), entry("Jailbreak")), "warning"),
        ({}, body(entry("Hate"), entry("Jailbreak", blocking=False)), "critical"),
    ],
)
def test_it_is_critical_where_it_can_hurt_most(fields, policy, severity):
    rows = estate(deployment("chat", filter_policy="it", **fields))
    found = find(rows, listed(It=policy), [baseline()])
    assert found.at["filter below baseline", "severity"] == severity


def test_what_is_excused_is_no_finding():
    rows = estate(deployment("chat", filter_policy="it"))
    hated = listed(It=body(entry("Hate", enabled=False), entry("Jailbreak")))
    assert "filter below baseline" in find(rows, hated, [baseline()]).index
    assert "filter below baseline" not in find(rows, hated, [baseline()], [exemption()]).index


def test_a_weaker_policy_within_reach_of_callers_is_told_once_for_each_account():
    rows = estate(deployment("a", filter_policy="strict"), deployment("b"))
    found = find(rows, listed(Strict=STRICT, Loose=LOOSE), [baseline()])
    assert found.at["weaker by header", "what"] == (
        "Callers of 2 deployments of aoai-shop may name a weaker policy by the header "
        "x-policy-id: Loose."
    )
    alone = find(estate(deployment("b")), listed(), [baseline()])
    assert "weaker by header" not in alone.index
    twin = {**DEFAULT, "type": "UserManaged"}
    assert (
        "weaker by header"
        not in find(estate(deployment("b")), listed(Twin=twin), [baseline()]).index
    )


def test_a_category_filtered_one_way_only_is_told_in_words():
    both = [entry("Hate"), entry("Hate", source="Completion", blocking=False)]
    rows = estate(deployment("chat", filter_policy="it"))
    found = find(rows, listed(It=body(*both, entry("Jailbreak"))))
    assert found.at["filtered one way", "what"] == "It blocks one way only: Hate only on prompts."
    even = body(both[0], entry("Hate", source="Completion", severityThreshold="High"))
    assert "filtered one way" not in find(rows, listed(It=even)).index


def test_a_policy_that_its_account_does_not_list_is_told():
    rows = estate(deployment("chat", filter_policy="gone"))
    assert "policy gone" in find(rows, listed(), [baseline()]).at["filter not listed", "what"]
    assert find(rows, listed()[:0], [baseline()]).empty


def test_an_account_that_nobody_watches_needs_an_exemption_in_force():
    rows = estate(deployment("chat", filter_policy="strict"))
    account = {"account_id": ACCOUNT, "subscription": SUB, "account": "aoai-shop"}
    off = [{**account, "content_logging": "false"}]
    monitoring = exemption(
        kind="abuse monitoring", resource=ACCOUNT, category="", direction="", id=4
    )
    alone = find(rows, listed(Strict=STRICT), accounts=off)
    assert alone.at["abuse monitoring", "severity"] == "critical"
    assert find(rows, listed(Strict=STRICT), accounts=[{**account, "content_logging": None}]).empty
    assert find(rows, listed(Strict=STRICT), excused=[monitoring], accounts=off).empty
    late = find(rows, listed(Strict=STRICT), (), [monitoring], off, at=NOW + DAY)
    assert sorted(late.index) == ["abuse monitoring", "exemption overdue"]
    assert late.at["exemption overdue", "key"] == "exemption overdue:4"


def test_a_default_that_microsoft_changed_is_told_for_two_weeks():
    rows = estate(deployment("chat"), deployment("talk", filter_policy="strict"))
    edit = {
        "at": NOW - DAY,
        "resource": f"{ACCOUNT}/raipolicies/microsoft.defaultv2",
        "account_id": ACCOUNT,
        "subscription": SUB,
        "policy": "Microsoft.DefaultV2",
        "kind": "SystemManaged",
        "what": "Hate on prompts",
        "before": "off",
        "after": None,
        "way": "different",
    }
    found = find(rows, listed(Strict=STRICT), edits=[edit, {**edit, "account_id": "another"}])
    assert found.at["default changed", "what"] == (
        "Microsoft changed Microsoft.DefaultV2 by 2026-06-14: Hate on prompts: off → nothing "
        "(different). It is in force on 1 deployment."
    )
    assert found.at["default changed", "since"] == pd.Timestamp(NOW - DAY)
    for other in ({"kind": "UserManaged"}, {"at": NOW - 15 * DAY}):
        assert "default changed" not in find(rows, listed(), edits=[{**edit, **other}]).index
