"""Each check of readiness has been seen met, not met and unknown: one that cannot block proves
nothing."""

import json
from dataclasses import replace

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
    "audience": "internal", "seen_at": NOON,
}  # fmt: skip
HOME = {
    "account_id": ACCOUNT, "keys_off": True, "public_network": "Disabled",
    "network_default": None, "private_endpoints": 1, "key_source": "Microsoft.KeyVault",
    "outbound_restricted": True, "identity": "SystemAssigned", "content_logging": None,
    "seen_at": NOON,
}  # fmt: skip
LOGS = {"account_id": ACCOUNT, "workspace": "/w", "logs": json.dumps(["allLogs"])}
RULE = {"enabled": True, "told": 1, "scopes": json.dumps([ACCOUNT]), "deployments": None}
MATRIX = {"resource": CHAT, "distance": 0, "looser": 1, "exempted": 1}
GOOD = Facts(
    [ROW], [HOME], [MATRIX], {}, {"p": {"free": 30.0, "limit": 100.0}}, [{"unit": "retail"}],
    {CHAT: 1}, [LOGS], [RULE], units=("retail",),
)  # fmt: skip
PTU = {"sku": "GlobalProvisionedManaged"}
NOT_MET, UNKNOWN, NOT_REQUIRED = Status.NOT_MET, Status.UNKNOWN, Status.NOT_REQUIRED
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


def test_all_is_met_where_all_is_well():
    found = checks.seen(GOOD)
    assert found.pop("spillover").status is NOT_REQUIRED
    assert {name for name, it in found.items() if it.status is not Status.MET} == set()
    assert len(found) >= 15


@pytest.mark.parametrize(("name", "part", "told", "status"), FALLS)
def test_what_falls_short_is_seen(name, part, told, status):
    it = checks.seen(but(part, **told))[name]
    assert it.status is status
    assert "chat" in it.words or "one" in it.words or "Overflow" in it.words


@pytest.mark.parametrize(
    ("name", "facts", "status"),
    [
        ("diagnostics", replace(GOOD, diagnostics=None), UNKNOWN),
        ("diagnostics", replace(GOOD, dark=frozenset({ACCOUNT})), UNKNOWN),
        ("alerts", replace(GOOD, alerts=None), UNKNOWN),
        ("alerts", replace(GOOD, dark=frozenset({"s"})), UNKNOWN),
        ("headroom", replace(GOOD, pools={"p": {"free": 19.0, "limit": 100.0}}), NOT_MET),
        ("standby", replace(GOOD, copies={}), NOT_MET),
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
    nothing = Facts([], [], [], {}, {}, [], {}, None, None)
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
