"""Ids, regions, SKUs, periods and faults by their names."""

import pytest

from domain import faults, names, periods, skus
from tests.domain.rows import ACCOUNT, SUB

CHAT = f"{ACCOUNT}/deployments/chat"
POLICY = f"{ACCOUNT}/raipolicies/microsoft.default"
LIST = f"{ACCOUNT}/raiblocklists/rivals"
TERM = f"{LIST}/raiblocklistitems/one"


def test_an_id_in_parts():
    assert names.parts(CHAT) == (SUB, "rg-ai", "aoai-shop", "chat")
    assert names.parts(ACCOUNT) == (SUB, "rg-ai", "aoai-shop", "")
    assert names.subscription(CHAT) == SUB
    assert names.account(CHAT) == names.account(ACCOUNT) == ACCOUNT
    assert names.short(CHAT) == "aoai-shop/chat"
    assert names.folded(f" {CHAT.upper()} ") == CHAT


@pytest.mark.parametrize(
    ("resource", "name"),
    [(POLICY, "microsoft.default"), (LIST, "rivals"), (TERM, "rivals/one")],
)
def test_what_filters_are_made_of(resource, name):
    assert names.parts(resource) == (SUB, "rg-ai", "aoai-shop", name)
    assert names.account(resource) == ACCOUNT
    assert names.short(resource) == f"aoai-shop/{name}"
    assert names.is_policy(resource) == (resource == POLICY)
    assert names.is_blocklist(resource) == (resource != POLICY)
    assert names.blocklist(TERM) == names.blocklist(LIST) == LIST


def test_the_id_of_a_deleted_account():
    gone = names.deleted(SUB, "westeurope", "rg-ai", "aoai-shop")
    assert gone == (
        f"/subscriptions/{SUB}/providers/microsoft.cognitiveservices/locations/westeurope"
        "/resourcegroups/rg-ai/deletedaccounts/aoai-shop"
    )
    assert names.parts(gone) == (SUB, "rg-ai", "aoai-shop", "")
    assert names.subscription(gone) == SUB
    assert names.account(gone) == gone
    assert names.short(gone) == "aoai-shop (deleted)"
    assert names.place(gone) == "westeurope"
    assert names.is_deleted(gone)
    assert names.living(*names.parts(gone)[:3]) == ACCOUNT
    assert names.deleted(SUB, None, "rg-ai", "aoai-shop") is None


def test_what_lives_is_not_deleted():
    assert not names.is_deleted(CHAT)
    assert not names.is_deleted(ACCOUNT)
    assert names.place(CHAT) is None


GONE = names.deleted(SUB, "westeurope", "rg-ai", "aoai-shop")


@pytest.mark.parametrize(
    "text",
    [
        GONE.upper(),
        f"{GONE}/deployments/chat",
        GONE.replace("/locations/westeurope", ""),
        GONE.removesuffix("aoai-shop"),
        GONE.replace("cognitiveservices", "storage"),
        "",
        "chat",
        CHAT.upper(),
        f"{CHAT}/more",
        f"{ACCOUNT}/deployments/",
        f"x{CHAT}",
        CHAT.replace("cognitiveservices", "storage"),
        f"/subscriptions/{SUB}",
        f"{POLICY}/more",
        f"{POLICY}/raiblocklistitems/one",
        f"{ACCOUNT}/raipolicies/",
        f"{LIST}/raiblocklistitems/",
        f"{LIST}/terms/one",
        f"{TERM}/more",
        f"{CHAT}/raiblocklistitems/one",
    ],
)
def test_anything_else_is_no_id(text):
    with pytest.raises(ValueError, match="not the id"):
        names.parts(text)


@pytest.mark.parametrize("spelled", ["westeurope", "West Europe", "WESTEUROPE", "west-europe"])
def test_a_region_in_every_spelling(spelled):
    assert names.region(spelled) == "westeurope"


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_no_region(nothing):
    assert names.region(nothing) is None


def test_a_link_to_the_portal():
    assert names.portal("portal.azure.com", "t", CHAT) == (
        f"https://portal.azure.com/#@t/resource{CHAT}"
    )


@pytest.mark.parametrize(
    ("sku", "scope", "upgrades", "provisioned"),
    [
        ("Standard", skus.REGION, True, False),
        ("DATAZONESTANDARD", skus.ZONE, True, False),
        ("GlobalStandard", skus.GLOBAL, True, False),
        ("ProvisionedManaged", skus.REGION, False, True),
        ("DataZoneProvisionedManaged", skus.ZONE, False, True),
        ("GlobalProvisionedManaged", skus.GLOBAL, False, True),
        ("GlobalBatch", skus.GLOBAL, False, False),
        ("DeveloperTier", skus.REGION, False, False),
        ("SomethingNew", "Not known", False, False),
        (None, "Not known", False, False),
    ],
)
def test_sku_families(sku, scope, upgrades, provisioned):
    family = skus.family(sku)
    assert (family.scope, family.upgrades, family.provisioned) == (scope, upgrades, provisioned)


def test_every_period_has_a_grain_and_words():
    assert [(it, periods.grain(it), periods.words(it)) for it in periods.PERIODS] == [
        ("24h", "hour", "last 24 hours"),
        ("7d", "day", "last 7 days"),
        ("30d", "day", "last 30 days"),
    ]
    assert max(periods.PERIODS.values()) == periods.HISTORY


def every_fault(kind=faults.Fault):
    yield kind
    for below in kind.__subclasses__():
        yield from every_fault(below)


@pytest.mark.parametrize("kind", list(every_fault()))
def test_a_fault_is_found_by_its_name_and_says_what_to_do(kind):
    assert faults.by_name(kind.__name__) is kind
    assert str(kind("It failed.")) == f"It failed. {kind.hint}".strip()


def test_a_name_that_is_no_fault():
    assert faults.by_name("Exception") is faults.Fault
