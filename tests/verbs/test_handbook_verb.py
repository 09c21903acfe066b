"""``crestline handbook``: printed, or written as what the file's name says."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from crestline.cli.app import app
from crestline.errors import UsageError
from crestline.scenario import load
from crestline.verbs.handbook import expect, face_of


def run(*words: str) -> str:
    result = CliRunner().invoke(app, ["handbook", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_it_is_printed_as_markdown_with_the_times_of_a_forecast() -> None:
    said = run("quick")
    assert said.startswith("# Service-interruption handbook: quick\n")
    assert "| forecast |" in said
    assert "crestline handbook quick --seed 20261122" in said


def test_it_is_written_as_the_page_that_the_name_asks_for(tmp_path: Path) -> None:
    assert run("quick", "-o", str(tmp_path / "new" / "book.html")) == ""
    assert (tmp_path / "new" / "book.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_format_that_is_asked_for_wins_and_another_ending_is_refused() -> None:
    assert face_of(Path("book.txt"), "html") == "html"
    assert face_of(Path("book.md"), None) == face_of(None, None) == "markdown"
    with pytest.raises(UsageError, match=r"got the ending \.pdf, expected \.md or \.html"):
        face_of(Path("book.pdf"), None)


def test_the_forecast_names_every_fault_by_its_times() -> None:
    scenario = load("monthly-drill")
    (seen,) = expect(scenario, 1, days=5)
    assert seen.kind == "triage-outage"
    assert seen.healed_s == 300.0  # 4 min of outage, and a minute to start up
    assert seen.called_s is not None
    assert seen.there_s == pytest.approx(seen.called_s + 180.0)
    assert 0.0 <= seen.within <= 1.0


def test_a_scenario_that_takes_long_to_play_gets_no_forecast() -> None:
    assert expect(load("monthly-drill", ["demand={rate: 900000/h}"]), 1) == []


def test_what_early_words_are_worth_stands_there_where_the_scenario_says_how_complaints_grow() -> None:
    said = run("monthly-drill", "--set", "incident={grows: 300%}")
    assert "- speaking 1 h after the fault instead of never: " in said
    assert "instead of never" not in run("monthly-drill")
