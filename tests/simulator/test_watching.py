"""Diagnostic settings and alert rules of the seed, as Azure lists them."""

import pytest

DIAGNOSTICS, ALERTS = "2021-05-01-preview", "2018-03-01"
SETTINGS = "/providers/microsoft.insights/diagnosticSettings"


@pytest.fixture
def azure(contoso, signed):
    return signed(contoso)


def settings(azure, account):
    return azure.get(account + SETTINGS, DIAGNOSTICS).get_json()["value"]


def rules(azure, subscription):
    path = f"/subscriptions/{subscription}/providers/Microsoft.Insights/metricAlerts"
    return azure.get(path, ALERTS).get_json()["value"]


def accounts(contoso):
    """Those that may be read."""
    world = contoso.world
    found = world.accounts.accounts.values()
    return {it.name: it for it in found if world.subscriptions.get(it.subscription).readable}


def test_accounts_log_by_group_by_category_or_not_at_all(azure, contoso):
    found = [settings(azure, it.path) for it in accounts(contoso).values()]
    entries = [row for those in found for it in those for row in it["properties"]["logs"]]
    assert [] in found
    assert {"categoryGroup": "allLogs", "category": None, "enabled": True}.items() <= (
        next(it for it in entries if it["categoryGroup"]).items()
    )
    single = [it for it in entries if it["category"]]
    assert {(it["category"], it["enabled"]) for it in single} >= {
        ("Audit", True), ("RequestResponse", False),
    }  # fmt: skip
    assert all(bool(it["category"]) != bool(it["categoryGroup"]) for it in entries)


def test_it_belongs_to_its_account(azure, contoso):
    account = next(it for it in accounts(contoso).values() if settings(azure, it.path))
    (found,) = settings(azure, account.path)
    assert found["id"].startswith(account.path + "/providers/microsoft.insights/")
    assert account.subscription in found["properties"]["workspaceId"]


def test_what_is_not_there_logs_nothing_and_says_so(azure, contoso):
    account = next(iter(accounts(contoso).values()))
    assert azure.get(account.path + "x" + SETTINGS, DIAGNOSTICS).status_code == 404
    assert azure.get(account.path + SETTINGS, "2021-05-01").status_code == 400


def test_an_account_that_is_new_is_neither_logged_nor_watched(azure, contoso, prod, clock):
    clock.move(days=2)
    old = next(it for it in accounts(contoso).values() if it.subscription == prod)
    path = old.path.rpartition("/")[0] + "/brand-new"
    old.created_at = clock().isoformat()
    assert settings(azure, old.path) == []
    assert old.path not in [it["properties"]["scopes"][0] for it in rules(azure, prod)]
    assert azure.get(path + SETTINGS, DIAGNOSTICS).status_code == 404


def test_rules_watch_some_accounts_and_some_help_nobody(azure, contoso, prod):
    found = rules(azure, prod)
    told = [it["properties"] for it in found]
    paths = {it.path for it in accounts(contoso).values() if it.subscription == prod}
    watched = {it["scopes"][0] for it in told}
    assert watched < paths
    assert {it["enabled"] for it in told} == {True, False}
    assert [] in [it["actions"] for it in told]
    criteria = [it["criteria"]["allOf"][0] for it in told]
    assert {it["metricName"] for it in criteria} == {
        "AzureOpenAIRequests", "AzureOpenAIAvailabilityRate",
    }  # fmt: skip
    assert rules(azure, prod) == found
