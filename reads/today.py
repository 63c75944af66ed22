"""What waits for anybody: read at once, narrowed to a person afterwards."""

from dataclasses import replace
from datetime import datetime

from domain.pending import Facts
from domain.today import SOON
from reads.costs import closable
from reads.maturity import actions
from reads.readiness import items
from store import pending
from store.engine import Session, Store


def waiting(store: Store, since: datetime | None, now: datetime) -> Facts:
    """Of everybody; since: after when a gate that turned is news, None for never."""
    with store.reading() as session:
        return gathered(session, since, now)


def gathered(session: Session, since: datetime | None, now: datetime) -> Facts:
    named = {it.key: it.title for it in items()}
    ending, waivers = pending.answers(session, now + SOON)
    return Facts(
        asking=tuple(pending.asking(session)),
        turned=() if since is None else tuple(pending.turned(session, since)),
        braked=tuple(pending.braked(session)),
        tasks=tuple(pending.tasks(session)),
        feedback=tuple(pending.feedback(session)),
        ending=tuple(replace(it, item=named.get(it.item, it.item)) for it in ending),
        waivers=tuple(replace(it, item=named.get(it.item, it.item)) for it in waivers),
        exemptions=tuple(pending.excused(session, now + SOON)),
        baselines=tuple(pending.demanded(session)),
        months=tuple(closable(session)),
        steps=tuple(pending.steps(session, {it.key: it.title for it in actions()})),
    )
