"""Results of evaluations, as they were uploaded or posted: what a gate may rely on."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Evaluation:
    """One metric over one data set."""

    rollout: int
    deployment: str
    """Resource id; "" for the solution as a whole."""
    dataset: str
    metric: str
    value: float
    threshold: float | None
    """What whoever ran it wanted; a gate has its own."""
    pairs: int
    """Questions with a golden answer."""
    link: str
    ran_at: datetime
    said_by: str
    at: datetime
    id: int = 0
