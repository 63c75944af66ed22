"""What only the estate tells of a day's usage: a measured zero is no missing figure."""

from datetime import UTC, datetime, timedelta

from domain import estate, frames
from domain.costs import ESTATE_DAYS, USAGE_DAYS

DAY = datetime(2026, 11, 17, tzinfo=UTC)
NEXT = DAY + timedelta(days=1)
WAS = frames.frame(ESTATE_DAYS, [
    {"day": DAY, "resource": "a/deployments/d", "subscription": "s", "account_id": "a",
     "sku": "ProvisionedManaged", "capacity": 100.0, "assumed": False}
])  # fmt: skip


def told(*percents):
    rows = [
        {"day": DAY, "resource": "a/deployments/d", "subscription": "s", "source": "metrics",
         "product": "", "tier": "standard", "bucket": estate.UTILISED, "quantity": it,
         "estimated": False, "seen_at": NEXT}
        for it in percents
    ]  # fmt: skip
    found = estate.measured(frames.frame(USAGE_DAYS, rows), WAS, NEXT, DAY, NEXT)
    return found.set_index("bucket")["quantity"].to_dict()


def test_provisioned_throughput_that_nobody_used_was_idle_all_day():
    assert told(0.0) == {"ptu_hours": 2_400.0, "ptu_used_hours": 0.0}


def test_where_utilisation_is_not_measured_nobody_knows():
    assert told() == {"ptu_hours": 2_400.0}
