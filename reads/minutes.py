"""One deployment's last hour by the minute: asked of Azure directly, for one person."""

from datetime import datetime, timedelta

import pandas as pd

from domain import frames
from services import metrics
from services.azure import Azure


def last_hour(azure: Azure, resource: str, region: str, now: datetime) -> pd.DataFrame:
    """Frame MINUTES; raises a Fault when Azure does not answer."""
    rows = metrics.minutes(azure, resource, region, now - timedelta(hours=1), now)
    return frames.frame(frames.MINUTES, rows)
