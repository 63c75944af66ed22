"""From an edit in the grid to the verdict, beside a spreadsheet that computes everything anew."""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from statistics import median, quantiles

import pandas as pd

from domain import frames
from domain.allocation import drafted
from domain.inventory import INVENTORY
from domain.pools import POOLS

SUBSCRIPTIONS, REGIONS = 8, 10
NOW = datetime(2026, 6, 15, tzinfo=UTC)


def estate(deployments: int, pools: int, seed: int = 7) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames INVENTORY and POOLS of so many of each; every pool has some room."""
    chance = random.Random(seed)
    keys = [_pool(number) for number in range(pools)]
    rows = [_row(number, keys[number % pools], chance) for number in range(deployments)]
    held = frames.frame(INVENTORY, rows)
    used = held.groupby("pool")["capacity"].sum()
    said = [_listed(key, int(used.get(key, 0))) for key in keys]
    return held, frames.frame(POOLS, said)


def _pool(number: int) -> str:
    return f"sub-{number % SUBSCRIPTIONS}|region-{number % REGIONS}|openai.standard.m{number}"


def _row(number: int, pool: str, chance: random.Random) -> frames.Row:
    subscription, region, usage = pool.split("|")
    account = (
        f"/subscriptions/{subscription}/resourcegroups/rg/providers"
        f"/microsoft.cognitiveservices/accounts/acc-{number // 10}"
    )
    capacity = chance.randint(2, 40) * 10
    peak = chance.uniform(0.05, 1.1) * capacity * 1_000
    return {
        "resource": f"{account}/deployments/d{number}",
        "deployment": f"d{number}",
        "account_id": account,
        "account": f"acc-{number // 10}",
        "subscription": subscription,
        "region": region,
        "sku": "Standard",
        "capacity": capacity,
        "model": usage.rpartition(".")[2],
        "version": "1",
        "health": "Ready",
        "etag": f'"{number}"',
        "pool": pool,
        "usage_name": usage,
        "unit": f"unit-{number % 11}",
        "unit_words": "1,000 TPM",
        "unit_tpm": 1_000.0,
        "unit_rpm": 6.0,
        "capacity_max": 1_000_000,
        "peak_tpm_30d": peak,
        "peak_rpm_30d": peak / 300,
        "requests_30d": 1_000.0,
        "throttled_30d": 0.0,
        "covered_30d": 720,
        "peaks_30d_are": "by the minute",
        "environment": chance.choice(["prod", "dev", "test"]),
        "standby": False,
        "idle": False,
        "fate": "no date announced",
        "created_at": NOW,
        "seen_at": NOW,
    }


def _listed(key: str, used: int) -> frames.Row:
    subscription, region, usage = key.split("|")
    return {
        "pool": key,
        "subscription": subscription,
        "place": region,
        "usage_name": usage,
        "title": f"Tokens Per Minute (thousands) - {usage}",
        "limit": float(used + 500),
        "used": float(used),
        "free": 500.0,
    }


def recomputed(
    rows: pd.DataFrame, pools: pd.DataFrame, targets: dict[str, int]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What a spreadsheet does: every row and every pool, at every edit."""
    sheet = rows.assign(after=rows["resource"].map(targets).fillna(rows["capacity"]))
    sheet["change"] = sheet["after"] - sheet["capacity"]
    for it in ("tpm", "rpm"):
        sheet[f"after_{it}"] = sheet["after"] * sheet[f"unit_{it}"]
        sheet[f"headroom_{it}"] = 1 - sheet[f"peak_{it}_30d"] / sheet[f"after_{it}"]
    sheet["throttles"] = (sheet["headroom_tpm"] < 0) | (sheet["headroom_rpm"] < 0)
    sheet["outside"] = (sheet["after"] < 1) | (sheet["after"] > sheet["capacity_max"])
    sums = sheet.groupby("pool")["change"].sum().reset_index()
    found = pools.merge(sums, on="pool", how="left")
    found["after"] = found["used"] + found["change"].fillna(0)
    found["over"] = found["after"] > found["limit"]
    return sheet, found


def timed(
    work: Callable[[pd.DataFrame, pd.DataFrame, dict[str, int]], object],
    rows: pd.DataFrame,
    pools: pd.DataFrame,
    targets: dict[str, int],
) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work(rows, pools, targets)
    return (time.perf_counter() - began) * 1_000


def edits(rows: pd.DataFrame, pools: int, tries: int, seed: int = 11) -> list[dict[str, int]]:
    """Moves between two deployments of one pool, each with a further raise elsewhere."""
    chance = random.Random(seed)
    resources, capacities = rows["resource"].tolist(), rows["capacity"].tolist()
    found = []
    for _ in range(tries):
        first = chance.randrange(len(resources) - pools)
        other = chance.randrange(len(resources))
        targets = {resources[other]: capacities[other] + 10}
        targets[resources[first]] = capacities[first] - 10
        targets[resources[first + pools]] = capacities[first + pools] + 10
        found.append(targets)
    return found


def measured(deployments: int, pools: int, tries: int) -> str:
    """One line: median and 95th percentile of ours, the spreadsheet's, and the ratio; both in this
    run, edit by edit."""
    rows, there = estate(deployments, pools)
    asked = edits(rows, pools, tries)
    for warm in asked[:3]:
        assert not drafted(rows, there, warm).broken
        recomputed(rows, there, warm)
    # One after the other, so that whatever else the machine does is shared fairly.
    both = [(timed(drafted, rows, there, it), timed(recomputed, rows, there, it)) for it in asked]
    ours, theirs = ([it[side] for it in both] for side in (0, 1))
    return (
        f"what-if over {deployments:,} deployments and {pools:,} pools: "
        f"median {median(ours):5.1f} ms, p95 {quantiles(ours, n=20)[-1]:5.1f} ms; "
        f"spreadsheet {median(theirs):5.1f} ms, "
        f"spreadsheet/ours {median(theirs) / median(ours):4.1f}"
    )
