"""Replications: the days of a forecast, played anywhere, and no more of them than are asked for."""

from __future__ import annotations

import math
import multiprocessing
import pickle
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from crestline.engine import ENGINES, SIMPY
from crestline.errors import TargetError, UsageError
from crestline.executors import Players, Team
from crestline.replicate import Customers, Day, play_day, played_days, replicate
from crestline.replicate.called_off import CalledOff
from crestline.scenario import changed
from crestline.workload import day

if TYPE_CHECKING:
    from tests.replicate.conftest import MakeService

SEED = 3


class Later(Executor):
    """Plays a day only when somebody waits for it, and counts what is submitted."""

    places = 2

    def __init__(self) -> None:
        self.submitted = 0
        self.called_off = 0

    def submit(self, play: Callable[..., Day], /, *args: Any, **kwargs: Any) -> Future[Day]:  # type: ignore[override]
        self.submitted += 1
        self.called: CalledOff = play.keywords["called_off"]  # type: ignore[attr-defined]
        owner = self

        class Promise(Future[Day]):
            def result(self, timeout: float | None = None) -> Day:  # noqa: ARG002
                return play(*args, **kwargs)

            def cancel(self) -> bool:
                owner.called_off += 1
                return super().cancel()

        return Promise()


def test_a_replication_is_the_same_wherever_it_is_played(days: list[Day], service: MakeService) -> None:
    """Here, in threads, in processes of their own, by either engine, alone: by its number, in order of the numbers."""
    scenario, span = service(), day(service())
    for place in (ThreadPoolExecutor(3), Players(), Team(2)):
        with place as executor:
            elsewhere = replicate(scenario, SEED, span, 6, executor=executor)
        assert [d.measures for d in elsewhere] == [d.measures for d in days]
        assert [d.controls for d in elsewhere] == [d.controls for d in days]
    for engine in ENGINES:
        here = replicate(scenario, SEED, span, 6, engine=engine)
        assert [d.measures for d in here] == [d.measures for d in days]
    alone = play_day(scenario, SEED, span, 4).digest.day()
    assert alone.measures == days[4].measures
    assert len({d.contacts for d in days}) > 1


def test_a_process_that_is_lost_costs_a_team_no_day(days: list[Day], service: MakeService) -> None:
    """What it had is played again, and the rest goes on in this process."""
    with Team(2) as team:
        team.wait_for_others()
        (other,) = multiprocessing.active_children()

        def kill(done: int) -> None:
            if done == 2:
                other.kill()
                other.join()

        played = replicate(service(), SEED, day(service()), 6, executor=team, progress=kill)
    assert [d.measures for d in played] == [d.measures for d in days]


def test_lost_players_are_told_of_in_words(service: MakeService) -> None:
    def kill(_: int) -> None:
        for process in multiprocessing.active_children():
            process.kill()

    with Players(1) as players, pytest.raises(TargetError, match="a process that plays days was killed"):
        replicate(service(), SEED, day(service()), 20, engine=SIMPY, executor=players, progress=kill)


def test_progress_counts_the_days_that_are_done(service: MakeService) -> None:
    done: list[int] = []
    replicate(service(), SEED, day(service()), 3, progress=done.append)
    assert done == [1, 2, 3]


def test_an_unknown_engine_is_refused_in_words(service: MakeService) -> None:
    with pytest.raises(UsageError, match="--engine quick: no such engine; expected one of compiled, simpy"):
        replicate(service(), SEED, day(service()), 1, engine="quick")


def test_only_a_few_days_are_played_ahead(service: MakeService) -> None:
    """Of a thousand days three are wanted: at most two for each place are under way, and those are called off."""
    executor = Later()
    with closing(played_days(service(), SEED, day(service()), 1000, executor=executor)) as played:
        assert executor.submitted == 0
        seen = [next(played) for _ in range(3)]
    assert len(seen) == 3
    assert executor.submitted == 3 + 2 * Later.places
    assert executor.called_off == 2 * Later.places


def test_a_day_under_way_hears_that_it_is_called_off(service: MakeService) -> None:
    """Wherever it is played; another process has a word of its own, which it is sent with no day called off."""
    executor = Later()
    with closing(played_days(service(), SEED, day(service()), 1000, executor=executor)) as played:
        next(played)
        heard = [executor.called, pickle.loads(pickle.dumps(executor.called))]  # noqa: S301 - our own
        assert not any(word.is_set() for word in heard)
    assert [word.is_set() for word in [*heard, pickle.loads(pickle.dumps(heard[0]))]] == [True, False, False]  # noqa: S301


def test_not_one_day_too_many_is_played(service: MakeService) -> None:
    executor = Later()
    assert len(replicate(service(), SEED, day(service()), 3, executor=executor)) == 3
    assert (executor.submitted, executor.called_off) == (3, 0)


def test_an_interrupt_calls_off_what_has_not_begun(service: MakeService) -> None:
    executor = Later()

    def stop(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replicate(service(), SEED, day(service()), 100, executor=executor, progress=stop)
    assert executor.called_off == 2 * Later.places


def test_customers_that_were_sampled_once_are_played_again(service: MakeService) -> None:
    """Another roster meets the same customers without sampling them anew, and what comes out is the same."""
    customers, scenario = Customers(), service()
    more = changed(scenario, ["agents.desk.on_duty=9"])
    for each in (scenario, more):
        for engine in ENGINES:
            again = replicate(each, SEED, day(each), 3, engine=engine, customers=customers)
            assert [d.measures for d in again] == [d.measures for d in replicate(each, SEED, day(each), 3)]
    assert customers.sampled == 3


def test_processes_sample_for_themselves(days: list[Day], service: MakeService) -> None:
    with Players() as executor:
        played = replicate(service(), SEED, day(service()), 2, engine=SIMPY, executor=executor, customers=Customers())
    assert [d.measures for d in played] == [d.measures for d in days[:2]]


def test_the_window_of_a_drill_is_an_average_day(service: MakeService) -> None:
    """Without the day factor every replication has the curve's own rate, with it days differ more than by chance."""
    scenario = service()
    for wanted, wide in ((False, False), (True, True)):
        counts = [d.contacts for d in replicate(scenario, SEED, day(scenario), 30, day_factor=wanted)]
        dispersion = 29 * np.var(counts, ddof=1) / np.mean(counts)
        assert (dispersion > stats.chi2(29).ppf(0.999)) == wide
        assert math.isclose(float(np.mean(counts)), 240, rel_tol=0.15)
