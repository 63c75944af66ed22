"""What the filters of a deployment must do at the least: baselines by audience and environment,
dated and in versions."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain import tags
from domain.filters import GRADED, Key, Strength, folded

AUDIENCES = ("external", "internal")
UNSAID = "external"
"""For whom a deployment counts that does not say: the stricter demands are for everybody."""
PRODUCTION = "production"


@dataclass(frozen=True)
class Baseline:
    """One version of what is demanded."""

    key: str
    version: int
    title: str
    audience: str
    """internal or external; "" for every."""
    environment: str
    """As its tag says; "" for every."""
    least: Mapping[Key, Strength]
    mode: str
    """buffered where that is demanded; "" where nothing is."""
    starts: datetime
    ends: datetime | None = None
    proposer: str = ""
    at: datetime | None = None
    approver: str | None = None
    approved_at: datetime | None = None
    """Missing where it waits for somebody, and so is not in force."""
    note: str = ""

    @property
    def named(self) -> str:
        """Key and version, as frames name it."""
        return f"{self.key} v{self.version}"


def parsed(body: str) -> tuple[dict[Key, Strength], str]:
    """The least of each filter and the mode, from what text() wrote."""
    told: dict[str, Any] = json.loads(body)
    least = {}
    for name, strength in told.get("least", {}).items():
        category, _, direction = name.partition("/")
        least[folded(category), folded(direction)] = Strength[strength.upper()]
    return least, str(told.get("mode") or "")


def text(least: Mapping[Key, Strength], mode: str) -> str:
    """What is demanded as JSON: {"least": {"hate/prompt": "low"}, "mode": "buffered"}."""
    named = {f"{key[0]}/{key[1]}": _word(key[0], it) for key, it in least.items()}
    return json.dumps({"least": named, "mode": mode}, sort_keys=True)


def _word(category: str, strength: Strength) -> str:
    blocks = strength is Strength.BLOCKS and category not in GRADED
    return "blocks" if blocks else strength.name.lower()


def surroundings(environment: str | None) -> str:
    """An environment as baselines name it: prod and live are production."""
    told = (environment or "").strip().lower()
    return PRODUCTION if told in tags.PRODUCTION else told


def in_force(baselines: Iterable[Baseline], at: datetime) -> list[Baseline]:
    """Of each key the newest version that is approved and has begun, unless it has ended."""
    newest: dict[str, Baseline] = {}
    for it in sorted(baselines, key=lambda it: it.version):
        if it.approved_at is not None and it.starts <= at:
            newest[it.key] = it
    return [it for it in newest.values() if it.ends is None or at < it.ends]


def chosen(
    baselines: Iterable[Baseline], audience: str | None, environment: str | None, at: datetime
) -> Baseline | None:
    """What is demanded there: the most specific wins, an audience before an environment."""
    whom, place = audience if audience in AUDIENCES else UNSAID, surroundings(environment)
    fits = [
        it
        for it in in_force(baselines, at)
        if it.audience in ("", whom) and surroundings(it.environment) in ("", place)
    ]
    order = sorted(fits, key=lambda it: (it.audience == "", it.environment == "", it.key))
    return order[0] if order else None
