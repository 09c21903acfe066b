"""Where days are played, and that nobody is hit by a signal while it comes up."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest

from crestline.engine import COMPILED, SIMPY
from crestline.replicate import executor_for, threads
from crestline.replicate.executors import Players, Threads, held_back, places


def test_every_engine_has_its_executor() -> None:
    """The compiled engine lets go of the interpreter and plays in threads; the reference needs processes."""
    for engine, kind in ((COMPILED, Threads), (SIMPY, Players)):
        with executor_for(engine) as executor:
            assert type(executor) is kind


def test_an_executor_has_as_many_places_as_it_says() -> None:
    """One that does not say is taken to have one for every core."""
    with ThreadPoolExecutor(7) as seven:
        assert places(seven) == 7
    assert places(Executor()) == os.cpu_count()


def test_threads_end_what_has_begun_and_drop_the_rest() -> None:
    done: list[int] = []

    def work(number: int) -> None:
        time.sleep(0.01)
        done.append(number)

    with threads() as executor:
        for number in range(1000):
            executor.submit(work, number)
    assert len(done) < 1000


# A signal that comes while processes are being started is answered when they are.
@pytest.fixture
def interruptible() -> Iterator[None]:
    """As on a terminal: what runs in the background of a shell does not hear of Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_signals_wait_until_processes_are_started() -> None:
    steps = []

    def start() -> None:
        with held_back():
            os.kill(os.getpid(), signal.SIGINT)
            steps.append("started")

    with pytest.raises(KeyboardInterrupt):
        start()
    assert steps == ["started"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
