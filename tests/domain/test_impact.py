"""What another policy would have blocked, counted by hand."""

import math

import pytest

from domain import frames
from domain.filters import read
from domain.impact import recount
from domain.moderation import HARM_DAYS
from tests.domain.rows import day


def policy(threshold="Medium", name="Hate", **fields):
    told = {"name": name, "source": "Prompt", "enabled": True, "blocking": True}
    return read({"contentFilters": [{**told, "severityThreshold": threshold, **fields}]})


def harm(what, requests, severity="", category="hate", on="2026-06-01"):
    direction = "prompt" if category else ""
    told = {"category": category, "direction": direction, "severity": severity}
    return {"day": day(on), "what": what, "requests": requests, **told}


DAYS = [
    harm("total", 1000.0, category=""),
    harm("total", 500.0, category="", on="2026-06-02"),
    harm("harmful", 40.0, "low"),
    harm("harmful", 20.0, "medium"),
    harm("harmful", 4.0, "high"),
    harm("harmful", 1.0, "High", on="2026-06-02"),
    harm("blocked", 25.0),
]


def counted(before, after, rows=DAYS, key=("hate", "prompt")):
    found = frames.records(recount(frames.frame(HARM_DAYS, rows), before, after))
    return next(it for it in found if (it["category"], it["direction"]) == key)


def plain(value):
    return None if not isinstance(value, float) or math.isnan(value) else value


@pytest.mark.parametrize(
    ("after", "requests"),
    [
        (policy("Low"), 65.0),
        (policy("Medium"), 25.0),
        (policy("High"), 5.0),
        (policy(blocking=False), 0.0),
        (policy(enabled=False), 0.0),
        (policy("Safe"), None),
        (policy(enabled="x"), None),
    ],
)
def test_severities_that_were_annotated_are_counted_anew(after, requests):
    row = counted(policy(), after)
    assert plain(row["would_be_blocked"]) == requests
    assert (row["was_blocked"], row["sample"], row["days"]) == (25.0, 1500.0, 2)


def test_a_filter_that_was_off_has_looked_at_nothing():
    row = counted(policy(enabled=False), policy("Low"), DAYS[:2])
    assert plain(row["would_be_blocked"]) is None
    assert plain(row["was_blocked"]) is None
    assert row["sample"] == 1500.0


def test_what_azure_gave_no_severity_is_missing_where_it_matters_and_never_nothing():
    rows = [*DAYS, harm("harmful", 3.0, "")]
    assert counted(policy(), policy("Low"), rows)["would_be_blocked"] == 68.0
    assert plain(counted(policy(), policy("High"), rows)["would_be_blocked"]) is None
    assert plain(counted(policy(), policy("High"), DAYS[:2])["would_be_blocked"]) is None


def test_a_filter_without_levels_blocks_all_that_it_found():
    rows = [harm("harmful", 7.0, category="jailbreak")]
    marks, blocks = (policy(None, "Jailbreak", blocking=it) for it in (False, True))
    row = counted(marks, blocks, rows, ("jailbreak", "prompt"))
    assert (row["would_be_blocked"], plain(row["sample"])) == (7.0, None)


def test_categories_that_only_azure_knows_are_told_too():
    rows = [*DAYS, harm("blocked", 2.0, category="novelty")]
    row = counted(policy(), policy(), rows, ("novelty", "prompt"))
    assert (row["was_blocked"], plain(row["would_be_blocked"])) == (2.0, None)
