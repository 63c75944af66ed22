"""Turns come in the order of asking, one at a time, and a waiter who gave up is passed over."""

import threading
from time import sleep

import pytest

from store.turns import Turns, TurnTimeout


def test_turns_come_in_the_order_of_asking_and_one_at_a_time():
    turns, came, inside = Turns(), [], []

    def take(number):
        with turns.turn(10):
            inside.append(number)
            sleep(0.005)
            came.append(number)
            assert inside.pop() == number

    threads = [threading.Thread(target=take, args=(number,)) for number in range(6)]
    with turns.turn(1):
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            while len(turns._waiting) < waiting:
                sleep(0.001)
    for thread in threads:
        thread.join(10)
    assert came == list(range(6))


def test_whoever_gives_up_is_passed_over():
    turns = Turns()
    with turns.turn(1), pytest.raises(TurnTimeout), turns.turn(0.01):
        pass
    with turns.turn(0.01):
        pass


def test_a_turn_ends_with_whatever_ends_it():
    turns = Turns()
    with pytest.raises(ZeroDivisionError), turns.turn(1):
        _ = 1 / 0
    with turns.turn(0.01):
        pass


def test_turns_stay_whole_when_many_give_up_at_once():
    turns, held, took = Turns(), threading.Lock(), []

    def take():
        for _ in range(60):
            try:
                with turns.turn(0.0005):
                    assert held.acquire(blocking=False)
                    sleep(0.0004)
                    held.release()
                    took.append(1)
            except TurnTimeout:
                pass

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert took
    assert not held.locked()
    with turns.turn(0.01):
        pass
