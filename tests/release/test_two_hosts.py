"""A roll-out over two addresses: a share of the customers opens where the new version is, agents in proportion."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.release.test_live_canary import SCENARIO

from crestline import runs
from crestline.__main__ import main
from crestline.errors import TargetError, UsageError
from crestline.live import split
from crestline.live.adapters import Opening
from crestline.live.integrity import read_export
from crestline.live.opening import as_new_version
from crestline.live.plan import Plan
from crestline.live.split import Split
from crestline.runs import RunFolder
from crestline.scenario import Scenario, load
from crestline.verbs.canary_live import canary_live
from crestline.verbs.target import own_desk

HERE, THERE = "http://127.0.0.1:1", "http://127.0.0.1:2"


@pytest.mark.parametrize(
    ("host", "candidate_host", "said"),
    [
        (None, THERE, "the old version's address is missing; give it with --host"),
        (HERE, "http://localhost:1/", "the same target as --host"),
    ],
)
def test_two_versions_need_two_addresses(host: str | None, candidate_host: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        canary_live(load(SCENARIO), host=host, candidate_host=candidate_host)


def test_a_host_that_nobody_allowed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="allowed_hosts"):
        canary_live(load(SCENARIO), host="http://192.0.2.1:1", candidate_host=THERE, out=tmp_path)


def test_customers_and_seats_go_by_the_share(tmp_path: Path) -> None:
    """No seat where nobody goes, at least one on each side while both are served, every one at 100 %."""
    seats = []
    for share in (0.0, 0.01, 0.5, 1.0):
        split.turn(tmp_path, share)
        now = Split(tmp_path, np.array([0.005, 0.6]))
        seats.append((now.has(0), now.has(1), now.seats(40), now.seats(1)))
    assert seats == [(False, False, 0, 0), (True, False, 1, 0), (True, False, 20, 0), (True, True, 40, 1)]


def test_seats_leave_a_host_as_its_customers_do(tmp_path: Path) -> None:
    """At 100 %, and when all is taken back, who waits at the other host has a seat there until all are through."""
    now = Split(tmp_path, np.array([0.1, 0.6, 0.7, 0.8]))
    split.turn(tmp_path, 0.5)
    assert [now.has(row) for row in range(4)] == [True, False, False, False]
    left = [[0, 1, 2, 3], [0, 3], [0], []]
    seats = {}
    for share in (1.0, 0.0):
        split.turn(tmp_path, share)
        now._read_at = float("-inf")
        seats[share] = [(now.seats(40, rows), now.seats(1, rows)) for rows in left]
    assert seats == {1.0: [(10, 0), (20, 0), (40, 1), (40, 1)], 0.0: [(10, 1), (20, 1), (39, 1), (0, 0)]}


def test_a_group_of_one_seat_cannot_be_at_two_hosts() -> None:
    alone = load(SCENARIO, ["agents.all.on_duty=1"])
    with pytest.raises(UsageError, match=r"agents.all: one seat; --candidate-host needs two or more"):
        canary_live(alone, host=HERE, candidate_host=THERE)


@pytest.mark.parametrize(
    ("asked", "code", "said"),
    [
        (["--candidate-host", THERE], 2, "give it with --host"),
        (["--host", HERE, "--candidate-host", HERE], 2, "the same target as --host"),
        (["--host", HERE, "--candidate-host", THERE, "--set", "agents.all.on_duty=1"], 2, "agents.all: one seat"),
        (["--host", HERE, "--candidate-host", "http://192.0.2.1:1"], 4, "allowed_hosts"),
    ],
)
def test_refusals_have_their_exit_codes(
    asked: list[str], code: int, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "gray.yaml"
    path.write_text(json.dumps(SCENARIO), encoding="utf-8")
    assert main(["canary", str(path), "--out", str(tmp_path / "runs"), *asked]) == code
    assert said in " ".join(capsys.readouterr().err.split())


def test_the_new_versions_host_is_told_the_new_versions_script() -> None:
    """It has no switch to turn: what the candidate makes of a contact is what it makes of every contact."""
    new: dict[str, bool | str] = {"resolves": False, "routed_to": "refund", "fails": True}
    asked = Opening("k", "r", 1, 1, "order", False, "?", True, 1.0, True, "order", variants={"candidate": new})
    told = as_new_version(asked)
    assert (told.resolves, told.routed_to, told.variants) == (False, "refund", {"baseline": new})


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Two reference desks."""
    with ExitStack() as stack:
        folders = [runs.create(tmp_path / name, load(SCENARIO)) for name in ("old", "new")]
        old, new = (stack.enter_context(own_desk(load(SCENARIO), folder)) for folder in folders)
        yield old.url, new.url


@pytest.mark.long
def test_a_worse_bot_at_another_host_is_rolled_back(hosts: tuple[str, str], tmp_path: Path) -> None:
    """Its own customers alone went there, agents came along, and nobody goes there any more."""
    scenario = load(SCENARIO, ["canary.candidate.contacts.all.bot_resolves=40%"])
    done, folder = canary_live(scenario, host=hosts[0], candidate_host=hosts[1], seed=3, out=tmp_path / "runs")
    assert (done.exit_code, done.run["verdict"], done.run["why"]) == (1, "rolled back", "less resolved")
    assert [turned["share"] for turned in done.run["turned"]] == [0.5, 0.0]
    old, new = (known(folder, scenario, host) for host in hosts)
    assert len(new) > 100
    assert not set(old) & set(new)
    assert any(line["resolutions"] for line in new.values())


@pytest.mark.long
def test_an_identical_bot_at_another_host_is_not_rolled_back(hosts: tuple[str, str], tmp_path: Path) -> None:
    scenario = load(SCENARIO, ["canary.margins.resolution=10%"])
    done, _ = canary_live(scenario, host=hosts[0], candidate_host=hosts[1], seed=3, out=tmp_path / "runs")
    assert (done.exit_code, done.run["verdict"]) == (0, "promoted"), done.run["steps"]


def known(folder: RunFolder, scenario: Scenario, host: str) -> dict[int, dict[str, Any]]:
    """Every conversation of the run that a desk knows of, by row."""
    return {line["row"]: line for line in read_export(scenario, host, Plan.read(folder.path)) or ()}
