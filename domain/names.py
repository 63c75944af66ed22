"""How things of Azure are called, here and by people."""

import re

_ACCOUNT = re.compile(
    r"^/subscriptions/([^/]+)/resourcegroups/([^/]+)/providers"
    r"/microsoft\.cognitiveservices/accounts/([^/]+)(?:/deployments/([^/]+))?$"
)


def folded(resource: str) -> str:
    """An ARM id as the house keeps it."""
    return resource.strip().lower()


def parts(resource: str) -> tuple[str, str, str, str]:
    """Subscription, resource group, account and deployment ("" for an account) of a folded id;
    raises ValueError for anything else."""
    if not (match := _ACCOUNT.match(resource)):
        raise ValueError(f"not the id of an account or deployment: {resource!r}")
    subscription, group, account, deployment = match.groups(default="")
    return subscription, group, account, deployment


def subscription(resource: str) -> str:
    return parts(resource)[0]


def account(resource: str) -> str:
    """The id of the account that holds this deployment."""
    return resource.partition("/deployments/")[0]


def short(resource: str) -> str:
    """account/deployment, for people."""
    _, _, account_name, deployment = parts(resource)
    return f"{account_name}/{deployment}"


def region(location: str | None) -> str | None:
    """westeurope, however it was spelled: "West Europe", WESTEUROPE, WestEurope."""
    return re.sub(r"[\s_-]+", "", location).lower() or None if location else None


def portal(portal_host: str, tenant: str, resource: str) -> str:
    """The resource in the cloud's portal."""
    return f"https://{portal_host}/#@{tenant}/resource{resource}"
