"""The steps of a load as a table, on the page, in the summary and on the screen."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from crestline.report import terminal
from crestline.report.metrics import metrics
from crestline.report.record import read
from crestline.report.step_table import step_table
from crestline.report.summary import summary
from crestline.runs import RunFolder


@pytest.fixture
def climbed(run: dict[str, Any]) -> dict[str, Any]:
    """The same run as a load in two steps; the second one is beyond its level."""
    asked = {"name": "agent_frt p90 < 2min", "measure": "agent_frt_p90_s", "op": "<", "limit": 120.0}
    costs = {"name": "cost_per_contact < 4", "measure": "cost_per_contact", "op": "<", "limit": 4.0}
    steps = [
        {"level": level, "start": start, "end": end, "asked": level <= 1, "result": result,
         "objectives": [
             asked | {"measured": {"value": seconds}, "forecast": {"value": 30.0}, "result": result},
             costs | {"measured": {"value": 2.5}, "forecast": None, "result": "met"},
         ]}
        for level, start, end, seconds, result in (
            (1.0, "20:05", "20:15", 27.9, "met"), (1.5, "20:15", "20:25", 151.0, "missed"),
        )
    ]  # fmt: skip
    return run | {"steps": steps, "last_level_held": 1.0}


# Every step with what was measured, what was forecast, and whether it holds; one that was only explored says so.
def test_every_step_has_a_row(climbed: dict[str, Any]) -> None:
    table = step_table(climbed)
    assert table is not None
    assert table.head == ("level", "from", "to", "result", "agent_frt p90 < 2 min", "cost_per_contact < 4.00 EUR")
    assert table.rows == (
        ("100 %", "20:05", "20:15", "met", "✓ 27.9 s (30 s)", "✓ 2.50 EUR"),
        ("150 %", "20:15", "20:25", "MISSED, explored", "✗ 2 min 31 s (30 s)", "✓ 2.50 EUR"),
    )


def test_a_run_without_steps_has_none(run: dict[str, Any]) -> None:
    assert step_table(run) is None


# The figures of a climb are about the step that its measures are about; those of a soak about the whole window.
def test_figures_are_about_the_step_of_the_level(drill: RunFolder, climbed: dict[str, Any]) -> None:
    times = [{"measured_from_s": 3700.0, "end_s": 3800.0}, {"measured_from_s": 3850.0, "end_s": 3900.0}]
    steps = [step | time for step, time in zip(climbed["steps"], times, strict=True)]
    record = read(drill)
    span = record.run["span"]
    climb = replace(record, run=record.run | {"steps": steps, "last_level_held": None})
    soak = replace(record, run=record.run | {"steps": steps})
    assert climb.window == (3700.0, 3800.0)
    assert soak.window == record.window == (span["measured_from_s"], span["end_s"])


def test_steps_stand_on_the_screen_and_in_the_summary(climbed: dict[str, Any]) -> None:
    out = io.StringIO()
    terminal.show(climbed, None, Console(file=out, width=terminal.WIDTH, emoji=False, markup=False, highlight=False))
    for said in (out.getvalue(), summary(climbed)):
        assert "✗ 2 min 31 s (30 s)" in said
        assert "MISSED, explored" in said
        assert "at 200 % of peak, in steps from 100 % to 150 %" in said
    assert 'crestline_last_level_held{scenario="monthly-drill"} 1.0' in metrics(climbed)
