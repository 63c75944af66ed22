"""Diagnostic settings and alert rules, from Azure's words into frames; the posture of accounts."""

import json
from datetime import UTC, datetime

import pytest

from domain.faults import Forbidden, NotFound, Unintelligible
from domain.frames import POSTURE
from domain.posture import ALERTS, DIAGNOSTICS
from services import accounts, alerts, diagnostics, subscriptions
from tests.services.recorded import ACCOUNT, ACCOUNTS, SUB, account, error

SETTINGS = f"{ACCOUNT}/providers/microsoft.insights/diagnosticsettings"
RULES = f"/subscriptions/{SUB}/providers/microsoft.insights/metricalerts"
WORKSPACE = "/subscriptions/S/resourceGroups/rg/providers/Microsoft.OperationalInsights/w/LAW"


def setting(logs, **properties):
    return {
        "id": f"{ACCOUNT}/providers/microsoft.insights/diagnosticSettings/To-LAW",
        "name": "to-law",
        "properties": {"workspaceId": WORKSPACE, "storageAccountId": None, "logs": logs,
                       "metrics": [{"category": "AllMetrics", "enabled": True}], **properties},
    }  # fmt: skip


def rule(*criteria, **properties):
    return {
        "id": f"/subscriptions/{SUB}/resourceGroups/RG/providers/Microsoft.Insights/metricAlerts/R",
        "name": "R",
        "properties": {"enabled": True, "severity": 2, "scopes": [ACCOUNT.upper()],
                       "targetResourceType": "Microsoft.CognitiveServices/accounts",
                       "targetResourceRegion": "West Europe", "criteria": {"allOf": [*criteria]},
                       "actions": [{"actionGroupId": "g"}], **properties},
    }  # fmt: skip


def criterion(*deployments, metric="AzureOpenAIRequests"):
    named = {"name": "ModelDeploymentName", "operator": "Include", "values": [*deployments]}
    return {"metricName": metric, "dimensions": [named] if deployments else None}


def test_a_setting_by_group_and_one_by_category(azure, wire):
    logs = [
        {"category": None, "categoryGroup": "allLogs", "enabled": True},
        {"category": "Audit", "categoryGroup": None, "enabled": True},
        {"category": "Trace", "categoryGroup": None, "enabled": False},
    ]
    wire.says(SETTINGS, {"value": [setting(logs)]})
    (row,) = diagnostics.of_account(azure, ACCOUNT.upper())
    assert row == {
        "setting": SETTINGS + "/to-law",
        "account_id": ACCOUNT,
        "name": "to-law",
        "workspace": WORKSPACE.lower(),
        "elsewhere": False,
        "logs": json.dumps(["Audit", "allLogs"]),
        "metrics": True,
    }
    assert set(row) == set(DIAGNOSTICS)


def test_a_setting_that_writes_elsewhere_and_nothing_of_metrics(azure, wire):
    told = setting([], workspaceId=None, eventHubAuthorizationRuleId="/hub", metrics=None)
    wire.says(SETTINGS, {"value": [told]})
    (row,) = diagnostics.of_account(azure, ACCOUNT)
    assert (row["workspace"], row["elsewhere"], row["logs"], row["metrics"]) == (
        None, True, "[]", False,
    )  # fmt: skip


def test_a_rule_with_its_scope_and_its_deployments(azure, wire):
    wire.says(RULES, {"value": [rule(criterion("Chat", "Mini"), criterion("chat"))]})
    (row,) = alerts.of_subscription(azure, SUB.upper())
    assert json.loads(row["scopes"]) == [ACCOUNT]
    assert json.loads(row["deployments"]) == ["chat", "mini"]
    assert (row["target_region"], row["told"], row["severity"]) == ("westeurope", 1, 2)
    assert set(row) == set(ALERTS)


@pytest.mark.parametrize(
    "told", [[criterion()], [criterion("chat"), criterion()], [criterion("*")], []]
)
def test_a_rule_that_is_not_narrowed_is_of_all_deployments(azure, wire, told):
    wire.says(RULES, {"value": [rule(*told)]})
    (row,) = alerts.of_subscription(azure, SUB)
    assert row["deployments"] is None


def test_a_rule_of_a_kind_that_is_new_watches_nothing_we_know(azure, wire):
    wire.says(RULES, {"value": [rule(criteria={"odata.type": "PromQL"}, actions=None)]})
    (row,) = alerts.of_subscription(azure, SUB)
    assert (row["metrics"], row["told"]) == ("[]", 0)


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ((403, error("AuthorizationFailed")), Forbidden),
        ((404, error("ResourceNotFound")), NotFound),
        ({"value": None}, Unintelligible),
    ],
)
def test_what_cannot_be_told_is_a_fault_and_no_empty_list(azure, wire, said, fault):
    wire.says(SETTINGS, said)
    wire.says(RULES, said)
    with pytest.raises(fault):
        diagnostics.of_account(azure, ACCOUNT)
    with pytest.raises(fault):
        alerts.of_subscription(azure, SUB)


def test_the_posture_of_an_account_that_is_closed(azure, wire):
    told = account()
    endpoints = [
        {"properties": {"privateLinkServiceConnectionState": {"status": it}}}
        for it in ("Approved", "Pending", "Approved")
    ]
    told["properties"] |= {
        "disableLocalAuth": True,
        "publicNetworkAccess": "Disabled",
        "networkAcls": {"defaultAction": "Deny", "ipRules": [{"value": "203.0.113.0/24"}]},
        "encryption": {"keySource": "Microsoft.KeyVault"},
        "restrictOutboundNetworkAccess": True,
        "privateEndpointConnections": endpoints,
        "dateCreated": "2026-01-02T03:04:05.6789012Z",
    }
    wire.says(ACCOUNTS, {"value": [told | {"identity": {"type": "SystemAssigned"}}]})
    (row,) = accounts.in_subscription(azure, SUB)
    assert {name: row[name] for name in POSTURE} == {
        "keys_off": True,
        "public_network": "Disabled",
        "network_default": "Deny",
        "ip_rules": '["203.0.113.0/24"]',
        "private_endpoints": 2,
        "key_source": "Microsoft.KeyVault",
        "outbound_restricted": True,
        "identity": "SystemAssigned",
        "account_made_at": datetime(2026, 1, 2, 3, 4, 5, 678901, UTC),
    }


def test_what_was_never_set_is_missing(azure, wire):
    wire.says(ACCOUNTS, {"value": [account()]})
    (row,) = accounts.in_subscription(azure, SUB)
    assert {row[name] for name in POSTURE} == {None}


def test_the_world_answers(contoso):
    known = [it["subscription"] for it in subscriptions.listed(contoso)]
    listed = accounts.in_graph(contoso, known)
    assert {it["public_network"] for it in listed} == {"Enabled"}
    logged = [row for it in listed for row in diagnostics.of_account(contoso, it["account_id"])]
    watched = [row for it in known for row in alerts.of_subscription(contoso, it)]
    assert all(set(it) == set(DIAGNOSTICS) for it in logged)
    assert all(set(it) == set(ALERTS) for it in watched)
    assert logged or watched
