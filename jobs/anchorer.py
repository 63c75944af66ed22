"""The anchorer: keeps the head of the audit trail outside the database, so that somebody who may
write there can't shorten or rewrite the trail unseen."""

from collections.abc import Callable
from datetime import datetime

from domain.chain import Anchor
from services.anchors import Anchors
from store import audit
from store.engine import Store

EVERY_S = 120
"""An anchor follows a line within five minutes, whatever else keeps the machine busy."""


class Anchorer:
    """Appends the head when it has moved since the last anchor."""

    def __init__(self, store: Store, clock: Callable[[], datetime], anchors: Anchors) -> None:
        self.store, self.clock, self.anchors = store, clock, anchors

    def run_once(self) -> None:
        if self.anchors.path is None:
            return
        with self.store.reading() as session:
            number, seal = audit.head(session)
        kept = self.anchors.kept()
        if number and (not kept or (kept[-1].number, kept[-1].seal) != (number, seal)):
            self.anchors.keep(Anchor(self.clock(), number, seal))
