"""What a meter counts: listed by the models API, or said by somebody who reviewed it."""

import pandas as pd
from sqlalchemy import select

from domain.costs import METERS
from store import rows
from store.engine import Session
from store.tables import MeterRow

LISTED, REVIEWED = "listed", "reviewed"
_SAME = [name for name in METERS if name not in ("said_by", "at")]


def review(session: Session, meters: pd.DataFrame) -> None:
    """Keep what somebody said these meters count, frame METERS, whatever is listed."""
    told = rows.of_frame(meters.assign(source=REVIEWED), METERS)
    rows.upsert(session, MeterRow, ["meter_id"], told)


def listed(session: Session, meters: pd.DataFrame) -> int:
    """Keep what the models API lists, frame METERS; returns how many are new or other than before.

    What somebody reviewed stays, and what is the same as before keeps its time, so that a bill is
    not made anew for it.
    """
    there = {it["meter_id"]: it for it in rows.of_frame(known(session), METERS)}
    single = meters.assign(source=LISTED).drop_duplicates("meter_id")
    new = [it for it in rows.of_frame(single, METERS) if _differs(there.get(it["meter_id"]), it)]
    rows.upsert(session, MeterRow, ["meter_id"], new)
    return len(new)


def known(session: Session) -> pd.DataFrame:
    """Frame METERS."""
    wanted = select(*(getattr(MeterRow, name) for name in METERS)).order_by(MeterRow.meter_id)
    return rows.to_frame(session.execute(wanted), METERS)


def _differs(before: dict[str, object] | None, now: dict[str, object]) -> bool:
    if before is None:
        return True
    return before["source"] == LISTED and any(before[name] != now[name] for name in _SAME)
