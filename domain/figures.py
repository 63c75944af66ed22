"""The few numbers that say how the quota of an estate stands."""

from dataclasses import dataclass

import pandas as pd

from domain import standing
from domain.findings import THROTTLED_SOME

NEAR_LIMIT = 0.9
"""Of its own limit: who is refused there is refused by that limit."""


@dataclass(frozen=True)
class Figures:
    held: int
    """Pools that deployments draw on."""
    full: int
    """Of these, the ones without room."""
    tight: int
    reclaimable_tpm: float | None
    """Tokens per minute that could be given; None where nothing is known."""
    givers: int
    unmeasured: int
    """Deployments of a known pool whose need is not known."""
    at_limit: int
    """Deployments that are refused by their own limit."""
    below_limit: int
    """Deployments that are refused although their limit is far."""
    ptu: float
    """Provisioned throughput units that are deployed."""
    idle_ptu: float | None


def figures(pools: pd.DataFrame, holders: pd.DataFrame) -> Figures:
    """From frames STANDINGS and HOLDERS. Units of different pools are never added: what could be
    given is counted in tokens, where a unit is worth any, and provisioned units apart."""
    states = pools.loc[pools["holders"].gt(0), "state"]
    units, pool = holders["reclaimable"], holders["pool"]
    tokens = (units * holders["unit_tpm"]).sum(min_count=1)
    refused = holders["throttled_share"].ge(THROTTLED_SOME).fillna(False)
    own = refused & holders["peak_share"].ge(NEAR_LIMIT).fillna(False)
    ptu = holders["unit_words"].eq("PTU").fillna(False).astype(bool)
    idle = units[ptu].sum(min_count=1)
    return Figures(
        len(states),
        int(states.isin([standing.FULL, standing.OVER]).sum()),
        int(states.eq(standing.TIGHT).sum()),
        None if pd.isna(tokens) else float(tokens),
        int(units.gt(0).sum()),
        int((units.isna() & pool.notna()).sum()),
        int(own.sum()),
        int((refused & ~own).sum()),
        float(holders["capacity"][ptu].sum()),
        None if pd.isna(idle) else float(idle),
    )
