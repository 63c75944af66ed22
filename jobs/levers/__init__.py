"""One small module for each kind of thing that can be changed: look at it, write it."""

from datetime import datetime
from typing import Protocol

from domain.plans import Leg, Seen
from services.azure import Azure


class Lever(Protocol):
    """What every module of this folder offers."""

    def look(self, azure: Azure, leg: Leg, at: datetime) -> Seen: ...
    def write(self, azure: Azure, leg: Leg, aim: str, etag: str) -> None: ...
