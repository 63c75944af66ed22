"""Told: try whether messages of this console reach people."""

from actions.visit import Visit
from domain import notices
from domain.faults import OutOfRange
from domain.roles import Permission
from store import notices as outbox
from store.notices import Outgoing


def test(visit: Visit) -> str:
    """Have a message sent now; returns its key, under which the outbox says what came of it.
    Raises Refused."""
    with visit.attempt(Permission.TELL, "test whether messages arrive") as session:
        now = visit.clock()
        notice = notices.trial(visit.person.key, visit.person.name)
        before = outbox.find(session, notice.key)
        if before and before.next_at:
            raise OutOfRange("Your last test is still on its way.")
        words = notices.body(notice, "", now)
        outbox.put(session, Outgoing(notice.key, notice.kind, notice.title, words, now, now))
        return notice.key
