"""A job on a thread outlives its failures and stops when told."""

from threading import Event

from jobs.loop import Loop

PATIENCE_S = 10


class Job:
    """Fails every other time, and says how often it ran."""

    def __init__(self, least=4):
        self.least, self.ran, self.enough = least, 0, Event()

    def run_once(self):
        self.ran += 1
        if self.ran >= self.least:
            self.enough.set()
        if self.ran % 2:
            raise RuntimeError("a bad round")


def test_a_bad_round_is_logged_and_the_next_one_tried(caplog):
    job = Job()
    loop = Loop(job, 0.001)
    loop.start()
    assert job.enough.wait(PATIENCE_S)
    loop.stop()
    assert not loop.is_alive()
    assert caplog.messages.count("Job failed") >= 2


def test_stopping_waits_for_the_round_that_runs():
    entered, leave = Event(), Event()

    class Slow:
        done = False

        def run_once(self):
            entered.set()
            leave.wait(PATIENCE_S)
            Slow.done = True

    loop = Loop(Slow(), 60)
    loop.start()
    assert entered.wait(PATIENCE_S)
    loop.over.set()
    assert not Slow.done
    leave.set()
    loop.stop()
    assert Slow.done
    assert not loop.is_alive()


def test_stopping_does_not_wait_for_the_pause():
    job = Job(1)
    loop = Loop(job, 3_600)
    loop.start()
    assert job.enough.wait(PATIENCE_S)
    loop.stop()
    assert not loop.is_alive()
    assert job.ran == 1


def test_a_loop_that_is_told_to_stop_before_it_began_does_nothing():
    job = Job()
    loop = Loop(job, 0)
    loop.over.set()
    loop.start()
    loop.stop()
    assert job.ran == 0
