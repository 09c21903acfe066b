"""What is scheduled: spans, shifts and faults, all on the grid of instants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.tables import Fault, Timeline
from crestline.workload import Span, day, timeline, window
from crestline.workload.span import on_grid

if TYPE_CHECKING:
    from tests.workload.conftest import MakeScenario

LEAVE = {"kind": "agents-leave", "at": "09:30", "for": "10min", "group": "desk", "share": 0.4}
BOT = {"kind": "triage-outage", "at": "09:20", "for": "5min"}


def test_the_day_is_played_whole_and_measured_after_it_has_settled(scenario: MakeScenario) -> None:
    assert day(scenario(settle="30min")) == Span(0, 1800, 14_400, 0, 1, 14_400)


def test_the_window_is_measured_from_the_ramps_end(scenario: MakeScenario) -> None:
    """At its own level, or the one that is asked for."""
    made = scenario(load_test={"from": "09:00", "for": "2h", "ramp": "5min", "level": "150%"})
    assert window(made) == Span(3600, 3900, 10_800, 300, 1.5, 10_800)


def test_the_horizon_awaits_recovery_from_the_last_fault(scenario: MakeScenario) -> None:
    """``give_up`` counts from the effect; a fault long before the end needs no more time."""
    made = scenario(faults=[BOT, LEAVE], recovery={"give_up": "90min"}, load_test={"from": "09:00", "for": "1h"})
    assert window(made).horizon_s == 5400 + 5400
    assert day(made).horizon_s == 14_400


def test_shifts_are_persons_present_times_chats(scenario: MakeScenario) -> None:
    """10 x 85 % are 9 (a half goes up), 20 x 85 % are 17."""
    made = scenario("agents.desk.chats=2")
    (staffing,) = timeline(made, day(made)).staffing
    assert (staffing.group, staffing.time_s, staffing.slots) == ("desk", (0, 7200), (18, 34))


def test_a_window_begins_with_who_is_on_duty_then(scenario: MakeScenario) -> None:
    """The step at 10:00 is over when the window opens at 11:00; nobody is on duty before a first step."""
    made = scenario(load_test={"from": "11:00", "for": "1h"})
    assert timeline(made, window(made)).staffing[0].slots == (17,)
    late = scenario('agents.desk.on_duty={"09:00": 4}')
    assert timeline(late, day(late)).staffing[0].slots == (0, 3)


def test_the_timeline_of_a_drill(scenario: MakeScenario) -> None:
    """Everything that is scheduled, with the drain of five minutes."""
    made = scenario(faults=[BOT, LEAVE], load_test={"from": "09:00", "for": "1h", "ramp": "5min"})
    line = timeline(made, window(made))
    assert (line.start_s, line.measured_from_s, line.end_s, line.stop_s, line.drain_s) == (3600, 3900, 7200, 7200, 300)
    assert line.faults == (Fault("triage-outage", 4800, 5100, 5160, 5), Fault("agents-leave", 5400, 6000, 6000))
    assert line.staffing[0].time_s[:3] == (3600, 5400, 6000)
    assert line.staffing[0].slots[:3] == (9, 5, 9)


def test_play_goes_on_beyond_the_window_where_recovery_is_awaited(scenario: MakeScenario) -> None:
    """Contacts are planned up to ``stop_s``; what is measured stays what it was."""
    made = scenario(faults=[BOT])
    line = timeline(made, day(made), stop_s=15_000)
    assert (line.end_s, line.stop_s) == (14_400, 15_000)


def test_faults_are_played_as_they_were_seen(scenario: MakeScenario) -> None:
    """Effective and healed as measured, to the nearest 1/1024 s; who did not strike is left out."""
    made = scenario(faults=[BOT, LEAVE])
    assert timeline(made, day(made), seen=[(4801.5, 5170.0), None]).faults == (
        Fault("triage-outage", 4801.5, 5100, 5170, 5),
    )
    early = timeline(made, day(made), seen=[(4801.0001, 5000.0), (5400, 6000)]).faults
    assert (early[0].start_s, early[0].end_s, early[0].healed_s) == (4801, 5000, 5000)
    assert len(early) == 2


@pytest.mark.parametrize(
    ("instant_s", "gridded"), [(0.0, 0.0), (1.0, 1.0), (0.1, 102 / 1024), (1 / 2048, 1 / 1024), (7.9999, 8.0)]
)
def test_the_grid(instant_s: float, gridded: float) -> None:
    assert on_grid(instant_s) == gridded


def instants_of(line: Timeline) -> list[float]:
    """Every instant that a timeline holds."""
    steps = [at for staffing in line.staffing for at in staffing.time_s]
    faults = [at for f in line.faults for at in (f.start_s, f.end_s, f.healed_s, f.notice_s)]
    return [line.start_s, line.measured_from_s, line.end_s, line.stop_s, *steps, *faults]


tenths = st.integers(1, 3599).map(lambda n: f"{n / 10}s")
clocks = st.integers(0, 35_999).map(lambda n: f"09:{n // 600:02}:{n % 600 / 10:04.1f}")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(clock=clocks, for_=tenths, notice=tenths, ramp=tenths, shift=clocks)
def test_every_instant_stands_on_the_grid(
    scenario: MakeScenario, clock: str, for_: str, notice: str, ramp: str, shift: str
) -> None:
    """Whatever the scenario says, sums and differences of instants of the timeline are exact, and shifts go forward."""
    leave: dict[str, Any] = LEAVE | {"at": clock, "for": for_}
    made = scenario(
        f'agents.desk.on_duty={{"08:00": 10, "{shift}": 20}}',
        faults=[leave, BOT | {"at": clock, "for": for_, "notice": notice}],
        load_test={"from": "09:00", "for": "1h", "ramp": ramp},
    )
    line = timeline(made, window(made))
    assert all((at * 1024).is_integer() for at in instants_of(line))
    for staffing in line.staffing:
        assert list(staffing.time_s) == sorted(staffing.time_s)
    assert line.staffing[0].slots[-1] == 17


def test_of_steps_within_one_step_of_the_grid_the_last_counts(scenario: MakeScenario) -> None:
    """Two leaves that end 0.3 ms apart end at one instant; a step just after the start is the start's."""
    leaves = [LEAVE | {"for": length, "share": 0.1} for length in ("60s", "60.0003s")]
    made = scenario(faults=leaves)
    staffed = next(plan for plan in timeline(made, day(made)).staffing if plan.group == "desk")
    assert len(set(staffed.time_s)) == len(staffed.time_s)
    before = timeline(scenario(), day(made)).staffing[0]
    assert staffed.slots[-1] == before.slots[-1]
