"""The command says what a scenario says, or every problem of it, and ends with the code that scripts rely on."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crestline.__main__ import main
from crestline.scenario.loading import shipped

HEAVY = ("pandas", "matplotlib", "scipy", "locust", "numba", "simpy", "numpy", "pydantic")


def test_check_says_what_the_drill_will_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "monthly-drill"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.splitlines()[0] == "monthly-drill: no problems"
    for words in (
        "DRILL    19:25 to 20:30, 3,125 contacts, peak 3,000/h at 19:30, at 200 % of usual demand",
        "takes 1 min 5 s live, measured after a ramp of 5 min",
        "erlang offered at the drill's peak, 80 slots",
        "STANDBY  12 agents join general 3 min after longest_wait > 30s",
        "FAULT    triage-outage at 19:50 for 4 min",
        "ASKED    recovery <= 15min",
    ):
        assert words in said.out


def test_check_says_when_a_circuit_breaker_opens(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "quick", "--set", "triage.breaker={}"]) == 0
    told = "BREAKER  opens after 5 contacts in a row without a reply of the bot in 30 s; every 1 min one tries again"
    assert told in capsys.readouterr().out


def test_check_says_how_complaints_would_grow(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "monthly-drill", "--set", "incident={grows: 50%}"]) == 0
    said = "INCIDENT complaints grow by 50 % of the usual ones an hour; first word after 1 h"
    assert said in capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_shipped_scenario_is_sound(name: str) -> None:
    assert main(["check", name]) == 0


def test_warnings_do_not_fail_a_check(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "monthly-drill", "--set", "faults=[]"]) == 0
    assert "WARNING  objectives: recovery is asked for but there is no fault" in capsys.readouterr().out


def test_problems_are_words_on_stderr_and_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "monthly-drill", "--set", "vip.share=5%", "--set", "demand.rte=1/h"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("monthly-drill.yaml: 1 problem\n")
    assert "--set 2: demand.rte: unknown key; did you mean rate?" in said.err


@pytest.mark.parametrize("args", [["chek"], ["check"], ["check", "quick", "--sett", "a=1"], ["check", "nothing-here"]])
def test_bad_usage_ends_with_2(args: list[str]) -> None:
    assert main(args) == 2


def test_init_writes_a_scenario_that_is_sound_and_never_overwrites_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.yaml"
    assert main(["init", str(path)]) == 0
    assert f"crestline check {path}" in capsys.readouterr().err
    assert main(["check", str(path)]) == 0
    path.write_text("mine")
    assert main(["init", str(path)]) == 2
    assert "stands there already and was left as it is" in capsys.readouterr().err
    assert path.read_text() == "mine"


def test_init_says_why_it_cannot_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(tmp_path / "no" / "x.yaml")]) == 2
    assert "cannot be written: No such file or directory" in capsys.readouterr().err


def test_schema_is_json_on_stdout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Scenario"


def test_version_and_help_end_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert (main(["--version"]), main(["--help"]), main(["check", "--help"])) == (0, 0, 0)
    said = capsys.readouterr().out
    assert said.startswith("crestline ")
    assert "crestline check my-service.yaml --set load_test.level=150%" in said


def test_an_interrupt_ends_with_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crestline.scenario.load", interrupt)
    assert main(["check", "quick"]) == 130


def test_help_of_the_module_is_light_and_plain() -> None:
    """The first thing anyone types imports nothing heavy, and has no colour codes off a terminal."""
    code = f"import sys; from crestline.__main__ import main; main(['--help']); print({HEAVY!r} & sys.modules.keys())"
    code = code.replace(f"{HEAVY!r} &", f"set({HEAVY!r}) &")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("set()")
    assert "\x1b" not in done.stdout
