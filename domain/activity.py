"""The activity log: who wrote what to Azure, by the console or past it.

One write is told in two or three events (begun, accepted, ended), which come minutes late and in
any order; they are one row here. Source: docs of azure-apis-2, section 1.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import groupby

import pandas as pd

from domain import frames
from domain.frames import TEXT, TIME, Columns, Row
from domain.plans import Plan

ACTIVITY: Columns = {
    "at": TIME,  # of the last event
    "began_at": TIME,
    "resource": TEXT,  # the ARM id
    "subscription": TEXT,
    "operation": TEXT,  # in words
    "who": TEXT,  # caller: a name for people, an id for applications
    "app": TEXT,  # id of the application through which it was done
    "method": TEXT,  # PUT or PATCH, which are one operation to Azure
    "status": TEXT,  # Started, Accepted, Succeeded, Failed
    "correlation": TEXT,
    "act": TEXT,  # operationId: what the events of one write share
    "event": TEXT,  # id of the last event
    "request": TEXT,  # clientRequestId
    "said": TEXT,  # code of the refusal
}
KEPT = timedelta(days=90)
"""As long as Azure keeps it."""
PROVIDER = "microsoft.cognitiveservices/"
_WORDS: Mapping[str, str] = {
    "accounts/write": "account written",
    "accounts/delete": "account deleted",
    "accounts/deployments/write": "deployment written",
    "accounts/deployments/delete": "deployment deleted",
    "accounts/deployments/pause/action": "deployment paused",
    "accounts/deployments/resume/action": "deployment resumed",
    "accounts/raipolicies/write": "filter policy written",
    "accounts/raipolicies/delete": "filter policy deleted",
    "accounts/raiblocklists/write": "blocklist written",
    "accounts/raiblocklists/delete": "blocklist deleted",
    "accounts/raiblocklists/raiblocklistitems/write": "blocklist term written",
    "accounts/raiblocklists/raiblocklistitems/delete": "blocklist term deleted",
    "accounts/raiblocklists/addraiblocklistitems/action": "blocklist terms written",
    "accounts/raiblocklists/deleteraiblocklistitems/action": "blocklist terms deleted",
    "accounts/regeneratekey/action": "key made anew",
    "locations/resourcegroups/deletedaccounts/delete": "account purged",
    "quotatiers/write": "quota tier changed",
}
_NO_CHANGE = ("listkeys/action", "/read")
_ORDER = {"started": 0, "accepted": 1}
_KEY = ("resource", "correlation", "act", "operation")
_FROM_ANY = ("who", "app", "method", "request", "said")
_OURS = uuid.UUID("8a5b0c52-6f0e-4f53-9f3e-0b7f6f3c2a11")


def changes(operation: str) -> bool:
    """Whether an operation of Azure, in lower case, changes something of Cognitive Services."""
    return operation.startswith(PROVIDER) and not operation.endswith(_NO_CHANGE)


def worded(operation: str) -> str:
    """An operation in words; one that is not known keeps its own name."""
    own = operation.lower().removeprefix(PROVIDER)
    return _WORDS.get(own, own)


def grouped(events: Iterable[Row]) -> list[Row]:
    """One row for each write, of rows that may already be of several events; oldest first."""
    by_key = sorted(events, key=_key)
    writes = [_one(list(them)) for _, them in groupby(by_key, _key)]
    return sorted(writes, key=lambda it: _moment(it, "began_at"))


def joined(old: pd.DataFrame, new: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Frame ACTIVITY of what was known and what came, once each; without what is too old."""
    old = old[old["at"] >= pd.Timestamp(now - KEPT)]
    known, came = (pd.MultiIndex.from_frame(it[list(_KEY)]) for it in (old, new))
    touched = known.isin(came)
    both = pd.concat([it for it in (old[touched], new) if len(it)] or [new])
    fresh = frames.frame(ACTIVITY, grouped(_plain(both)))
    parts = [it for it in (frames.fitted(old[~touched], ACTIVITY), fresh) if len(it)]
    return pd.concat(parts, ignore_index=True) if parts else fresh


def request_id(plan: Plan, leg: int, write: int) -> str:
    """The name that a write of a plan bears in Azure's log: the same text for the same write, so
    that nobody has to remember it, and another for every plan of every console."""
    asked = plan.asked_at.astimezone(UTC).isoformat()
    told = f"{plan.id}|{asked}|{plan.proposer}|{plan.legs[leg].resource}|{leg}|{write}"
    return str(uuid.uuid5(_OURS, told))


def requests(plans: Iterable[Plan]) -> dict[str, int]:
    """The number of the plan by the name of each of its writes so far."""
    return {
        request_id(plan, number, write): plan.id
        for plan in plans
        for number, leg in enumerate(plan.legs)
        for write in range(1, leg.writes + 1)
    }


def _key(row: Row) -> tuple[str, ...]:
    return tuple(str(row.get(name) or "") for name in _KEY)


def _one(events: list[Row]) -> Row:
    """The last event, what any of them knew, and when the first one was."""
    events = sorted(events, key=_when)
    known = {
        name: next((it[name] for it in reversed(events) if it.get(name)), None)
        for name in _FROM_ANY
    }
    return {**events[-1], **known, "began_at": min(_moment(it, "began_at") for it in events)}


def _when(event: Row) -> tuple[datetime, int]:
    return _moment(event, "at"), _ORDER.get(str(event.get("status")).lower(), 2)


def _moment(event: Row, name: str) -> datetime:
    at = event[name]
    assert isinstance(at, datetime)
    return at


def _plain(rows: pd.DataFrame) -> list[Row]:
    told = frames.fitted(rows, ACTIVITY).astype(object)
    plain = told.where(told.notna(), None).to_dict("records")
    return [{str(key): it for key, it in row.items()} for row in plain]
