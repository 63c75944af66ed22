"""What the console ships with and nobody changes while it runs: what there is to be ready, and what
can be done next to be more mature. Verbs and pages read it here, so that no caller says what there
is."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from domain import maturity, readiness
from domain.maturity import Action
from domain.readiness import Item

_FOLDER = Path(__file__).parents[1] / "reference"


@cache
def items() -> tuple[Item, ...]:
    """What has to be so before a solution goes further."""
    return readiness.of_reference(_told("readiness_items.json"))


@cache
def actions() -> tuple[Action, ...]:
    """Next steps of every level."""
    return maturity.of_reference(_told("maturity_actions.json"))


def _told(name: str) -> Any:
    return json.loads((_FOLDER / name).read_text())
