"""A request for more quota, from the asking to Microsoft's answer: what it is, what may become of
it, and for which pools somebody can ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import pandas as pd

from domain import frames
from domain.faults import OutOfRange
from domain.frames import TEXT, TIME, WHOLE, Columns

FORM = "https://aka.ms/oai/stuquotarequest"
"""Microsoft's own form for more quota; no interface of Azure takes such a request."""
MOST = 1_000_000
LONGEST = 300
"""Characters of a reason or a note."""


class Status(StrEnum):
    """Where a request stands, worded for people."""

    ASKED = "asked"
    SENT = "sent to Microsoft"
    GRANTED = "granted"
    PARTLY = "partly granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({Status.ASKED, Status.SENT})
_ANSWERS = frozenset({Status.GRANTED, Status.PARTLY, Status.REFUSED})
NEXT: Mapping[Status, frozenset[Status]] = {
    Status.ASKED: _ANSWERS | {Status.SENT, Status.WITHDRAWN},
    Status.SENT: _ANSWERS | {Status.WITHDRAWN},
}
"""What may follow what; everything else is final. What is asked may be granted at once, where
quota that lies idle elsewhere is moved instead of asking Microsoft."""
EXPLAINED = frozenset({Status.PARTLY, Status.REFUSED})
"""What needs a note: how much, or why not."""

REQUESTS: Columns = {
    "request": WHOLE,
    "pool": TEXT,  # key of the quota pool
    "amount": WHOLE,  # units of the pool that are asked for on top
    "unit": TEXT,  # the business unit that needs it
    "reason": TEXT,
    "needed_by": TIME,  # midnight UTC of a day; missing when no day was named
    "requester": TEXT,
    "asked_at": TIME,
    "status": TEXT,
    "status_at": TIME,
    "status_by": TEXT,
    "note": TEXT,
}
ASKABLE: Columns = {  # a quota pool that somebody can ask more of
    "pool": TEXT,
    "title": TEXT,  # its models, SKU and place
    "subscription_name": TEXT,
    "unit_words": TEXT,  # what one unit of it is
}


@dataclass(frozen=True)
class Request:
    unit: str
    pool: str
    amount: int
    """Units of the pool."""
    reason: str
    requester: str
    """Key of the person, tenant/object id."""
    asked_at: datetime
    needed_by: datetime | None = None
    id: int = 0
    status: Status = Status.ASKED
    status_at: datetime | None = None
    """Since when it has stood there; None for one that is not kept yet."""
    status_by: str = ""
    note: str = ""


def require_next(request: Request, status: Status) -> None:
    """Raise OutOfRange unless the request may go from where it stands to this status."""
    if status not in NEXT.get(request.status, frozenset()):
        raise OutOfRange(f"Request {request.id} is {request.status}: it cannot become {status}.")


def next_of(status: str) -> tuple[Status, ...]:
    """What whoever decides may make of a request that stands there, in the order of going."""
    possible = NEXT.get(Status(status), frozenset()) - {Status.WITHDRAWN}
    return tuple(it for it in Status if it in possible)


def askable(rows: pd.DataFrame) -> pd.DataFrame:
    """Frame ASKABLE, by title: the pools that these deployments, frame INVENTORY, draw on."""
    known = rows.dropna(subset=["pool"]).drop_duplicates(["pool", "model", "sku"])
    if known.empty:
        return frames.frame(ASKABLE, [])
    told = [_pool(str(pool), of) for pool, of in known.groupby("pool")]
    found = frames.frame(ASKABLE, told)
    return found.sort_values(["title", "pool"], ignore_index=True)


def _pool(pool: str, rows: pd.DataFrame) -> frames.Row:
    first = rows.iloc[0]
    models, skus = (_listed(rows[name]) for name in ("model", "sku"))
    return {
        "pool": pool,
        "title": " · ".join(it for it in (models, skus, _split(pool)[0]) if it),
        "subscription_name": first["subscription_name"],
        "unit_words": first["unit_words"],
    }


def words(pool: str) -> str:
    """The key of a pool, for people who see none of its deployments."""
    return " · ".join(_split(pool))


def _split(pool: str) -> list[str]:
    """Place and usage name of a pool's key; a key that is none is its own place."""
    return pool.split("|")[1:] if pool.count("|") == 2 else [pool]


def _listed(values: "pd.Series[str]") -> str:
    return ", ".join(sorted(values.dropna().unique()))
