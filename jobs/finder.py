"""The finder: holds what was collected against the rules, so that a finding has an age."""

from collections.abc import Callable
from datetime import datetime

import pandas as pd

from domain import contests, findings
from domain.readings import (
    FINDINGS,
    TENANT,
    Reading,
    Trouble,
    merged,
)
from domain.tags import TagNames
from jobs import safeguards
from reads import inventory
from store import contests as kept_contests
from store import findings as kept_findings
from store import snapshots
from store.engine import Store
from store.estates import PARTS

WINDOW = "7d"
"""The window that the rules about traffic read."""


class Finder:
    """Works only when something new was collected."""

    def __init__(self, store: Store, clock: Callable[[], datetime], tags: TagNames) -> None:
        self.store, self.clock, self.tags = store, clock, tags
        self.done = -1

    def run_once(self) -> None:
        now = self.clock()
        known = inventory.subscriptions(self.store, now).frame
        scopes = tuple(known["subscription"])
        generation = max(
            inventory.generation(self.store, scopes), safeguards.generation(self.store, scopes)
        )
        if generation == self.done:
            return
        rows = inventory.deployments(self.store, scopes, WINDOW, self.tags, now).frame
        dark = findings.unreadable(known, self._troubles(scopes), now)
        with self.store.reading() as session:
            met = kept_contests.listed(session, scopes, now - contests.SHOWN)
        ours = contests.findings(met, rows)
        guarded = safeguards.judged(self.store, rows, scopes, now)
        told = [dark, findings.found(rows, now), ours, guarded.findings]
        found = pd.concat(told, ignore_index=True)
        with self.store.begin() as session:
            safeguards.keep(session, guarded, scopes)
            kept_findings.keep(session, found, scopes, now)
            aged = kept_findings.current(session, scopes)
            reading = Reading(aged, now)
            snapshots.keep(session, FINDINGS, TENANT, merged(FINDINGS, None, reading))
        self.done = generation

    def _troubles(self, scopes: tuple[str, ...]) -> dict[str, tuple[Trouble, ...]]:
        with self.store.reading() as session:
            kept = {topic.name: snapshots.kept(session, topic, scopes) for topic in PARTS}
        return {
            scope: tuple(
                it for those in kept.values() if (part := those[scope]) for it in part.troubles
            )
            for scope in scopes
        }
