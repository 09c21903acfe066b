from __future__ import annotations

from pathlib import Path

import pytest

from crestline.errors import ScenarioError
from crestline.fit.roster import read_roster


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text(text)
    return path


# Steps are those of the opening hours; what was on duty before opening stands at opening.
def test_a_roster_is_cut_to_opening_hours(tmp_path: Path) -> None:
    path = written(tmp_path, "time,agents\n12:00,9\n06:00,2\n07:30,5\n20:00,1\n")
    assert read_roster(path, 8 * 3600, 18 * 3600).steps == [(8 * 3600, 5), (12 * 3600, 9)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("time,agents\n08:00,many\n", '2:1    got "08:00,many", expected a clock time and a whole number of agents'),
        ("time,agents\n08:00,-1\n", '2:1    got "08:00,-1", expected'),
        ("time,agents\n8am,3\n", '2:1    got "8am,3", expected'),
        ("time,agents\n", "holds no steps; expected a header time,agents"),
        ("time,agents\n10:00,3\n", "the first step comes after the log's opening hour"),
    ],
)
def test_a_bad_roster_is_refused(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_roster(written(tmp_path, text), 8 * 3600, 18 * 3600)
    assert told in str(caught.value)


def test_a_missing_roster_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="cannot be read: No such file or directory"):
        read_roster(tmp_path / "none.csv", 0.0, 1.0)
