"""The whole console without a browser: a simulator process of its own, its own threads, a port."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from domain.faults import StoreDown
from domain.plans import Plan, State
from domain.roles import CAST
from reads import inventory, people, sources
from services.clocks import SimulatedClock
from services.local import Control
from settings import Settings
from store import plans
from tests.letterbox import SECRET, webhook
from tests.world import SMALL
from wiring import running, wired

ROOT = Path(__file__).parents[1]
PATIENCE_S = 40


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def until(true, patience_s=PATIENCE_S):
    """Wait for it; an AssertionError when it does not come true."""
    ends = time.monotonic() + patience_s
    while not true():
        assert time.monotonic() < ends, "it did not come true in time"
        time.sleep(0.02)


@pytest.fixture
def told(tmp_path):
    """Settings of a console on a free port, with a world of its own."""

    def settings(**more):
        return Settings(
            _env_file=None,
            **{
                "database_url": f"sqlite:///{tmp_path}/console.db",
                "simulator": {
                    "port": more.pop("port", None) or free_port(),
                    "state": tmp_path / "simulator.db",
                    "scenario": "small",
                },
                **more,
            },
        )

    return settings


def found(console):
    return len(
        inventory.deployments(console.store, [SMALL], "7d", console.tags, datetime.now(UTC)).frame
    )


def answers(port):
    with socket.socket() as line:
        line.settimeout(1)
        return line.connect_ex(("127.0.0.1", port)) == 0


# --- inside the console -----------------------------------------------------------------------


def test_a_console_starts_its_simulator_collects_and_takes_it_along(told):
    console = wired(told())
    port = console.settings.simulator.port
    with running(console):
        until(lambda: found(console) == 5)
        assert answers(port)
    assert not answers(port)
    assert sources.sources(console.store)["running_since"].isna().all()
    console.store.close()


def test_a_console_tells_people_what_waits_for_them(told):
    with webhook() as box:
        link = "https://console.example.com"
        console = wired(told(notify={"urls": [box.address], "link": link}))
        plan = Plan((), "contoso/ada", "x", console.clock(), "A move", state=State.PROPOSED)
        with console.store.begin() as session:
            plans.add(session, plan)
        with running(console):
            until(lambda: box.letters)
        ((title, words),) = box.letters
    assert title == "Plan 1 waits for approval"
    assert words.endswith(f"{link}/plan?plan=1")
    assert SECRET not in f"{console!r}"
    console.store.close()


def test_two_consoles_share_one_simulator(told, tmp_path):
    first = wired(told())
    second = wired(
        told(
            port=first.settings.simulator.port,
            database_url=f"sqlite:///{tmp_path}/second.db",
        )
    )
    with running(first):
        with running(second):
            until(lambda: found(first) == found(second) == 5)
        assert answers(first.settings.simulator.port), "the second one's end is not the first's"
    for it in (first, second):
        it.store.close()


def test_jobs_that_run_apart_do_not_run_inside(told):
    console = wired(told(jobs="apart"))
    with running(console):
        assert answers(console.settings.simulator.port)
        assert sources.sources(console.store).empty
    console.store.close()


class Stranger(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Some other program</html>")

    def log_message(self, *_):
        pass


@contextmanager
def stranger():
    """A port on which something else listens."""
    server = HTTPServer(("127.0.0.1", 0), Stranger)
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_port_on_which_something_else_listens_is_told_in_one_sentence(told, capfd):
    with stranger() as port:
        console = wired(told(port=port))
        with pytest.raises(SystemExit) as end, running(console):
            raise AssertionError("it started")
    assert str(end.value).startswith(f"The simulator did not start on port {port}: ")
    assert "CONSOLE_SIMULATOR__PORT" in str(end.value)
    written = capfd.readouterr().err
    assert f"Port {port} on 127.0.0.1 is already in use." in written
    assert "Traceback" not in written
    console.store.close()


def test_a_database_that_is_down_is_told_in_one_sentence(told):
    url = f"postgresql://console:secret@127.0.0.1:{free_port()}/console"
    with pytest.raises(StoreDown) as end:
        wired(told(database_url=url))
    assert "CONSOLE_DATABASE_URL" in end.value.words
    assert "secret" not in end.value.words
    assert "\n" not in end.value.words


def test_the_cast_is_known_on_the_local_cloud_only(told, tmp_path):
    local = wired(told())
    assert [people.person(local.store, it.tenant, it.id) for it in CAST] == list(CAST)
    url = f"sqlite:///{tmp_path}/real.db"
    azure = {"cloud": "public", "tenant": "00000000-0000-0000-0000-000000000001"}
    desk = {"name": "Ada", "role": "admin"}
    real = wired(told(database_url=url, azure=azure, desk=desk))
    assert real.simulator is None
    assert people.person(real.store, "desk", "desk").role == "admin"
    assert people.person(real.store, "contoso", "ada").role == "stranger"
    assert not real.worker.writes
    for it in (local, real):
        it.store.close()


def test_no_two_consoles_have_the_same_name(told):
    consoles = [wired(told()) for _ in range(3)]
    assert len({it.collector.owner for it in consoles}) == 3
    for it in consoles:
        it.store.close()


# --- as a process of its own ------------------------------------------------------------------


def environment(tmp_path, port, **more):
    ours = {
        "CONSOLE_DATABASE_URL": f"sqlite:///{tmp_path}/console.db",
        "CONSOLE_SIMULATOR__PORT": str(port),
        "CONSOLE_SIMULATOR__STATE": str(tmp_path / "simulator.db"),
        "CONSOLE_SIMULATOR__SCENARIO": "small",
        "CONSOLE_JOBS": "apart",
        "PYTHONPATH": str(ROOT),
        **more,
    }
    kept = {name: it for name, it in os.environ.items() if not name.startswith("CONSOLE_")}
    return kept | ours


def started(tmp_path, **env):
    return subprocess.Popen(
        [sys.executable, "-m", "wiring"],
        cwd=tmp_path,
        env=env,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # so that its simulator ends with it, whatever happens
    )


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_the_jobs_as_a_process_stop_when_told_and_give_back_what_they_held(told, tmp_path, name):
    port = free_port()
    process = started(tmp_path, **environment(tmp_path, port))
    try:
        console = wired(told(port=port))
        until(lambda: found(console) == 5)
        asked = time.monotonic()
        process.send_signal(name)
        assert process.wait(15) == 0
        assert time.monotonic() - asked < 15
        assert not answers(port)
        assert sources.sources(console.store)["running_since"].isna().all()
        assert "Traceback" not in process.stderr.read()
        console.store.close()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stderr.close()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("CONSOLE_DATABASE_URL", "postgresql://console:hunter2@127.0.0.1:1/console"),
        ("CONSOLE_NONSENSE", "hunter2"),
    ],
)
def test_what_hinders_the_start_is_the_last_thing_said(tmp_path, setting, value):
    process = started(tmp_path, **environment(tmp_path, free_port(), **{setting: value}))
    _, said = process.communicate(timeout=30)
    last = said.strip().splitlines()[-1]
    assert process.returncode == 1
    assert "CONSOLE_" in last
    assert "hunter2" not in said
    assert "Traceback" not in said


# --- the clock --------------------------------------------------------------------------------


class Told:
    """A simulator's control that tells an offset, or does not answer."""

    def __init__(self):
        self.offset, self.asked = 0.0, 0

    def state(self):
        self.asked += 1
        if self.offset is None:
            raise StoreDown("Gone.")
        return {"offset_seconds": self.offset}


def apart(clock):
    """How far the clock is from the time, in whole seconds."""
    return round((clock() - datetime.now(UTC)).total_seconds())


def test_the_clock_follows_a_simulator_whose_clock_is_moved():
    control = Told()
    clock = SimulatedClock(control)
    assert apart(clock) == 0
    control.offset = 7_200.0
    until(lambda: apart(clock) == 7_200, 5)


def test_the_clock_asks_once_a_second_at_the_most():
    control = Told()
    clock = SimulatedClock(control)
    for _ in range(50):
        clock()
    assert control.asked <= 2


def test_the_clock_goes_on_when_the_simulator_dies():
    control = Told()
    clock = SimulatedClock(control)
    control.offset = 3_600.0
    assert apart(clock) == 3_600
    control.offset = None
    clock._asked = 0
    before = clock()
    assert apart(clock) == 3_600
    assert clock() >= before


def test_a_simulator_that_never_answered_leaves_the_time_as_it_is():
    clock = SimulatedClock(Control(f"http://127.0.0.1:{free_port()}"))
    assert abs(clock() - datetime.now(UTC)) < timedelta(seconds=3)
