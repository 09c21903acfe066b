"""When each fault is in force, whom it takes away, and that everything is whole when it is lifted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crestline.faults import ACTS, planned_faults, triage_outage
from crestline.faults.agents_leave import shares_away
from crestline.scenario import Fault as AnyFault
from crestline.tables import Fault
from crestline.workload import day, timeline

if TYPE_CHECKING:
    from tests.faults.conftest import MakeScenario

BOT = {"kind": "triage-outage", "at": "08:20", "for": "5min"}
LEAVE = {"kind": "agents-leave", "at": "08:30", "for": "10min", "group": "general", "share": 0.5}
DOOR = {"kind": "platform-outage", "at": "08:10", "for": "2min"}


def test_every_kind_of_fault_has_its_file() -> None:
    """Whatever a scenario may name can be played."""
    kinds = [model.model_fields["kind"].default for model in get_args(get_args(AnyFault)[0])]
    assert sorted(ACTS) == sorted(kinds)


def test_faults_are_planned_in_the_order_of_the_scenario(scenario: MakeScenario) -> None:
    """Instants count from the day's start; the bot is back when its workers have started up."""
    assert planned_faults(scenario(BOT, LEAVE, DOOR)) == (
        Fault("triage-outage", 1200, 1500, 1530, notice_s=5),
        Fault("agents-leave", 1800, 2400, 2400),
        Fault("platform-outage", 600, 720, 720),
    )


def test_notice_is_the_scenarios(scenario: MakeScenario) -> None:
    """How long until contacts in hand are given back."""
    assert planned_faults(scenario(BOT | {"notice": "12s"}))[0].notice_s == 12


def test_an_outage_of_the_bot_needs_a_bot(scenario: MakeScenario) -> None:
    """A scenario that was never checked is refused in words."""
    unchecked = scenario(BOT).model_copy(update={"triage": None})
    with pytest.raises(ValueError, match=r"faults\[0\]: a triage-outage needs a triage section"):
        triage_outage.acts(unchecked, 0)


@pytest.mark.parametrize(
    ("at_s", "group", "shares"),
    [
        (1799, "general", []),  # not yet
        (1800, "general", [0.5]),  # from the strike on
        (2399, "general", [0.5]),
        (2400, "general", []),  # back at the very instant
        (2000, "money", []),  # another group
    ],
)
def test_agents_are_away_inside_the_window(
    scenario: MakeScenario, at_s: float, group: str, shares: list[float]
) -> None:
    assert shares_away(scenario(LEAVE), group, at_s) == shares


def slots(made: Any, group: int = 0) -> list[tuple[float, int]]:
    """The steps of one group, those left out that change nothing."""
    staffing = timeline(made, day(made)).staffing[group]
    steps = list(zip(staffing.time_s, staffing.slots, strict=True))
    return [step for i, step in enumerate(steps) if i == 0 or step[1] != steps[i - 1][1]]


def test_leavers_are_a_share_of_those_present_at_every_step(scenario: MakeScenario) -> None:
    """10 x 75 % are 8 present, of whom 4 leave; after the step at 08:35 it is 2 (a half goes up) of 3."""
    general = {"skills": ["order"], "on_duty": {"08:00": 10, "08:35": 4}, "availability": 0.75, "chats": 2}
    made = scenario(LEAVE, agents={"general": general, "money": {"skills": ["refund"], "on_duty": 5}})
    assert slots(made) == [(0, 16), (1800, 8), (2100, 2), (2400, 6)]
    assert slots(made, 1) == [(0, 5)]


def test_several_may_leave_at_once_but_never_more_than_there_are(scenario: MakeScenario) -> None:
    """Each fault takes its share of all who would be present."""
    made = scenario(LEAVE, LEAVE | {"at": "08:35", "share": 0.7})
    assert slots(made) == [(0, 10), (1800, 5), (2100, 0), (2400, 3), (2700, 10)]


@settings(max_examples=200, deadline=None, derandomize=True)
@given(at=st.integers(0, 35_000), for_=st.integers(1, 30_000), share=st.sampled_from([0.1, 0.5, 1]))
def test_all_are_back_when_the_fault_is_lifted(scenario: MakeScenario, at: int, for_: int, share: float) -> None:
    """Whatever the instants, to the tenth of a second: the last step is the one without the fault."""
    minutes, tenths = divmod(at, 600)
    clock = f"08:{minutes:02}:{tenths // 10:02}.{tenths % 10}"
    fault = LEAVE | {"at": clock, "for": f"{for_ / 10}s", "share": share}
    made = scenario(fault, day={"start": "08:00", "length": "2h"})
    assert [count for _, count in slots(made)] in ([10, 10 - round(10 * share), 10], [10 - round(10 * share), 10])
