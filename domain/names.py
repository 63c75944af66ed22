"""How things of Azure are called, here and by people."""

import re

_PROVIDER = r"providers/microsoft\.cognitiveservices"
_ACCOUNT = re.compile(
    rf"^/subscriptions/([^/]+)/resourcegroups/([^/]+)/{_PROVIDER}"
    r"/accounts/([^/]+)(?:/(?:(?:deployments|raipolicies)/([^/]+)"
    r"|raiblocklists/([^/]+(?:/raiblocklistitems/[^/]+)?)))?$"
)
_CHILD = re.compile(r"/(?:deployments|raipolicies|raiblocklists)/")
_DELETED = re.compile(
    rf"^/subscriptions/([^/]+)/{_PROVIDER}/locations/([^/]+)"
    r"/resourcegroups/([^/]+)/deletedaccounts/([^/]+)$"
)


def folded(resource: str) -> str:
    """An ARM id as the house keeps it."""
    return resource.strip().lower()


def parts(resource: str) -> tuple[str, str, str, str]:
    """Subscription, resource group, account and deployment ("" for an account, deleted or not) of
    a folded id, or in its place the filter policy, the blocklist or "blocklist/term"; raises
    ValueError for anything else."""
    if match := _DELETED.match(resource):
        gone_from, _, group, account = match.groups()
        return gone_from, group, account, ""
    if not (match := _ACCOUNT.match(resource)):
        raise ValueError(f"not the id of an account or deployment: {resource!r}")
    subscription, group, account, name, terms = match.groups(default="")
    return subscription, group, account, name or terms.replace("/raiblocklistitems/", "/")


def is_policy(resource: str) -> bool:
    """Whether this is the id of a filter policy."""
    return "/raipolicies/" in resource


def is_blocklist(resource: str) -> bool:
    """Whether this is the id of a blocklist or of a term in one."""
    return "/raiblocklists/" in resource


def blocklist(resource: str) -> str:
    """The id of the blocklist that holds this term; that of a blocklist is its own."""
    return resource.partition("/raiblocklistitems/")[0]


def is_deleted(resource: str) -> bool:
    """Whether this is the id of a deleted account, by which it is purged."""
    return _DELETED.match(resource) is not None


def place(resource: str) -> str | None:
    """The region that the id of a deleted account names."""
    match = _DELETED.match(resource)
    return region(match[2]) if match else None


def deleted(subscription: str, region: str | None, group: str, account: str) -> str | None:
    """The id by which a deleted account is purged; None without a region."""
    where = f"/subscriptions/{subscription}/providers/microsoft.cognitiveservices/locations"
    return f"{where}/{region}/resourcegroups/{group}/deletedaccounts/{account}" if region else None


def living(subscription: str, group: str, account: str) -> str:
    """The id of an account while it lives."""
    where = f"/subscriptions/{subscription}/resourcegroups/{group}/providers"
    return f"{where}/microsoft.cognitiveservices/accounts/{account}"


def subscription(resource: str) -> str:
    return parts(resource)[0]


def account(resource: str) -> str:
    """The id of the account that holds this deployment, policy or blocklist; that of an account is
    its own."""
    return _CHILD.split(resource, maxsplit=1)[0]


def short(resource: str) -> str:
    """account/deployment, for people, and so for whatever an account holds; "account (deleted)" for
    what can only be purged."""
    _, _, account_name, deployment = parts(resource)
    return f"{account_name} (deleted)" if is_deleted(resource) else f"{account_name}/{deployment}"


def region(location: str | None) -> str | None:
    """westeurope, however it was spelled: "West Europe", WESTEUROPE, WestEurope."""
    return re.sub(r"[\s_-]+", "", location).lower() or None if location else None


def portal(portal_host: str, tenant: str, resource: str) -> str:
    """The resource in the cloud's portal."""
    return f"https://{portal_host}/#@{tenant}/resource{resource}"
