"""Blocklists: terms of an account's own that filter policies may stop, and the ways to change them.

A list and each of its terms are written one at a time; how Azure tells etags of terms is not
documented, so what is sent may be ignored.
"""

import json
from dataclasses import dataclass

from domain import names
from domain.frames import Row
from services import arm
from services.azure import Azure
from services.faults import translated
from services.fields import Json, moment, needed, part, text
from services.policies import ANY, deleted, properties_of, written

KIND = "raiBlocklists"


@dataclass(frozen=True)
class Found:
    """One blocklist, or one term of it, as one look found it."""

    resource: str
    name: str
    body: Json
    """Its properties as Azure sent them: description, or pattern and isRegex."""
    etag: str
    """With the quotes that belong to it; ANY where Azure sent none, never ""."""
    modified_by: str | None


def of_account(azure: Azure, account_id: str) -> list[Row]:
    """Frame BLOCKLISTS of one account; one call, and one more for the terms of each list."""
    account_id = names.folded(account_id)
    subscription, _, account, _ = names.parts(account_id)
    with translated(f"Listing the blocklists of {account}"):
        items = arm.every(azure, subscription, f"{account_id}/raiblocklists", KIND)
        return [_row(azure, account_id, it) for it in items]


def seen(azure: Azure, resource: str) -> Found:
    """One blocklist as it is now, without its terms; raises NotFound when it is gone."""
    return _found(azure, resource)


def put(azure: Azure, resource: str, body: Json, etag: str) -> None:
    """PUT of a blocklist without its terms, sent once and raising as policies.written()."""
    written(azure, resource, body, etag, KIND)


def delete(azure: Azure, resource: str, etag: str) -> None:
    """DELETE of a blocklist with its terms; returns when Azure has taken it."""
    deleted(azure, resource, etag, KIND)


def term_seen(azure: Azure, resource: str) -> Found:
    """One term as it is now; raises NotFound when it, or its list, is gone."""
    return _found(azure, resource)


def term_put(azure: Azure, resource: str, body: Json, etag: str) -> None:
    """PUT of one term, sent once and raising as policies.written(). Of writes to one list at the
    same time Azure refuses all but one."""
    written(azure, resource, body, etag, KIND)


def term_delete(azure: Azure, resource: str, etag: str) -> None:
    """DELETE of one term; returns when Azure has taken it."""
    deleted(azure, resource, etag, KIND)


def _found(azure: Azure, resource: str) -> Found:
    resource = names.folded(resource)
    with translated(f"Looking at {names.short(resource)}"):
        it = arm.one(azure, names.subscription(resource), resource, KIND)
        return Found(
            resource,
            needed(it["name"]),
            properties_of(it),
            text(it.get("etag")) or ANY,
            text(part(it, "systemData").get("lastModifiedBy")),
        )


def _row(azure: Azure, account_id: str, it: Json) -> Row:
    properties, history = part(it, "properties"), part(it, "systemData")
    resource = names.folded(needed(it["id"]))
    path = f"{resource}/raiblocklistitems"
    terms = arm.every(azure, names.subscription(resource), path, KIND)
    return {
        "resource": resource,
        "account_id": account_id,
        "blocklist": needed(it["name"]),
        "description": text(properties.get("description")),
        "terms": json.dumps(sorted((_term(of) for of in terms), key=lambda of: str(of["name"]))),
        "etag": text(it.get("etag")),
        "modified_at": moment(text(history.get("lastModifiedAt"))),
        "modified_by": text(history.get("lastModifiedBy")),
    }


def _term(it: Json) -> Json:
    """Its properties, those that we do not know too, with its name and etag."""
    return {**properties_of(it), "name": needed(it["name"]), "etag": text(it.get("etag"))}
