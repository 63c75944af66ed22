"""Review: say what a meter counts, where no list says so; nothing is priced by a guess."""

from dataclasses import dataclass

import pandas as pd

from actions.visit import Visit
from domain import frames, ruling
from domain.costs import METERS, Bucket
from domain.faults import OutOfRange
from domain.roles import Permission
from store import agreed_prices, meters

SCOPES = ("global", "datazone", "regional")
MODES = ("tokens", "ptu", "other")
TIERS = ("standard", "priority", "flex", "batch", "developer")
BUCKETS = tuple(
    str(it)
    for it in Bucket
    if it not in (Bucket.REQUESTS, Bucket.SPILLED, Bucket.PTU_USED, Bucket.PROMPT)
)
"""What a meter can count; what is counted and never billed is not among it."""
MOST = 200
_LONGEST = 100


@dataclass(frozen=True)
class Reading:
    """What somebody says a meter counts."""

    meter_id: str
    model: str
    scope: str
    mode: str
    bucket: str
    tier: str = "standard"
    version: str = ""
    region: str = ""


def accept(visit: Visit, readings: list[Reading]) -> None:
    """Let these count as said, all of them or none; raises Refused."""
    ids = ", ".join(str(it.meter_id) for it in readings[:5])
    with visit.attempt(
        Permission.PRICE, f"review {len(readings)} meters: {ids}"[:1_000]
    ) as session:
        if not 0 < len(readings) <= MOST or len({it.meter_id for it in readings}) != len(readings):
            raise OutOfRange(f"Choose 1 to {MOST} meters, each once.")
        for it in readings:
            _check(it)
            if not agreed_prices.meter_known(session, it.meter_id):
                raise OutOfRange("This meter is neither listed nor booked.")
        by = {"said_by": visit.person.key, "at": visit.clock(), "source": meters.REVIEWED}
        meters.review(session, _rows(readings, by))


def _check(it: Reading) -> None:
    ruling.text(it.meter_id, "A meter", _LONGEST)
    if it.mode != "other" or it.model:
        ruling.text(it.model, "A model", _LONGEST)
    for words in (it.version, it.region):
        if words:
            ruling.text(words, "Version and region", _LONGEST)
    known = ((it.scope, SCOPES), (it.mode, MODES), (it.tier, TIERS), (it.bucket, BUCKETS))
    if wrong := [said for said, of in known if said not in of]:
        raise OutOfRange(f"{wrong[0]!r} is not among what a meter can be.")
    if (it.mode == "ptu") != (it.bucket == Bucket.PTU_HOURS):
        raise OutOfRange("A meter of provisioned throughput counts its hours, and no other does.")


def _rows(readings: list[Reading], by: dict[str, object]) -> pd.DataFrame:
    return frames.frame(METERS, [{**vars(it), **by} for it in readings])
