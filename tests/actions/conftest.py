"""Consoles in front of the simulator, for the tests of this room."""

from tests.world import begun, complete, console, made, migrated, seasoned, url

__all__ = ["begun", "complete", "console", "made", "migrated", "seasoned", "url"]
