"""Who calls a deployment through the gateway: asked live, for one person who looks into a gap."""

from collections.abc import Sequence
from datetime import datetime

import pandas as pd

from domain import frames
from domain.gateways import CALLERS
from services import logs
from services.azure import Azure
from store import places
from store.engine import Store


def of_days(
    store: Store, azure: Azure, workspaces: Sequence[str], first: datetime, until: datetime
) -> pd.DataFrame:
    """Frame CALLERS between two times, most tokens first; the resource is missing where the log
    does not tell whose it is. Raises Unavailable or Rejected where a workspace does not answer: a
    list that lacks callers would look whole."""
    with store.reading() as session:
        known = places.known(session)
    rows = [row for it in workspaces for row in logs.callers(azure, it, first, until, known)]
    found = frames.frame(CALLERS, rows)
    return found.sort_values("tokens", ascending=False, kind="stable", ignore_index=True)
