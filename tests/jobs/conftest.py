"""Collector, worker and finder against the simulator, through the real SDK and a real store."""

from tests.world import console, made, migrated, url

__all__ = ["console", "made", "migrated", "url"]
