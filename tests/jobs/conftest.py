"""Collector, worker and finder against the simulator, through the real SDK and a real store."""

from tests.world import begun, complete, console, made, migrated, seasoned, url

__all__ = ["begun", "complete", "console", "made", "migrated", "seasoned", "url"]
