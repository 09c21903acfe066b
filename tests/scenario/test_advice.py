"""What is allowed but worth saying, and the pace of a live drill."""

from typing import Any

import numpy as np
import pytest

from crestline.scenario import live_time_scale, load, warnings
from crestline.scenario.advice import peak_per_s


def test_a_sound_scenario_needs_no_warning(small: dict[str, Any]) -> None:
    assert warnings(load(small)) == []


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        ("faults=[]", "objectives: recovery is asked for but there is no fault, so it is not judged"),
        (
            "load_test.time_scale=6000",
            "load_test.time_scale: lowered from 6000 to 900, so that a live drill",
        ),
        (
            "shifts={all: {start: '08:00', length: 4h, breaks: [{after: 1h, for: 30min}]}}",
            "shifts: nobody of general can be on duty at 09:00; add a shift that covers it",
        ),
        (
            "triage.breaker={timeout: 10s}",
            "triage.breaker.timeout: is 10 s and a reply takes 10 s on average, so that it opens without any fault",
        ),
        ("shifts={all: {start: '08:00', length: 3h}}", "shifts: nobody of expert can be on duty at 11:00"),
        ("faults[0].for=100min", "faults[0]: lasts beyond the window, which ends at 10:30"),
    ],
)
def test_what_a_reader_may_not_expect_is_said(small: dict[str, Any], change: str, warning: str) -> None:
    assert any(line.startswith(warning) for line in warnings(load(small, [change])))


def test_a_share_that_no_bot_resolves_is_said(small: dict[str, Any]) -> None:
    told = warnings(load(small, ["triage=null", "faults=[]", "objectives=[]"]))
    assert told == ["contacts.order.bot_resolves: without triage no bot resolves anything"]


def test_a_live_drill_keeps_to_300_arrivals_per_real_second(small: dict[str, Any]) -> None:
    """600/h at 200 % are a third of an arrival per second: 900 times faster makes 300."""
    assert live_time_scale(load(small)) == 60
    assert live_time_scale(load(small, ["load_test.time_scale=6000"])) == pytest.approx(900)


def test_the_peak_is_that_of_the_window_with_its_surges(small: dict[str, Any]) -> None:
    surge = "demand.surges=[{at: 09:00, for: 1h, factor: 5, ramp: 10min}]"
    assert peak_per_s(load(small, [surge])) == pytest.approx(2 * 5 * 600 / 3600)
    assert peak_per_s(load(small, [surge.replace("09:00", "11:00")])) == pytest.approx(2 * 600 / 3600)


def test_a_surge_rises_and_falls_inside_its_time(small: dict[str, Any]) -> None:
    demand = load(small, ["demand.surges=[{at: 09:00, for: 1h, factor: 5, ramp: 10min}]"]).demand
    clock = np.array([8.9, 9, 9 + 5 / 60, 9 + 10 / 60, 9.5, 9 + 55 / 60, 10, 10.1]) * 3600
    assert (demand.per_s(clock) * 6).tolist() == pytest.approx([1, 1, 3, 5, 5, 3, 1, 1])
