"""Where days are played, and that nobody is hit by a signal while it comes up."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import pytest

from crestline.engine import COMPILED, SIMPY
from crestline.executors import MANY, Players, Team, Threads, executor_for, held_back, places
from crestline.executors.cores import cores


def test_every_engine_has_its_executor() -> None:
    """The compiled engine plays some days in threads and many by a team; the reference needs processes."""
    many = Team if cores() > 1 else Threads
    for engine, days, kind in ((COMPILED, MANY - 1, Threads), (COMPILED, MANY, many), (SIMPY, 1, Players)):
        with executor_for(engine, days) as executor:
            assert type(executor) is kind


def test_a_team_plays_here_until_others_are_there() -> None:
    """Then in each of its processes, and none of them is left behind."""
    with Team(3) as team:
        assert places(team) == 3
        early = [team.submit(os.getpid) for _ in range(3)]
        deadline = time.monotonic() + 60
        pids: set[int] = set()
        while len(pids) < 3 and time.monotonic() < deadline:
            for _ in range(6):
                team.submit(time.sleep, 0.02)
            pids |= {future.result() for future in [team.submit(os.getpid) for _ in range(6)]}
    assert {future.result() for future in early} == {os.getpid()}
    assert os.getpid() in pids
    assert len(pids) == 3
    for pid in pids - {os.getpid()}:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


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

    with Threads() as executor:
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
