"""What a gateway before the models tells: who called which deployment, and where it is unclear.

A row of the gateway's log names a deployment, but only within an account, and does not name the
account. It is found in this order, and a row for which none of it holds is unknown, never guessed:

1. the host of the address to which the request went is the host of one known account: its custom
   subdomain under one of Azure's suffixes, or its endpoint's own host;
2. the backend's id is the name of one known account, or such a host;
3. the log tells no host, and in all that is known only one account has a deployment of that name.
   A host that is told and not known may be of an account that the console must not see: unknown.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pandas as pd

from domain import frames
from domain.costs import FOUND
from domain.frames import REAL, TEXT, WHOLE, Columns, Row

UNSEEN, NOBODY = "", "(none)"
"""The product of a request that the log of requests lacks, and of one that came without any."""
SUFFIXES = (
    "openai.azure.com",
    "cognitiveservices.azure.com",
    "services.ai.azure.com",
    "openai.azure.us",
    "cognitiveservices.azure.us",
    "openai.azure.cn",
    "cognitiveservices.azure.cn",
)
MOST_NAMED = 20
CALLERS: Columns = {  # who calls a deployment through the gateway, and how much
    "resource": TEXT,  # the deployment; missing where it is not known
    "deployment": TEXT,  # as the log names it
    "backend": TEXT,
    "product": TEXT,
    "subscriber": TEXT,  # the gateway's own subscription
    "network": TEXT,  # the first three parts of an address, or ""
    "tokens": REAL,
    "requests": WHOLE,
    "messages": WHOLE,  # rows that the requests filled
}


@dataclass(frozen=True)
class Places:
    """What is known of accounts and deployments, for finding them by what a log says."""

    hosts: Mapping[str, str] = field(default_factory=dict)
    """Account id by host."""
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Account ids by name: names are unique in a resource group only."""
    having: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Account ids by the name of a deployment."""

    def resource(self, host: str, backend: str, deployment: str) -> str | None:
        """The folded id of the deployment; None where it is not known."""
        account = self._account(host, backend, deployment)
        return f"{account}/deployments/{deployment}" if account and deployment else None

    def _account(self, host: str, backend: str, deployment: str) -> str | None:
        if host:
            return self._hosted(host)
        if found := self._hosted(backend):
            return found
        if named := self.names.get(backend):
            return _only(named)
        return None if "." in backend else _only(self.having.get(deployment, frozenset()))

    def _hosted(self, host: str) -> str | None:
        label, _, suffix = host.partition(".")
        return self.hosts.get(host) or (self.hosts.get(label) if suffix in SUFFIXES else None)


def places(accounts: pd.DataFrame, deployments: pd.DataFrame) -> Places:
    """From frames ACCOUNTS and DEPLOYMENTS of all subscriptions."""
    hosts: dict[str, set[str]] = defaultdict(set)
    named: dict[str, set[str]] = defaultdict(set)
    having: dict[str, set[str]] = defaultdict(set)
    for it in frames.records(accounts, columns=("account_id", "account", "endpoint")):
        named[str(it["account"]).lower()].add(it["account_id"])
        if host := urlsplit(it["endpoint"] or "").hostname:
            hosts[host].add(it["account_id"])
            label, _, suffix = host.partition(".")
            if suffix in SUFFIXES:
                hosts[label].add(it["account_id"])
    for it in frames.records(deployments, columns=("account_id", "deployment")):
        having[str(it["deployment"]).lower()].add(it["account_id"])
    return Places(
        {host: next(iter(those)) for host, those in hosts.items() if len(those) == 1},
        {name: frozenset(those) for name, those in named.items()},
        {name: frozenset(those) for name, those in having.items()},
    )


def _only(those: Collection[str]) -> str | None:
    return next(iter(those)) if len(those) == 1 else None


def named(unknown: Collection[Row]) -> str:
    """Deployments that could not be found, most tokens first, as JSON: what the log calls them, the
    product and the tokens."""
    sums: dict[tuple[str, ...], float] = defaultdict(float)
    for it in unknown:
        key = tuple(str(it[name]) for name in ("deployment", "backend", "product"))
        sums[key] += float(it["tokens"])  # type: ignore[arg-type]
    most = sorted(sums.items(), key=lambda it: (-it[1], it[0]))[:MOST_NAMED]
    return json.dumps(
        [
            {"deployment": name, "backend": backend, "product": product, "tokens": tokens}
            for (name, backend, product), tokens in most
        ]
    )


def found(gateways: pd.DataFrame) -> pd.DataFrame:
    """Frame FOUND of what frame GATEWAYS could not place: tokens that the gateway counted for
    deployments that are not known, or not by that name alone."""
    rows = [
        {
            "kind": "unknown deployment",
            "severity": "warning",
            "what": f"The gateway's log names {it['deployment']} behind "
            f"{it['backend'] or 'no backend'}: no account is known by that, or several are.",
            "product": it["product"],
            "quantity": it["tokens"],
        }
        for text in gateways["unknown"].dropna()
        for it in json.loads(text)
    ]
    return frames.frame(FOUND, rows)
