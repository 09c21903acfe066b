"""Drills against a desk that somebody has started by hand: it has to fit, and it outlives whoever drills it."""

from __future__ import annotations

import json
from collections.abc import Callable
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.verbs.conftest import ByHand, Run, Start

Words = Callable[..., list[str]]
HURT = ("load_test.for=4min", "recovery.sustain=40s", "faults=[{kind: triage-outage, at: '10:05', for: 20s}]")
LONG = ("load_test.for=12min", "faults=[{kind: triage-outage, at: '10:03:30', for: 5min}]")


@pytest.fixture
def with_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The drill knows the token of the desk that ``desk`` starts."""
    monkeypatch.setenv("CRESTLINE_DESK_TOKEN", "between us")


def ask(desk: ByHand, path: str) -> tuple[int, Any]:
    """One question to the desk."""
    connection = HTTPConnection("127.0.0.1", desk.port, timeout=5)
    connection.request("GET", path, headers={"Authorization": "Bearer between us"})
    answer = connection.getresponse()
    told = json.loads(answer.read())
    connection.close()
    return answer.status, told


@pytest.mark.usefixtures("with_token")
@pytest.mark.long
def test_a_desk_outlives_a_drill_that_is_killed_while_it_is_broken(
    start: Start, run: Run, brief: Words, desk: Callable[..., ByHand]
) -> None:
    """The outage heals by its time to live, and the next drill finds a desk that works."""
    target = desk("--time-scale", "60")
    broken = start(*brief(*LONG), "--host", target.url)
    broken.until(lambda: any('"effective"' in p.read_text() for p in broken.folder.glob("reports/2*/faults.jsonl")))
    broken.look()
    assert ask(target, "/readyz")[0] == 503
    broken.process.kill()
    assert broken.left(within_s=10) == []
    target.started.until(lambda: ask(target, "/faults/1")[1]["state"] == "healed")
    assert ask(target, "/faults/1")[1]["healed_ago"] < 10
    assert ask(target, "/readyz")[0] == 200
    done = run(*brief(*HURT), "--host", target.url)
    assert (done.code, done.run["target"]) == (0, target.url), done.err
    assert done.run["integrity"]["lost"] == done.run["integrity"]["doubled"] == 0
    assert done.run["faults"][0]["effective_s"] is not None
    assert ask(target, "/readyz")[0] == 200


@pytest.mark.usefixtures("with_token")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("load_test.time_scale=30", "this desk plays at time scale 60 (got 30)"),
        ("triage.pool.slots=5", "this desk plays another scenario"),
    ],
)
def test_a_desk_that_is_set_up_otherwise_is_refused(
    run: Run, brief: Words, desk: Callable[..., ByHand], change: str, said: str
) -> None:
    target = desk()
    done = run(*brief(change), "--host", target.url)
    assert (done.code, done.out) == (4, "")
    assert said in done.err
    assert "start the desk with the same scenario, --set and --time-scale" in done.err
    assert not (done.folder / "reports").exists()


def test_a_desk_with_another_token_is_refused(
    run: Run, brief: Words, desk: Callable[..., ByHand], monkeypatch: pytest.MonkeyPatch
) -> None:
    target = desk()
    monkeypatch.setenv("CRESTLINE_DESK_TOKEN", "a guess")
    done = run(*brief(*HURT), "--host", target.url)
    assert done.code == 4
    assert "give drill and desk the same CRESTLINE_DESK_TOKEN" in done.err
    assert not (done.folder / "reports").exists()


@pytest.mark.long
@pytest.mark.usefixtures("with_token")
def test_a_host_that_dies_ends_the_drill(start: Start, slow: Words, desk: Callable[..., ByHand]) -> None:
    """Every contact fails from then on: the error budget is used up, and what was seen before is reported."""
    target = desk("--time-scale", "10")
    started = start(*slow(), "--host", target.url)
    started.until_ended(10)
    target.started.process.kill()
    done = started.end()
    assert (done.code, done.run["exit_code"], done.run["verdict"]) == (5, 5, "inconclusive")
    assert "stopped by a guard: error budget: " in done.err
    assert "Traceback" not in done.err
    assert done.run["load"]["sent"] > 10
    assert started.left() == []
