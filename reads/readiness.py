"""Readiness of rollouts: the items of the reference, and where each stands."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from domain import readiness
from domain.readiness import UNSAID, Answer, Item, Standing
from domain.rollouts import Rollout

ITEMS = Path(__file__).parents[1] / "reference" / "readiness_items.json"


@cache
def items() -> tuple[Item, ...]:
    """What has to be so before a solution goes further."""
    return readiness.of_reference(json.loads(ITEMS.read_text()))


def standings(
    rollout: Rollout, answers: Mapping[str, Answer], now: datetime
) -> tuple[Standing, ...]:
    """Where each item of a rollout stands, by what people vouch for."""
    asked = readiness.items_for(items(), rollout)
    return readiness.standings(asked, {}, answers, UNSAID, now)
