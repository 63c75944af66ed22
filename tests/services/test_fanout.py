"""Many asks at once: answers and faults apart, one deadline for all."""

import time
from threading import Event

import pytest

from domain.faults import Late, NotFound, Unintelligible
from services import deployments, fanout
from tests.services.recorded import ACCOUNT, DEPLOYMENTS, deployment, error


def answers(asks, **options):
    return {answer.key: answer for answer in fanout.asked(asks, **options)}


def failing(problem):
    raise problem


def test_answers_and_faults_are_kept_apart(azure, wire):
    gone = ACCOUNT.replace("shop", "gone")
    wire.says(DEPLOYMENTS, {"value": [deployment()]})
    wire.says(f"{gone}/deployments", (404, error("ResourceNotFound")))
    asks = {id: lambda id=id: deployments.of_account(azure, id) for id in (ACCOUNT, gone)}
    came = answers(asks)
    assert came[ACCOUNT].fault is None
    assert (len(came[ACCOUNT].rows), came[ACCOUNT].calls) == (1, 1)
    assert isinstance(came[gone].fault, NotFound)
    assert came[gone].rows == []
    assert came[ACCOUNT].took_ms > 0


def test_a_bug_costs_its_own_key_only_and_is_logged(caplog):
    came = answers({1: lambda: [{"a": 1}], 2: lambda: failing(ZeroDivisionError("a secret"))})
    assert came[1].rows == [{"a": 1}]
    assert isinstance(came[2].fault, Unintelligible)
    assert "secret" not in came[2].fault.words
    assert "ZeroDivisionError" in caplog.text


def test_calls_are_counted_per_key(azure, wire):
    wire.says(DEPLOYMENTS, (503, error("Down")), {"value": []})
    (answer,) = fanout.asked({"x": lambda: deployments.of_account(azure, ACCOUNT)})
    assert answer.calls == 2


def test_what_is_late_is_named_and_not_waited_for():
    end = Event()
    began = time.monotonic()
    asks = {"quick": list, "hangs": lambda: end.wait(30) and [], "queued": list}
    came = answers(asks, workers=2, deadline_s=0.2)
    assert time.monotonic() - began < 2
    assert came["quick"].fault is None
    assert isinstance(came["hangs"].fault, Late)
    assert came["queued"].fault is None
    end.set()


def test_what_has_not_begun_by_the_deadline_never_begins():
    end, asked = Event(), []
    asks = {"hangs": lambda: end.wait(30) and [], "queued": lambda: asked.append(1) or []}
    came = answers(asks, workers=1, deadline_s=0.1)
    assert {key: type(answer.fault) for key, answer in came.items()} == {
        "hangs": Late,
        "queued": Late,
    }
    end.set()
    time.sleep(0.1)
    assert asked == []


def test_who_stops_listening_stops_the_asking():
    asked = []
    asks = {number: lambda: asked.append(1) or time.sleep(0.01) or [] for number in range(200)}
    for _ in fanout.asked(asks, workers=2):
        break
    time.sleep(0.1)
    assert len(asked) < 50


def test_nothing_asked_nothing_answered():
    assert list(fanout.asked({})) == []


@pytest.mark.parametrize("count", [1, 33, 500])
def test_every_key_is_answered_once(count):
    asks = {number: lambda number=number: [{"n": number}] for number in range(count)}
    came = list(fanout.asked(asks))
    assert sorted(answer.key for answer in came) == list(range(count))
    assert all(answer.rows == [{"n": answer.key}] for answer in came)
