"""Diagnostic settings: where an account's logs and metrics go. Source: docs of azure-apis-2, 3."""

import json

from domain import names
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, flag, needed, part, text

VERSION = "2021-05-01-preview"
"""There is no stable one."""


def of_account(azure: Azure, account_id: str) -> list[Row]:
    """Frame DIAGNOSTICS of one account; none where it logs nothing."""
    account_id = names.folded(account_id)
    subscription, _, account, _ = names.parts(account_id)
    with translated(f"Listing the diagnostic settings of {account}"):
        path = f"{account_id}/providers/microsoft.insights/diagnosticSettings"
        items = arm.every_of(azure, subscription, path, VERSION)
        return [_row(account_id, it) for it in items]


def _row(account_id: str, it: Json) -> Row:
    properties = part(it, "properties")
    elsewhere = ("storageAccountId", "eventHubAuthorizationRuleId", "marketplacePartnerId")
    workspace = text(properties.get("workspaceId"))
    return {
        "setting": names.folded(needed(it["id"])),
        "account_id": account_id,
        "name": needed(it["name"]),
        "workspace": workspace and names.folded(workspace),
        "elsewhere": any(text(properties.get(name)) for name in elsewhere),
        "logs": json.dumps(sorted(_on(properties, "logs"))),
        "metrics": bool(_on(properties, "metrics")),
    }


def _on(properties: Json, kind: str) -> list[str]:
    """Categories and groups that are switched on; an entry has the one or the other."""
    return [
        needed(it.get("category") or it.get("categoryGroup"))
        for it in properties.get(kind) or []
        if flag(it.get("enabled"))
    ]
