"""Feedback by theme: what is counted, what comes first, who has to act."""

from dataclasses import replace
from datetime import UTC, date, datetime

from domain.criteria import Criterion, Kind
from domain.feedback import Feedback, Severity, Status
from domain.frames import frame
from domain.rollouts import Cohort, Cohorts, Phase, Stage
from domain.themes import FEEDBACK, THEMES, ordered, reads, rows, themes

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
DAY = date(2026, 11, 20)


def said(id, theme, severity, status="new", change="", said_on=DAY):
    it = Feedback(1, 0, theme, Severity(severity), f"Thing {id}", said_on, "who", AT)
    return replace(it, status=Status(status), change=change, id=id)


THOSE = [
    said(6, "tone ", "minor", said_on=date(2026, 11, 25)),
    said(5, "Speed", "severe", "closed", "capacity: 300"),
    said(4, "Tone", "major", "accepted"),
    said(3, "Speed", "severe", "closed", "capacity: 300"),
    said(2, "Prices", "severe", "declined"),
    said(1, "Prices", "praise"),
]


def test_what_is_open_and_grave_comes_first():
    assert [it.id for it in ordered(THOSE)] == [4, 6, 1, 5, 3, 2]


def test_themes_are_counted_and_say_who_has_to_act():
    told = themes(THOSE, "Cora")
    assert [it["theme"] for it in told] == ["tone ", "Prices", "Speed"]
    tone, prices, speed = told
    assert (tone["open"], tone["told"], tone["gravest"]) == (2, 2, "major")
    assert (tone["major"], tone["minor"], tone["severe"]) == (1, 1, 0)
    assert tone["acts"] == "Cora: accept or decline 1, answer 1 by a change"
    assert (tone["last_on"].date(), tone["changes"]) == (date(2026, 11, 25), None)
    assert (prices["acts"], prices["gravest"]) == ("Cora: accept or decline 1", "praise")
    assert (speed["acts"], speed["gravest"], speed["open"]) == (None, None, 0)
    assert (speed["changes"], speed["severe"]) == ("capacity: 300", 2)
    assert {it["acts"] for it in themes(THOSE, "")} == {None}  # it is over
    assert list(frame(THEMES, told)["told"]) == [2, 2, 2]
    assert themes([], "Cora") == []


def test_what_was_said_is_a_table_that_names_nobody():
    gate = Criterion("r", "People answer", Kind.FEEDBACK, "response_rate", threshold=30)
    phase = Phase("p", "Pilot", Stage.ACTIVE, Cohort(Cohorts.NAMED, 9), (gate,), bake_days=1)
    told = frame(FEEDBACK, rows(THOSE, [phase]))
    assert list(told["theme"]) == ["Tone", "tone ", "Prices", "Speed", "Speed", "Prices"]
    assert set(told["phase"]) == {"Pilot"}
    assert "who" not in told.to_csv()
    assert (reads(phase, "response_rate"), reads(phase, "open_severe")) == (gate, None)
