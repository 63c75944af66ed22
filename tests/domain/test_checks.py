"""Each check of readiness has been seen met, not met and unknown: one that cannot block proves
nothing."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from domain import checks
from domain.checks import CHECKS, Facts
from domain.readiness import Status
from reads import readiness
from tests.world import NOON

ACCOUNT = "/subscriptions/s/resourcegroups/g/providers/microsoft.cognitiveservices/accounts/one"
CHAT = f"{ACCOUNT}/deployments/chat"
ROW = {
    "resource": CHAT, "subscription": "s", "sku": "Standard", "pool": "p", "listed": True,
    "health": "Ready", "throttled_share": 0.001, "upgrade": "NoAutoUpgrade", "days_left": 400,
    "unit": "retail", "owner": "mira", "environment": "prod", "spillover": None,
    "audience": "internal", "seen_at": NOON, "model": "gpt", "region": "here", "capacity": 10,
    "limit_tpm": 10.0,
}  # fmt: skip
HOME = {
    "account_id": ACCOUNT, "keys_off": True, "public_network": "Disabled",
    "network_default": None, "private_endpoints": 1, "key_source": "Microsoft.KeyVault",
    "outbound_restricted": True, "identity": "SystemAssigned", "content_logging": None,
    "ip_rules": "[]",
    "seen_at": NOON,
}  # fmt: skip
LOGS = {"account_id": ACCOUNT, "workspace": "/w", "logs": json.dumps(["allLogs"])}
RULE = {
    "enabled": True, "told": 1, "scopes": json.dumps([ACCOUNT]), "deployments": None,
    "target_type": "Microsoft.CognitiveServices/accounts", "target_region": None,
    "metrics": json.dumps(["AzureOpenAIRequests"]),
}  # fmt: skip
COPY = {**ROW, "resource": f"{CHAT}-2", "region": "there"}
TOLD = {"metric": "groundedness", "value": 4.0, "pairs": 100, "threshold": 4.0, "seen_at": NOON}
MATRIX = {"resource": CHAT, "distance": 0, "looser": 1, "exempted": 1}
GOOD = Facts(
    [ROW], [HOME], [MATRIX], {}, {"p": {"free": 30.0, "limit": 100.0}}, [{"unit": "retail"}],
    [COPY], [LOGS], [RULE], units=("retail",), logged_at=NOON, evaluations=[TOLD],
)  # fmt: skip
PTU = {"sku": "GlobalProvisionedManaged"}
MET, NOT_MET, UNKNOWN, NOT_REQUIRED = (
    Status.MET, Status.NOT_MET, Status.UNKNOWN, Status.NOT_REQUIRED
)  # fmt: skip
OPEN = {"public_network": "Enabled"}
DENIES = {**OPEN, "network_default": "Deny"}
FALLS = [
    ("local_auth", "accounts", {"keys_off": False}, NOT_MET),
    ("local_auth", "accounts", {"keys_off": None}, UNKNOWN),
    ("public_access", "accounts", {"public_network": "Enabled"}, NOT_MET),
    ("public_access", "accounts", {"public_network": None}, UNKNOWN),
    ("private_endpoint", "accounts", {"private_endpoints": 0}, NOT_MET),
    ("own_key", "accounts", {"key_source": "Microsoft.CognitiveServices"}, NOT_MET),
    ("outbound", "accounts", {"outbound_restricted": False}, NOT_MET),
    ("outbound", "accounts", {"outbound_restricted": None}, UNKNOWN),
    ("identity", "accounts", {"identity": "None"}, NOT_MET),
    ("abuse_monitoring", "accounts", {"content_logging": "false"}, NOT_MET),
    ("network_rules", "accounts", OPEN, NOT_MET),
    ("network_rules", "accounts", {**OPEN, "network_default": "Deny"}, MET),
    ("network_rules", "accounts", {**DENIES, "ip_rules": '["0.0.0.0/0"]'}, NOT_MET),
    ("network_rules", "accounts", {**DENIES, "ip_rules": '["10.0.0.0/8", "0.0.0.0"]'}, NOT_MET),
    ("network_rules", "accounts", {**DENIES, "ip_rules": None}, UNKNOWN),
    ("network_rules", "accounts", {"public_network": None}, UNKNOWN),
    ("key_age", "accounts", {"keys_off": False}, UNKNOWN),
    ("key_age", "accounts", {"keys_off": None}, UNKNOWN),
    ("abuse_exemption", "accounts", {"content_logging": "false"}, MET),
    ("abuse_exemption", "accounts", {"content_logging": "true"}, NOT_MET),
    ("abuse_exemption", "accounts", {}, UNKNOWN),
    ("standby", "copies", {"region": "here"}, NOT_MET),
    ("standby", "copies", {"model": "other"}, NOT_MET),
    ("standby", "copies", {"unit": "finance"}, NOT_MET),
    ("standby", "copies", {"unit": None}, NOT_MET),
    ("standby", "copies", {"capacity": 9}, NOT_MET),
    ("standby", "copies", {"sku": "GlobalStandard", "capacity": 1}, MET),
    ("standby", "copies", {"sku": "GlobalStandard", "limit_tpm": 9.0}, NOT_MET),
    ("standby", "copies", {"sku": "GlobalStandard", "limit_tpm": None}, UNKNOWN),
    ("standby", "deployments", {"unit": None}, UNKNOWN),
    ("evaluated", "evaluations", {"value": 3.9}, NOT_MET),
    ("evaluated", "evaluations", {"pairs": 99}, UNKNOWN),
    ("evaluated", "evaluations", {"threshold": None}, UNKNOWN),
    ("alerts", "alerts", {"target_type": "Microsoft.Storage/storageAccounts"}, NOT_MET),
    ("alerts", "alerts", {"metrics": json.dumps(["DiskSpace"])}, NOT_MET),
    ("alerts", "alerts", {"scopes": '["/subscriptions/s"]', "target_region": "there"}, NOT_MET),
    ("alerts", "alerts", {"scopes": '["/subscriptions/s"]', "target_region": "here"}, MET),
    ("diagnostics", "diagnostics", {"logs": json.dumps(["Audit"])}, NOT_MET),
    ("diagnostics", "diagnostics", {"workspace": None}, NOT_MET),
    ("diagnostics", "diagnostics", {"account_id": "/other"}, NOT_MET),
    ("alerts", "alerts", {"enabled": False}, NOT_MET),
    ("alerts", "alerts", {"told": 0}, NOT_MET),
    ("alerts", "alerts", {"scopes": json.dumps([f"{ACCOUNT}-2"])}, NOT_MET),
    ("alerts", "alerts", {"deployments": json.dumps(["other"])}, NOT_MET),
    ("offer", "deployments", {"listed": False}, NOT_MET),
    ("offer", "deployments", {"listed": None}, UNKNOWN),
    ("health", "deployments", {"health": "Failed"}, NOT_MET),
    ("throttling", "deployments", {"throttled_share": 0.02}, NOT_MET),
    ("throttling", "deployments", {"throttled_share": None}, UNKNOWN),
    ("headroom", "deployments", {"pool": None}, UNKNOWN),
    ("upgrade", "deployments", {"upgrade": "OnceNewDefaultVersionAvailable"}, NOT_MET),
    ("upgrade", "deployments", {"upgrade": None}, UNKNOWN),
    ("retirement", "deployments", {"days_left": 179}, NOT_MET),
    ("retirement", "deployments", {"days_left": None}, UNKNOWN),
    ("filters", "matrix", {"exempted": 0}, NOT_MET),
    ("filters", "matrix", {"distance": None}, UNKNOWN),
    ("tags", "deployments", {"owner": None}, NOT_MET),
    ("spillover", "deployments", PTU, NOT_MET),
]


def but(part, **told):
    (row,) = getattr(GOOD, part)
    return replace(GOOD, **{part: [{**row, **told}]})


def keyed(at):
    """An account with keys, of which one was made anew then."""
    return replace(but("accounts", keys_off=False), renewed={ACCOUNT: at})


def test_all_is_met_where_all_is_well():
    found = checks.seen(GOOD)
    assert found.pop("spillover").status is found.pop("key_age").status is NOT_REQUIRED
    assert found.pop("abuse_exemption").status is UNKNOWN  # nobody says it, nobody knows it
    assert {name for name, it in found.items() if it.status is not Status.MET} == set()
    assert len(found) >= 15


@pytest.mark.parametrize(("name", "part", "told", "status"), FALLS)
def test_what_falls_short_is_seen(name, part, told, status):
    it = checks.seen(but(part, **told))[name]
    assert it.status is status
    named = ("chat", "one", "Overflow", "groundedness")
    assert status is MET or any(word in it.words for word in named)


@pytest.mark.parametrize(
    ("name", "facts", "status"),
    [
        ("diagnostics", replace(GOOD, diagnostics=None), UNKNOWN),
        ("diagnostics", replace(GOOD, dark=frozenset({ACCOUNT})), UNKNOWN),
        ("alerts", replace(GOOD, alerts=None), UNKNOWN),
        ("alerts", replace(GOOD, dark=frozenset({"s"})), UNKNOWN),
        ("headroom", replace(GOOD, pools={"p": {"free": 19.0, "limit": 100.0}}), NOT_MET),
        ("standby", replace(GOOD, copies=[]), NOT_MET),
        ("key_age", keyed(NOON - timedelta(days=90)), MET),
        ("key_age", keyed(NOON - timedelta(days=91)), NOT_MET),
        ("key_age", replace(keyed(NOON), logged_at=None), UNKNOWN),
        ("evaluated", replace(GOOD, evaluations=[]), UNKNOWN),
        ("evaluated", replace(GOOD, evaluations=[TOLD, {**TOLD, "value": 1.0}]), NOT_MET),
        ("budget", replace(GOOD, budgets=[]), NOT_MET),
        ("budget", replace(GOOD, units=("retail", "finance")), NOT_MET),
        ("health", replace(GOOD, absent=(f"{CHAT}-2",)), UNKNOWN),
        ("spillover", replace(GOOD, absent=(f"{CHAT}-2",)), UNKNOWN),
        ("filters", replace(GOOD, modes={CHAT: 1}), NOT_MET),
    ],
)
def test_what_lies_beside_is_seen(name, facts, status):
    assert checks.seen(facts)[name].status is status


def test_of_nothing_nothing_is_met():
    nothing = Facts([], [], [], {}, {}, [], [], None, None)
    found = {it.status for it in checks.seen(nothing).values()}
    assert found == {UNKNOWN, NOT_MET}
    assert checks.seen(nothing)["budget"].status is NOT_MET


def test_provisioned_throughput_that_overflows_is_met():
    assert checks.seen(but("deployments", **PTU, spillover="b"))["spillover"].status is Status.MET


def test_one_that_is_not_so_outweighs_one_that_is_not_known():
    two = [{**ROW, "days_left": None}, {**ROW, "days_left": 3}]
    assert checks.seen(replace(GOOD, deployments=two))["retirement"].status is NOT_MET


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (["internal"], "internal"),
        (["internal", "external"], "external"),
        (["internal", None], ""),
        ([], ""),
    ],
)
def test_an_audience_outside_outweighs(said, who):
    assert checks.audience([{"audience": it} for it in said]) == who


def test_every_check_has_an_item_and_every_item_its_check():
    named = [it.check for it in readiness.items() if it.check]
    assert sorted(named) == sorted(CHECKS)


def test_what_was_not_collected_hides_nothing_that_falls_short():
    facts = replace(but("deployments", health="Failed"), absent=(f"{CHAT}-2",))
    found = checks.seen(facts)
    assert {it.status for it in found.values()} == {NOT_MET, UNKNOWN}
    assert found["health"].status is NOT_MET


def test_a_check_is_as_old_as_what_it_looked_at():
    found = checks.seen(replace(GOOD, times={"alerts": None, "filters": NOON}))
    assert found["alerts"].data_at is None
    assert found["filters"].data_at == found["health"].data_at == NOON
