"""What readers see of a console, in few words."""

from domain.readings import TOPICS
from reads import inventory, sources
from store import snapshots
from tests.world import SMALL


def kept(console, topic, scope=SMALL):
    """The snapshot of a topic; None when there is none."""
    with console.store.reading() as session:
        return snapshots.kept(session, TOPICS[topic], [scope])[scope]


def estate(console, window="7d", scopes=(SMALL,)):
    return inventory.deployments(console.store, scopes, window, console.tags, console.clock())


def names_of(frame):
    return sorted(frame["deployment"])


def duties(console, topic):
    """Rows of frame SOURCES of one topic."""
    found = sources.sources(console.store)
    return found[found["topic"] == topic]


def backlog(console):
    return int(duties(console, "metrics")["backlog"].iloc[0])


def asked(console, part, since=0):
    """Requests whose host or path holds this, after the first so many."""
    return [it for it in console.wire.requests[since:] if part in f"{it.host}{it.path}"]
