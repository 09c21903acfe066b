"""A drill that is asked to end, or killed, in each of its phases: what it leaves, and that it leaves nobody behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.verbs.conftest import Done, Start, Started

Words = Callable[..., list[str]]
PHASES: dict[str, Callable[[Started], None]] = {
    "desk": lambda started: started.until(lambda: list(started.folder.glob("reports/2*/desk.json"))),
    "forecast": lambda started: started.until_said("forecast  1 of 20 replications"),
    "live": lambda started: started.until_ended(1),
    "judging": lambda started: started.until(lambda: list(started.folder.glob("reports/2*/load.json"))),
}


LARGE = ("demand={rate: 2000000/h}", "load_test.for=10min")  # a day of it takes a while


def ask_terminal(started: Started, number: int) -> None:
    """As a terminal does: everyone in the foreground gets it."""
    os.killpg(started.process.pid, number)


def ask_alone(started: Started, number: int) -> None:
    os.kill(started.process.pid, number)


def is_readable(done: Done) -> bool:
    """There is an account, and a page that shows it."""
    page = (done.latest / "report" / "index.html").read_text("utf-8")
    return done.run["verdict"] == "inconclusive" and "interrupted by SIG" in page


@pytest.mark.parametrize(
    ("phase", "number", "ask"),
    [
        ("desk", signal.SIGINT, ask_terminal),
        ("forecast", signal.SIGINT, ask_terminal),
        pytest.param("forecast", signal.SIGTERM, ask_terminal, marks=pytest.mark.long),
        pytest.param("live", signal.SIGINT, ask_alone, marks=pytest.mark.long),
        ("live", signal.SIGTERM, ask_alone),
        pytest.param("judging", signal.SIGINT, ask_terminal, marks=pytest.mark.long),
    ],
)
def test_a_drill_that_is_asked_to_end_reports_what_it_knows(
    start: Start, brief: Words, slow: Words, phase: str, number: int, ask: Callable[[Started, int], None]
) -> None:
    words = {"live": slow(), "forecast": brief(*LARGE)}
    started = start(*words.get(phase, brief()))
    PHASES[phase](started)
    started.look()
    ask(started, number)
    done = started.end()
    assert (done.code, done.run["exit_code"]) == (128 + number, 128 + number), done.err
    assert "Traceback" not in done.err
    assert f"interrupted by {signal.Signals(number).name}" in done.err
    assert is_readable(done)
    assert started.left() == []


@pytest.mark.long
def test_what_was_played_until_then_is_in_the_report(start: Start, run: Callable[..., Done], slow: Words) -> None:
    started = start(*slow())
    started.until_ended(10)
    started.look()
    ask_terminal(started, signal.SIGINT)
    done = started.end()
    assert (done.code, "Traceback" in done.err) == (130, False)
    assert is_readable(done)
    assert started.left() == []
    assert done.run["load"]["sent"] >= 10
    assert done.run["measures"]["frt_p90_s"]["measured"] is not None
    assert done.run["next"] == []
    shown = run("report", str(done.latest), "--contact", "0")
    assert (shown.code, "Traceback" in shown.err) == (0, False)


def test_nobody_waits_for_days_that_are_not_asked_for_any_more(
    start: Start, brief: Words, without_numba: dict[str, str]
) -> None:
    """By the reference one day of this demand takes minutes; the drill ends all the same, and its processes with it."""
    started = start(*brief(*LARGE), **without_numba)
    started.until(lambda: any("spawn_main" in word for word in started.commands()))
    started.look()
    ask_terminal(started, signal.SIGINT)
    done = started.end()
    assert (done.code, "Traceback" in done.err) == (130, False), done.err
    assert is_readable(done)
    assert started.left() == []


# The second Ctrl-C is of somebody who does not want to wait for the report either.
@pytest.mark.long
def test_who_insists_is_obeyed_at_once(start: Start, slow: Words) -> None:
    started = start(*slow())
    started.until_ended(1)
    started.look()
    ask_terminal(started, signal.SIGINT)
    started.until(lambda: not any("locust" in command for command in started.commands()))
    ask_terminal(started, signal.SIGINT)
    done = started.end()
    assert (done.code, "Traceback" in done.err) == (130, False)
    assert started.left() == []


def test_a_drill_killed_during_the_forecast_leaves_nobody_behind(
    start: Start, brief: Words, without_numba: dict[str, str]
) -> None:
    """Not its desk, and not the processes in which the reference plays."""
    started = start(*brief(), **without_numba)
    started.until(lambda: any("spawn_main" in word for word in started.commands()))
    started.look()
    started.process.kill()
    assert started.left(within_s=10) == []


@pytest.mark.long
def test_a_drill_killed_in_the_middle_leaves_nobody_behind_and_can_be_judged(
    start: Start, run: Callable[..., Done], slow: Words
) -> None:
    """Desk, web worker, triage workers, Locust and its watcher all end with it; what they wrote stays."""
    started = start(*slow("faults=[{kind: triage-outage, at: '10:07', for: 20s}]"))
    started.until_ended(10)
    there = started.commands()
    for word in ("crestline.desk ", "desk.serve", "worker.py", "-m locust", "live.aftermath"):
        assert any(word in command for command in there), word
    started.process.kill()
    assert started.left(within_s=10) == []
    done = run("report", "reports/latest")
    assert (done.code, done.run["verdict"], "Traceback" in done.err) == (143, "inconclusive", False), done.err
    assert done.run["load"]["sent"] >= 10


@pytest.mark.long
def test_a_desk_that_dies_ends_the_drill(start: Start, slow: Words) -> None:
    started = start(*slow())
    started.until_ended(1)
    started.child("-m crestline.desk ").kill()
    done = started.end()
    assert (done.code, done.run["exit_code"], done.run["verdict"]) == (5, 5, "inconclusive")
    assert "the reference desk ended in mid-run (exit code -9)" in done.err
    assert "Traceback" not in done.err
    assert started.left() == []


@pytest.mark.long
def test_a_live_run_that_is_killed_ends_the_drill(start: Start, slow: Words) -> None:
    started = start(*slow())
    started.until_ended(1)
    started.child("-m locust").kill()
    done = started.end()
    assert (done.code, done.run["verdict"]) == (3, "inconclusive")
    assert "the live run was killed" in done.err
    assert "Traceback" not in done.err
    assert started.left() == []
