"""The tables of ``make bench``: what they say of given figures, and where in the README they go."""

from __future__ import annotations

from pathlib import Path

import pytest

from .contenders import CONTENDERS, Contender
from .fresh_process import Million
from .full_model import Engines, Places
from .model import Seen
from .table import BEGIN, END, common_table, put_between_marks, whole_table

HERE = Path(__file__).parent
README = HERE.parents[1] / "README.md"


def plays(*per_s: float) -> list[Seen]:
    """Rounds in which so many contacts a second were played."""
    return [Seen(1000, 0.05, 10.0, 2.0, 1000 / rate) for rate in per_s]


def test_each_is_compared_with_the_kernel_and_who_draws_with_sampling_too() -> None:
    """Round by round; the median of the ratios counts, not the ratio of the medians."""
    kernel, in_c, _, drawing, _, _, cimba, *_ = CONTENDERS
    played = {
        kernel: plays(6e6, 4e6, 2e6),
        in_c: plays(6e6, 5e6, 2e6),
        drawing: plays(3e6, 3e6, 3e6),
        cimba: plays(5e5, 5e5, 5e5),
    }
    rows = [[cell.strip() for cell in row.split("|")[1:6]] for row in common_table(played)[2:]]
    rows[3][0] = rows[3][0].split()[0]
    assert rows == [
        ["Crestline, compiled", "read", "4,000,000", "", ""],
        ["C, -O3", "read", "5,000,000", "1.0 ×", ""],
        ["Crestline, compiled", "drawn", "3,000,000", "", ""],
        ["cimba", "drawn", "500,000", "8.0 ×", "6.0 ×"],
    ]


def test_days_that_differ_are_not_passed_over() -> None:
    """A speed that was bought with other results is said to be one."""
    figures = Engines(20_575, 0.0085, 0.561, 66.0), Million(0.61, 512.4), Million(0.42, 312.4), 0.48
    places = {"two threads": Places(1.9, 1.5, 1.3, equal=True), "a team": Places(1.9, 1.1, 1.7, equal=False)}
    rows = whole_table(figures[0], places, *figures[1:])
    assert [row.split("|")[2].strip() for row in rows[2:]] == [
        "8.5 ms against 561: 66.0 ×",
        "1.50 s against 1.90: 1.3 ×, equal results",
        "1.10 s against 1.90: 1.7 ×, **results differ**",
        "0.42 s, 312 MB at most",
        "0.61 s, 512 MB at most",
        "0.48 s",
    ]


def test_tables_take_the_place_of_older_ones() -> None:
    """What stands around the marks stays."""
    text = f"before\n{BEGIN}\nold\n{END}\nafter\n"
    assert put_between_marks(text, ["new"]) == f"before\n{BEGIN}\nnew\n{END}\nafter\n"


def test_without_marks_nothing_is_written() -> None:
    """A README that has lost them is told of, not overwritten."""
    with pytest.raises(ValueError, match=f"expected {BEGIN} and {END} once each"):
        put_between_marks("no marks", ["new"])


def test_the_readme_has_room_for_the_tables() -> None:
    """The marks of the real README are in place."""
    assert put_between_marks(README.read_text(encoding="utf-8"), ["new"]).count("new") >= 1


@pytest.mark.parametrize("contender", CONTENDERS, ids=lambda c: c.plays)
def test_each_contender_has_its_file(contender: Contender) -> None:
    """A name in the table leads to a file and a function in it."""
    file, function = contender.plays.split(":")
    assert f"def {function}(" in (HERE / f"{file}.py").read_text(encoding="utf-8")
