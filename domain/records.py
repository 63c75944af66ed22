"""The columns of what the console itself writes down: plans with what belongs to them, the audit
trail, and how the collecting goes."""

from domain.frames import FLAG, REAL, TEXT, TIME, WHOLE, Columns

PLANS: Columns = {
    "plan": WHOLE,
    "title": TEXT,
    "lever": TEXT,  # of the first leg, as what follows
    "resource": TEXT,
    "deployment": TEXT,
    "account": TEXT,
    "unit": TEXT,  # business units, with commas between
    "change": TEXT,  # in words
    "legs": WHOLE,
    "proposer": TEXT,
    "approvers": TEXT,
    "policy": TEXT,  # why a second person has to approve
    "reason": TEXT,
    "ticket": TEXT,
    "state": TEXT,
    "said": TEXT,
    "asked_at": TIME,
    "starts_at": TIME,
    "until": TIME,  # when it is to be taken back
    "since": TIME,
    "ended_at": TIME,
    "undoes": WHOLE,
    "undone_by": WHOLE,
    "parked": WHOLE,  # units given and not taken, where it stopped halfway
    "parked_words": TEXT,  # the same, by pool
    "fingerprint": TEXT,
}
LEGS: Columns = {  # one resource of a plan
    "plan": WHOLE,
    "number": WHOLE,
    "lever": TEXT,
    "resource": TEXT,
    "deployment": TEXT,
    "account": TEXT,
    "unit": TEXT,
    "pool": TEXT,
    "amount": WHOLE,  # units taken from the pool; negative for units given
    "change": TEXT,
    "standing": TEXT,  # how far it is, in words
    "writes": WHOLE,
    "written_at": TIME,
    "answer": TEXT,  # what Azure said to the last write; missing before the first
    "now": FLAG,  # whether the worker is at it
}
BILLINGS: Columns = {  # what became of the bills that were made last
    "bill": TEXT,  # month and currency, as in 2026-10 EUR
    "month": TEXT,
    "currency": TEXT,
    "ready": FLAG,  # nothing stands in the way of closing it
}
APPROVALS: Columns = {  # what a second person said of a plan
    "plan": WHOLE,
    "person": TEXT,
    "approves": FLAG,
    "comment": TEXT,
    "at": TIME,
}
HOLDS: Columns = {  # an account or a pool that one plan has for itself
    "thing": TEXT,
    "plan": WHOLE,
    "since": TIME,
}
TRAIL: Columns = {
    "number": WHOLE,
    "at": TIME,
    "who": TEXT,
    "what": TEXT,
    "came": TEXT,  # asked, done, failed, unknown, refused
    "detail": TEXT,
}
DOCTOR: Columns = {  # one topic of one subscription: does it answer, and what is missing
    "subscription": TEXT,
    "name": TEXT,
    "topic": TEXT,
    "title": TEXT,
    "verdict": TEXT,  # ok, partial, failing, not collected
    "words": TEXT,
    "role": TEXT,  # the smallest built-in role that would help; missing where none would
    "scope_words": TEXT,
    "since": TIME,
}
SOURCES: Columns = {  # one topic for one scope, as the collector keeps it
    "topic": TEXT,
    "scope": TEXT,
    "cadence_s": REAL,
    "due_at": TIME,
    "running_since": TIME,
    "last_at": TIME,  # end of the last round
    "data_at": TIME,  # time of the oldest data in the snapshot
    "took_ms": REAL,
    "calls": WHOLE,
    "rows": WHOLE,
    "troubles": WHOLE,
    "backlog": WHOLE,  # parts still to be asked, such as days of history
}
