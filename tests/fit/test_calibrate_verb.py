"""The verb from end to end on the known world: what is written plays, what is said is true, what is wrong is told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from crestline.cli.calibrate import calibrate as command
from crestline.errors import CrestlineError, UsageError
from crestline.scenario import load
from crestline.verbs.calibrate import Calibration, calibrate

ROSTER = "time,agents\n07:00,4\n12:00,5\n"


@pytest.fixture(scope="module")
def made(twenty_days: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Calibration, Path]:
    target = tmp_path_factory.mktemp("made") / "desk.yaml"
    roster = target.with_name("roster.csv")
    roster.write_text(ROSTER)
    return calibrate([twenty_days], target, roster=roster), target


# The file holds the fitted scenario: named after the file, loaded by its path, the same as the one in hand.
def test_the_scenario_is_written(made: tuple[Calibration, Path]) -> None:
    calibration, target = made
    scenario = load(str(target))
    assert scenario == calibration.scenario
    assert (scenario.name, scenario.day.start, scenario.day.length) == ("desk", 8 * 3600, 8 * 3600)
    assert list(scenario.contacts) == ["sales", "service"]
    assert scenario.triage is None
    assert scenario.agents["agents"].on_duty.persons == (4, 5)
    assert 1 <= len(scenario.objectives) <= 4
    test = scenario.load_test
    assert (test.for_, test.time_scale) == (7200, 60)
    assert 1 <= test.level <= 2
    assert scenario.day.start <= test.from_ <= scenario.day.end - test.for_
    assert calibration.text.startswith("# Fitted to a call log by crestline calibrate")


# The days that the fitted scenario gives have the log's abandonment, and as many contacts as the log.
def test_the_scenario_gives_back_the_log(made: tuple[Calibration, Path]) -> None:
    calibration, _ = made
    played, history = calibration.availability.played, calibration.fit.history
    assert abs(played.abandonment / history.abandonment.value - 1) < 0.25
    first = sum(e.value for e in calibration.fit.profile.first)
    contacts = calibration.fit.profile.contacts.sum()
    assert abs(first * (1 + played.recontacts) / contacts - 1) < 0.02


# The objectives are such as the history met.
def test_the_history_met_the_objectives(made: tuple[Calibration, Path]) -> None:
    calibration, _ = made
    history = calibration.fit.history
    met = {
        "abandonment": history.abandonment.value,
        "service_level": history.service_level.value,
        "wait_p90_s": history.wait_p90_s,
        "mean_wait_s": history.mean_wait_s.value,
    }
    assert all(objective.holds(met[objective.key]) for objective in calibration.scenario.objectives)


# The report says what was read, left out and found, every parameter, what was not fitted, and what comes next.
def test_the_report_says_everything(made: tuple[Calibration, Path], twenty_days: Path) -> None:
    calibration, target = made
    report = calibration.report
    labels = [line.split("  ")[0] for line in report.splitlines() if line[:1].isupper()]
    assert labels == [
        "CALIBRATION", "READ", "LEFT OUT", "OUTAGES", "CHECK", "NOT FIT", "BACKTEST", "WRITTEN", "NEXT"
    ]  # fmt: skip
    for words in ("handle time sales", "patience, median of all", "recontact after abandoned", "availability of agents",
                  "day factor cv", "VIP share", "agents on duty", "none found", f"crestline forecast {target}",
                  "fitted day: mon, tue, wed, thu, fri, 20 dates: 2024-01-01..05"):  # fmt: skip
        assert words in report
    assert not [line for line in report.splitlines() if "nan" in line.split()]


# Every fitted number stands in the file with its interval and n.
def test_every_number_has_its_interval(made: tuple[Calibration, Path]) -> None:
    keys = ("handle_time:", "patience:", "abandoned:", "agent_resolved:", "availability:", "day_factor_cv:", "vip:")
    lines = made[0].text.splitlines()
    for key in keys:
        # a comment that is too long for its line stands above it
        told = [" ".join(lines[i - 2 : i + 1]) for i, line in enumerate(lines) if line.strip().startswith(key)]
        assert told
        assert all("95 % [" in words and "n = " in words for words in told)


# The head names the command that makes the file again.
def test_the_command_is_in_the_head(made: tuple[Calibration, Path], twenty_days: Path) -> None:
    calibration, target = made
    roster = target.with_name("roster.csv")
    assert calibration.text.splitlines()[1] == f"# crestline calibrate {twenty_days} -o {target} --roster {roster}"


# Handle times and patience rest on every date, so an outage is cut out of them on dates that are not fitted as well.
def test_an_outage_of_another_date_is_cut_out(
    write_log: Callable[..., Path], rows_of_days: Callable[..., list[Any]]
) -> None:
    rows = rows_of_days(10)
    for row in rows:
        if "2024-01-03 10:00" <= row["arrival"] < "2024-01-03 11:00":  # a Wednesday
            row |= {"status": "abandoned", "handle_time": "", "agent": "", "wait": "1"}
    made = calibrate([write_log(rows)], day="mon,tue")
    assert made.fit.day_type.weekdays == ("mon", "tue")
    (outage,) = made.fit.outages
    assert str(made.log.calls.date(outage.day)) == "2024-01-03"


# Without names of agents and without a roster nobody knows who was there: that is told before anything is played.
def test_someone_must_say_who_was_there(write_log: Callable[..., Path], rows_of_days: Callable[..., list[Any]]) -> None:
    path = write_log([{k: v for k, v in row.items() if k != "agent"} for row in rows_of_days(10)])
    with pytest.raises(UsageError, match=r"give a roster .--roster FILE with the columns time,agents"):
        calibrate([path])


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("nowhere/desk.yaml", "the folder .*nowhere does not exist; create it or name another"),
        (".", "is a folder; name a file in it"),
        ("calls.csv", "would overwrite its own input; name another file"),
    ],
)
def test_a_bad_target_is_refused_first(tmp_path: Path, target: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        calibrate([tmp_path / "calls.csv"], tmp_path / target)


# The command tells what is wrong in words.
def test_the_command_passes_errors_on(tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("arrival,wait\n2024-01-01 08:00,1\n")
    app = typer.Typer()
    app.command()(command)
    result = CliRunner().invoke(app, [str(path), "-o", str(tmp_path / "x.yaml"), "--wait-column", "hold"])
    assert isinstance(result.exception, CrestlineError)
    assert 'no column "hold", which would say how long it waited for an agent' in str(result.exception)
    assert "--handle-column" in str(result.exception)
    assert not (tmp_path / "x.yaml").exists()
