"""``crestline plan`` on the screen: the table, its other formats, and the codes it ends with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from crestline.__main__ import main

SCENARIO = """
name: small
day: {start: "09:00", length: 2h}
demand: {rate: 300/h, day_factor_cv: 10%}
contacts:
  all: {share: 100%, handle_time: {exponential: {mean: 3min}}, patience: {exponential: {mean: 5min}}}
agents:
  team: {skills: [all], on_duty: 25}
objectives: [agent_frt p90 < 1min, abandonment < 5%]
"""


@pytest.fixture
def path(tmp_path: Path) -> str:
    file = tmp_path / "small.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return str(file)


def test_the_screen_of_a_plan(path: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Verdict, objectives where they are tightest, a line for every interval, what it rests on, and the command."""
    assert main(["plan", path, "--days", "8", "--csv", str(tmp_path / "need.csv")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "PLAN  small   planned by 8 days   seed 20261122"
    assert lines[1] == "VERDICT   MET   PASS: all 2 objectives held   exit code 0"
    assert [line.split()[0] for line in lines if line[:3] in {"09:", "10:"}] == ["09:00", "09:30", "10:00", "10:30"]
    for words in ("4 of 4 intervals hold on 100 fresh days", "closest to its limit", "8 days of usual demand"):
        assert words in "\n".join(lines)
    assert lines[-1] == f"AGAIN     crestline plan {path} --seed 20261122 --days 8"
    assert (tmp_path / "need.csv").read_text().startswith("day,interval_start,interval_end,group,")


def test_a_plan_as_json_and_markdown(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Data alone on standard output."""
    assert main(["plan", path, "--days", "4", "--format", "json"]) == 0
    run = json.loads(capsys.readouterr().out)
    assert (run["kind"], len(run["plan"]["cells"])) == ("plan", 4)
    assert main(["plan", path, "--days", "4", "--format", "markdown"]) == 0
    assert "| 09:00 | " in capsys.readouterr().out


def test_what_cannot_be_met_ends_with_1(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", path, "--days", "4", "--set", "plan.maximum.team=8"]) == 1
    said = capsys.readouterr().out
    assert "cannot be met from 09:00 to 11:00 with at most 8 team" in " ".join(said.split())
    assert "8=" in said


def test_how_far_demand_may_rise(path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", path, "--days", "6", "--find-breaking-level"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "VERDICT MET PASS: every interval holds at 100 % of demand exit code 0" in said
    assert "LEVEL the roster holds up to 1" in said
    assert "breaks first, at " in said
    assert said.endswith("--days 6 --find-breaking-level")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--set", "plan.minimum.tem=3"], "--set 1: plan.minimum.tem: is no group of agents; did you mean team?"),
        (["--set", "shifts.day.start=9"], "--set 1: shifts.day.start: got 9, expected a clock time"),
        (["--set", "objectives=[]"], "small: no objective can be judged interval by interval"),
        (["--engine", "fast"], "--engine fast: no such engine"),
        (["--csv", "/nowhere/x.csv"], "--csv /nowhere/x.csv: cannot be written"),
        (["--days", "1"], ""),
    ],
)
def test_bad_usage_ends_with_2(args: list[str], words: str, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", path, "--days", "2", *args]) == 2
    assert words in capsys.readouterr().err


def test_an_interrupt_ends_with_130(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crestline.staffing.plan.verify", interrupt)
    assert main(["plan", path, "--days", "2"]) == 130


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--help"]) == 0
    assert "crestline plan promotion-day --find-breaking-level" in capsys.readouterr().out
