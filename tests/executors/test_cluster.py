"""A Dask cluster: the same days as anywhere else, also when a worker is lost; and words where it cannot be had."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from crestline import __version__
from crestline.engine import COMPILED, SIMPY
from crestline.errors import TargetError, UsageError
from crestline.executors import dask_cluster as room
from crestline.executors import executor_on, places
from crestline.replicate import replicate
from crestline.scenario import Scenario, load
from crestline.workload import day

if TYPE_CHECKING:
    from distributed import LocalCluster

SEED, DAYS = 3, 16
SOMEWHERE = "tcp://10.0.0.1:8786"


@pytest.fixture(scope="module")
def two_workers() -> Iterator[LocalCluster]:
    """Two processes of one thread each, on this machine."""
    distributed = pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=50
    ) as made:
        yield made


def made(length: str, rate: str) -> Scenario:
    """A day of so many hours of a small service."""
    minute, two = ({"exponential": {"mean": mean}} for mean in ("1min", "2min"))
    return load(
        {
            "name": "anywhere",
            "day": {"start": "08:00", "length": length},
            "demand": {"rate": rate, "day_factor_cv": 0.2},
            "contacts": {"order": {"share": 1, "handle_time": minute, "patience": two}},
            "agents": {"desk": {"skills": ["order"], "on_duty": 6}},
            "objectives": ["abandonment < 5%"],
        }
    )


def pids(two_workers: LocalCluster) -> set[int]:
    """The processes of the workers."""
    from distributed import Client

    with Client(two_workers.scheduler_address, set_as_default=False) as client:
        return set(client.run(os.getpid).values())


def test_a_lost_worker_costs_no_replication(two_workers: LocalCluster) -> None:
    """One of the two is killed when three of 16 days are in; all days come, and are those of this machine."""
    scenario = made(length="8h", rate="600/h")
    before = pids(two_workers)

    def kill(done: int) -> None:
        if done == 3:
            os.kill(min(before), signal.SIGKILL)

    with executor_on(two_workers.scheduler_address, SIMPY) as executor:
        assert places(executor) == 2
        played = replicate(scenario, SEED, day(scenario), DAYS, engine=SIMPY, executor=executor, progress=kill)
    here = replicate(scenario, SEED, day(scenario), DAYS)
    assert [d.measures for d in played] == [d.measures for d in here]
    assert [d.controls for d in played] == [d.controls for d in here]
    assert min(before) not in pids(two_workers)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with (
        pytest.raises(UsageError, match=re.escape("--cluster: dask.distributed is not installed; pip install")),
        executor_on(SOMEWHERE, COMPILED),
    ):
        pass


@pytest.mark.parametrize(
    ("address", "error", "words"),
    [
        ("tcp://127.0.0.1:1", TargetError, "no Dask scheduler answers there within 0 s; is this its address?"),
        ("nonsense", UsageError, "missing port number in address 'nonsense'; expected an address such as tcp://"),
    ],
)
def test_an_address_where_nobody_answers(
    monkeypatch: pytest.MonkeyPatch, address: str, error: type[Exception], words: str
) -> None:
    pytest.importorskip("distributed", reason="the extra [cluster] is not installed")
    monkeypatch.setattr(room, "ANSWER_S", 0.3)
    with pytest.raises(error, match=re.escape(f"--cluster {address}: {words}")), executor_on(address, COMPILED):
        pass


class Told:
    """A cluster whose workers say this of themselves."""

    def __init__(self, *workers: object) -> None:
        self.workers = workers

    def run(self, _: object) -> dict[str, Any]:
        return {f"tcp://10.0.0.{number}:9000": there for number, there in enumerate(self.workers, 2)}


@pytest.mark.parametrize(
    ("workers", "words"),
    [
        ((), "the scheduler has no workers; start some with: dask worker tcp://10.0.0.1:8786"),
        (((__version__, True), None), "on worker tcp://10.0.0.3:9000 crestline is not installed; install the same"),
        ((("0.0.7", True),), f"on worker tcp://10.0.0.2:9000 crestline is 0.0.7, here it is {__version__}; install"),
        (((__version__, False),), "on worker tcp://10.0.0.2:9000 numba is not installed; install the same as here"),
    ],
)
def test_workers_that_would_play_otherwise_are_refused(workers: tuple[object, ...], words: str) -> None:
    with pytest.raises(TargetError, match=re.escape(f"--cluster {SOMEWHERE}: {words}")):
        room._check(Told(*workers), SOMEWHERE, COMPILED)


def test_workers_that_are_as_here_are_taken() -> None:
    room._check(Told((__version__, True), (__version__, True)), SOMEWHERE, COMPILED)
