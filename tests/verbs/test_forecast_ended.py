"""A forecast that is asked to end: what it knows by then is printed, and nobody is left behind."""

from __future__ import annotations

import json
import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

from crestline.errors import Interrupted
from crestline.scenario import Scenario, load
from crestline.verbs.forecast import Step, forecast

if TYPE_CHECKING:
    from tests.verbs.conftest import Start

LOST: dict[str, Any] = {
    "name": "lost",
    "demand": {"rate": "60/h"},
    "day": {"start": "09:00", "length": "2h"},
    "contacts": {"all": {"share": 1, "handle_time": {"constant": "6min"}, "patience": {"constant": "1min"}}},
    "agents": {"team": {"skills": ["all"], "on_duty": 2}},
    "objectives": ["abandonment < 5%"],
}


@pytest.fixture(scope="module")
def lost() -> Scenario:
    """A service that misses by far."""
    return load(LOST)


def ends(after: int) -> Any:
    """Ask for the end when so many days are in."""
    steps: list[Step] = []

    def progress(step: Step) -> None:
        steps.append(step)
        if len(steps) == after:
            raise Interrupted(signal.SIGINT)

    return progress


# Whatever the days say, an interrupted forecast has no verdict; it does not look for what would help either.
def test_what_is_known_so_far_is_reported(lost: Scenario) -> None:
    made = forecast(lost, replications=20, progress=ends(7))
    assert len(made.days) == 7
    assert (made.verdict, made.run["exit_code"], made.run["replications"]) == ("inconclusive", 130, 7)
    assert made.run["why"] == "stopped after 7 of 20 days: interrupted by SIGINT"
    assert made.run["objectives"][0]["result"] == "missed"
    assert made.run["findings"][0] == made.run["why"]
    assert made.run["next"] == []
    assert made.measures == forecast(lost, replications=7).measures


def test_a_precision_that_was_not_reached_is_said(lost: Scenario) -> None:
    made = forecast(lost, precision=0.001, progress=ends(25))
    assert made.run["why"] == "stopped after 25 days, before the precision was reached: interrupted by SIGINT"
    assert made.run["precision"]["reached"] is False


def test_one_day_says_nothing(lost: Scenario) -> None:
    with pytest.raises(Interrupted):
        forecast(lost, replications=20, progress=ends(1))


# Who interrupts the search for what would help has the verdict all the same.
def test_all_days_have_a_verdict(lost: Scenario) -> None:
    def impatient(_: str) -> None:
        raise Interrupted(signal.SIGTERM)

    made = forecast(lost, replications=6, say=impatient)
    assert (made.verdict, made.run["exit_code"], made.run["next"]) == ("missed", 143, [])
    assert made.run["why"] == "missed: abandonment < 5%; interrupted by SIGTERM"


@pytest.mark.parametrize(("engine", "number"), [("compiled", signal.SIGINT), ("simpy", signal.SIGTERM)])
def test_ctrl_c_prints_the_table(start: Start, engine: str, number: int) -> None:
    """As in a terminal everybody gets it: threads end with the day they play, processes at once."""
    started = start("forecast", "quick", "--replications", "100000", "--engine", engine, "--format", "json")
    assert started.process.stderr is not None
    while "1 of 100000 days" not in started.process.stderr.readline():
        assert started.process.poll() is None
    time.sleep(1)  # for some days more
    started.look()
    os.killpg(started.process.pid, number)
    done = started.end()
    assert done.code == 128 + number, done.err
    assert "Traceback" not in done.err
    run = json.loads(done.out)
    assert run["why"].startswith("stopped after ")
    assert run["why"].endswith(f" of 100000 days: interrupted by {signal.Signals(number).name}")
    assert run["measures"]["abandonment"]["forecast"]["value"] is not None
    assert started.left() == []
