"""``crestline canary`` on the screen, as JSON, in a folder, and the codes it ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crestline.__main__ import main

SCENARIO = """
name: small
day: {start: "09:00", length: 2h}
demand: {rate: 6000/h}
contacts:
  all: {share: 100%, bot_resolves: 80%, handle_time: {exponential: {mean: 2min}}, patience: never}
triage: {reply_time: {constant: 5s}, pool: {workers: 10, at_most: 10, slots: 4, start_up: 1min}}
agents: {team: {skills: [all], on_duty: 60}}
canary: {steps: [50%, 100%], judge_after: 5min}
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    file = tmp_path / "small.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return str(file)


def test_the_screen_of_a_promotion(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Verdict, a line for every step, what other ways would have done, and the command; code 0."""
    assert main(["canary", path]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "CANARY  small   simulated on 1 day   seed 20261122"
    assert lines[1].startswith("VERDICT   PROMOTED: no harm seen in ")
    assert [line.split()[0] for line in lines if line.startswith(("50 %", "100 %"))] == ["50", "100"]
    assert lines[-1] == f"AGAIN     crestline canary {path} --seed 20261122"


def test_a_roll_back_ends_with_1_and_leaves_a_folder(
    path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The account says which step, why, how many met the new version and how many were harmed."""
    worse = ["--candidate", "contacts.all.bot_resolves=40%"]
    assert main(["canary", path, *worse, "--format", "json", "--out", str(tmp_path / "runs")]) == 1
    run = json.loads(capsys.readouterr().out)
    assert (run["kind"], run["verdict"], run["exit_code"], run["why"]) == ("canary", "rolled back", 1, "less resolved")
    assert 0 < run["harmed"] < run["exposed"]
    assert [each["policy"] for each in run["policies"]] == ["50% -> 100%", "10% -> 50% -> 100%", "100%"]
    folder = next(path for path in (tmp_path / "runs").iterdir() if not path.is_symlink())
    assert json.loads((folder / "run.json").read_text()) == run
    assert main(["report", str(folder)]) == 1
    assert "ROLLED BACK: small" in (folder / "summary.md").read_text()
    page = (folder / "report" / "index.html").read_text()
    assert "Harm was shown after" in page
    assert "--candidate contacts.all.bot_resolves=40%" in page
    assert {path.name for path in (folder / "report").iterdir()} >= {"style.css", "evidence.svg", "policies.svg"}


def test_a_day_that_is_too_short_is_inconclusive(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["canary", path, "--set", "canary.contacts=100000", "--policy", "100%", "--format", "markdown"]) == 3
    assert "of 100,000 contacts of the new version by the end" in capsys.readouterr().out


def test_mistakes_are_told(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Steps that do not rise, a contact type that is not there, and a bot where there is none."""
    assert main(["canary", path, "--policy", "50%,10%"]) == 2
    assert "expected shares that rise and end with 100%" in capsys.readouterr().err
    assert main(["canary", path, "--candidate", "contacts.al.bot_resolves=1%"]) == 2
    assert "did you mean all?" in capsys.readouterr().err
    assert main(["canary", path, "--candidate", "triage.accuracy=1%", "--set", "triage=null"]) == 2
    assert "has no triage that could differ" in capsys.readouterr().err
