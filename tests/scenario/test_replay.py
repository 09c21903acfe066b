"""A recorded day in a scenario: read from a CSV file, kept as compact text, checked against the rest."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.errors import ScenarioError
from crestline.scenario import Replay, Scenario, changed, dump, load, warnings
from crestline.scenario.replay import Recorded

CLOCKS = "at,contact\n09:00:05,order\n08:59:00.250,\n09:00:05,refund\n"


def replayed(small: dict[str, Any], folder: Path, text: str, *sets: str) -> Scenario:
    """The sound scenario with the arrivals of a CSV file in place of a rate."""
    (folder / "calls.csv").write_text(text, encoding="utf-8")
    return load(small | {"demand": {"rate": {"replay": str(folder / "calls.csv")}}}, sets)


def recorded(scenario: Scenario) -> Recorded:
    assert isinstance(scenario.demand.rate, Replay)
    return scenario.demand.rate.recorded


# Arrivals in order of time, with the contact type where the file names one.
def test_arrivals_are_read_one_by_one(small: dict[str, Any], tmp_path: Path) -> None:
    found = recorded(replayed(small, tmp_path, CLOCKS))
    assert found.at_s.tolist() == [32340.25, 32405.0, 32405.0]
    assert [found.names[i] if i >= 0 else None for i in found.contact] == [None, "order", "refund"]


# Time stamps count from the midnight of their first day, whatever the zone; clock times may go past 24:00.
@pytest.mark.parametrize(
    "text",
    ["at\n2026-11-22T23:59:59\n2026-11-23T01:30:00\n", "at\n2026-11-22 23:59:59+02:00\n2026-11-23 01:30:00+02:00\n",
     "note,at\nx,23:59:59\n\ny,25:30\n"],
)  # fmt: skip
def test_time_goes_on_past_midnight(small: dict[str, Any], tmp_path: Path, text: str) -> None:
    night = small | {"day": {"start": "20:00", "length": "8h"}, "faults": [], "load_test": {}}
    found = recorded(replayed(night, tmp_path, text))
    assert found.at_s.tolist() == [86399.0, 91800.0]


# A path that is not absolute starts at the scenario's folder.
def test_a_relative_path_starts_at_the_scenario(small: dict[str, Any], tmp_path: Path) -> None:
    made = replayed(small, tmp_path, CLOCKS)
    rate = dump(made).split("rate:")[1].split("day_factor_cv")[0]
    text = dump(made).replace(rate, " {replay: calls.csv}\n  ")
    (tmp_path / "made.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "made.yaml") == made


# The complete scenario holds the arrivals themselves: the file is needed no more.
def test_a_complete_scenario_needs_no_file(small: dict[str, Any], tmp_path: Path) -> None:
    made = replayed(small, tmp_path, CLOCKS)
    text = dump(made)
    (tmp_path / "calls.csv").unlink()
    (tmp_path / "copy.yaml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "copy.yaml") == made
    assert changed(made, ["load_test.level=3"]).demand == made.demand
    assert "order: '32405'" in text


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 86_399_999), st.sampled_from(["", "order", "refund"])), min_size=1))
def test_every_millisecond_survives(arrivals: list[tuple[int, str]]) -> None:
    lines = [
        f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms % 60_000 / 1000:06.3f},{name}" for ms, name in arrivals
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder, "calls.csv")
        path.write_text("\n".join(["at,contact", *lines]), encoding="utf-8")
        read = Replay.model_validate({"replay": str(path)})
    again = Replay.model_validate(read.model_dump(mode="json"))
    assert again == read
    expected = sorted(ms / 1000 for ms, _ in arrivals)
    assert np.array_equal(again.recorded.at_s, expected)
    for name in ("order", "refund"):
        kept = [i for i, kind in enumerate(again.recorded.contact) if kind >= 0 and again.recorded.names[kind] == name]
        assert [expected[i] for i in kept] == sorted(ms / 1000 for ms, told in arrivals if told == name)


# Its curve, which plans and warnings read, holds exactly as many arrivals.
def test_the_curve_of_a_recorded_day_holds_its_arrivals(small: dict[str, Any], tmp_path: Path) -> None:
    rate = replayed(small, tmp_path, CLOCKS).demand.rate
    assert np.trapezoid(rate.per_s, rate.at) == pytest.approx(3)
    assert rate.per_s[0] == rate.per_s[-1] == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("time\n09:00\n", "demand.rate.replay: expected a CSV file with the column at (08:00:05), and perhaps contact"),
        ("", "demand.rate.replay: expected a CSV file with the column at (08:00:05), and perhaps contact"),
        ("at\n", "demand.rate.replay: holds no arrival, expected at least one"),
        ("at\n09:00\nnine\n", 'line 3: got "nine", expected a clock time such as 08:00:05, or a time stamp such as'),
        ("contact,at\norder,09:00\norder\n", "line 3: has too few columns"),
        ("at\n09:00\n2026-11-22T09:00:00\n", "mixes clock times with time stamps, expected either"),
        ("at\n2026-03-29T01:30:00+01:00\n2026-03-29T03:00:00+02:00\n",
         "mixes UTC offsets (UTC+01:00, UTC+02:00), expected one; write every arrival by one clock"),
        ("at\n2026-11-22T09:00:00\n2026-11-22T09:00:00Z\n", "mixes UTC offsets (none told, UTC), expected one"),
        ("at,contact\n09:00,ordr\n",
         'demand.rate.replay: in the column contact, "ordr" is no contact type; did you mean order?'),
        ("at\n19:00\n", "demand.rate.replay: none of 1 recorded arrivals is in the day, 08:00 to 12:00"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_is_said(small: dict[str, Any], tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        replayed(small, tmp_path, text)
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("rate", "message"),
    [
        ({"replay": "no.csv"}, "demand.rate.replay: cannot read no.csv: No such file or directory; paths start at"),
        ({"replay": 3}, "demand.rate.replay: got 3, expected the path of a CSV file"),
        ({"replay": "a.csv", "csv": "b.csv"}, "demand.rate.replay: stands alone, expected no key beside it"),
        ({"replay": {"gap": "1"}}, "demand.rate.replay: expected the path of a CSV file with the columns at and"),
        ({"replay": {"gaps": "28800 -3"}}, "demand.rate.replay.gaps: expected the first arrival in seconds since"),
        ({"replay": {"gaps": {"order": "soon"}}}, "demand.rate.replay.gaps.order: expected the first arrival in"),
        ({"replay": {"gaps": {}}}, "demand.rate.replay.gaps: holds no arrival, expected at least one"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_replay_is_said(small: dict[str, Any], rate: Any, message: str) -> None:
    with pytest.raises(ScenarioError) as error:
        load(small | {"demand": {"rate": rate}})
    assert message in str(error.value)


# A recorded day is one day: it cannot be busier or calmer than it was.
def test_a_recorded_day_has_no_day_factor(small: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"demand\.day_factor_cv: days differ by it, but a recorded day is that one"
    ):
        replayed(small, tmp_path, CLOCKS, "demand.day_factor_cv=10%")


# What is not played, and who would be counted twice, is said.
def test_what_a_reader_may_not_expect_of_a_recorded_day_is_said(small: dict[str, Any], tmp_path: Path) -> None:
    again = "recontact={after: {abandoned: 30%}, delay: {constant: 10min}}"
    told = warnings(replayed(small, tmp_path, CLOCKS + "07:00,order\n12:00,order\n", again))
    assert told[-2] == ("demand.rate: 2 of 5 recorded arrivals are outside the day, 08:00 to 12:00, and are not played")
    assert told[-1].startswith("recontact: a recorded day holds those who came again already")
