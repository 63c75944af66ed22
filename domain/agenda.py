"""What begins or goes back by itself: changes with an hour of their own."""

from datetime import datetime

import pandas as pd

from domain import frames
from domain.frames import TEXT, TIME, WHOLE, Columns
from domain.plans import State

AGENDA: Columns = {
    "at": TIME,
    "what": TEXT,  # begins, goes back
    "plan": WHOLE,
    "title": TEXT,
    "state": TEXT,
    "proposer": TEXT,
    "starts_at": TIME,
    "until": TIME,
}
BEGINS, GOES_BACK = "begins", "goes back"


def agenda(plans: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """Frame AGENDA of what lies ahead, the next first, from frame PLANS. A plan that nobody has
    approved yet is in it, since it takes its hour all the same once somebody does."""
    waits = plans["state"].isin([str(State.PROPOSED), str(State.CONFIRMED)])
    lasts = plans["state"].eq(str(State.DONE)) & plans["undone_by"].isna()
    begins = plans[waits & _ahead(plans["starts_at"], now)]
    back = plans[(waits | lasts) & _ahead(plans["until"], now)]
    told = pd.concat(
        [
            begins.assign(at=begins["starts_at"], what=BEGINS),
            back.assign(at=back["until"], what=GOES_BACK),
        ]
    )
    return frames.fitted(told.sort_values(["at", "plan"], ignore_index=True), AGENDA)


def _ahead(times: "pd.Series[pd.Timestamp]", now: datetime) -> "pd.Series[bool]":
    return times.gt(pd.Timestamp(now)).fillna(False).astype(bool)
