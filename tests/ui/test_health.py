"""What a platform is told about this process, and that it is told nothing else."""

import json
from dataclasses import replace
from threading import Event

import pytest
from sqlalchemy import text

from jobs import loop
from jobs.loop import Loop
from tests.ui.test_guard import sent
from ui import health
from ui.health import Health


class Waiting:
    """A job whose round lasts as long as the test wants."""

    def __init__(self):
        self.entered, self.leave = Event(), Event()

    def run_once(self):
        self.entered.set()
        self.leave.wait(10)


@pytest.fixture
def job():
    waiting = Waiting()
    yield waiting
    waiting.leave.set()


@pytest.fixture
def wired(console, job):
    """A console with one job in the middle of a round."""
    it = Loop(job, 0.001)
    it.start()
    assert job.entered.wait(10)
    yield replace(console.wiring, loops=[it])
    job.leave.set()
    it.stop()


def told(console):
    answer = Health(console).ready(None)
    return answer.status_code, json.loads(answer.body)


def test_a_console_with_store_and_jobs_is_ready(wired):
    assert told(wired) == (200, {"ready": True, "store": "reached", "jobs": "running"})


def test_jobs_that_run_elsewhere_are_no_reason_to_wait(console):
    of = replace(console.wiring, settings=console.settings.model_copy(update={"jobs": "apart"}))
    assert told(of) == (200, {"ready": True, "store": "reached", "jobs": "apart"})


def test_before_its_jobs_it_is_not_ready(console):
    assert told(console.wiring) == (
        503,
        {"ready": False, "store": "reached", "jobs": "not started"},
    )


def test_a_job_that_ended_is_named(wired, job):
    job.leave.set()
    wired.loops[0].stop()
    assert told(wired)[1]["jobs"] == "stopped: Waiting"


def test_a_job_that_hangs_is_named(wired, monkeypatch):
    monkeypatch.setattr(loop, "LONGEST_S", 0.0)
    assert told(wired) == (503, {"ready": False, "store": "reached", "jobs": "stopped: Waiting"})


@pytest.mark.parametrize("version", ["0001", "9999_of_tomorrow"])
def test_another_schema_is_said(wired, version):
    with wired.store.begin() as session:
        session.execute(text("UPDATE alembic_version SET version_num = :v"), {"v": version})
    assert told(wired) == (
        503,
        {"ready": False, "store": "has another schema", "jobs": "running"},
    )


def test_a_store_that_is_gone_is_said_without_saying_where(wired, tmp_path):
    wired.store.close()
    for file in tmp_path.glob("console.db*"):
        file.unlink()
    (tmp_path / "console.db").mkdir()
    assert told(wired) == (503, {"ready": False, "store": "not reached", "jobs": "running"})


def test_who_asks_again_and_again_asks_the_store_once(wired):
    of = Health(wired)
    of.ready(None)
    wired.loops.clear()
    assert of.ready(None).status_code == 200
    of._at -= health.AGE_S
    assert of.ready(None).status_code == 503


def test_who_asks_while_another_does_is_told_what_was_known(wired):
    of = Health(wired)
    with of._asking:
        assert json.loads(of.ready(None).body)["store"] == "not asked yet"


@pytest.mark.parametrize(
    ("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/readyz/", 421), ("/", 421)]
)
def test_health_alone_may_be_asked_by_any_name(path, status):
    assert sent("http", path, hosts=["console.example"], host="10.0.0.7:8501")["status"] == status


def test_the_process_is_alive_whatever_its_store_is(console):
    console.store.close()
    assert Health(console.wiring).alive(None).body == b"alive"
