"""A roll-out at a target that does not come to its end: the switch is turned back at once, and the code says why."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.release.test_live_canary import SCENARIO

from crestline import runs
from crestline.errors import GuardStop, TargetError
from crestline.live.adapters.desk import TOKEN
from crestline.live.ledger import LOAD
from crestline.live.wire import Wire
from crestline.runs import RunFolder
from crestline.scenario import load
from crestline.verbs import canary_live as verb
from crestline.verbs.canary import Release
from crestline.verbs.live_run import Progress
from crestline.verbs.target import Target, own_desk

End = Callable[[RunFolder], None]


def progress(instant_s: float) -> Progress:
    return Progress(instant_s, 1.0, 0, 0, 0, 0, None, None, None, None, None, "")


@pytest.fixture
def play(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[End], tuple[Release, list[float]]]:
    """Play a run in which the new version has begun to serve and which then ends so; and how the switch was turned."""
    turned: list[float] = []

    class Switch:
        def __init__(self, _wire: Wire) -> None: ...

        def release(self, share: float, version: str = "candidate", ttl_s: float | None = None) -> None:  # noqa: ARG002
            if share == 0 and broken:
                raise TargetError(broken[0])
            turned.append(share)

    broken: list[str] = []

    @contextmanager
    def desk(*_: Any) -> Iterator[Target]:
        yield Target("http://127.0.0.1:9", "")

    def played(end: End, why_broken: str = "") -> tuple[Release, list[float]]:
        def seen(folder: RunFolder, _host: str) -> Iterator[Progress]:
            yield progress(120.0)
            yield progress(240.0)
            end(folder)

        broken[:] = [why_broken] if why_broken else []
        monkeypatch.setattr(verb, "play_live", seen)
        monkeypatch.setattr(verb, "own_desk", desk)
        monkeypatch.setattr("crestline.live.adapters.load", lambda _: Switch)
        done, folder = verb.canary_live(load(SCENARIO), out=tmp_path)
        assert folder.read_run() == done.run
        return done, turned

    return played


def guard(_: RunFolder) -> None:
    raise GuardStop("the reference desk ended in mid-run")


def control_c(_: RunFolder) -> None:
    os.kill(os.getpid(), signal.SIGINT)


def terminated(_: RunFolder) -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def budget_spent(folder: RunFolder) -> None:
    folder.write_json(LOAD, {"finished": False, "stopped_by": "error budget: 90 of the latest 100 contacts failed"})


def killed(_: RunFolder) -> None:
    """It has left no account of its load."""


@pytest.mark.parametrize(
    ("end", "code", "why"),
    [
        (guard, 5, "the reference desk ended in mid-run"),
        (control_c, 130, "interrupted by SIGINT"),
        (terminated, 143, "interrupted by SIGTERM"),
        (budget_spent, 5, "stopped by a guard: error budget: 90 of the latest 100 contacts failed"),
        (killed, 3, "the live run was killed before it could write down its load; see locust.log"),
    ],
)
def test_the_switch_goes_back_and_the_code_says_why(
    play: Callable[[End], tuple[Release, list[float]]], end: End, code: int, why: str
) -> None:
    done, turned = play(end)
    assert turned == [0.5, 0.0]
    assert (done.exit_code, done.run["verdict"], done.run["why"]) == (code, "inconclusive", why)
    assert [each["share"] for each in done.run["turned"]] == [0.5, 0.0]


def test_a_switch_that_cannot_be_turned_back_is_told(play: Callable[..., tuple[Release, list[float]]]) -> None:
    """Its time to live takes it back; whoever reads the account knows."""
    done, turned = play(lambda folder: folder.write_json(LOAD, {"finished": True}), "the target is gone")
    assert (done.exit_code, turned) == (3, [0.5])
    assert done.run["why"] == "the switch could not be turned back: the target is gone"


@pytest.mark.long
def test_control_c_leaves_a_desk_to_its_old_version(tmp_path: Path) -> None:
    """For real: as soon as the new version serves half of the customers, somebody ends it."""

    def at_once(_: Progress, share: float) -> None:
        if share:
            os.kill(os.getpid(), signal.SIGINT)

    scenario = load(SCENARIO)
    with own_desk(scenario, runs.create(tmp_path / "desk", scenario)) as desk:
        done, _ = verb.canary_live(scenario, host=desk.url, out=tmp_path / "runs", show_live=at_once)
        wire = Wire(desk.url)
        told = wire.request("GET", "/release", headers={"Authorization": f"Bearer {os.environ[TOKEN]}"})
        assert told.body["share"] == 0
        wire.close()
    assert (done.exit_code, [each["share"] for each in done.run["turned"]]) == (130, [0.5, 0.0])
