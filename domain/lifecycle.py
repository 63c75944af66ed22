"""When a model version stops being served, and what becomes of the deployment then.

Source: model retirement pages of Foundry models. The date of the deployment's own SKU goes before
that of the model; Azure upgrades Standard types only; NoAutoUpgrade stops at retirement; an upgrade
policy that is not set behaves like OnceCurrentVersionExpired.
"""

from datetime import datetime

import pandas as pd

from domain import skus

STOPS, UPGRADED, BY_HAND, RETIRED = (
    "stops on",
    "is upgraded on",
    "must be migrated by hand by",
    "retired on",
)
NO_DATE, UNLISTED = "no date announced", "not in the model list"
SOON_DAYS, URGENT_DAYS = 90, 30


def fates(rows: pd.DataFrame, now: datetime) -> pd.DataFrame:
    """For rows with listed (bool), sku, upgrade, sku_retires_at, model_retires_at, upgrade_from:
    columns retires_at, acts_at (when something happens by itself), days_left (whole days to
    acts_at, negative once past) and fate (words), with the index of the rows."""
    retires = rows["sku_retires_at"].fillna(rows["model_retires_at"])
    may_move = rows["sku"].fillna("").map(lambda sku: skus.family(sku).upgrades).astype(bool)
    stays = rows["upgrade"].eq("NoAutoUpgrade").fillna(False).astype(bool)
    early = rows["upgrade"].eq("OnceNewDefaultVersionAvailable").fillna(False).astype(bool)
    moves = may_move & ~stays
    acts = retires.where(~(moves & early), rows["upgrade_from"].fillna(retires))
    fate = pd.Series(STOPS, index=rows.index, dtype="string")
    fate = fate.mask(~may_move, BY_HAND).mask(moves, UPGRADED)
    fate = fate.mask(retires < pd.Timestamp(now), RETIRED).mask(acts.isna(), NO_DATE)
    fate = fate.mask(~rows["listed"].astype(bool), UNLISTED)
    acts = acts.mask(fate.eq(RETIRED), retires)
    return pd.DataFrame(
        {"retires_at": retires, "acts_at": acts, "days_left": _days(acts, now), "fate": fate}
    )


def _days(dates: "pd.Series[pd.Timestamp]", now: datetime) -> "pd.Series[int]":
    today = pd.Timestamp(now).normalize()
    return (dates.dt.normalize() - today).dt.days.astype("Int64")
