"""How near accounts and regions are to what they take."""

from domain.ceilings import CEILINGS, ceilings
from tests.domain.estates import ACCOUNT, estate, holder, one, usages
from tests.domain.rows import SUB


def full(many, **fields):
    return [holder(f"d{it}", **fields) for it in range(many)]


def test_deployments_of_an_account_by_hand():
    other = ACCOUNT.replace("aoai-shop", "aoai-other")
    found = ceilings(estate(*full(2, account_id=other), *full(28), holder("p", "ptu")))
    assert list(found) == list(CEILINGS)
    assert found[["what", "name", "used", "most", "left", "share"]].values.tolist() == [
        ["Deployments", "aoai-shop", 28, 32, 4, 0.875],
        ["Deployments", "aoai-other", 2, 32, 30, 0.0625],
    ]
    assert found["account_id"].tolist() == [ACCOUNT, other]


def test_accounts_of_a_region_are_what_azure_counts():
    said = usages(
        {"usage_name": "OpenAI.S0.AccountCount", "used": 38.0, "limit": 40.0},
        {"usage_name": "AIServices.S0.AccountCount", "used": 3.0, "limit": None},
        {"usage_name": "AIServices.S0.accountcount", "used": 3.0, "limit": 0.0},
        {"usage_name": "OpenAI.Standard.gpt-4o", "used": 99.0, "limit": 100.0},
    )
    row = one(ceilings(estate(), said))
    assert (row["what"], row["name"], row["subscription"]) == (
        "Accounts",
        "westeurope, OpenAI",
        SUB,
    )
    assert (row["used"], row["most"], row["left"], row["share"]) == (38, 40, 2, 0.95)


def test_the_nearest_goes_first():
    said = usages({"usage_name": "OpenAI.S0.AccountCount", "used": 30.0, "limit": 40.0})
    found = ceilings(estate(*full(30)), said)
    assert found["what"].tolist() == ["Deployments", "Accounts"]


def test_nothing_gives_nothing():
    assert ceilings(estate()).empty
    assert list(ceilings(estate(), usages())) == list(CEILINGS)
