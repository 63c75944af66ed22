"""What waits for the visitor: plans as every page knows them, all else read once in a run."""

import pandas as pd

from domain import today
from domain.frames import records
from domain.roles import Permission, needs
from domain.today import Matter
from reads import today as reads
from ui import journal, session


def matters() -> list[Matter]:
    """The worst first."""
    store, now, since = session.wiring().store, session.at(), session.last_visit()
    facts = session.once("today", lambda: reads.waiting(store, since, now))
    waiting = today.waiting(facts, session.person(), session.tree(), now)
    return today.ordered([*waiting, *_plans()])


def _plans() -> list[Matter]:
    calls = journal.calls()
    if calls.empty:
        return []
    person = session.person()
    may = [person.may(Permission.ALLOCATE) and person.may(needs(it)) for it in calls["lever"]]
    stopped = records(journal.stopped(calls[pd.Series(may, calls.index, dtype=bool)]))
    told = [today.parked(it["plan"], it["title"], _text(it["said"])) for it in stopped]
    mine = records(journal.to_approve(calls))
    return told + [today.proposed(it["plan"], it["title"], _text(it["policy"])) for it in mine]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
