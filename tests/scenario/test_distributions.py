"""How long things take: read as written, with the mean that follows, also from a CSV file beside the scenario."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from crestline.errors import ScenarioError
from crestline.scenario import Distribution, Empirical, Scenario, dump, load

READ: TypeAdapter[Any] = TypeAdapter(Distribution)


@pytest.mark.parametrize(
    ("written", "kind", "mean_s"),
    [
        ({"constant": "3min"}, "constant", 180),
        ({"exponential": {"mean": "4min"}}, "exponential", 240),
        ({"lognormal": {"mean": "3min", "cv": "110%"}}, "lognormal", 180),
        ({"gamma": {"mean": "3min", "cv": 0.5}}, "gamma", 180),
        ({"hyperexponential": [{"share": "25%", "mean": "1min"}, {"share": "75%", "mean": "13min"}]},
         "hyperexponential", 600),
        ({"empirical": {"values": ["10s", "20s", "60s"]}}, "empirical", 30),
        ({"empirical": {"quantiles": {"0%": "0s", "50%": "1min", "100%": "3min"}}}, "empirical", 75),
    ],
)  # fmt: skip
def test_a_distribution_knows_its_kind_and_mean(written: object, kind: str, mean_s: float) -> None:
    read = READ.validate_python(written)
    assert (read.kind, read.mean_s) == (kind, mean_s)


def in_file(folder: Path, handle_time: str, rate: str = "600/h") -> Scenario:
    (folder / "s.yaml").write_text(
        f"""\
name: s
demand: {{rate: {rate}}}
contacts: {{all: {{share: 1, handle_time: {{{handle_time}}}, patience: never}}}}
agents: {{all: {{skills: [all], on_duty: 10}}}}
"""
    )
    return load(folder / "s.yaml")


def told(folder: Path, handle_time: str, rate: str = "600/h") -> str:
    with pytest.raises(ScenarioError) as error:
        in_file(folder, handle_time, rate)
    return str(error.value).replace(f"{folder}/", "")


def test_a_column_of_a_csv_file_is_read_beside_the_scenario_and_embedded(tmp_path: Path) -> None:
    """Bare numbers are seconds; the dumped copy holds the values and needs the file no more."""
    (tmp_path / "calls.csv").write_text("call,handle_s\n1,30\n2,1min\n3,4.5\n")
    scenario = in_file(tmp_path, "empirical: {csv: calls.csv, column: handle_s}")
    handle_time = scenario.contacts["all"].handle_time
    assert isinstance(handle_time, Empirical)
    assert handle_time.values == (30, 60, 4.5)
    (tmp_path / "calls.csv").unlink()
    (tmp_path / "copy.yaml").write_text(dump(scenario))
    assert load(tmp_path / "copy.yaml") == scenario


def test_a_demand_curve_can_stand_in_a_csv_file(tmp_path: Path) -> None:
    (tmp_path / "rate.csv").write_text("at,rate\n10:00,900/h\n08:00,200/h\n")
    rate = in_file(tmp_path, "constant: 1min", rate="{csv: rate.csv}").demand.rate
    assert (rate.at, rate.per_s) == ((28800, 36000), (200 / 3600, 900 / 3600))


@pytest.mark.parametrize(
    ("handle_time", "message"),
    [
        ("empirical: {csv: no.csv, column: x}",
         "contacts.all.handle_time.empirical.csv: cannot read no.csv: No such file or directory; paths start at"),
        ("empirical: {csv: calls.csv, column: handel_s}",
         'handle_time.empirical.column: "handel_s" is no column of calls.csv; did you mean handle_s?'),
        ("empirical: {csv: calls.csv, column: call}", 'empirical.csv: line 3: got "b", expected a duration with its'),
        ("empirical: {csv: none.csv, column: x}", "contacts.all.handle_time.empirical: holds no value, expected at"),
        ("empirical: {csv: 5, column: x}", "empirical.csv: got 5, expected the path of a CSV file"),
        ("empirical: {values: []}", "contacts.all.handle_time.empirical.values: holds no value, expected at"),
        ("empirical: {values: [5]}", "empirical.values[0]: got 5, expected a duration with its unit"),
        ("empirical: {colum: x}", "handle_time.empirical: expected {csv, column}, or {values: [...]}, or"),
        ("empirical: {quantiles: {0%: 5s, 50%: 2s, 100%: 3s}}",
         "empirical.quantiles: 50% does not rise above 0%, expected increasing quantiles"),
        ("empirical: {quantiles: {0%: 5s, 50%: 6s}}",
         "empirical.quantiles: expected to begin with 0% and end with 100%"),
        ("empirical: {quantiles: {0%: 5, 100%: 6s}}", "empirical.quantiles.\"0%\": got 5, expected a duration"),
        ("weibull: {mean: 5s}", "handle_time.weibull: unknown key; expected one of constant, exponential, lognormal"),
        ("constant: 5s, gamma: {}", "handle_time: got a mapping, expected a distribution such as"),
    ],
)  # fmt: skip
def test_a_distribution_that_cannot_be_read_says_why(tmp_path: Path, handle_time: str, message: str) -> None:
    (tmp_path / "calls.csv").write_text("call,handle_s\n1,30\nb,40\n")
    (tmp_path / "none.csv").write_text("x\n")
    assert message in told(tmp_path, handle_time)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("time,rate\n08:00,1/h\n", "demand.rate.csv: expected a CSV file with the columns at (08:00) and rate (200/h)"),
        ("at,rate\n08:00,1/h\n09:00,5\n", 'demand.rate.csv: line 3: got "5", expected a rate with its unit'),
    ],
)
def test_a_demand_curve_that_cannot_be_read_says_why(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "rate.csv").write_text(content)
    assert message in told(tmp_path, "constant: 1min", rate="{csv: rate.csv}")
