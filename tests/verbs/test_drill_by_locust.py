"""The same drill started as any load test is: ``locust`` in the project's folder, without and with its web page."""

from __future__ import annotations

import http.client
import os
import shutil
import signal
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from crestline.scenario import dump, load

if TYPE_CHECKING:
    from tests.verbs.conftest import Start, Started

ROOT = Path(__file__).resolve().parents[2]
BRIEF = ("load_test.from=10:03", "load_test.for=3min", "faults=[]", "objectives=['error_rate < 50%']")


@pytest.fixture
def locust(start: Start, tmp_path: Path) -> Callable[..., Started]:
    """Start ``locust`` as at the root of the project: only its settings and ``loadtests/`` are there."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "loadtests", tmp_path / "loadtests")
    return lambda *words: start("--scenario", "quick", "--seed", "20261122", *words, module="locust")


@pytest.fixture
def page(locust: Callable[..., Started]) -> tuple[Started, Callable[..., bytes]]:
    """Locust with its page, and a way to press its buttons."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    started = locust("--web-host", "127.0.0.1", "--web-port", str(port))

    def press(path: str, method: str = "POST", **form: object) -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request(method, path, urlencode(form), {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        told = answer.read()
        connection.close()
        assert answer.status == 200, told
        return told

    def is_up() -> bool:
        with socket.socket() as door:
            return door.connect_ex(("127.0.0.1", port)) == 0

    started.until(is_up)
    return started, press


def is_stopped(press: Callable[..., bytes]) -> bool:
    return b'"state":"stopped"' in press("/stats/requests", "GET").replace(b" ", b"")


def test_locust_without_a_page_plays_judges_and_quits(locust: Callable[..., Started], tmp_path: Path) -> None:
    (tmp_path / "brief.yaml").write_text(dump(load("quick", BRIEF)), encoding="utf-8")
    started = locust("--headless", "-u", "10", "-r", "5", "--scenario", "brief.yaml")
    started.until_ended(1)
    started.look()
    done = started.end()
    (folder,) = done.runs
    assert (done.code, done.run["exit_code"], done.run["verdict"]) == (0, 0, "met"), done.err
    assert done.run["integrity"]["lost"] == 0
    assert done.err.count("-u and -r have no effect") == 1
    assert "Traceback" not in done.err
    assert (folder / "report" / "index.html").exists()
    assert started.left() == []


@pytest.mark.long
def test_a_run_that_is_cut_off_is_inconclusive(locust: Callable[..., Started]) -> None:
    done = locust("--headless", "-t", "3s").end()
    assert (done.code, done.run["exit_code"], done.run["verdict"]) == (3, 3, "inconclusive")
    assert "stopped by hand before its end" in done.out
    assert "Traceback" not in done.err


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_locust_is_ended_as_a_drill_is(locust: Callable[..., Started], number: int) -> None:
    started = locust("--headless")
    started.until_ended(1)
    started.look()
    os.killpg(started.process.pid, number)
    done = started.end()
    assert (done.code, done.run["exit_code"], done.run["verdict"]) == (128 + number, 128 + number, "inconclusive")
    assert "Traceback" not in done.err
    assert started.left() == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--host", "http://192.0.2.1"], 4, "neither this machine nor in load_test.allowed_hosts"),
        (["--scenario", "qick"], 2, "no shipped scenario"),
        (["--level", "much"], 2, "expected a level"),
    ],
)
def test_locust_refuses_what_a_drill_refuses(
    locust: Callable[..., Started], words: list[str], code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRESTLINE_DESK_TOKEN", "any")
    done = locust("--headless", *words).end()
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err
    assert done.runs == []


@pytest.mark.long
def test_every_start_on_the_page_is_one_run(page: tuple[Started, Callable[..., bytes]]) -> None:
    """Start, Stop, Start: two folders; in between Locust is as it was; SIGTERM then leaves nobody behind."""
    started, press = page
    for count in (1, 2):
        press("/swarm", user_count=1, spawn_rate=1)
        started.until(lambda: len(list(started.folder.glob("reports/2*/contacts.jsonl"))) == count)  # noqa: B023
        started.look()
        press("/stop")
        started.until(lambda: is_stopped(press))
        assert len(list(started.folder.glob("reports/2*/run.json"))) == count
        desks = [command for command in started.commands() if "crestline.desk" in command]
        assert desks == []
    started.process.terminate()
    done = started.end()
    assert len(done.runs) == 2
    assert "Traceback" not in done.err, done.err
    assert started.left() == []


@pytest.mark.long
def test_a_run_on_the_page_returns_to_stopped_by_itself(page: tuple[Started, Callable[..., bytes]]) -> None:
    started, press = page
    press("/swarm", user_count=1, spawn_rate=1)
    started.until(lambda: list(started.folder.glob("reports/2*/run.json")))
    started.until(lambda: is_stopped(press))
    started.process.terminate()
    done = started.end()
    assert done.run["verdict"] == "met"
    assert started.left() == []
