"""One small module for each kind of thing that can be changed: look at it, write it."""

from datetime import datetime
from typing import Protocol

from domain.protocol import Plan, Seen
from services.azure import Azure


class Lever(Protocol):
    """What every module of this folder offers."""

    def look(self, azure: Azure, plan: Plan, at: datetime) -> Seen: ...
    def write(self, azure: Azure, plan: Plan, last: Seen) -> None: ...
