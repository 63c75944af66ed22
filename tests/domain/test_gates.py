"""The gate as it is seen: the same mark for the same gate, another one for another."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from domain import gates, moving
from domain.criteria import Criterion, Kind, Reading, Severity, Verdict
from domain.gates import Yes
from tests.domain.test_rollouts import phase, rollout

NOW = datetime(2026, 11, 12, 9, tzinfo=UTC)  # a Thursday
DAYS = {date(2026, 11, it) for it in (9, 10, 11)}
SLOW = Criterion("slow", "Quick", Kind.METRIC, "latency_ms", "at most", 900, "ms")
SOFT = replace(SLOW, key="soft", severity=Severity.ADVISORY)


def running():
    it = rollout(replace(phase("pilot"), criteria=(SLOW, SOFT)), phase("growth"))
    started = moving.started(moving.prepared(it), datetime(2026, 11, 9, 8, tzinfo=UTC))
    return replace(started, id=7, version=3, proposer="contoso/cora", owner="contoso/maria")


def found(value=500.0, days=DAYS, yes=("contoso/paul",), soft=500.0, at=NOW):
    readings = {
        key: [Reading(at, told, 50, at - timedelta(hours=1))]
        for key, told in (("slow", value), ("soft", soft))
    }
    said = [Yes("product", it) for it in yes]
    return gates.found(running(), readings, days, said, True, at)


def test_a_gate_that_lets_through():
    it = found()
    assert (it.gate.verdict, it.gate.baked, it.missing) == (Verdict.PASS, 3, ())
    assert it.fresh


def test_who_planned_or_owns_it_gives_no_approval():
    for person in ("contoso/cora", "contoso/maria"):
        assert "the product approval is missing" in found(yes=(person,)).missing


def test_the_mark_follows_what_matters_and_nothing_else():
    marks = {
        "as it is": found().mark,
        "a failure": found(value=901.0).mark,
        "a day less": found(days=set()).mark,
        "no approval": found(yes=()).mark,
        "advice": found(soft=5_000.0).mark,
    }
    assert len(set(marks.values())) == len(marks)
    assert found(value=600.0).mark == marks["as it is"]
    assert found(at=NOW + timedelta(minutes=1)).mark == marks["as it is"]


def test_stale_data_is_not_fresh():
    it = gates.found(
        running(), {"slow": [Reading(NOW, 5.0, 1, NOW - timedelta(days=2))]}, DAYS, [], True, NOW
    )
    assert not it.fresh
    assert it.gate.verdict is Verdict.INCONCLUSIVE


def test_all_that_a_gate_knew_is_told():
    told = json.loads(gates.told(found(value=901.0)))
    assert (told["verdict"], told["baked"], told["approved"]) == ("fail", 3, ["product"])
    slow = told["criteria"][0]
    assert (slow["key"], slow["value"], slow["verdict"]) == ("slow", 901.0, "fail")
    assert slow["words"] == "901 ms, wanted at most 900."


def test_without_a_phase_there_is_no_gate():
    it = gates.found(rollout(), {}, (), (), True, NOW)
    assert it.mark == ""
    assert it.missing == ("No phase is under way.",)
