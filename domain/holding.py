"""Whether something is so of one account, deployment or alert rule: yes, no, or None where nobody
can tell. Source: docs of the Azure APIs, section 11, and of azure-apis-2, sections 3 to 5.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pandas as pd

from domain import names
from domain.criteria import LEAST_PAIRS

Row = Mapping[str, Any]
KEY_AGE = timedelta(days=90)
"""After which a key is to be made anew."""
ANYWHERE = frozenset({"0.0.0.0", "0.0.0.0/0", "::/0"})
"""Addresses by which a rule lets everybody in."""
ACCOUNT_TYPE = "microsoft.cognitiveservices/accounts"
USE = ("request", "token", "call", "utilization", "latency", "availability", "error", "blocked")
"""Parts of the names of metrics that tell how something is used."""


def closed(it: Row) -> bool | None:
    """Whether only networks that are named get in."""
    public, default = text(it["public_network"]), text(it["network_default"])
    if public == "Disabled" or default == "Deny":
        return True
    return None if not public else False


def fenced(it: Row) -> bool | None:
    """The same, and no rule lets in every address."""
    if text(it["public_network"]) == "Disabled":
        return True
    if ANYWHERE & set(listed(it["ip_rules"])):
        return False
    if text(it["network_default"]) == "Deny":
        return None if none(it["ip_rules"]) else True
    return closed(it)


def renewed(last: datetime | None, at: datetime | None) -> bool | None:
    """Whether a key was made anew of late. last: when the activity log says so; a log in which it
    does not stand proves nothing, since it does not reach back for ever."""
    return None if last is None or at is None else at - last <= KEY_AGE


def excepted(it: Row) -> bool | None:
    """Whether Microsoft has agreed to watch no content; what the account does not say, nobody
    knows."""
    said = text(it["content_logging"]).lower()
    return None if not said else said == "false"


def stands_by(copy: Row, it: Row) -> bool | None:
    """Whether one deployment can stand in for another: the same model and unit elsewhere, with as
    much capacity; None where it only can't be told whether it is enough."""
    unit = text(it["unit"])
    if copy["model"] != it["model"] or copy["region"] == it["region"]:
        return False
    if text(copy["unit"]) != unit:
        return False
    name = "capacity" if text(copy["sku"]) == text(it["sku"]) else "limit_tpm"
    if none(copy[name]) or none(it[name]):
        return None
    return bool(copy[name] >= it[name])


def copied(copies: Sequence[Row], it: Row) -> bool | None:
    """Whether one of these stands by for a deployment."""
    if none(it["unit"]):
        return None
    found = {stands_by(copy, it) for copy in copies}
    return True if True in found else None if None in found else False


def tells(rule: Row, it: Row) -> bool:
    """Whether an alert rule is on, is about the use of a deployment, and tells anybody."""
    if none(rule["enabled"]) or not rule["enabled"] or none(rule["told"]) or not rule["told"]:
        return False
    about = [one.lower() for one in listed(rule["metrics"])]
    return _covers(rule, it) and any(word in one for one in about for word in USE)


def _covers(rule: Row, it: Row) -> bool:
    """By its account, its group or its subscription, and by name where it names deployments."""
    resource = str(it["resource"])
    account, scopes = names.account(resource), [one.rstrip("/") for one in listed(rule["scopes"])]
    if not any(resource == one or resource.startswith(f"{one}/") for one in scopes):
        return False
    kind, region = text(rule["target_type"]).lower(), text(rule["target_region"])
    if kind not in ("", ACCOUNT_TYPE):
        return False
    if account not in scopes and resource not in scopes and region not in ("", it["region"]):
        return False
    own = resource.rsplit("/", 1)[-1]
    return none(rule["deployments"]) or own in [one.lower() for one in listed(rule["deployments"])]


def reached(it: Row) -> bool | None:
    """Whether an evaluation over enough pairs came to what was wanted of it."""
    if it["pairs"] < LEAST_PAIRS or none(it["threshold"]):
        return None
    return bool(it["value"] >= it["threshold"])


def listed(told: object) -> list[str]:
    """The texts of a JSON list."""
    found = json.loads(text(told) or "[]")
    return [str(it) for it in found] if isinstance(found, list) else []


def text(value: Any) -> str:
    return "" if none(value) else str(value)


def none(value: Any) -> bool:
    return value is None or bool(pd.isna(value))
