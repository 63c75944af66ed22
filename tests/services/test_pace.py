"""Manners: a burst at once, then steadily, in the order of coming."""

from threading import Thread

from services.pace import Bucket


class Time:
    now = 0.0

    def __init__(self):
        self.slept = []

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.slept.append(round(seconds, 6))


def test_nobody_waits_while_there_are_tokens():
    time = Time()
    bucket = Bucket(3, 2, time.sleep, time)
    for _ in range(3):
        bucket.take()
    assert time.slept == []


def test_who_comes_later_waits_longer():
    time = Time()
    bucket = Bucket(1, 2, time.sleep, time)
    for _ in range(4):
        bucket.take()
    assert time.slept == [0.5, 1.0, 1.5]


def test_tokens_come_back_and_do_not_pile_up():
    time = Time()
    bucket = Bucket(2, 1, time.sleep, time)
    bucket.take()
    time.now = 1000.0
    for _ in range(3):
        bucket.take()
    assert time.slept == [1.0]


def test_threads_share_one_bucket():
    time = Time()
    bucket = Bucket(10, 1, time.sleep, time)
    threads = [Thread(target=lambda: [bucket.take() for _ in range(10)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(time.slept) == [float(number) for number in range(1, 71)]
