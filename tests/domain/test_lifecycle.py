"""When a deployment's model ends and what becomes of it: dates and days worked out by hand."""

import pandas as pd
import pytest

from domain import frames, lifecycle
from domain.lifecycle import BY_HAND, NO_DATE, RETIRED, STOPS, UNLISTED, UPGRADED
from tests.domain.rows import NOW, day

COLUMNS = {
    "listed": frames.FLAG,
    "sku": frames.TEXT,
    "upgrade": frames.TEXT,
    "sku_retires_at": frames.TIME,
    "model_retires_at": frames.TIME,
    "upgrade_from": frames.TIME,
}
AT_EXPIRY, EARLY, NEVER = (
    "OnceCurrentVersionExpired",
    "OnceNewDefaultVersionAvailable",
    "NoAutoUpgrade",
)


def fate(**fields):
    row = {"listed": True, "sku": "Standard", "upgrade": AT_EXPIRY, **fields}
    return lifecycle.fates(frames.frame(COLUMNS, [row]), NOW).iloc[0]


# NOW is 2026-06-15, 09:30 UTC.
TABLE = [
    # sku, upgrade policy, SKU's date, model's date, upgrade from, fate, acts on, days left
    ("Standard", AT_EXPIRY, None, "2026-07-15", None, UPGRADED, "2026-07-15", 30),
    ("Standard", AT_EXPIRY, "2026-06-20", "2026-07-15", None, UPGRADED, "2026-06-20", 5),
    ("Standard", AT_EXPIRY, "2026-09-01", "2026-07-15", None, UPGRADED, "2026-09-01", 78),
    ("Standard", None, None, "2026-07-15", "2026-06-20", UPGRADED, "2026-07-15", 30),
    ("Standard", NEVER, None, "2026-07-15", "2026-06-20", STOPS, "2026-07-15", 30),
    ("Standard", EARLY, None, "2026-07-15", "2026-06-20", UPGRADED, "2026-06-20", 5),
    ("Standard", EARLY, None, "2026-07-15", None, UPGRADED, "2026-07-15", 30),
    ("Standard", EARLY, None, None, "2026-06-20", UPGRADED, "2026-06-20", 5),
    ("GlobalStandard", AT_EXPIRY, None, "2026-07-15", None, UPGRADED, "2026-07-15", 30),
    ("datazonestandard", AT_EXPIRY, None, "2026-07-15", None, UPGRADED, "2026-07-15", 30),
    ("ProvisionedManaged", EARLY, None, "2026-07-15", "2026-06-20", BY_HAND, "2026-07-15", 30),
    ("GlobalProvisionedManaged", None, "2026-07-01", None, None, BY_HAND, "2026-07-01", 16),
    ("DataZoneProvisionedManaged", NEVER, None, "2026-07-15", None, BY_HAND, "2026-07-15", 30),
    ("GlobalBatch", AT_EXPIRY, None, "2026-07-15", None, BY_HAND, "2026-07-15", 30),
    ("SomethingNew", AT_EXPIRY, None, "2026-07-15", None, BY_HAND, "2026-07-15", 30),
    ("Standard", AT_EXPIRY, None, "2026-06-15", None, RETIRED, "2026-06-15", 0),
    ("Standard", AT_EXPIRY, None, "2026-06-16", None, UPGRADED, "2026-06-16", 1),
    ("Standard", AT_EXPIRY, None, "2026-06-01", None, RETIRED, "2026-06-01", -14),
    ("Standard", EARLY, None, "2026-06-01", "2026-03-01", RETIRED, "2026-06-01", -14),
    ("ProvisionedManaged", NEVER, "2026-05-15", "2026-12-01", None, RETIRED, "2026-05-15", -31),
    ("Standard", AT_EXPIRY, None, None, None, NO_DATE, None, None),
    ("Standard", NEVER, None, None, "2026-06-20", NO_DATE, None, None),
    ("Standard", AT_EXPIRY, None, None, "2026-06-20", NO_DATE, None, None),
    ("ProvisionedManaged", EARLY, None, None, "2026-06-20", NO_DATE, None, None),
]


@pytest.mark.parametrize(
    ("sku", "upgrade", "of_sku", "of_model", "early", "words", "acts", "left"), TABLE
)
def test_the_table(sku, upgrade, of_sku, of_model, early, words, acts, left):
    dates = {"sku_retires_at": of_sku, "model_retires_at": of_model, "upgrade_from": early}
    told = fate(sku=sku, upgrade=upgrade, **{name: at and day(at) for name, at in dates.items()})
    assert told["fate"] == words
    assert told["acts_at"] == day(acts) if acts else pd.isna(told["acts_at"])
    assert told["days_left"] == left if acts else pd.isna(told["days_left"])


def test_what_is_not_listed_has_no_fate():
    assert fate(listed=False)["fate"] == UNLISTED


def test_a_deployment_whose_sku_azure_left_out_is_not_upgraded_by_itself():
    assert fate(sku=None, model_retires_at=day("2026-07-15"))["fate"] == BY_HAND


def test_the_days_are_those_of_the_calendar_whatever_the_hour():
    late_at_night = NOW.replace(hour=23, minute=59)
    row = {"listed": True, "sku": "Standard", "model_retires_at": day("2026-06-16")}
    found = lifecycle.fates(frames.frame(COLUMNS, [row]), late_at_night)
    assert found["days_left"].tolist() == [1]


def test_no_rows_have_no_fates():
    assert lifecycle.fates(frames.frame(COLUMNS, []), NOW).empty


def test_the_index_of_the_rows_stays():
    rows = frames.frame(COLUMNS, [{"listed": True}] * 2).set_axis([7, 3])
    assert lifecycle.fates(rows, NOW).index.tolist() == [7, 3]
