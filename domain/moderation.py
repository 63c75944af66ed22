"""The columns of the frames about content filters, in the form of domain/frames.py."""

from domain.frames import FLAG, REAL, TEXT, TIME, WHOLE, Columns

POLICIES: Columns = {  # filter policies (raiPolicies), Microsoft's own ones too
    "resource": TEXT,  # the ARM id
    "account_id": TEXT,
    "policy": TEXT,
    "kind": TEXT,  # SystemManaged or UserManaged
    "body": TEXT,  # JSON: its properties as Azure sent them
    "etag": TEXT,
    "created_at": TIME,
    "modified_at": TIME,
    "modified_by": TEXT,
}
BLOCKLISTS: Columns = {
    "resource": TEXT,  # the ARM id
    "account_id": TEXT,
    "blocklist": TEXT,
    "description": TEXT,
    "terms": TEXT,  # JSON list: name, pattern, isRegex and etag of each
    "etag": TEXT,
    "modified_at": TIME,
    "modified_by": TEXT,
}
CATALOGUE: Columns = {  # which filters there are in a region
    "subscription": TEXT,
    "region": TEXT,
    "filter": TEXT,  # the name that policies use
    "graded": FLAG,  # whether it has levels of severity
    "direction": TEXT,  # source as Azure writes it; missing where it is both
}
HARM_DAYS: Columns = {  # requests of a deployment on a day, as Azure's metrics count them
    "day": TIME,
    "resource": TEXT,
    "subscription": TEXT,
    "what": TEXT,  # total, harmful, blocked
    "category": TEXT,  # as domain.filters folds it; "" for total
    "direction": TEXT,  # prompt or completion; "" for total
    "severity": TEXT,  # low, medium, high; "" where Azure does not say
    "requests": REAL,
    "seen_at": TIME,
}
CELLS: Columns = {  # what one filter does in one direction for one deployment
    "resource": TEXT,
    "subscription": TEXT,
    "category": TEXT,
    "direction": TEXT,
    "graded": FLAG,
    "strength": WHOLE,  # domain.filters.Strength; missing where it cannot be told
    "words": TEXT,
    "stated": FLAG,  # in the policy itself; else it is the base policy's
    "least": WHOLE,  # what the baseline demands; missing where it demands nothing
    "way": TEXT,  # stricter, looser, different; "" where it is as demanded
    "exempt": FLAG,  # looser, and somebody has allowed it until a day to come
    "since": TIME,  # when it was first seen so; missing until the finder has looked
}
MATRIX: Columns = {  # one row per deployment: its filters as a whole
    "resource": TEXT,
    "subscription": TEXT,
    "policy": TEXT,  # the name that is in force
    "policy_resource": TEXT,  # missing where the account does not list it
    "by_default": FLAG,  # nobody has chosen it, or the model takes no other
    "policy_kind": TEXT,  # SystemManaged or UserManaged
    "mode": TEXT,  # buffered, asynchronous; "" where it cannot be told
    "lists": TEXT,  # JSON list of the blocklists in force
    "baseline": TEXT,  # key and version; missing where none is for it
    "distance": WHOLE,  # steps by which all looser filters fall short; missing where not known
    "looser": WHOLE,  # how many are, those that are exempt too
    "exempted": WHOLE,
    "stricter": WHOLE,
    "different": WHOLE,
    "choices": WHOLE,  # other policies that a caller may name by x-policy-id
    "weakest": TEXT,  # of these, the one furthest from the baseline
    "weakest_distance": WHOLE,
}
FILTER_EDITS: Columns = {  # what changed of a policy or a blocklist between two looks
    "at": TIME,
    "resource": TEXT,
    "account_id": TEXT,
    "subscription": TEXT,
    "policy": TEXT,
    "kind": TEXT,  # SystemManaged, UserManaged, blocklist
    "what": TEXT,
    "before": TEXT,
    "after": TEXT,
    "way": TEXT,  # stricter, looser, different
    "who": TEXT,
}
FILTER_DAYS: Columns = {  # how far a deployment was from its baseline, as last seen on a day
    "day": TIME,
    "resource": TEXT,
    "subscription": TEXT,
    "policy": TEXT,
    "baseline": TEXT,
    "distance": WHOLE,
    "looser": WHOLE,
    "stricter": WHOLE,
    "different": WHOLE,
}
